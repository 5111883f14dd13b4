/* test_json.c - the JSON writer. */
#include "json.h"

static void test_quoted (void)
{
    static const struct {
        const char *text, *quoted;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\""},
        {"line\nnext\ttab\r", "\"line\\nnext\\ttab\\r\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
        {"\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "\"\\u0080\\u009b\\u009f\xc2\xa0\""},
        {"caf\xc3\xa9", "\"caf\xc3\xa9\""},
        {"caf\xe9!", "\"caf\xef\xbf\xbd!\""},
        {"\xff\xfe", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"cut \xe2\x82", "\"cut \xef\xbf\xbd\xef\xbf\xbd\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GString) out = g_string_new (NULL);
        json_append_quoted (out, cases[i].text);
        g_assert_cmpstr (out->str, ==, cases[i].quoted);
    }
}

static void fill (Json *json)
{
    json_open_object (json, NULL);
    json_text (json, "a", "x");
    json_null (json, "b");
    json_open_array (json, "list");
    json_int (json, NULL, -7);
    json_bool (json, NULL, TRUE);
    json_double (json, NULL, 0.5);
    json_double (json, NULL, 1.0 / 0.0);
    json_open_object (json, NULL);
    json_close (json);
    json_close (json);
    json_open_array (json, "none");
    json_close (json);
    json_close (json);
}

static void test_one_line (void)
{
    g_autoptr (Json) json = json_new (0);
    fill (json);
    g_assert_cmpstr (json_get (json), ==,
                     "{\"a\": \"x\", \"b\": null, \"list\": [-7, true, 0.5, null, {}], "
                     "\"none\": []}");
}

static void test_indented (void)
{
    g_autoptr (Json) json = json_new (2);
    json_open_object (json, NULL);
    json_text (json, "a", "x");
    json_open_array (json, "list");
    json_int (json, NULL, 1);
    json_int (json, NULL, 2);
    json_close (json);
    json_close (json);
    g_assert_cmpstr (json_get (json), ==,
                     "{\n  \"a\": \"x\",\n  \"list\": [\n    1,\n    2\n  ]\n}");
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/json/text-is-escaped-and-valid", test_quoted);
    g_test_add_func ("/json/one-line", test_one_line);
    g_test_add_func ("/json/indented", test_indented);
    return g_test_run();
}
