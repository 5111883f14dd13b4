/* mailbox.c - see mailbox.h.
 *
 * A message in an mbox begins with a line "From " that follows an empty line or the start, and
 * holds a time of day, which tells it from prose that begins with that word. The empty line before
 * the next one belongs to the mbox, not to the message.
 *
 * (I1) A file that gets shorter while it is read is an error; no message is given in half. */
#include "mailbox.h"

#include <string.h>
#include <time.h>

#include "error.h"
#include "pieces.h"

#define FINGERPRINT_BYTES 4096

struct Mailbox {
    char *path;
    Pieces *pieces; /* an mbox or a single message; NULL for folders */
    gboolean is_single;
    gboolean is_end;   /* nothing comes behind what the pieces hold */
    char *fingerprint; /* of the start of an mbox, or NULL */
    GPtrArray *files;  /* of char *: full names, sorted; NULL for an mbox */
    guint next_file;
};

static gboolean has_time_of_day (const char *line, gsize len)
{
    for (gsize i = 2; i + 2 < len; i++)
        if (line[i] == ':' && g_ascii_isdigit (line[i - 1]) && g_ascii_isdigit (line[i - 2]) &&
            g_ascii_isdigit (line[i + 1]) && g_ascii_isdigit (line[i + 2]))
            return TRUE;
    return FALSE;
}

static gboolean is_from_line (const char *line, gsize len)
{
    return len > 5 && memcmp (line, "From ", 5) == 0 && has_time_of_day (line, MIN (len, 512));
}

static gsize line_length (const char *data, gsize at, gsize len)
{
    const char *end = memchr (data + at, '\n', len - at);
    return end != NULL ? (gsize)(end - data) - at + 1 : len - at;
}

static gboolean is_empty_line (const char *data, gsize at, gsize line)
{
    return (line == 1 && data[at] == '\n') || (line == 2 && data[at] == '\r');
}

/* Length of the line at `at`, with its end; 0 behind the last. */
static gboolean line_at (Mailbox *mailbox, gsize at, gsize *ret_length, GError **error)
{
    gsize searched = at, size;
    for (;;) {
        const char *data = pieces_data (mailbox->pieces, &size);
        const char *newline =
            searched < size ? memchr (data + searched, '\n', size - searched) : NULL;
        if (newline != NULL || mailbox->is_end) {
            *ret_length = newline != NULL ? (gsize)(newline - data) + 1 - at : size - at;
            return TRUE;
        }
        searched = size;
        if (!pieces_more (mailbox->pieces, &mailbox->is_end, error))
            return FALSE;
    }
}

static gsize without_separator (const char *data, gsize start, gsize end)
{
    if (end - start >= 2 && data[end - 1] == '\n' && data[end - 2] == '\n')
        return end - 1;
    if (end - start >= 4 && memcmp (data + end - 4, "\r\n\r\n", 4) == 0)
        return end - 2;
    return end;
}

static gboolean is_quoted_from (const char *line, gsize len)
{
    gsize i = 0;
    while (i < len && line[i] == '>')
        i++;
    return i > 0 && len - i >= 5 && memcmp (line + i, "From ", 5) == 0;
}

/* The end of the message that begins at `start`: where the next From_ line stands, or the end.
 * *ret_is_quoted: there are lines ">From ". */
static gboolean message_end (Mailbox *mailbox, gsize start, gsize *ret_end, gboolean *ret_is_quoted,
                             GError **error)
{
    gboolean after_empty = FALSE;
    gsize line, size;
    *ret_is_quoted = FALSE;
    for (*ret_end = start; line_at (mailbox, *ret_end, &line, error); *ret_end += line) {
        const char *data = pieces_data (mailbox->pieces, &size);
        const char *at = data + *ret_end;
        if (line == 0 || (after_empty && *at == 'F' && is_from_line (at, line)))
            return TRUE;
        *ret_is_quoted = *ret_is_quoted || (*at == '>' && is_quoted_from (at, line));
        after_empty = is_empty_line (data, *ret_end, line);
    }
    return FALSE;
}

