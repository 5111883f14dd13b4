/* test_routes.c - the table of paths: what is found, with which numbers. */
#include "routes.h"

#include <string.h>

static void test_find (void)
{
    static const struct {
        const char *method, *path;
        WebHandler handler;
        gint64 ids[2];
        const char *name, *allow;
    } cases[] = {
        {"GET", "/", page_stream, {0, 0}, NULL, NULL},
        {"HEAD", "/", page_stream, {0, 0}, NULL, NULL},
        {"POST", "/", NULL, {0, 0}, NULL, "GET, HEAD"},
        {"GET", "/search", page_search, {0, 0}, NULL, NULL},
        {"GET", "/p/812", page_post, {812, 0}, NULL, NULL},
        {"GET", "/p/1", page_post, {1, 0}, NULL, NULL},
        {"GET", "/p/999999999999999999", page_post, {999999999999999999, 0}, NULL, NULL},
        {"GET", "/p/1000000000000000000", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/0", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/007", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/1/", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/+1", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/1/file/0", page_file, {1, 0}, NULL, NULL},
        {"GET", "/p/12/file/34", page_file, {12, 34}, NULL, NULL},
        {"GET", "/p/1/file/", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/1/file/00", NULL, {0, 0}, NULL, NULL},
        {"GET", "/p/1/image/2", page_image, {1, 2}, NULL, NULL},
        {"POST", "/p/1/image/2", NULL, {0, 0}, NULL, "GET, HEAD"},
        {"GET", "/static/style.css", page_static, {0, 0}, "style.css", NULL},
        {"GET", "/static/", NULL, {0, 0}, NULL, NULL},
        {"GET", "/static/.css", NULL, {0, 0}, NULL, NULL},
        {"GET", "/static/a/b", NULL, {0, 0}, NULL, NULL},
        {"GET", "/login", page_login, {0, 0}, NULL, NULL},
        {"POST", "/login", page_login_done, {0, 0}, NULL, NULL},
        {"PUT", "/login", NULL, {0, 0}, NULL, "GET, HEAD, POST"},
        {"GET", "/logout", NULL, {0, 0}, NULL, "POST"},
        {"get", "/", NULL, {0, 0}, NULL, "GET, HEAD"},
        {"GET", "", NULL, {0, 0}, NULL, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        WebRequest request = {.method = cases[i].method, .path = cases[i].path};
        const char *allow = "?";
        const WebRoute *route = route_find (&request, &allow);
        g_test_message ("%s %s", cases[i].method, cases[i].path);
        g_assert_true ((route != NULL ? route->handler : NULL) == cases[i].handler);
        if (route == NULL) {
            g_assert_cmpstr (allow, ==, cases[i].allow);
            continue;
        }
        g_assert_cmpint (request.ids[0], ==, cases[i].ids[0]);
        g_assert_cmpint (request.ids[1], ==, cases[i].ids[1]);
        if (cases[i].name != NULL)
            g_assert_cmpstr (request.name, ==, cases[i].name);
    }
}

/* What changes something is a POST, and what shows mail asks who looks. */
static void test_table (void)
{
    for (const WebRoute *route = web_routes; route->method != NULL; route++) {
        g_assert_true (strcmp (route->method, "GET") == 0 || strcmp (route->method, "POST") == 0);
        g_assert_cmpuint (strlen (route->doc), >, 5);
        if (g_str_has_prefix (route->pattern, "/p/") || strcmp (route->pattern, "/") == 0)
            g_assert_cmpint (route->right, ==, RIGHT_PERSON);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/web/routes/find", test_find);
    g_test_add_func ("/web/routes/table", test_table);
    return g_test_run();
}
