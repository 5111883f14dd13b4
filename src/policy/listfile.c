/* listfile.c - see listfile.h. */
#include "listfile.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "error.h"

/* One address of a list while it is read. */
typedef struct {
    const char *next;
    GPtrArray *values;
    GString *piece; /* what was read since the last blank or comma */
    guint first;    /* values of this item begin here */
} ListScan;

char *listfile_read (const char *path, gsize bytes_max, gsize *ret_len, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr (GError) cause = NULL;
    gsize len = 0;
    GStatBuf what;
    if (g_stat (path, &what) == 0 && !S_ISREG (what.st_mode)) {
        error_set (error, ERR_INTERNAL, "%s: not a regular file", path);
        return NULL;
    }
    if (g_stat (path, &what) == 0 && (guint64)what.st_size > bytes_max) {
        error_set (error, ERR_REFUSED, "%s: too large, with what it includes", path);
        return NULL;
    }
    if (!g_file_get_contents (path, &text, &len, &cause)) {
        error_set (error, error_class (cause), "%s", cause->message);
        return NULL;
    }
    if (memchr (text, '\0', len) != NULL) {
        error_set (error, ERR_REFUSED, "%s: not a text file", path);
        return NULL;
    }
    *ret_len = len;
    return g_steal_pointer (&text);
}

void list_lines_init (ListLines *lines, const char *path, const char *text, gsize len)
{
    *lines = (ListLines){path, text, text + len, 0, 0, g_string_new (NULL)};
}

void list_lines_clear (ListLines *lines)
{
    g_string_free (lines->text, TRUE);
    lines->text = NULL;
}

gboolean list_lines_refuse (const ListLines *lines, GError **error, const char *what)
{
    return error_fail (error, ERR_REFUSED, "%s:%u: %s", lines->path, lines->line, what);
}

/* Length of the physical line at `rest`, without its end. */
static gsize line_length (const ListLines *lines)
{
    gsize left = (gsize)(lines->end - lines->rest);
    const char *newline = memchr (lines->rest, '\n', left);
    return newline != NULL ? (gsize)(newline - lines->rest) : left;
}

static gboolean is_empty_line (const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        if (text[i] == '#')
            return TRUE;
        if (!g_ascii_isspace (text[i]))
            return FALSE;
    }
    return TRUE;
}

gboolean list_lines_next (ListLines *lines, GError **error)
{
    gboolean has_begun = FALSE;
    g_string_truncate (lines->text, 0);
    while (lines->rest < lines->end) {
        gsize len = line_length (lines);
        gboolean is_empty = is_empty_line (lines->rest, len);
        gboolean is_more = g_ascii_isspace (*lines->rest);
        if (!is_empty && !is_more && has_begun)
            return TRUE;
        lines->number++;
        if (!is_empty && !has_begun)
            lines->line = lines->number;
        if (!is_empty && is_more && !has_begun)
            return list_lines_refuse (lines, error,
                                      "a line that begins with a blank continues nothing");
        has_begun = has_begun || !is_empty;
        if (!is_empty)
            g_string_append_len (lines->text, lines->rest, (gssize)len);
        lines->rest += len + (lines->rest + len < lines->end);
    }
    return has_begun;
}

/* ------------------------------------------------------------------ lists of addresses */

/* A piece ends at a blank or comma. */
static void end_piece (ListScan *scan)
{
    if (scan->piece->len > 0)
        g_ptr_array_add (scan->values, g_strdup (scan->piece->str));
    g_string_truncate (scan->piece, 0);
}

/* An address may end here: a comma, or the end of the list. */
static void end_item (ListScan *scan)
{
    end_piece (scan);
    scan->first = scan->values->len;
}

/* The quote that closes the one at `text`, or NULL. */
static const char *find_quote (const char *text)
{
    for (text++; *text != '\0' && *text != '"'; text++) {
        if (*text == '\\' && text[1] != '\0')
            text++;
    }
    return *text == '"' ? text : NULL;
}

/* "a b"@c keeps its quotes, since they belong to the address. */
static const char *scan_quoted (ListScan *scan)
{
    const char *end = find_quote (scan->next);
    if (end == NULL)
        return "a quote is not closed";
    if (end[1] == '@')
        g_string_append_len (scan->piece, scan->next, end + 1 - scan->next);
    for (const char *next = scan->next + 1; next < end && end[1] != '@'; next++) {
        next += *next == '\\';
        g_string_append_c (scan->piece, *next);
    }
    scan->next = end + 1;
    return NULL;
}

static const char *scan_comment (ListScan *scan)
{
    guint depth = 0;
    do {
        depth += *scan->next == '(';
        depth -= *scan->next == ')';
        if (*scan->next == '\\' && scan->next[1] != '\0')
            scan->next++;
        if (*scan->next == '\0')
            return "a comment is not closed";
        scan->next++;
    } while (depth > 0);
    return NULL;
}

/* `Name <address>`: the words before were a name. */
static const char *scan_angle (ListScan *scan)
{
    const char *end = strchr (scan->next, '>');
    if (end == NULL)
        return "an angle bracket is not closed";
    g_string_truncate (scan->piece, 0);
    g_ptr_array_set_size (scan->values, (gint)scan->first);
    g_autofree char *address = g_strndup (scan->next + 1, (gsize)(end - scan->next - 1));
    g_strstrip (address);
    if (*address == '\0')
        return "an address is empty";
    g_ptr_array_add (scan->values, g_steal_pointer (&address));
    scan->first = scan->values->len;
    scan->next = end + 1;
    return NULL;
}

/* An unquoted command goes on to the comma, blanks and all. */
static void scan_plain (ListScan *scan)
{
    gboolean is_command = scan->piece->len > 0 && *scan->piece->str == '|';
    if (g_ascii_isspace (*scan->next) && !is_command)
        end_piece (scan);
    else
        g_string_append_c (scan->piece, *scan->next);
    scan->next++;
}

static const char *scan_list (ListScan *scan)
{
    const char *what = NULL;
    while (*scan->next != '\0' && what == NULL) {
        switch (*scan->next) {
        case ',':
            end_item (scan);
            scan->next++;
            break;
        case '"':
            what = scan_quoted (scan);
            break;
        case '(':
            what = scan_comment (scan);
            break;
        case '<':
            what = scan_angle (scan);
            break;
        default:
            scan_plain (scan);
        }
    }
    end_item (scan);
    return what;
}

GPtrArray *list_values (const char *text, const char **ret_what)
{
    g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GString) piece = g_string_new (NULL);
    ListScan scan = {text, values, piece, 0};
    const char *what = scan_list (&scan);
    if (what != NULL) {
        *ret_what = what;
        return NULL;
    }
    return g_steal_pointer (&values);
}
