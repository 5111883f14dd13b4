/* test_hostile.c - messages made to hurt: each is taken apart, or found opaque, in well under a
 * second and 64 MB beyond what the message itself takes. */
#include "message.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

/* Sanitizers take time and memory of their own. */
#define LIMIT_MS (IS_SANITIZED ? 10000 : 1000)
#define LIMIT_KB (IS_SANITIZED ? 1024 * 1024 : 64 * 1024)

typedef void (*Maker) (GString *out);

static void repeat (GString *out, const char *unit, gsize count)
{
    for (gsize i = 0; i < count; i++)
        g_string_append (out, unit);
}

static void make_parentheses (GString *out)
{
    static const char *const names[] = {"From",       "To",           "Date",
                                        "Subject",    "Content-Type", "Content-Disposition",
                                        "References", "Message-ID"};
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_string_append_printf (out, "%s: ", names[i]);
        repeat (out, "(", 120000);
        g_string_append (out, "\n");
    }
    g_string_append (out, "\nbody\n");
}

static void make_megabyte_field (GString *out)
{
    g_string_append (out, "To: ");
    repeat (out, "(", 1000000);
    g_string_append (out, "\n\nbody\n");
}

static void make_nested_messages (GString *out)
{
    repeat (out, "Content-Type: message/rfc822\n\n", 50000);
}

static void make_nested_multiparts (GString *out)
{
    for (guint i = 0; i < 50000; i++)
        g_string_append_printf (out, "Content-Type: multipart/mixed; boundary=\"b%u\"\n\n--b%u\n",
                                i, i);
}

static void make_nested_without_boundary (GString *out)
{
    g_string_append (out, "Content-Type: multipart/mixed; boundary=x\n\n--x\n");
    repeat (out, "Content-Type: multipart/mixed\n\n--x\n", 50000);
}

/* As deep as allowed, around a large leaf: must not cost depth times size. */
static void make_deep_around_large (GString *out)
{
    for (guint i = 0; i < 29; i++)
        g_string_append_printf (
            out, "Content-Type: multipart/mixed; boundary=\"b%02u\"\n\n--b%02u\n", i, i);
    g_string_append (out, "Content-Transfer-Encoding: base64\nContent-Type: a/b\n\n");
    repeat (out,
            "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n",
            130000);
}

static void make_headers (GString *out)
{
    for (guint i = 0; i < 100000; i++)
        g_string_append_printf (out, "X-Header-%u: value\n", i);
    g_string_append (out, "\nbody\n");
}

static void make_parts (GString *out)
{
    g_string_append (out, "Content-Type: multipart/mixed; boundary=b\n\n");
    repeat (out, "--b\nContent-Type: text/plain\n\nx\n", 10000);
}

static void make_long_lines (GString *out)
{
    g_string_append (out, "Subject: ");
    repeat (out, "=?utf-8?B?w6k=?= ", 50000);
    g_string_append (out, "\n\n");
    repeat (out, "x", 4000000);
}

static void make_encoded_words (GString *out)
{
    g_string_append (out, "Subject: ");
    repeat (out, "=?", 400000);
    g_string_append (out, "\nFrom: ");
    repeat (out, "=?a?q?=", 20000);
    g_string_append (out, "\n\n");
}

/* Lines that begin like every boundary that is open, up to their last character. */
static void make_boundary_prefixes (GString *out)
{
    g_autofree char *stem = g_strnfill (900, 'b');
    for (guint i = 0; i < 29; i++)
        g_string_append_printf (
            out, "Content-Type: multipart/mixed;\n boundary=\"%s%02u\"\n\n--%s%02u\n", stem, i,
            stem, i);
    g_string_append (out, "\n");
    for (guint i = 0; i < 4000; i++)
        g_string_append_printf (out, "--%sxx\n", stem);
}

