/* test_safehtml.c - safehtml.h. */
#include "safehtml.h"

#include "safehtml_make.h"

static void test_keeps (void)
{
    g_autoptr (SafeHtml) html = safehtml_make (g_strdup ("<p>x</p>"));
    g_assert_cmpstr (safehtml_get (html), ==, "<p>x</p>");
    g_autoptr (SafeHtml) none = safehtml_make (NULL);
    g_assert_cmpstr (safehtml_get (none), ==, "");
    safehtml_free (NULL);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/safehtml/keeps-its-markup", test_keeps);
    return g_test_run();
}
