/* test_error.c - error.h: classes survive, foreign errors get one. */
#include "error.h"

#include <gio/gio.h>

static void test_set (void)
{
    g_autoptr (GError) error = NULL;
    error_set (&error, ERR_TEMPORARY, "disk of %s is full", "x");
    g_assert_cmpint (error_class (error), ==, ERR_TEMPORARY);
    g_assert_cmpstr (error->message, ==, "disk of x is full");
    error_prefix (&error, "post %d", 7);
    g_assert_cmpstr (error->message, ==, "post 7: disk of x is full");
    g_assert_cmpint (error_class (error), ==, ERR_TEMPORARY);
}

static void test_fail (void)
{
    g_autoptr (GError) error = NULL;
    g_assert_false (error_fail (&error, ERR_NOT_FOUND, "no post %d", 3));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
    g_assert_cmpstr (error->message, ==, "no post 3");
    g_assert_false (error_fail (NULL, ERR_NOT_FOUND, "nobody listens"));
    error_set (NULL, ERR_INTERNAL, "nobody listens");
    error_prefix (NULL, "x");
    GError *none = NULL;
    error_prefix (&none, "x");
    g_assert_null (none);
}

static void test_foreign (void)
{
    static const struct {
        GQuark (*domain) (void);
        gint code;
        ErrorClass want;
    } cases[] = {
        {g_io_error_quark, G_IO_ERROR_NOT_FOUND, ERR_NOT_FOUND},
        {g_io_error_quark, G_IO_ERROR_NO_SPACE, ERR_TEMPORARY},
        {g_io_error_quark, G_IO_ERROR_WOULD_BLOCK, ERR_TEMPORARY},
        {g_io_error_quark, G_IO_ERROR_FAILED, ERR_INTERNAL},
        {g_file_error_quark, G_FILE_ERROR_NOENT, ERR_NOT_FOUND},
        {g_file_error_quark, G_FILE_ERROR_NOSPC, ERR_TEMPORARY},
        {g_file_error_quark, G_FILE_ERROR_ACCES, ERR_INTERNAL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = g_error_new_literal (cases[i].domain(), cases[i].code, "text");
        g_assert_cmpint (error_class (error), ==, cases[i].want);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/error/set-and-prefix", test_set);
    g_test_add_func ("/base/error/fail-without-listener", test_fail);
    g_test_add_func ("/base/error/foreign-errors-have-a-class", test_foreign);
    return g_test_run();
}