/* The message without its From_ quotes. */
static GBytes *unquoted (const char *data, gsize start, gsize end)
{
    GByteArray *copy = g_byte_array_new();
    gsize copied = start;
    for (gsize at = start; at < end; at += line_length (data, at, end)) {
        if (data[at] != '>' || !is_quoted_from (data + at, end - at))
            continue;
        g_byte_array_append (copy, (const guint8 *)data + copied, (guint)(at - copied));
        copied = at + 1;
    }
    g_byte_array_append (copy, (const guint8 *)data + copied, (guint)(end - copied));
    return g_byte_array_free_to_bytes (copy);
}

static gboolean read_all (Pieces *pieces, gboolean *ret_is_end, GError **error)
{
    while (!*ret_is_end)
        if (!pieces_more (pieces, ret_is_end, error))
            return FALSE;
    return TRUE;
}

static GBytes *next_single (Mailbox *mailbox, GError **error)
{
    gsize size;
    if (!read_all (mailbox->pieces, &mailbox->is_end, error))
        return NULL;
    const char *data = pieces_data (mailbox->pieces, &size);
    GBytes *raw = size > 0 ? g_bytes_new (data, size) : NULL;
    pieces_skip (mailbox->pieces, size);
    return raw;
}

static GBytes *next_of_mbox (Mailbox *mailbox, GError **error)
{
    gsize start, end, size;
    gboolean is_quoted;
    if (!line_at (mailbox, 0, &start, error) || start == 0 ||
        !message_end (mailbox, start, &end, &is_quoted, error))
        return NULL;
    const char *data = pieces_data (mailbox->pieces, &size);
    gsize stop = without_separator (data, start, end);
    GBytes *raw =
        is_quoted ? unquoted (data, start, stop) : g_bytes_new (data + start, stop - start);
    pieces_skip (mailbox->pieces, end);
    return raw;
}

static GBytes *read_file (const char *path, GError **error)
{
    gboolean is_end = FALSE;
    gsize size;
    g_autoptr (Pieces) pieces = pieces_open (path, error);
    if (pieces == NULL || !read_all (pieces, &is_end, error))
        return NULL;
    const char *data = pieces_data (pieces, &size);
    return g_bytes_new (data, size);
}

GBytes *mailbox_next (Mailbox *mailbox, gint64 *ret_position, GError **error)
{
    if (mailbox->files == NULL) {
        GBytes *raw =
            mailbox->is_single ? next_single (mailbox, error) : next_of_mbox (mailbox, error);
        if (raw != NULL)
            *ret_position = pieces_offset (mailbox->pieces);
        return raw;
    }
    if (mailbox->next_file >= mailbox->files->len)
        return NULL;
    const char *path = mailbox->files->pdata[mailbox->next_file++];
    *ret_position = mailbox->next_file;
    return read_file (path, error);
}

static gint by_base_name (gconstpointer a, gconstpointer b)
{
    const char *left = strrchr (*(const char *const *)a, '/');
    const char *right = strrchr (*(const char *const *)b, '/');
    return strcmp (left, right);
}

