/* test_decode.c - every case of every file in decode/: a message, and what is to be read in it.
 *
 * A new case is a block in the file of its subject (or in a new file, which is found by itself):
 *
 *   === its-name
 *   subject: what is expected
 *   file: name | type | size
 *   ---
 *   the message, up to the blank line before the next "==="
 *
 * Keys: subject from to cc sender reply-to date id text html; file, one a line and in order, or
 * "no-files:". What is not stated is not compared. Addresses are "Name <addr>; <addr>". In both
 * halves stand \n \r \t \\ \xNN for those bytes, and {{CHARSET:words}} or {{CHARSET|base64:words}}
 * for words in another charset; in the message \ at the end of a line joins it with the next. */
#include "message.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *name, *expected, *message;
} Case;

/* "{{CHARSET:words}}" or "{{CHARSET|base64:words}}" at `at`, which ends at `end`. */
static void add_converted (GString *out, const char *at, const char *end)
{
    g_autofree char *inner = g_strndup (at + 2, (gsize)(end - at) - 2);
    char *words = strchr (inner, ':');
    g_assert_nonnull (words);
    *words++ = '\0';
    char *base64 = strstr (inner, "|base64");
    if (base64 != NULL)
        *base64 = '\0';
    gsize len = 0;
    g_autofree char *plain = g_strcompress (words);
    g_autofree char *bytes = g_convert (plain, -1, inner, "UTF-8", NULL, &len, NULL);
    if (bytes == NULL)
        g_error ("%s: not in %s", words, inner);
    if (base64 == NULL) {
        g_string_append_len (out, bytes, (gssize)len);
        return;
    }
    g_autofree char *encoded = g_base64_encode ((const guchar *)bytes, len);
    g_string_append (out, encoded);
}

/* The bytes that a half of a case stands for. */
static GString *unescape (const char *text)
{
    static const char letters[] = "nrt\\", bytes[] = "\n\r\t\\";
    GString *out = g_string_new (NULL);
    for (const char *p = text; *p != '\0'; p++) {
        const char *end = g_str_has_prefix (p, "{{") ? strstr (p, "}}") : NULL;
        const char *letter = *p == '\\' && p[1] != '\0' ? strchr (letters, p[1]) : NULL;
        if (end != NULL) {
            add_converted (out, p, end);
            p = end + 1;
        } else if (letter != NULL) {
            g_string_append_c (out, bytes[letter - letters]);
            p++;
        } else if (*p == '\\' && p[1] == 'x') {
            const int high = g_ascii_xdigit_value (p[2]), low = g_ascii_xdigit_value (p[3]);
            g_assert_true (high >= 0 && low >= 0);
            g_string_append_c (out, (char)(high * 16 + low));
            p += 3;
        } else if (*p == '\\' && p[1] == '\n') {
            p++;
        } else {
            g_string_append_c (out, *p);
        }
    }
    return out;
}

static char *addresses_text (const GPtrArray *list)
{
    GString *out = g_string_new (NULL);
    for (guint i = 0; i < list->len; i++) {
        const Address *address = list->pdata[i];
        g_string_append_printf (out, "%s%s%s<%s>", i > 0 ? "; " : "", address->name,
                                *address->name != '\0' ? " " : "", address->addr);
    }
    return g_string_free (out, FALSE);
}

/* What was read, under the names that cases use; "file" is numbered from 0. Owned, or NULL. */
static char *value_read (const Message *message, const char *key, guint number)
{
    const GPtrArray *const lists[] = {message->from, message->to, message->cc, message->sender,
                                      message->reply_to};
    static const char *const list_keys[] = {"from", "to", "cc", "sender", "reply-to"};
    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
        if (strcmp (key, list_keys[i]) == 0)
            return addresses_text (lists[i]);
    }
    if (strcmp (key, "date") == 0)
        return message_date_text (message);
    if (strcmp (key, "file") == 0) {
        const Part *part = message_file (message, number);
        return part == NULL ? NULL
                            : g_strdup_printf ("%s | %s | %" G_GSIZE_FORMAT,
                                               part->written_name != NULL ? part->written_name : "",
                                               part->type, part->size);
    }
    const char *const texts[] = {message->subject, message->message_id, message->text,
                                 message->html};
    static const char *const text_keys[] = {"subject", "id", "text", "html"};
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        if (strcmp (key, text_keys[i]) == 0)
            return g_strdup (texts[i] != NULL ? texts[i] : "");
    }
    g_error ("no such key: %s", key);
}

static void compare (const char *key, const char *expected, const char *found)
{
    if (g_strcmp0 (expected, found) == 0)
        return;
    g_autofree char *shown = g_strescape (found != NULL ? found : "(none)", NULL);
    g_autofree char *wanted = g_strescape (expected != NULL ? expected : "(none)", NULL);
    g_autofree char *wanted_text = g_strcompress (wanted), *shown_text = g_strcompress (shown);
    g_test_message ("%s: expected [%s] found [%s]", key, wanted_text, shown_text);
    g_test_fail();
}

