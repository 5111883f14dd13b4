/* test_request.c - forms and parameters. */
#include "request.h"

#include <string.h>

static void test_form (void)
{
    static const struct {
        const char *text, *name, *value; /* name NULL: malformed */
    } cases[] = {
        {"key=abc", "key", "abc"},
        {"a=1&key=2&b=3", "key", "2"},
        {"key=a+b%20c", "key", "a b c"},
        {"key=%C3%A9", "key", "\xc3\xa9"},
        {"key=", "key", ""},
        {"key=a=b", "key", "a=b"},
        {"key=first&key=last", "key", "last"},
        {"k%65y=x", "key", "x"},
        {"", "key", NULL},
        {"other=1", "key", NULL},
        {"key", NULL, NULL},
        {"key=%zz", NULL, NULL},
        {"key=%00", NULL, NULL},
        {"key=%ff", NULL, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GHashTable) form = request_decode_form (cases[i].text, strlen (cases[i].text));
        g_test_message ("%s", cases[i].text);
        if (cases[i].name == NULL) {
            g_assert_null (form);
            continue;
        }
        WebRequest request = {.form = form};
        g_assert_nonnull (form);
        g_assert_cmpstr (request_form (&request, cases[i].name), ==, cases[i].value);
    }
    WebRequest request = {.form = NULL};
    g_assert_null (request_form (&request, "key"));
}

/* A thousand fields are read in no time, and few are kept. */
static void test_many_fields (void)
{
    g_autoptr (GString) text = g_string_new ("key=1");
    for (guint i = 0; i < 10000; i++)
        g_string_append_printf (text, "&f%u=x", i);
    g_autoptr (GHashTable) form = request_decode_form (text->str, text->len);
    g_assert_cmpuint (g_hash_table_size (form), <=, 100);
    g_assert_cmpstr (g_hash_table_lookup (form, "key"), ==, "1");
}

static void test_number (void)
{
    static const struct {
        const char *text;
        gint64 number;
    } cases[] = {{"1", 1},    {"0", 0},   {"-1", 0},
                 {"", 0},     {"x", 0},   {"9223372036854775807", G_MAXINT64},
                 {" 1", 0},   {"1 ", 0},  {"9223372036854775808", 0},
                 {"0x10", 0}, {"1e3", 0}, {NULL, 0}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GHashTable) query = g_hash_table_new (g_str_hash, g_str_equal);
        WebRequest request = {.query = query};
        if (cases[i].text != NULL)
            g_hash_table_insert (query, (char *)"n", (char *)cases[i].text);
        g_assert_cmpint (request_query_number (&request, "n"), ==, cases[i].number);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/web/request/form", test_form);
    g_test_add_func ("/web/request/many-fields", test_many_fields);
    g_test_add_func ("/web/request/number", test_number);
    return g_test_run();
}