/* Files of a folder: all of a Maildir's cur and new, else those that end in .eml. */
static gboolean list_folder (GPtrArray *files, const char *path, const char *suffix, GError **error)
{
    g_autoptr (GDir) folder = g_dir_open (path, 0, error);
    if (folder == NULL)
        return FALSE;
    const char *name;
    while ((name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *full = g_build_filename (path, name, NULL);
        if (name[0] != '.' && g_str_has_suffix (name, suffix) &&
            g_file_test (full, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add (files, g_steal_pointer (&full));
    }
    return TRUE;
}

static gboolean open_folder (Mailbox *mailbox, GError **error)
{
    g_autofree char *current = g_build_filename (mailbox->path, "cur", NULL);
    g_autofree char *new = g_build_filename (mailbox->path, "new", NULL);
    mailbox->files = g_ptr_array_new_with_free_func (g_free);
    gboolean is_maildir = g_file_test (current, G_FILE_TEST_IS_DIR);
    gboolean ok = is_maildir ? list_folder (mailbox->files, current, "", error) &&
                                   (!g_file_test (new, G_FILE_TEST_IS_DIR) ||
                                    list_folder (mailbox->files, new, "", error))
                             : list_folder (mailbox->files, mailbox->path, ".eml", error);
    if (ok && mailbox->files->len == 0 && !is_maildir)
        return error_fail (error, ERR_REFUSED, "%s: neither a Maildir nor a folder of .eml files",
                           mailbox->path);
    g_ptr_array_sort (mailbox->files, by_base_name);
    return ok;
}

static gboolean open_file (Mailbox *mailbox, GError **error)
{
    gsize size = 0;
    mailbox->pieces = pieces_open (mailbox->path, error);
    if (mailbox->pieces == NULL)
        return FALSE;
    const char *data = pieces_data (mailbox->pieces, &size);
    while (size < FINGERPRINT_BYTES && !mailbox->is_end) {
        if (!pieces_more (mailbox->pieces, &mailbox->is_end, error))
            return FALSE;
        data = pieces_data (mailbox->pieces, &size);
    }
    mailbox->is_single = size < 5 || memcmp (data, "From ", 5) != 0;
    if (!mailbox->is_single && strcmp (mailbox->path, "-") != 0)
        mailbox->fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)data,
                                                            MIN (size, FINGERPRINT_BYTES));
    return TRUE;
}

Mailbox *mailbox_open (const char *path, GError **error)
{
    g_autoptr (Mailbox) mailbox = g_new0 (Mailbox, 1);
    mailbox->path = g_strdup (path);
    gboolean ok = g_file_test (path, G_FILE_TEST_IS_DIR) ? open_folder (mailbox, error)
                                                         : open_file (mailbox, error);
    return ok ? g_steal_pointer (&mailbox) : NULL;
}

void mailbox_close (Mailbox *mailbox)
{
    if (mailbox == NULL)
        return;
    pieces_close (mailbox->pieces);
    g_free (mailbox->fingerprint);
    g_clear_pointer (&mailbox->files, g_ptr_array_unref);
    g_free (mailbox->path);
    g_free (mailbox);
}

void mailbox_seek (Mailbox *mailbox, gint64 position)
{
    if (mailbox->fingerprint == NULL || position <= 0)
        return;
    pieces_seek (mailbox->pieces, position);
    mailbox->is_end = FALSE;
}

gint64 mailbox_size (const Mailbox *mailbox)
{
    return mailbox->files != NULL ? (gint64)mailbox->files->len : pieces_size (mailbox->pieces);
}

char *mailbox_source (const Mailbox *mailbox)
{
    if (mailbox->fingerprint == NULL)
        return NULL;
    g_autofree char *full = g_canonicalize_filename (mailbox->path, NULL);
    return g_strdup_printf ("%s#%.16s", full, mailbox->fingerprint);
}

static void append_from_line (GString *mbox, const char *sender, gint64 received_ms)
{
    time_t seconds = (time_t)(received_ms / 1000);
    struct tm parts;
    char date[64];
    gmtime_r (&seconds, &parts);
    strftime (date, sizeof date, "%a %b %e %H:%M:%S %Y", &parts);
    g_autofree char *name = g_strdup (sender != NULL && *sender != '\0' ? sender : "MAILER-DAEMON");
    g_strdelimit (name, " \t\r\n", '_');
    g_string_append_printf (mbox, "From %s %s\n", name, date);
}

void mailbox_append (GString *mbox, GBytes *raw, const char *sender, gint64 received_ms)
{
    gsize len;
    const char *data = g_bytes_get_data (raw, &len);
    append_from_line (mbox, sender, received_ms);
    for (gsize at = 0; at < len;) {
        gsize line = line_length (data, at, len);
        gsize quotes = 0;
        while (quotes < line && data[at + quotes] == '>')
            quotes++;
        if (line - quotes >= 5 && memcmp (data + at + quotes, "From ", 5) == 0)
            g_string_append_c (mbox, '>');
        g_string_append_len (mbox, data + at, (gssize)line);
        at += line;
    }
    if (len == 0 || data[len - 1] != '\n')
        g_string_append_c (mbox, '\n');
    g_string_append_c (mbox, '\n');
}