static void test_case (gconstpointer data)
{
    const Case *one = data;
    g_autoptr (GString) bytes = unescape (one->message);
    g_autoptr (GBytes) raw = g_bytes_new (bytes->str, bytes->len);
    g_autoptr (Message) message = message_parse (raw, NULL);
    g_auto (GStrv) lines = g_strsplit (one->expected, "\n", -1);
    guint files = 0;
    gboolean has_files = FALSE;
    for (char **line = lines; *line != NULL; line++) {
        g_auto (GStrv) pair = g_strsplit (*line, ":", 2);
        if (pair[0] == NULL || pair[1] == NULL)
            continue;
        const gboolean is_file = strcmp (pair[0], "file") == 0;
        has_files = has_files || is_file || strcmp (pair[0], "no-files") == 0;
        if (strcmp (pair[0], "no-files") == 0)
            continue;
        g_autoptr (GString) expected = unescape (*pair[1] == ' ' ? pair[1] + 1 : pair[1]);
        g_autofree char *found = value_read (message, pair[0], is_file ? files++ : 0);
        compare (pair[0], expected->str, found);
    }
    g_autofree char *more = has_files ? value_read (message, "file", files) : NULL;
    compare ("one more file", NULL, more);
}

/* What holds of every message, however damaged. */
static void check_invariants (const GString *bytes)
{
    g_autoptr (GBytes) raw = g_bytes_new (bytes->str, bytes->len);
    g_autoptr (Message) message = message_parse (raw, NULL);
    g_assert_true (g_utf8_validate (message->subject, -1, NULL));
    g_assert_true (g_utf8_validate (message->text, -1, NULL));
    g_assert_true (message->html == NULL || g_utf8_validate (message->html, -1, NULL));
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->role == PART_MULTIPART)
            continue;
        g_autoptr (GBytes) decoded = message_part_decode (message, part);
        g_assert_cmpuint (g_bytes_get_size (decoded), ==, part->size);
        g_assert_true (part->name == NULL || g_utf8_validate (part->name, -1, NULL));
    }
}

/* One damage at a place by chance: a byte changed, a stretch lost or doubled, a mark put in. */
static void damage (GString *bytes, GRand *random)
{
    static const char *const marks[] = {"--", "\r", "=?",   "?=",     "(((",  "\"",
                                        "<",  "\n", "\n\n", "\x1b$B", "*0*=", "\xe9\xe8"};
    if (bytes->len == 0)
        return;
    const gint at = g_rand_int_range (random, 0, (gint)bytes->len);
    const gint wanted = g_rand_int_range (random, 1, 40);
    const gint size = MIN (wanted, (gint)bytes->len - at);
    g_autofree char *stretch = g_memdup2 (bytes->str + at, (gsize)size);
    switch (g_rand_int_range (random, 0, 4)) {
    case 0:
        bytes->str[at] = (char)g_rand_int_range (random, 0, 256);
        break;
    case 1:
        g_string_erase (bytes, at, size);
        break;
    case 2:
        g_string_insert_len (bytes, g_rand_int_range (random, 0, at + 1), stretch, size);
        break;
    default:
        g_string_insert (bytes, at, marks[g_rand_int_range (random, 0, G_N_ELEMENTS (marks))]);
        break;
    }
}

/* Every case damaged in several ways: some two thousand messages, the same ones each time. */
static void test_damaged (gconstpointer data)
{
    const GPtrArray *cases = data;
    g_autoptr (GRand) random = g_rand_new_with_seed (7);
    for (guint i = 0; i < cases->len; i++) {
        const Case *one = cases->pdata[i];
        g_autoptr (GString) bytes = unescape (one->message);
        for (guint round = 0; round < 4; round++) {
            for (guint k = 0; k <= round; k++)
                damage (bytes, random);
            check_invariants (bytes);
        }
    }
}

static void case_free (gpointer data)
{
    Case *one = data;
    g_free (one->name);
    g_free (one->expected);
    g_free (one->message);
    g_free (one);
}

/* Registers the cases of one file; they live as long as `cases`. */
static void add_file (GPtrArray *cases, const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename (folder, file, NULL), *text = NULL;
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_auto (GStrv) blocks = g_strsplit (text, "\n\n=== ", -1);
    for (char **block = blocks + 1; blocks[0] != NULL && *block != NULL; block++) {
        char *expected = strchr (*block, '\n'), *rule = strstr (*block, "\n---\n");
        if (expected == NULL || rule == NULL)
            g_error ("%s: case %.40s is not complete", file, *block);
        Case *one = g_new0 (Case, 1);
        one->name = g_strndup (*block, (gsize)(expected - *block));
        one->expected = g_strndup (expected, (gsize)(rule - expected));
        one->message = g_strconcat (rule + 5, block[1] != NULL ? "\n" : "", NULL);
        g_ptr_array_add (cases, one);
        g_autofree char *test = g_strdup_printf ("/decode/%s/%s", file, one->name);
        g_test_add_data_func (test, one, test_case);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    const char *folder = TEST_DATA "/decode";
    g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (case_free);
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    g_assert_nonnull (dir);
    for (const char *file; (file = g_dir_read_name (dir)) != NULL;) {
        if (g_str_has_suffix (file, ".txt"))
            add_file (cases, folder, file);
    }
    g_assert_cmpuint (cases->len, >, 0);
    g_test_add_data_func ("/decode/damaged", cases, test_damaged);
    return g_test_run();
}
