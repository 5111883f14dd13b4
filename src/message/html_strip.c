/* html_strip.c - text of HTML that is too costly for a tree: tags go, lines stay. See html_tree.h.
 */
#include "html_tree.h"

#include <string.h>

#include "html_scan.h"

/* Tags at which a reader sees a new line. */
static const GumboTag line_tags[] = {
    GUMBO_TAG_P,  GUMBO_TAG_DIV, GUMBO_TAG_BR, GUMBO_TAG_TR, GUMBO_TAG_LI,  GUMBO_TAG_TABLE,
    GUMBO_TAG_H1, GUMBO_TAG_H2,  GUMBO_TAG_H3, GUMBO_TAG_H4, GUMBO_TAG_PRE, GUMBO_TAG_BLOCKQUOTE,
    GUMBO_TAG_HR, GUMBO_TAG_UL,  GUMBO_TAG_OL, GUMBO_TAG_DD, GUMBO_TAG_DT,
};

static const struct {
    const char *name;
    const char *text;
} references[] = {
    {"amp;", "&"},   {"lt;", "<"},    {"gt;", ">"},    {"quot;", "\""},
    {"nbsp;", " "},  {"apos;", "'"},  {"euro;", "€"},  {"copy;", "©"},
    {"ndash;", "–"}, {"mdash;", "—"}, {"rsquo;", "’"}, {"lsquo;", "‘"},
};

/* "#123;" or "#x7b;" at `at`: appends the character and returns what was used, else 0. */
static gsize append_numeric (GString *out, const char *at, gsize left)
{
    char digits[12];
    gsize len = MIN (left, sizeof digits - 1);
    memcpy (digits, at, len);
    digits[len] = '\0';
    if (len < 3 || digits[0] != '#')
        return 0;
    gboolean is_hex = g_ascii_tolower (digits[1]) == 'x';
    const char *from = digits + (is_hex ? 2 : 1);
    char *end = NULL;
    if (!g_ascii_isxdigit (*from))
        return 0;
    guint64 code = g_ascii_strtoull (from, &end, is_hex ? 16 : 10);
    if (end == from || *end != ';')
        return 0;
    if (code >= 0x20 && code <= 0x10FFFF && g_unichar_validate ((gunichar)code))
        g_string_append_unichar (out, (gunichar)code);
    else
        g_string_append_c (out, ' ');
    return (gsize)(end - digits) + 1;
}

/* The character reference behind the '&' at `at`; returns what was used, 0 for none. */
static gsize append_reference (GString *out, const char *at, gsize left)
{
    if (left == 0 || (!g_ascii_isalpha (*at) && *at != '#'))
        return 0;
    for (gsize i = 0; i < G_N_ELEMENTS (references); i++) {
        gsize len = strlen (references[i].name);
        if (len <= left && memcmp (at, references[i].name, len) == 0) {
            g_string_append (out, references[i].text);
            return len;
        }
    }
    return append_numeric (out, at, left);
}

/* Text with white space made single blanks; at a line's begin none. */
static void append_text (GString *out, const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        guchar c = (guchar)text[i];
        char last = out->len == 0 ? '\n' : out->str[out->len - 1];
        if (c <= ' ' || c == 0x7f) {
            if (last != '\n' && last != ' ')
                g_string_append_c (out, ' ');
        } else if (c == '&') {
            gsize used = append_reference (out, text + i + 1, len - i - 1);
            if (used == 0)
                g_string_append_c (out, '&');
            i += used;
        } else {
            g_string_append_c (out, (char)c);
        }
    }
}

static void end_line (GString *out)
{
    while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate (out, out->len - 1);
    if (out->len > 0 && !g_str_has_suffix (out->str + (out->len > 1 ? out->len - 2 : 0), "\n\n"))
        g_string_append_c (out, '\n');
}

char *html_strip (const char *html, gsize len)
{
    g_autoptr (GString) out = g_string_sized_new (len / 2);
    HtmlScan scan;
    HtmlToken token;
    html_scan_init (&scan, html, len);
    while (html_scan_next (&scan, &token)) {
        if (token.kind == HTML_TOKEN_TEXT) {
            append_text (out, token.text, token.len);
            continue;
        }
        for (gsize i = 0; i < G_N_ELEMENTS (line_tags); i++)
            if (line_tags[i] == token.tag && (out->len == 0 || out->str[out->len - 1] != '\n'))
                end_line (out);
    }
    g_string_truncate (out, strlen (g_strchomp (out->str)));
    if (out->len > 0)
        g_string_append_c (out, '\n');
    return g_utf8_make_valid (out->str, (gssize)out->len);
}
