/* test_identity.c - when two messages are the same one, delivered twice. */
#include "identity.h"

#include <string.h>

static char *digest (const char *text)
{
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    char *hex = identity_digest (raw);
    g_assert_cmpuint (strlen (hex), ==, 64);
    return hex;
}

static void test_same (void)
{
    static const char *const same[] = {
        "A: b\n\ntext\nmore\n",
        "A: b\r\n\r\ntext\r\nmore\r\n",
        "Received: by hop\nA: b\n\ntext\nmore\n",
        "A: b\n\ntext\nmore",
        "A: b\n\ntext\nmore\n\n\r\n",
        "A: b\r\n\r\ntext\nmore\r\n",
    };
    g_autofree char *first = digest (same[0]);
    for (guint i = 1; i < G_N_ELEMENTS (same); i++) {
        g_autofree char *other = digest (same[i]);
        g_assert_cmpstr (other, ==, first);
    }
}

static void test_other (void)
{
    static const char *const others[] = {
        "A: b\n\ntext\nmore\n",
        "A: b\n\ntext\n more\n",
        "A: b\n\ntext\n\nmore\n",
        "A: b\n\ntextmore\n",
        "A: b\n\n",
        "A: b\n\ntext\rmore\n",
        "A: b\n\n\ntext\nmore\n",
        "A: b\n\nText\nmore\n",
    };
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (others); i++)
        g_assert_true (g_hash_table_add (seen, digest (others[i])));
}

static void test_odd (void)
{
    g_autofree char *empty = digest ("");
    g_autofree char *header = digest ("A: b");
    g_autofree char *returns = digest ("\r\r\r");
    g_assert_cmpstr (empty, ==, header);
    g_assert_cmpstr (empty, ==, returns);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/identity/same", test_same);
    g_test_add_func ("/flow/identity/other", test_other);
    g_test_add_func ("/flow/identity/odd", test_odd);
    return g_test_run();
}
