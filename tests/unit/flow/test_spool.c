/* test_spool.c - the bytes of one message: in memory, in a file, not at all. */
#include "spool.h"

#include <glib/gstdio.h>
#include <string.h>

#include "error.h"

static void test_sizes (void)
{
    static const gsize sizes[] = {0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3000000};
    static const gsize chunks[] = {1000, 65536, 5000000};
    g_autofree char *folder = g_dir_make_tmp ("spool-XXXXXX", NULL);
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
        for (guint k = 0; k < G_N_ELEMENTS (chunks); k++) {
            g_autoptr (Spool) spool = spool_new (folder, 3000000);
            g_autoptr (GError) error = NULL;
            g_autofree char *data = g_malloc (sizes[i] + 1);
            for (gsize at = 0; at < sizes[i]; at++)
                data[at] = (char)(at * 31 + (at >> 8));
            for (gsize at = 0; at < sizes[i]; at += chunks[k])
                g_assert_true (
                    spool_append (spool, data + at, MIN (chunks[k], sizes[i] - at), &error));
            g_autoptr (GBytes) bytes = spool_take (spool, &error);
            g_assert_no_error (error);
            g_assert_cmpuint (g_bytes_get_size (bytes), ==, sizes[i]);
            g_assert_true (sizes[i] == 0 ||
                           memcmp (g_bytes_get_data (bytes, NULL), data, sizes[i]) == 0);
        }
    g_assert_cmpint (g_rmdir (folder), ==, 0); /* nothing stayed behind */
}

static void test_too_large (void)
{
    g_autoptr (Spool) spool = spool_new ("/tmp", 100000);
    g_autoptr (GError) error = NULL;
    g_autofree char *data = g_malloc0 (100001);
    g_assert_true (spool_append (spool, data, 100000, &error));
    g_assert_false (spool_append (spool, data, 1, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_clear_error (&error);
    /* From then on it gives nothing, not a part. */
    g_assert_false (spool_append (spool, data, 1, &error));
    g_clear_error (&error);
    g_assert_null (spool_take (spool, &error));
    g_assert_nonnull (error);
}

static void test_no_folder (void)
{
    g_autoptr (Spool) spool = spool_new ("/nowhere/at/all", 10000000);
    g_autoptr (GError) error = NULL;
    g_autofree char *data = g_malloc0 (300000);
    g_assert_true (spool_append (spool, data, 1000, &error));
    g_assert_false (spool_append (spool, data, 300000, &error));
    g_assert_cmpint (error_class (error), ==, ERR_TEMPORARY);
    g_assert_null (spool_take (spool, NULL));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/spool/sizes", test_sizes);
    g_test_add_func ("/flow/spool/too-large", test_too_large);
    g_test_add_func ("/flow/spool/no-folder", test_no_folder);
    return g_test_run();
}
