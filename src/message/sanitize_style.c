/* sanitize_style.c - see sanitize_style.h.
 *
 * A declaration survives only when its property stands in the table and every word of its value is
 * of a kind that the property takes. There is no general CSS here on purpose: what a word may be is
 * spelled out (no functions but rgb and hsl, no escapes, no comments, no negative lengths). */
#include "sanitize_style.h"

#include <string.h>

enum {
    STYLE_MAX = 8192, /* bytes of a style attribute; longer ones are dropped whole */
    VALUE_MAX = 200,
    WORDS_MAX = 8,
};

typedef enum {
    WORD_KEYWORD = 1, /* one of the property's own */
    WORD_LENGTH = 2,
    WORD_COLOR = 4,
    WORD_FAMILY = 8, /* font names: letters, digits, blanks, commas */
    WORD_NUMBER = 16,
} WordKind;

typedef struct {
    const char *name;
    gboolean on_pages;
    guint words; /* at most */
    guint kinds; /* of WordKind */
    gdouble min_px, max_px;
    const char *keywords; /* each with a blank on both sides */
} Property;

#define BORDER_STYLES " none solid dashed dotted double thin medium thick collapse separate "

static const Property properties[] = {
    {"text-align", TRUE, 1, WORD_KEYWORD, 0, 0, " left right center justify start end "},
    {"font-weight", TRUE, 1, WORD_KEYWORD, 0, 0,
     " normal bold bolder lighter 100 200 300 400 500 600 700 800 900 "},
    {"font-style", TRUE, 1, WORD_KEYWORD, 0, 0, " normal italic oblique "},
    {"text-decoration", TRUE, 2, WORD_KEYWORD, 0, 0, " none underline line-through overline "},
    {"text-decoration-line", TRUE, 2, WORD_KEYWORD, 0, 0, " none underline line-through overline "},
    {"vertical-align", TRUE, 1, WORD_KEYWORD, 0, 0,
     " baseline sub super top middle bottom text-top text-bottom "},
    {"white-space", TRUE, 1, WORD_KEYWORD, 0, 0, " normal pre pre-wrap pre-line "},
    {"list-style-type", TRUE, 1, WORD_KEYWORD, 0, 0,
     " none disc circle square decimal lower-alpha upper-alpha lower-roman upper-roman "
     "lower-latin upper-latin "},
    {"direction", TRUE, 1, WORD_KEYWORD, 0, 0, " ltr rtl "},
    {"margin-left", TRUE, 1, WORD_LENGTH, 0, 200, ""},
    {"padding-left", TRUE, 1, WORD_LENGTH, 0, 200, ""},
    {"text-indent", TRUE, 1, WORD_LENGTH, 0, 200, ""},
    {"color", FALSE, 1, WORD_COLOR, 0, 0, ""},
    {"background-color", FALSE, 1, WORD_COLOR, 0, 0, ""},
    {"background", FALSE, 1, WORD_COLOR, 0, 0, ""},
    {"font-family", FALSE, 1, WORD_FAMILY, 0, 0, ""},
    {"font-size", FALSE, 1, WORD_KEYWORD | WORD_LENGTH, 6, 72,
     " xx-small x-small small medium large x-large xx-large smaller larger "},
    {"line-height", FALSE, 1, WORD_KEYWORD | WORD_LENGTH | WORD_NUMBER, 8, 120, " normal "},
    {"margin", FALSE, 4, WORD_LENGTH | WORD_KEYWORD, 0, 200, " auto "},
    {"margin-top", FALSE, 1, WORD_LENGTH, 0, 200, ""},
    {"margin-right", FALSE, 1, WORD_LENGTH | WORD_KEYWORD, 0, 200, " auto "},
    {"margin-bottom", FALSE, 1, WORD_LENGTH, 0, 200, ""},
    {"padding", FALSE, 4, WORD_LENGTH, 0, 200, ""},
    {"padding-top", FALSE, 1, WORD_LENGTH, 0, 200, ""},
    {"padding-right", FALSE, 1, WORD_LENGTH, 0, 200, ""},
    {"padding-bottom", FALSE, 1, WORD_LENGTH, 0, 200, ""},
    {"border", FALSE, 3, WORD_LENGTH | WORD_COLOR | WORD_KEYWORD, 0, 20, BORDER_STYLES},
    {"border-top", FALSE, 3, WORD_LENGTH | WORD_COLOR | WORD_KEYWORD, 0, 20, BORDER_STYLES},
    {"border-right", FALSE, 3, WORD_LENGTH | WORD_COLOR | WORD_KEYWORD, 0, 20, BORDER_STYLES},
    {"border-bottom", FALSE, 3, WORD_LENGTH | WORD_COLOR | WORD_KEYWORD, 0, 20, BORDER_STYLES},
    {"border-left", FALSE, 3, WORD_LENGTH | WORD_COLOR | WORD_KEYWORD, 0, 20, BORDER_STYLES},
    {"border-color", FALSE, 4, WORD_COLOR, 0, 0, ""},
    {"border-style", FALSE, 4, WORD_KEYWORD, 0, 0, BORDER_STYLES},
    {"border-width", FALSE, 4, WORD_LENGTH | WORD_KEYWORD, 0, 20, BORDER_STYLES},
    {"border-collapse", FALSE, 1, WORD_KEYWORD, 0, 0, BORDER_STYLES},
    {"border-spacing", FALSE, 2, WORD_LENGTH, 0, 50, ""},
    {"border-radius", FALSE, 4, WORD_LENGTH, 0, 100, ""},
    {"width", FALSE, 1, WORD_LENGTH | WORD_KEYWORD, 0, 1200, " auto "},
    {"max-width", FALSE, 1, WORD_LENGTH | WORD_KEYWORD, 0, 1200, " none "},
    {"text-transform", FALSE, 1, WORD_KEYWORD, 0, 0, " none uppercase lowercase capitalize "},
    {"word-break", FALSE, 1, WORD_KEYWORD, 0, 0, " normal break-word break-all "},
};

