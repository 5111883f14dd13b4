/* test_mailbox.c - messages out of files and back: not a byte more or less. */
#include "mailbox.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

typedef struct {
    char *folder;
} Folder;

static Folder folder_new (void)
{
    return (Folder){g_dir_make_tmp ("mailbox-XXXXXX", NULL)};
}

static void remove_all (const char *path)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *child = g_build_filename (path, name, NULL);
        remove_all (child);
    }
    g_remove (path);
}

static void folder_clear (Folder *folder)
{
    remove_all (folder->folder);
    g_free (folder->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Folder, folder_clear)

/* Owned. */
static char *put (const Folder *folder, const char *name, const char *text)
{
    char *path = g_build_filename (folder->folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname (path);
    g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
    return path;
}

/* All messages, joined by "|". Owned. */
static char *read_all (const char *path)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Mailbox) mailbox = mailbox_open (path, &error);
    g_assert_no_error (error);
    GString *all = g_string_new (NULL);
    for (;;) {
        gint64 position = -1;
        g_autoptr (GBytes) raw = mailbox_next (mailbox, &position, &error);
        g_assert_no_error (error);
        if (raw == NULL)
            return g_string_free (all, FALSE);
        g_assert_cmpint (position, >, 0);
        gsize len;
        const char *data = g_bytes_get_data (raw, &len);
        g_string_append_len (all, data, (gssize)len);
        g_string_append_c (all, '|');
    }
}

#define FROM "From anna@example.test Fri Nov 21 10:00:00 2025\n"

static void test_mbox (void)
{
    static const struct {
        const char *file, *messages;
    } cases[] = {
        {FROM "A: b\n\ntext\n\n" FROM "C: d\n\nmore\n\n", "A: b\n\ntext\n|C: d\n\nmore\n|"},
        {FROM "A: b\n\ntext\n", "A: b\n\ntext\n|"},
        {FROM "A: b\n\ntext", "A: b\n\ntext|"},
        /* Prose, quotes, and a line that only looks like a beginning. */
        {FROM "A: b\n\nx\nFrom here at 10:00:00 on\n\n", "A: b\n\nx\nFrom here at 10:00:00 on\n|"},
        {FROM "A: b\n\n\nFrom now on\n\n", "A: b\n\n\nFrom now on\n|"},
        {FROM "A: b\n\n>From x\n>>From y\n> From z\n>Fromage\n\n",
         "A: b\n\nFrom x\n>From y\n> From z\n>Fromage\n|"},
        /* Blank lines at the end belong to the message, but for the last. */
        {FROM "A: b\n\ntext\n\n\n\n" FROM "C: d\n\n\n", "A: b\n\ntext\n\n\n|C: d\n\n|"},
        /* Line ends of another world. */
        {"From a Fri Nov 21 10:00:00 2025\r\nA: b\r\n\r\ntext\r\n\r\nFrom a Fri Nov 21 10:00:00 "
         "2025"
         "\r\nC: d\r\n\r\n",
         "A: b\r\n\r\ntext\r\n|C: d\r\n|"},
        /* One message, no mbox. */
        {"A: b\n\ntext\n\n" FROM, "A: b\n\ntext\n\n" FROM "|"},
        {"x", "x|"},
        {"", ""},
        {FROM, "|"},
        {"From ", "|"},
    };
    g_auto (Folder) folder = folder_new();
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = put (&folder, "box", cases[i].file);
        g_autofree char *messages = read_all (path);
        g_test_message ("case %u", i);
        g_assert_cmpstr (messages, ==, cases[i].messages);
    }
}

/* What is written is read again, byte for byte, whatever stands in it. */
static void test_round_trip (void)
{
    static const char *const messages[] = {
        "A: b\n\ntext\n",
        "A: b\r\n\r\ntext\r\n",
        "A: b\r\n\r\ntext\r\n\r\n",
        "A: b\n\nFrom anna@example.test Fri Nov 21 10:00:00 2025\n>From x\n>>From y\n",
        "A: b\n\n\n\n\n",
        "A: b\n\nFrom\nFrom \n From x\n",
        "\n",
        "\n\n",
        "\r\n",
        "From x\n",
    };
    g_auto (Folder) folder = folder_new();
    g_autoptr (GString) mbox = g_string_new (NULL);
    g_autoptr (GString) expected = g_string_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
        g_autoptr (GBytes) raw = g_bytes_new_static (messages[i], strlen (messages[i]));
        mailbox_append (mbox, raw, i % 2 == 0 ? "anna@example.test" : NULL, 1763719200000);
        g_string_append_printf (expected, "%s|", messages[i]);
    }
    g_autofree char *path = put (&folder, "box", mbox->str);
    g_autofree char *read = read_all (path);
    g_assert_cmpstr (read, ==, expected->str);
    g_assert_true (
        g_str_has_prefix (mbox->str, "From anna@example.test Fri Nov 21 10:00:00 2025\n"));
}

