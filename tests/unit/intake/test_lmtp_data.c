/* test_lmtp_data.c - the end of a message and its dots, however the bytes are cut. */
#include <glib.h>
#include <string.h>

#include "lmtp_data.h"

static void take (gpointer data, const void *bytes, gsize size)
{
    g_assert_cmpuint (size, >, 0);
    g_byte_array_append (data, bytes, (guint)size);
}

static void check (const char *in, gsize step, const char *text, gsize used, gboolean has_bare_lf)
{
    g_autoptr (GByteArray) out = g_byte_array_new();
    LmtpData data = {0};
    gsize size = strlen (in), total = 0;
    gboolean is_done = FALSE;
    while (total < size && !is_done) {
        gsize now;
        is_done = lmtp_data_read (&data, (const guint8 *)in + total, MIN (step, size - total), &now,
                                  take, out);
        total += now;
    }
    g_assert_true (is_done == (used > 0));
    if (is_done)
        g_assert_cmpuint (total, ==, used);
    g_assert_cmpmem (out->data, out->len, text, (int)strlen (text));
    g_assert_true (data.has_bare_lf == has_bare_lf);
}

static void test_cut_anywhere (void)
{
    static const struct {
        const char *in, *text;
        gsize used; /* 0: the message does not end */
        gboolean has_bare_lf;
    } cases[] = {
        {".\r\n", "", 3, FALSE},
        {".\r\nQUIT\r\n", "", 3, FALSE},
        {"a\r\n.\r\n", "a\r\n", 6, FALSE},
        {"a\r\n.\r\nNOOP\r\n", "a\r\n", 6, FALSE},
        {"..\r\n.\r\n", ".\r\n", 7, FALSE},
        {"...\r\n..a\r\n.b\r\n.\r\n", "..\r\n.a\r\nb\r\n", 17, FALSE},
        {"a.\r\n.\r\n", "a.\r\n", 7, FALSE},
        {"\r\n\r\n.\r\n", "\r\n\r\n", 7, FALSE},
        {"a\rb\r\n.\r\n", "a\rb\r\n", 8, FALSE},
        {"\r.\r\n.\r\n", "\r.\r\n", 7, FALSE},
        {".\r.\r\n.\r\n", "\r.\r\n", 8, FALSE},
        {".\r\r\n.\r\n", "\r\r\n", 7, FALSE},
        {"a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", 11, TRUE}, /* smuggling: no end in there */
        {"a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", 11, TRUE},
        {"a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", 10, TRUE},
        {"a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", 11, FALSE},
        {"a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", 11, FALSE},
        {"\n.\r\n.\r\n", "\n.\r\n", 7, TRUE},
        {"no end", "no end", 0, FALSE},
        {"no end\r\n.", "no end\r\n", 0, FALSE},
        {"no end\r\n.\r", "no end\r\n", 0, FALSE},
        {"no end\r\n\r\n", "no end\r\n\r\n", 0, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        for (gsize step = 1; step <= strlen (cases[i].in); step++) {
            g_test_message ("case %u step %u", i, (guint)step);
            check (cases[i].in, step, cases[i].text, cases[i].used, cases[i].has_bare_lf);
        }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/intake/lmtp-data/cut-anywhere", test_cut_anywhere);
    return g_test_run();
}