/* How many CSS pixels a unit is; for percent of what it is a part of. */
static const struct {
    const char *name;
    gdouble px;
} units[] = {
    {"px", 1},  {"pt", 1.333}, {"em", 16},   {"rem", 16}, {"ex", 8},
    {"in", 96}, {"cm", 37.8},  {"mm", 3.78}, {"pc", 16},  {"%", 0},
};

/* Reads digits with at most one point. Returns what follows, or NULL when there is no number. */
static const char *parse_number (const char *text, gdouble *ret_value)
{
    gdouble value = 0, place = 0;
    guint digits = 0;
    const char *at = text;
    for (; g_ascii_isdigit (*at) || (*at == '.' && place == 0); at++) {
        if (*at == '.') {
            place = 1;
            continue;
        }
        if (place != 0)
            value += (*at - '0') * (place /= 10);
        else
            value = value * 10 + (*at - '0');
        if (++digits > 8)
            return NULL;
    }
    *ret_value = value;
    return digits == 0 ? NULL : at;
}

static gboolean is_length (const char *word, const Property *property)
{
    gdouble value = 0;
    const char *unit = parse_number (word, &value);
    if (unit == NULL)
        return FALSE;
    if (*unit == '\0')
        return value == 0 || ((property->kinds & WORD_NUMBER) != 0 && value >= 0.8 && value <= 4);
    for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
        if (strcmp (units[i].name, unit) != 0)
            continue;
        if (units[i].px == 0)
            return property->min_px == 0 ? value <= 100 : value >= 50 && value <= 400;
        return value * units[i].px >= property->min_px && value * units[i].px <= property->max_px;
    }
    return FALSE;
}

static gboolean is_color (const char *word)
{
    gsize len = strlen (word);
    if (word[0] == '#') {
        for (gsize i = 1; i < len; i++)
            if (!g_ascii_isxdigit (word[i]))
                return FALSE;
        return len == 4 || len == 5 || len == 7 || len == 9;
    }
    gsize name = strspn (word, "abcdefghijklmnopqrstuvwxyz");
    if (word[name] == '\0')
        return len >= 3 && len <= 24;
    gboolean is_function = g_str_has_prefix (word, "rgb(") || g_str_has_prefix (word, "rgba(") ||
                           g_str_has_prefix (word, "hsl(") || g_str_has_prefix (word, "hsla(");
    if (!is_function || word[len - 1] != ')')
        return FALSE;
    return name + 1 + strspn (word + name + 1, "0123456789.,%/") + 1 == len;
}

