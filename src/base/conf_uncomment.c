/* conf_uncomment.c - takes the comments out of a configuration, before libconfuse reads it.
 *
 * (I1) The result has as many lines as the input, each with the same words and quotes.
 * (I2) What comes out has balanced braces and quotes.
 *
 *                 '#', or '//' where a word begins                 '\n'
 *        plain ------------------------------------> comment --------------> plain
 *        plain --- a quote ---> quoted --- the same quote, not behind '\' ---> plain
 *        plain --- '/' '*' where a word begins ---> block --- '*' '/' ---> plain  */
#include "conf_option.h"

#include <string.h>

#include "error.h"

typedef struct {
    const char *p, *end;
    guint line;
    guint open_line; /* of the brace that is open; 0 = none */
    GString *out;
} Scan;

/* Moves over one byte, which is kept or, but for newlines, becomes a blank. */
static void step (Scan *scan, gboolean keep)
{
    char c = *scan->p++;
    if (c == '\n')
        scan->line++;
    g_string_append_c (scan->out, keep || c == '\n' ? c : ' ');
}

static gboolean at (const Scan *scan, const char *text)
{
    gsize length = strlen (text);
    return (gsize)(scan->end - scan->p) >= length && strncmp (scan->p, text, length) == 0;
}

static gboolean at_word_start (const Scan *scan)
{
    return scan->out->len == 0 ||
           strchr (" \t\r\n{},=", scan->out->str[scan->out->len - 1]) != NULL;
}

static gboolean skip_quoted (Scan *scan)
{
    char quote = *scan->p;
    step (scan, TRUE);
    while (scan->p < scan->end && *scan->p != quote) {
        if (*scan->p == '\\' && scan->p + 1 < scan->end)
            step (scan, TRUE);
        step (scan, TRUE);
    }
    if (scan->p >= scan->end)
        return FALSE;
    step (scan, TRUE);
    return TRUE;
}

static void skip_comment (Scan *scan)
{
    while (scan->p < scan->end && *scan->p != '\n')
        step (scan, FALSE);
}

static gboolean skip_block (Scan *scan)
{
    step (scan, FALSE);
    step (scan, FALSE);
    while (scan->p < scan->end && !at (scan, "*/"))
        step (scan, FALSE);
    if (scan->p >= scan->end)
        return FALSE;
    step (scan, FALSE);
    step (scan, FALSE);
    return TRUE;
}

/* One brace. Lists may stand in rules, so there is a depth; libconfuse judges the rest. */
static gboolean count_brace (Scan *scan, guint *depth, GError **error)
{
    if (*scan->p == '{' && (*depth)++ == 0)
        scan->open_line = scan->line;
    else if (*scan->p == '}' && (*depth)-- == 0)
        return error_fail (error, ERR_REFUSED, "a closing brace where none is open");
    step (scan, TRUE);
    return TRUE;
}

static gboolean scan_all (Scan *scan, guint *at_line, GError **error)
{
    guint depth = 0;
    while (scan->p < scan->end) {
        *at_line = scan->line;
        if (*scan->p == '#' || (at (scan, "//") && at_word_start (scan))) {
            skip_comment (scan);
        } else if (at (scan, "/*") && at_word_start (scan)) {
            if (!skip_block (scan))
                return error_fail (error, ERR_REFUSED, "a comment begins here that never ends");
        } else if (*scan->p == '"' || *scan->p == '\'') {
            if (!skip_quoted (scan))
                return error_fail (error, ERR_REFUSED, "a quote is opened here and never closed");
        } else if (*scan->p == '{' || *scan->p == '}') {
            if (!count_brace (scan, &depth, error))
                return FALSE;
        } else {
            step (scan, TRUE);
        }
    }
    *at_line = scan->open_line;
    if (depth > 0)
        return error_fail (error, ERR_REFUSED, "a brace is opened here and never closed");
    return TRUE;
}

static guint line_of (const char *text, const char *place)
{
    guint line = 1;
    for (const char *p = text; p < place; p++)
        line += *p == '\n';
    return line;
}

char *conf_uncomment (const char *text, gsize len, guint *ret_line, GError **error)
{
    const char *bad;
    if (!g_utf8_validate_len (text, len, &bad)) {
        *ret_line = line_of (text, bad);
        error_set (error, ERR_REFUSED, "not UTF-8 text");
        return NULL;
    }
    Scan scan = {.p = text, .end = text + len, .line = 1, .out = g_string_sized_new (len + 1)};
    gboolean ok = scan_all (&scan, ret_line, error);
    return g_string_free (scan.out, !ok);
}