/* A sender cannot bring a line along. */
static void test_sender (void)
{
    g_autoptr (GString) mbox = g_string_new (NULL);
    g_autoptr (GBytes) raw = g_bytes_new_static ("A: b\n\n", 6);
    mailbox_append (mbox, raw, "a b\nFrom evil\r", 0);
    g_assert_true (g_str_has_prefix (mbox->str, "From a_b_From_evil_ Thu Jan  1 00:00:00 1970\nA"));
}

/* From each position the rest, and only the rest. */
static void test_resume (void)
{
    g_auto (Folder) folder = folder_new();
    g_autofree char *path =
        put (&folder, "box", FROM "A: 1\n\n\n" FROM "A: 2\n\n\n" FROM "A: 3\n\n\n");
    g_autoptr (GError) error = NULL;
    gint64 positions[3];
    g_autoptr (Mailbox) whole = mailbox_open (path, &error);
    for (guint i = 0; i < 3; i++) {
        g_autoptr (GBytes) raw = mailbox_next (whole, &positions[i], &error);
        g_assert_nonnull (raw);
    }
    g_assert_cmpint (positions[2], ==, mailbox_size (whole));
    g_autofree char *source = mailbox_source (whole);
    for (guint i = 0; i < 3; i++) {
        g_autoptr (Mailbox) rest = mailbox_open (path, &error);
        g_autofree char *same = mailbox_source (rest);
        g_assert_cmpstr (same, ==, source);
        mailbox_seek (rest, positions[i]);
        guint count = 0;
        gint64 at;
        for (;;) {
            g_autoptr (GBytes) raw = mailbox_next (rest, &at, &error);
            if (raw == NULL)
                break;
            count++;
            g_assert_cmpint (((const char *)g_bytes_get_data (raw, NULL))[3], ==,
                             (int)('1' + i + count));
        }
        g_assert_cmpuint (count, ==, 2 - i);
    }
    g_autoptr (Mailbox) beyond = mailbox_open (path, &error);
    mailbox_seek (beyond, G_MAXINT64);
    gint64 at;
    g_assert_null (mailbox_next (beyond, &at, &error));
    g_assert_no_error (error);
    /* Another file in its place is another source. */
    g_autofree char *other = put (&folder, "box", FROM "B: 1\n\n\n");
    g_autoptr (Mailbox) changed = mailbox_open (other, &error);
    g_autofree char *new_source = mailbox_source (changed);
    g_assert_cmpstr (new_source, !=, source);
}

