/* mailbox.c - see mailbox.h.
 *
 * A message in an mbox begins with a line "From " that follows an empty line or the start, and
 * holds a time of day, which tells it from prose that begins with that word. The empty line before
 * the next one belongs to the mbox, not to the message. */
#include "mailbox.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "error.h"

#define FINGERPRINT_BYTES 4096
#define RELEASE_BYTES ((gsize)16 * 1024 * 1024)

struct Mailbox {
    char *path;
    GBytes *mbox; /* an mbox or a single message; NULL for folders */
    gboolean is_single;
    gboolean is_mapped; /* and not standard input */
    gsize at, released;
    GPtrArray *files; /* of char *: full names, sorted; NULL for an mbox */
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

/* The end of the message that begins at `at`: where the next From_ line stands, or the end. */
static gsize message_end (const char *data, gsize at, gsize len)
{
    gboolean after_empty = FALSE;
    while (at < len) {
        gsize line = line_length (data, at, len);
        if (after_empty && data[at] == 'F' && is_from_line (data + at, line))
            return at;
        after_empty = is_empty_line (data, at, line);
        at += line;
    }
    return len;
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

/* The message without its From_ quotes; shares the mbox' memory when there are none. */
static GBytes *unquoted (GBytes *mbox, gsize start, gsize end)
{
    const char *data = g_bytes_get_data (mbox, NULL);
    GByteArray *copy = NULL;
    gsize copied = start;
    for (gsize at = start; at < end; at += line_length (data, at, end)) {
        if (data[at] != '>' || !is_quoted_from (data + at, end - at))
            continue;
        if (copy == NULL)
            copy = g_byte_array_new();
        g_byte_array_append (copy, (const guint8 *)data + copied, (guint)(at - copied));
        copied = at + 1;
    }
    if (copy == NULL)
        return g_bytes_new_from_bytes (mbox, start, end - start);
    g_byte_array_append (copy, (const guint8 *)data + copied, (guint)(end - copied));
    return g_byte_array_free_to_bytes (copy);
}

/* What was read need not stay in memory; should a message of it still be in use, the kernel reads
 * it again. */
static void release_pages (Mailbox *mailbox)
{
    if (!mailbox->is_mapped || mailbox->at - mailbox->released < RELEASE_BYTES)
        return;
    const char *data = g_bytes_get_data (mailbox->mbox, NULL);
    gsize end = mailbox->at - mailbox->at % RELEASE_BYTES;
    madvise ((gpointer)(data + mailbox->released), end - mailbox->released, MADV_DONTNEED);
    mailbox->released = end;
}

static GBytes *next_of_mbox (Mailbox *mailbox, gint64 *ret_position)
{
    gsize len;
    const char *data = g_bytes_get_data (mailbox->mbox, &len);
    if (mailbox->at >= len)
        return NULL;
    if (mailbox->is_single) {
        mailbox->at = len;
        *ret_position = (gint64)len;
        return g_bytes_ref (mailbox->mbox);
    }
    gsize start = mailbox->at + line_length (data, mailbox->at, len);
    gsize end = message_end (data, start, len);
    mailbox->at = end;
    *ret_position = (gint64)end;
    release_pages (mailbox);
    gsize stop = without_separator (data, start, end);
    return unquoted (mailbox->mbox, start, stop);
}

/* A pipe would be waited for, for ever. */
static GBytes *map_file (const char *path, GError **error)
{
    GStatBuf what;
    if (g_stat (path, &what) == 0 && !S_ISREG (what.st_mode)) {
        error_set (error, ERR_REFUSED, "%s: not a regular file", path);
        return NULL;
    }
    g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
    return file != NULL ? g_mapped_file_get_bytes (file) : NULL;
}

GBytes *mailbox_next (Mailbox *mailbox, gint64 *ret_position, GError **error)
{
    if (mailbox->files == NULL)
        return next_of_mbox (mailbox, ret_position);
    if (mailbox->next_file >= mailbox->files->len)
        return NULL;
    const char *path = mailbox->files->pdata[mailbox->next_file++];
    *ret_position = mailbox->next_file;
    return map_file (path, error);
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

static GBytes *read_standard_input (GError **error)
{
    GIOChannel *input = g_io_channel_unix_new (0);
    char *text = NULL;
    gsize len = 0;
    g_io_channel_set_encoding (input, NULL, NULL);
    GIOStatus status = g_io_channel_read_to_end (input, &text, &len, error);
    g_io_channel_unref (input);
    return status == G_IO_STATUS_NORMAL ? g_bytes_new_take (text, len) : NULL;
}

static gboolean open_file (Mailbox *mailbox, GError **error)
{
    mailbox->is_mapped = strcmp (mailbox->path, "-") != 0;
    mailbox->mbox =
        mailbox->is_mapped ? map_file (mailbox->path, error) : read_standard_input (error);
    if (mailbox->mbox == NULL)
        return FALSE;
    gsize len;
    const char *data = g_bytes_get_data (mailbox->mbox, &len);
    mailbox->is_single = len < 5 || memcmp (data, "From ", 5) != 0;
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
    g_clear_pointer (&mailbox->mbox, g_bytes_unref);
    g_clear_pointer (&mailbox->files, g_ptr_array_unref);
    g_free (mailbox->path);
    g_free (mailbox);
}

void mailbox_seek (Mailbox *mailbox, gint64 position)
{
    if (mailbox->mbox != NULL && !mailbox->is_single && position > 0)
        mailbox->at = MIN ((gsize)position, g_bytes_get_size (mailbox->mbox));
}

gint64 mailbox_size (const Mailbox *mailbox)
{
    return mailbox->files != NULL ? (gint64)mailbox->files->len
                                  : (gint64)g_bytes_get_size (mailbox->mbox);
}

char *mailbox_source (const Mailbox *mailbox)
{
    if (mailbox->mbox == NULL || mailbox->is_single || strcmp (mailbox->path, "-") == 0)
        return NULL;
    gsize len;
    const guchar *data = g_bytes_get_data (mailbox->mbox, &len);
    g_autofree char *start =
        g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, MIN (len, FINGERPRINT_BYTES));
    g_autofree char *full = g_canonicalize_filename (mailbox->path, NULL);
    return g_strdup_printf ("%s#%.16s", full, start);
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