static void make_dashes (GString *out)
{
    g_string_append (out, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n");
    repeat (out, "--\n", 1000000);
}

static void make_parameters (GString *out)
{
    g_string_append (out, "Content-Type: text/plain");
    repeat (out, "; name*1*=%41", 30000);
    repeat (out, "; a=\"b", 60000);
    g_string_append (out, "\n\n");
}

static void make_flowed (GString *out)
{
    g_string_append (out, "Content-Type: text/plain; format=flowed\n\n");
    repeat (out, "> > \n>> \n", 300000);
}

static void make_uuencoded (GString *out)
{
    g_string_append (out, "Subject: x\n\n");
    repeat (out, "begin 644 a\n", 100000);
    repeat (out, "begin 644 a\n#86)C\n", 100000);
}

static void make_addresses (GString *out)
{
    g_string_append (out, "To: ");
    repeat (out, "a@example.org,", 70000);
    g_string_append (out, "\nCc: ");
    repeat (out, "<", 10000);
    g_string_append (out, "\n\n");
}

static void make_html (GString *out)
{
    g_string_append (out, "Content-Type: text/html\n\n");
    repeat (out, "<div>", 400000);
}

static void make_html_attributes (GString *out)
{
    g_string_append (out, "Content-Type: text/html\n\n<p ");
    for (guint i = 0; i < 200000; i++)
        g_string_append_printf (out, "a%u ", i);
}

static void make_junk_fields (GString *out)
{
    repeat (out, "no colon here\nX-A: b\n", 50000);
    repeat (out, "\n\n", 100000);
}

static void make_charset_labels (GString *out)
{
    g_string_append (out, "Content-Type: multipart/mixed; boundary=b\n\n");
    for (guint i = 0; i < 900; i++)
        g_string_append_printf (out, "--b\nContent-Type: text/plain; charset=x-no-%u\n\n\xff\n", i);
}

static void make_nothing (GString *out)
{
    g_string_append_len (out, "\0\0\0\0", 4);
    for (guint i = 0; i < 1000000; i++)
        g_string_append_c (out, (gchar)(i * 7919 >> 3));
}

static const struct {
    const char *what;
    Maker make;
    const char *opaque_reason; /* NULL: it is taken apart */
} messages[] = {
    {"parentheses-in-every-field", make_parentheses, NULL},
    {"a-megabyte-of-parentheses", make_megabyte_field, NULL},
    {"nested-messages", make_nested_messages, NULL},
    {"nested-multiparts", make_nested_multiparts, "nesting"},
    {"nested-without-boundary", make_nested_without_boundary, "parts"},
    {"deep-around-large", make_deep_around_large, NULL},
    {"headers", make_headers, "header-count"},
    {"parts", make_parts, "parts"},
    {"long-lines", make_long_lines, NULL},
    {"encoded-words", make_encoded_words, NULL},
    {"boundary-prefixes", make_boundary_prefixes, NULL},
    {"dashes", make_dashes, NULL},
    {"parameters", make_parameters, NULL},
    {"flowed", make_flowed, NULL},
    {"uuencoded", make_uuencoded, NULL},
    {"addresses", make_addresses, NULL},
    {"html-depth", make_html, NULL},
    {"html-attributes", make_html_attributes, NULL},
    {"junk-fields", make_junk_fields, "header-count"},
    {"charset-labels", make_charset_labels, NULL},
    {"random-bytes", make_nothing, NULL},
};

/* The most memory this process ever had. */
static long peak_kb (void)
{
    struct rusage usage;
    g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
    return usage.ru_maxrss;
}

static gint64 cpu_ms (void)
{
    struct rusage usage;
    g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
    return (gint64)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static void test_message (gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE (data);
    if (g_test_subprocess()) {
        g_autoptr (GString) text = g_string_new (NULL);
        messages[i].make (text);
        g_autoptr (GBytes) raw = g_string_free_to_bytes (g_steal_pointer (&text));
        long before_kb = peak_kb();
        gint64 start = cpu_ms();
        g_autoptr (Message) message = message_parse (raw, NULL);
        gint64 spent = cpu_ms() - start;
        fprintf (stderr, "%s: %.1f MB, %" G_GINT64_FORMAT " ms, %ld kB more\n", messages[i].what,
                 (double)g_bytes_get_size (raw) / 1e6, spent, peak_kb() - before_kb);
        g_assert_cmpstr (message->opaque_reason, ==, messages[i].opaque_reason);
        g_assert_true (g_utf8_validate (message->text, -1, NULL));
        if (g_getenv ("HOSTILE_UNBOUNDED") == NULL) {
            g_assert_cmpint (spent, <, LIMIT_MS);
            g_assert_cmpint (peak_kb() - before_kb, <, LIMIT_KB);
        }
        return;
    }
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed();
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (messages); i++) {
        g_autofree char *path = g_strconcat ("/hostile/", messages[i].what, NULL);
        g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_message);
    }
    return g_test_run();
}
