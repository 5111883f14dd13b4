/* quote_html.c - tells what somebody wrote from what they quoted, in HTML.
 *
 * Mail programs mark what they quote by classes, ids and styles (quote_clients.def). The answer
 * becomes text that remembers where those elements lie, and the rules for text (quote.c) decide, so
 * that an answer comes out the same whichever of its bodies is read, and what no client marks is
 * still known by its words. <blockquote> becomes "> " on the way. */
#include "quote_hint.h"

#include <string.h>

#include "html_tree.h"
#include "totext.h"

#define STYLE_MAX 1000 /* bytes of a style that are compared */

typedef enum {
    WHERE_CLASS,
    WHERE_ID,
    WHERE_NAME,
    WHERE_DATA,
    WHERE_STYLE,
} Where;

#define MARK(where, value, hint) {WHERE_##where, value, hint},
static const struct {
    Where where;
    const char *value;
    QuoteHint hint;
} marks[] = {
#include "quote_clients.def"
};
#undef MARK

static gboolean has_class (const char *classes, const char *class)
{
    gsize len = strlen (class);

    for (const char *p = classes; (p = strstr (p, class)) != NULL; p += len)
        if ((p == classes || g_ascii_isspace (p[-1])) &&
            (p[len] == '\0' || g_ascii_isspace (p[len])))
            return TRUE;
    return FALSE;
}

/* Small letters, no blanks, no more than STYLE_MAX bytes. Owned; NULL for NULL. */
static char *plain_style (const char *style)
{
    if (style == NULL)
        return NULL;
    GString *out = g_string_new (NULL);
    for (; *style != '\0' && out->len < STYLE_MAX; style++)
        if (!g_ascii_isspace (*style))
            g_string_append_c (out, g_ascii_tolower (*style));
    return g_string_free (out, FALSE);
}

static gboolean is_marked (Where where, const char *attribute, const char *value)
{
    if (attribute == NULL)
        return FALSE;
    switch (where) {
    case WHERE_CLASS:
        return has_class (attribute, value);
    case WHERE_ID:
        return g_str_has_prefix (attribute, value);
    case WHERE_STYLE:
        return strstr (attribute, value) != NULL;
    default:
        return strcmp (attribute, value) == 0;
    }
}

static guint hint_of (const GumboElement *element)
{
    if (element->attributes.length == 0 || element->tag == GUMBO_TAG_BODY)
        return HINT_NONE;
    g_autofree char *style = plain_style (html_attribute (element, "style"));
    const char *attributes[] = {
        [WHERE_CLASS] = html_attribute (element, "class"),
        [WHERE_ID] = html_attribute (element, "id"),
        [WHERE_NAME] = html_attribute (element, "name"),
        [WHERE_DATA] = html_attribute (element, "data-marker"),
        [WHERE_STYLE] = style,
    };
    for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
        if (is_marked (marks[i].where, attributes[marks[i].where], marks[i].value))
            return marks[i].hint;
    return HINT_NONE;
}

Quote *quote_split_html (const char *html, gssize len)
{
    g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (HtmlTextSpan));
    g_autofree char *text = html_to_text_spans (html, len, hint_of, spans);

    return quote_split_hinted (text, spans);
}