static void test_folders (void)
{
    g_auto (Folder) folder = folder_new();
    g_free (put (&folder, "dir/cur/2.x:2,S", "second"));
    g_free (put (&folder, "dir/new/1.x", "first"));
    g_free (put (&folder, "dir/new/3.x", "third"));
    g_free (put (&folder, "dir/tmp/0.x", "unfinished"));
    g_free (put (&folder, "dir/cur/.hidden", "hidden"));
    g_free (put (&folder, "emls/b.eml", "B"));
    g_free (put (&folder, "emls/a.eml", "From A"));
    g_free (put (&folder, "emls/notes.txt", "no mail"));
    g_free (put (&folder, "empty/cur/.keep", ""));
    g_free (put (&folder, "none/readme", "no mail"));
    static const struct {
        const char *name, *messages;
    } cases[] = {{"dir", "first|second|third|"}, {"emls", "From A|B|"}, {"empty", ""}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_build_filename (folder.folder, cases[i].name, NULL);
        g_autofree char *messages = read_all (path);
        g_assert_cmpstr (messages, ==, cases[i].messages);
    }
    g_autofree char *none = g_build_filename (folder.folder, "none", NULL);
    g_autoptr (GError) error = NULL;
    g_assert_null (mailbox_open (none, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_clear_error (&error);
    g_assert_null (mailbox_open ("/nowhere/at/all", &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
}

/* Many megabytes, of which what was read is let go: the messages stay what they are. */
static void test_large (void)
{
    g_auto (Folder) folder = folder_new();
    g_autoptr (GString) mbox = g_string_new (NULL);
    g_autofree char *line = g_strnfill (1023, 'x');
    for (guint i = 0; i < 40; i++) {
        g_string_append_printf (mbox, FROM "N: %u\n\n", i);
        for (guint k = 0; k < 1024; k++)
            g_string_append_printf (mbox, "%s\n", line);
        g_string_append_c (mbox, '\n');
    }
    g_autofree char *path = put (&folder, "box", mbox->str);
    g_autoptr (GError) error = NULL;
    g_autoptr (Mailbox) mailbox = mailbox_open (path, &error);
    g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
    gint64 position;
    GBytes *raw;
    while ((raw = mailbox_next (mailbox, &position, &error)) != NULL)
        g_ptr_array_add (kept, raw);
    g_assert_cmpuint (kept->len, ==, 40);
    for (guint i = 0; i < kept->len; i++) {
        g_autofree char *head = g_strdup_printf ("N: %u\n\nxxx", i);
        g_assert_cmpint (strncmp (g_bytes_get_data (kept->pdata[i], NULL), head, strlen (head)), ==,
                         0);
    }
}

/* Somebody empties the file, or adds to it, while it is read: whole messages or an error. */
static void test_changed (void)
{
    static const struct {
        gint64 size; /* of the file after the first message was read; -1: it grows */
        const char *reason;
    } cases[] = {{0, "became shorter"}, {5000000, "became shorter"}, {-1, NULL}};
    g_autofree char *body = g_strnfill (2000000, 'x');
    g_autofree char *text = g_strdup_printf (
        FROM "A: 1\n\n%s\n\n" FROM "A: 2\n\n%s\n\n" FROM "A: 3\n\n%s\n\n", body, body, body);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_auto (Folder) folder = folder_new();
        g_autoptr (GError) error = NULL;
        g_autofree char *path = put (&folder, "box", text);
        g_autoptr (Mailbox) mailbox = mailbox_open (path, &error);
        gint64 position, size = mailbox_size (mailbox);
        g_autoptr (GBytes) first = mailbox_next (mailbox, &position, &error);
        g_assert_cmpuint (g_bytes_get_size (first), ==, strlen ("A: 1\n\n\n") + 2000000);
        g_assert_cmpint (
            truncate (path, cases[i].size >= 0 ? (off_t)cases[i].size : (off_t)size + 100000), ==,
            0);
        guint count = 1;
        GBytes *raw;
        while ((raw = mailbox_next (mailbox, &position, &error)) != NULL) {
            g_assert_cmpuint (g_bytes_get_size (raw), ==, g_bytes_get_size (first));
            g_bytes_unref (raw);
            count++;
        }
        if (cases[i].reason == NULL) {
            g_assert_no_error (error);
            g_assert_cmpuint (count, ==, 3);
            g_assert_cmpint (position, ==, size);
        } else {
            g_assert_nonnull (error);
            g_assert_nonnull (strstr (error->message, cases[i].reason));
            g_assert_cmpuint (count, <, 3);
        }
    }
}

/* A pipe would be waited for, for ever; within a folder it is passed over. */
static void test_no_file (void)
{
    g_auto (Folder) folder = folder_new();
    g_autoptr (GError) error = NULL;
    g_autofree char *mail = put (&folder, "a.eml", "From: a@example.org\n\nText.\n");
    g_autofree char *fifo = g_build_filename (folder.folder, "b.eml", NULL);
    g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
    g_assert_null (mailbox_open (fifo, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_assert_nonnull (strstr (error->message, "not a regular file"));
    g_clear_error (&error);
    g_assert_null (mailbox_open ("/dev/null", &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_clear_error (&error);
    Mailbox *mailbox = mailbox_open (folder.folder, &error);
    g_assert_no_error (error);
    g_assert_cmpint (mailbox_size (mailbox), ==, 1);
    mailbox_close (mailbox);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/intake/mailbox/mbox", test_mbox);
    g_test_add_func ("/intake/mailbox/no-file", test_no_file);
    g_test_add_func ("/intake/mailbox/round-trip", test_round_trip);
    g_test_add_func ("/intake/mailbox/sender", test_sender);
    g_test_add_func ("/intake/mailbox/resume", test_resume);
    g_test_add_func ("/intake/mailbox/folders", test_folders);
    g_test_add_func ("/intake/mailbox/large", test_large);
    g_test_add_func ("/intake/mailbox/changed", test_changed);
    return g_test_run();
}