/* Font names are written without quotes, which CSS allows for words of letters. */
static char *clean_family (const char *value)
{
    GString *out = g_string_new (NULL);
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\'')
            continue;
        if (!g_ascii_isalnum (*at) && strchr (" ,-_", *at) == NULL) {
            g_string_free (out, TRUE);
            return NULL;
        }
        if (*at != ' ' || (out->len > 0 && out->str[out->len - 1] != ' '))
            g_string_append_c (out, *at);
    }
    g_strchomp (out->str);
    g_string_set_size (out, strlen (out->str));
    return g_string_free (out, out->len == 0);
}

static gboolean is_word (const char *word, const Property *property)
{
    g_autofree char *padded = g_strconcat (" ", word, " ", NULL);
    if ((property->kinds & WORD_KEYWORD) != 0 && strstr (property->keywords, padded) != NULL)
        return TRUE;
    if ((property->kinds & WORD_LENGTH) != 0 && is_length (word, property))
        return TRUE;
    return (property->kinds & WORD_COLOR) != 0 && is_color (word);
}

/* Lower case, no !important, blanks inside of parentheses taken out. NULL when it cannot be good.
 */
static char *normalise_value (const char *value)
{
    if (strlen (value) > VALUE_MAX || strpbrk (value, "\\<>@{}&*;=") != NULL)
        return NULL;
    g_autofree char *lower = g_ascii_strdown (value, -1);
    char *important = strchr (lower, '!');
    if (important != NULL)
        *important = '\0';
    GString *out = g_string_new (NULL);
    gboolean in_function = FALSE;
    for (const char *at = lower; *at != '\0'; at++) {
        in_function = *at == '(' || (in_function && *at != ')');
        if (!g_ascii_isspace (*at))
            g_string_append_c (out, *at);
        else if (!in_function && out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c (out, ' ');
    }
    g_strchomp (out->str);
    return g_string_free (out, FALSE);
}

/* The value in our form, or NULL. */
static char *clean_value (const Property *property, const char *value)
{
    g_autofree char *plain = normalise_value (value);
    if (plain == NULL || plain[0] == '\0')
        return NULL;
    if (property->kinds == WORD_FAMILY)
        return clean_family (plain);
    g_auto (GStrv) words = g_strsplit (plain, " ", WORDS_MAX);
    if (g_strv_length (words) > property->words)
        return NULL;
    for (char **word = words; *word != NULL; word++)
        if (!is_word (*word, property))
            return NULL;
    return g_steal_pointer (&plain);
}

static const Property *property_find (const char *name, gboolean for_mail)
{
    for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
        if ((for_mail || properties[i].on_pages) &&
            g_ascii_strcasecmp (properties[i].name, name) == 0)
            return &properties[i];
    return NULL;
}

char *sanitize_style (const char *style, gboolean for_mail)
{
    GString *out = g_string_new (NULL);
    if (strlen (style) > STYLE_MAX)
        return g_string_free (out, FALSE);
    g_auto (GStrv) declarations = g_strsplit (style, ";", -1);
    for (char **at = declarations; *at != NULL; at++) {
        char *colon = strchr (*at, ':');
        if (colon == NULL)
            continue;
        *colon = '\0';
        const Property *property = property_find (g_strstrip (*at), for_mail);
        g_autofree char *value = property == NULL ? NULL : clean_value (property, colon + 1);
        if (value != NULL)
            g_string_append_printf (out, "%s%s: %s", out->len > 0 ? "; " : "", property->name,
                                    value);
    }
    return g_string_free (out, FALSE);
}

char *sanitize_color (const char *value)
{
    g_autofree char *plain = normalise_value (value);
    return plain != NULL && is_color (plain) ? g_steal_pointer (&plain) : NULL;
}

char *sanitize_extent (const char *value, guint max)
{
    gdouble number = 0;
    while (g_ascii_isspace (*value))
        value++;
    const char *behind = parse_number (value, &number);
    if (behind == NULL)
        return NULL;
    gboolean is_percent = *behind == '%';
    if (number > (is_percent ? 100 : max))
        return NULL;
    return g_strdup_printf ("%u%s", (guint)number, is_percent ? "%" : "");
}
