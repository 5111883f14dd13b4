/* sanitize_attributes.c - see sanitize_attributes.h. */
#include "sanitize_attributes.h"

#include <string.h>

#include "html_tree.h"
#include "sanitize_style.h"
#include "sanitize_text.h"

enum { TITLE_MAX = 500, LANG_MAX = 35 };

typedef enum { VALUE_KEYWORD, VALUE_INTEGER, VALUE_EXTENT, VALUE_COLOR, VALUE_TEXT } ValueKind;

typedef struct {
    const char *name;
    guint takes; /* 0: every element has it */
    gboolean mail_only;
    ValueKind kind;
    guint min, max;
    const char
        *keywords; /* each with a blank on both sides; in the case in which they are written */
} AttributeRule;

static const AttributeRule rules[] = {
    {"dir", 0, FALSE, VALUE_KEYWORD, 0, 0, " ltr rtl auto "},
    {"align", TAKES_ALIGN, FALSE, VALUE_KEYWORD, 0, 0, " left right center justify "},
    {"valign", TAKES_VALIGN, FALSE, VALUE_KEYWORD, 0, 0, " top middle bottom baseline "},
    {"colspan", TAKES_SPANS, FALSE, VALUE_INTEGER, 1, 100, NULL},
    {"rowspan", TAKES_SPANS, FALSE, VALUE_INTEGER, 1, 1000, NULL},
    {"border", TAKES_FRAME, FALSE, VALUE_INTEGER, 0, 10, NULL},
    {"cellpadding", TAKES_FRAME, TRUE, VALUE_INTEGER, 0, 50, NULL},
    {"cellspacing", TAKES_FRAME, TRUE, VALUE_INTEGER, 0, 50, NULL},
    {"bgcolor", TAKES_FRAME, TRUE, VALUE_COLOR, 0, 0, NULL},
    {"width", TAKES_EXTENT, TRUE, VALUE_EXTENT, 0, 1200, NULL},
    {"height", TAKES_EXTENT, TRUE, VALUE_EXTENT, 0, 2000, NULL},
    {"color", TAKES_FONT, TRUE, VALUE_COLOR, 0, 0, NULL},
    {"size", TAKES_FONT, TRUE, VALUE_KEYWORD, 0, 0, " 1 2 3 4 5 6 7 +1 +2 -1 -2 "},
    {"start", TAKES_LIST, FALSE, VALUE_INTEGER, 0, 1000000, NULL},
    {"value", TAKES_LIST, FALSE, VALUE_INTEGER, 0, 1000000, NULL},
    {"type", TAKES_LIST, FALSE, VALUE_KEYWORD, 0, 0, " 1 a A i I disc circle square "},
    {"title", TAKES_TITLE, FALSE, VALUE_TEXT, 0, TITLE_MAX, NULL},
};

static void append_attribute (GString *out, const char *name, const char *value)
{
    g_string_append_printf (out, " %s=\"", name);
    sanitize_append_text (out, value);
    g_string_append_c (out, '"');
}

/* The keyword as it is written in the rule. */
static char *clean_keyword (const AttributeRule *rule, const char *value)
{
    if (value[0] == '\0' || strlen (value) > 16 || strchr (value, ' ') != NULL)
        return NULL;
    g_autofree char *lower = g_ascii_strdown (value, -1);
    g_autofree char *padded = g_strconcat (" ", value, " ", NULL);
    g_autofree char *padded_lower = g_strconcat (" ", lower, " ", NULL);
    if (strstr (rule->keywords, padded) != NULL)
        return g_strdup (value);
    return strstr (rule->keywords, padded_lower) != NULL ? g_steal_pointer (&lower) : NULL;
}

static char *clean_integer (const AttributeRule *rule, const char *value)
{
    char *end = NULL;
    guint64 number = g_ascii_isdigit (value[0]) ? g_ascii_strtoull (value, &end, 10) : 0;
    if (end == NULL || number < rule->min || number > rule->max)
        return NULL;
    return g_strdup_printf ("%u", (guint)number);
}

static char *clean_value (const AttributeRule *rule, const char *value)
{
    switch (rule->kind) {
    case VALUE_KEYWORD:
        return clean_keyword (rule, value);
    case VALUE_INTEGER:
        return clean_integer (rule, value);
    case VALUE_EXTENT:
        return sanitize_extent (value, rule->max);
    case VALUE_COLOR:
        return sanitize_color (value);
    case VALUE_TEXT:
        return strlen (value) <= rule->max ? g_strdup (value) : NULL;
    default:
        return NULL;
    }
}

static void append_lang (GString *out, const GumboElement *element)
{
    const char *lang = html_attribute (element, "lang");
    if (lang == NULL || !g_ascii_isalpha (lang[0]) || strlen (lang) > LANG_MAX)
        return;
    for (const char *at = lang; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at) && *at != '-')
            return;
    append_attribute (out, "lang", lang);
}

static void append_style (GString *out, const GumboElement *element, gboolean for_mail)
{
    const char *style = html_attribute (element, "style");
    g_autofree char *clean = style == NULL ? NULL : sanitize_style (style, for_mail);
    if (clean != NULL && clean[0] != '\0')
        append_attribute (out, "style", clean);
}

void sanitize_attributes (GString *out, const GumboElement *element, const TagRule *rule,
                          gboolean for_mail)
{
    if (element->attributes.length == 0)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
        gboolean is_shown = for_mail || !rules[i].mail_only || rule->role == ROLE_IMAGE;
        gboolean is_taken = rules[i].takes == 0 || (rules[i].takes & rule->takes) != 0;
        const char *value = is_shown && is_taken ? html_attribute (element, rules[i].name) : NULL;
        g_autofree char *clean = value == NULL ? NULL : clean_value (&rules[i], value);
        if (clean != NULL)
            append_attribute (out, rules[i].name, clean);
    }
    append_lang (out, element);
    append_style (out, element, for_mail);
}
