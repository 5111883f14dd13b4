/* html_scan.c - see html_scan.h.
 *
 * (I1) Every byte is looked at a bounded number of times: a search that reaches the end without
 * success is remembered and not repeated. */
#include "html_scan.h"

#include <string.h>

/* Elements whose content is no text for a reader and is not markup either. */
static const GumboTag raw_tags[] = {GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE,   GUMBO_TAG_TITLE,
                                    GUMBO_TAG_IFRAME, GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES};

void html_scan_init (HtmlScan *scan, const char *html, gsize len)
{
    *scan = (HtmlScan){.at = html, .end = html + len};
}

static gboolean is_raw (GumboTag tag)
{
    for (gsize i = 0; i < G_N_ELEMENTS (raw_tags); i++)
        if (raw_tags[i] == tag)
            return TRUE;
    return FALSE;
}

/* Where the value that begins with a quote at `at` ends: behind its closing quote, or `at` when
 * there is none. */
static const char *skip_quoted (HtmlScan *scan, const char *at)
{
    gboolean *has_no_quote = &scan->has_no_quote[*at == '"'];
    if (*has_no_quote)
        return at;
    const char *close = memchr (at + 1, *at, (gsize)(scan->end - at - 1));
    *has_no_quote = close == NULL;
    return close == NULL ? at : close + 1;
}

/* Reads from behind the tag name to behind the '>'; counts attributes. */
static const char *scan_attributes (HtmlScan *scan, const char *at, HtmlToken *token)
{
    gboolean between = TRUE, after_equals = FALSE;
    while (at < scan->end && *at != '>') {
        char c = *at;
        if (after_equals && (c == '"' || c == '\'')) {
            const char *behind = skip_quoted (scan, at);
            at = behind > at ? behind : at + 1;
            after_equals = FALSE;
            between = TRUE;
            continue;
        }
        if (g_ascii_isspace (c) || c == '/') {
            between = between || !after_equals;
        } else if (c == '=') {
            after_equals = TRUE;
            between = FALSE;
        } else {
            token->attributes += between ? 1 : 0;
            between = FALSE;
            after_equals = FALSE;
        }
        token->is_self_closing = c == '/';
        at++;
    }
    return at < scan->end ? at + 1 : at;
}

/* Moves behind `</name`'s element content when it is no markup: to its end tag, or to the end. */
static void skip_raw (HtmlScan *scan, const char *name, gsize name_len)
{
    while (scan->at < scan->end) {
        const char *less = memchr (scan->at, '<', (gsize)(scan->end - scan->at));
        if (less == NULL || (gsize)(scan->end - less) < name_len + 2) {
            scan->at = scan->end;
            return;
        }
        scan->at = less;
        if (less[1] == '/' && g_ascii_strncasecmp (less + 2, name, name_len) == 0)
            return;
        scan->at++;
    }
}

/* A comment, declaration or processing instruction at "<!" or "<?". */
static void skip_declaration (HtmlScan *scan)
{
    gsize left = (gsize)(scan->end - scan->at);
    const char *close;
    gsize close_len = 1;
    if (left >= 4 && memcmp (scan->at, "<!--", 4) == 0) {
        /* "<!-->" and "<!--->" are whole comments, hence the search from the second dash on. */
        close = g_strstr_len (scan->at + 2, (gssize)left - 2, "-->");
        close_len = 3;
    } else {
        close = memchr (scan->at, '>', left);
    }
    scan->at = close == NULL ? scan->end : close + close_len;
}

static void count_foreign (HtmlScan *scan, const HtmlToken *token)
{
    if (token->kind == HTML_TOKEN_START && !token->is_self_closing)
        scan->foreign++;
    else if (token->kind == HTML_TOKEN_END && scan->foreign > 0)
        scan->foreign--;
}

/* A tag at scan->at, when there is one; else FALSE and nothing is consumed. */
static gboolean scan_tag (HtmlScan *scan, HtmlToken *token)
{
    const char *at = scan->at + 1;
    gboolean is_end = at < scan->end && *at == '/';
    at += is_end ? 1 : 0;
    if (at >= scan->end || !g_ascii_isalpha (*at) || scan->has_no_close)
        return FALSE;
    if (memchr (at, '>', (gsize)(scan->end - at)) == NULL) {
        scan->has_no_close = TRUE;
        return FALSE;
    }
    const char *name = at;
    while (at < scan->end && !g_ascii_isspace (*at) && *at != '>' && *at != '/')
        at++;
    gsize name_len = (gsize)(at - name);
    *token = (HtmlToken){.kind = is_end ? HTML_TOKEN_END : HTML_TOKEN_START,
                         .tag = name_len < 32 ? gumbo_tagn_enum (name, (unsigned)name_len)
                                              : GUMBO_TAG_UNKNOWN};
    scan->at = scan_attributes (scan, at, token);
    if (token->tag == GUMBO_TAG_SVG || token->tag == GUMBO_TAG_MATH)
        count_foreign (scan, token);
    if (!is_end && scan->foreign == 0 && is_raw (token->tag))
        skip_raw (scan, name, name_len);
    return TRUE;
}

gboolean html_scan_next (HtmlScan *scan, HtmlToken *ret_token)
{
    while (scan->at < scan->end) {
        if (*scan->at == '<') {
            if (scan->at + 1 < scan->end && (scan->at[1] == '!' || scan->at[1] == '?')) {
                skip_declaration (scan);
                continue;
            }
            if (scan_tag (scan, ret_token))
                return TRUE;
        }
        const char *from = scan->at;
        const char *next = memchr (from + 1, '<', (gsize)(scan->end - from - 1));
        scan->at = next == NULL ? scan->end : next;
        *ret_token = (HtmlToken){HTML_TOKEN_TEXT, from, (gsize)(scan->at - from), .tag = 0};
        return TRUE;
    }
    return FALSE;
}
