/* test_server.c - requests over a real socket: polite ones, rude ones, and those that lie. */
#include "web_site.h"

static void assert_status (const char *answer, guint status)
{
    if (status_of (answer) != status)
        g_error ("status %u instead of %u: %.300s", status_of (answer), status, answer);
}

static void test_headers (void)
{
    static const char *const paths[] = {"/", "/static/style.css", "/nowhere", "/login?key=x",
                                        "/healthz"};
    g_auto (Site) site = site_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autofree char *answer = site_get (&site, "anna@example.test", paths[i]);
        g_autofree char *policy = header_of (answer, "Content-Security-Policy");
        g_autofree char *sniff = header_of (answer, "X-Content-Type-Options");
        g_autofree char *frame = header_of (answer, "X-Frame-Options");
        g_autofree char *referrer = header_of (answer, "Referrer-Policy");
        g_autofree char *cookie = header_of (answer, "Set-Cookie");
        g_assert_true (g_str_has_prefix (policy, "default-src 'none'"));
        g_assert_null (strstr (policy, "unsafe"));
        g_assert_null (strstr (policy, "script-src"));
        g_assert_nonnull (strstr (policy, "frame-ancestors 'none'"));
        g_assert_cmpstr (sniff, ==, "nosniff");
        g_assert_cmpstr (frame, ==, "DENY");
        g_assert_cmpstr (referrer, ==, "same-origin");
        g_assert_null (cookie);
    }
    g_autofree char *page = site_get (&site, "anna@example.test", "/");
    g_autofree char *caching = header_of (page, "Cache-Control");
    g_assert_cmpstr (caching, ==, "no-store");
    g_autofree char *type = header_of (page, "Content-Type");
    g_assert_cmpstr (type, ==, "text/html; charset=utf-8");
}

/* No page needs a script, and none has one. */
static void test_no_script (void)
{
    g_auto (Site) site = site_new (NULL);
    PostId post = world_post (site.world, "s1@example.test", "Text.");
    g_autofree char *path = g_strdup_printf ("/p/%" G_GINT64_FORMAT, post.value);
    const char *const paths[] = {"/", path, "/search?q=text", "/nowhere"};
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autofree char *answer = site_get (&site, "anna@example.test", paths[i]);
        g_assert_null (strstr (answer, "<script"));
        g_assert_null (strstr (answer, "javascript:"));
        g_assert_null (strstr (answer, " style="));
        g_assert_null (strstr (answer, "http://"));
        g_assert_nonnull (strstr (answer, "<!DOCTYPE html>"));
        g_assert_nonnull (strstr (answer, "</html>"));
    }
}

static void test_methods (void)
{
    static const struct {
        const char *method, *path;
        guint status;
    } cases[] = {
        {"GET", "/", 200},
        {"HEAD", "/", 200},
        {"POST", "/", 405},
        {"PUT", "/", 405},
        {"DELETE", "/p/1", 405},
        {"OPTIONS", "/", 405},
        {"TRACE", "/", 405},
        {"BREW", "/", 405},
        {"GET", "/logout", 405},
        {"BREW", "/coffee", 404},
        {"GET", "/p/0", 404},
        {"GET", "/p/01", 404},
        {"GET", "/p/-1", 404},
        {"GET", "/p/1x", 404},
        {"GET", "/p/99999999999999999999999999", 404},
        {"GET", "/p/999999999999999999", 404},
        {"GET", "/p/1/file/99999999999999999999", 404},
        {"GET", "/static/../style.css", 404},
        {"GET", "/static/%2e%2e/style.css", 404},
        {"GET", "/static/.hidden", 404},
        {"GET", "/static/", 404},
        {"GET", "//", 404},
        {"GET", "/P/1", 404},
        {"GET", "/static/style.css", 200},
        {"GET", "/healthz", 200},
        {"GET", "/metrics", 200},
    };
    g_auto (Site) site = site_new (NULL);
    g_autofree char *cookie = cookie_for (&site, "anna@example.test");
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *answer = site_ask (&site, cases[i].method, cases[i].path, cookie, NULL);
        g_test_message ("%s %s", cases[i].method, cases[i].path);
        assert_status (answer, cases[i].status);
        if (strcmp (cases[i].method, "HEAD") == 0)
            g_assert_cmpstr (body_of (answer), ==, "");
        if (cases[i].status == 405)
            g_assert_nonnull (strstr (answer, "\r\nAllow: "));
    }
}

/* Two readings of one request: refused, and the connection ends. */
static void test_framing (void)
{
    static const char *const requests[] = {
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nkey",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nkey",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n",
        "POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nkey",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 3x\r\n\r\nkey",
        "POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\nzz\r\nkey\r\n0\r\n\r\n",
    };
    g_auto (Site) site = site_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
        g_autofree char *answer = site_say (&site, requests[i], strlen (requests[i]));
        guint status = status_of (answer);
        g_test_message ("%s -> %u", requests[i], status);
        g_assert_true (status == 0 || status == 400);
        /* Nothing that follows is taken for another request. (libmicrohttpd repeats the head of an
         * answer of its own.) */
        if (strstr (answer, "Request malformed") == NULL)
            g_assert_null (strstr (body_of (answer), "HTTP/1.1 "));
    }
}

/* What a proxy may read in another way than we do. */
static void test_path_tricks (void)
{
    static const char *const paths[] = {
        "/p/1%2Ffile%2F0", "/p/1%2ffile", "/p/1%00", "/%00", "/static/style.css%00.png", "/p%5c1"};
    g_auto (Site) site = site_new (NULL);
    world_post (site.world, "s2@example.test", "Text.");
    g_autofree char *cookie = cookie_for (&site, "anna@example.test");
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autofree char *answer = site_ask (&site, "GET", paths[i], cookie, NULL);
        guint status = status_of (answer);
        g_test_message ("%s -> %u", paths[i], status);
        g_assert_true (status == 400 || status == 404);
    }
    g_autofree char *query = site_ask (&site, "GET", "/search?q=a%00b%2Fc%ff", cookie, NULL);
    assert_status (query, 200);
}

static void test_too_much (void)
{
    g_auto (Site) site = site_new (NULL);
    g_autofree char *long_cookie = g_strnfill (30 * 1024, 'c');
    g_autofree char *line = g_strdup_printf ("Cookie: carbonless=%s\r\n", long_cookie);
    g_autofree char *answer = site_ask (&site, "GET", "/", line, NULL);
    guint status = status_of (answer);
    g_assert_true (status == 401 || status == 431);
    g_autofree char *longer = g_strnfill (60 * 1024, 'c');
    g_autofree char *longer_line = g_strdup_printf ("Cookie: carbonless=%s\r\n", longer);
    g_autofree char *refused = site_ask (&site, "GET", "/", longer_line, NULL);
    g_assert_true (status_of (refused) == 431 || status_of (refused) == 0);
    g_autofree char *path = g_strnfill (60 * 1024, 'p');
    *path = '/';
    g_autofree char *too_long = site_ask (&site, "GET", path, NULL, NULL);
    g_assert_true (status_of (too_long) == 414 || status_of (too_long) == 431 ||
                   status_of (too_long) == 0);
    g_autofree char *body = g_strnfill (200 * 1024, 'b');
    g_autofree char *large = site_ask (&site, "POST", "/login", NULL, body);
    assert_status (large, 413);
    g_autofree char *fine = site_get (&site, NULL, "/healthz");
    assert_status (fine, 200);
}

/* Half a request, a byte at a time, nothing at all: others are served meanwhile. */
static void test_slow (void)
{
    g_auto (Site) site = site_new (NULL);
    int fds[64];
    for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
        fds[i] = site_connect (&site);
        const char *start = i % 3 == 0   ? ""
                            : i % 3 == 1 ? "GET / HT"
                                         : "POST /login HTTP/1.1\r\nHost: x\r\n"
                                           "Content-Length: 1000\r\n\r\nkey";
        g_assert_cmpint (send (fds[i], start, strlen (start), MSG_NOSIGNAL), ==,
                         (gssize)strlen (start));
    }
    g_autofree char *answer = site_get (&site, "anna@example.test", "/");
    assert_status (answer, 200);
    for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
        close (fds[i]);
    g_autofree char *after = site_get (&site, NULL, "/healthz");
    assert_status (after, 200);
}

/* Who says nothing more within some seconds is not waited for; a kept connection neither. */
static void test_silence (void)
{
    static const char *const starts[] = {
        "", "GET / HT", "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nkey",
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"};
    g_auto (Site) site = site_new (NULL);
    int fds[G_N_ELEMENTS (starts)];
    for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
        fds[i] = site_connect (&site);
        gsize len = strlen (starts[i]);
        g_assert_cmpint (send (fds[i], starts[i], len, MSG_NOSIGNAL), ==, (gssize)len);
    }
    gint64 begin = g_get_monotonic_time();
    for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
        g_autofree char *answer = site_read (fds[i], 15000);
        g_assert_cmpuint (status_of (answer), ==, i == 3 ? 200 : 0);
        close (fds[i]);
    }
    g_assert_cmpint (g_get_monotonic_time() - begin, <, 12 * G_USEC_PER_SEC);
}

/* The style sheet is named by its content: kept for ever under that name, asked for under others.
 */
static void test_static (void)
{
    g_auto (Site) site = site_new (NULL);
    static const char *const pages[] = {"/", "/nowhere", "/login?key=x", "/unsubscribe?key=x"};
    g_autofree char *path = NULL;
    for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
        g_autofree char *page = site_get (&site, NULL, pages[i]);
        const char *at = strstr (page, "/static/style.css?v=");
        g_assert_nonnull (at);
        g_autofree char *linked = g_strndup (at, strcspn (at, "\""));
        g_assert_true (path == NULL || g_str_equal (path, linked));
        g_free (path);
        path = g_steal_pointer (&linked);
    }
    g_autofree char *named = site_get (&site, NULL, path);
    g_autofree char *named_caching = header_of (named, "Cache-Control");
    g_assert_nonnull (strstr (named_caching, "immutable"));
    g_autofree char *plain = site_get (&site, NULL, "/static/style.css?v=older");
    g_autofree char *caching = header_of (plain, "Cache-Control");
    g_assert_cmpstr (caching, ==, "no-cache");
    g_autofree char *tag = header_of (plain, "ETag");
    g_assert_nonnull (tag);
    g_autofree char *known = g_strdup_printf ("If-None-Match: \"x\", %s\r\n", tag);
    g_autofree char *same = site_ask (&site, "GET", "/static/style.css", known, NULL);
    assert_status (same, 304);
    g_assert_cmpstr (body_of (same), ==, "");
    g_autofree char *other =
        site_ask (&site, "GET", "/static/style.css", "If-None-Match: \"x\"\r\n", NULL);
    assert_status (other, 200);
}

static void test_garbage (void)
{
    static const char *const requests[] = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "EHLO gw.example.test\r\n",
        "\x16\x03\x01\x02\x00\x01\x00",
        "GET / HTTP/1.1\r\n\r\n",
        "GET http://elsewhere.test/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n folded\r\nX Y: z\r\n\r\n",
        "GET /?a=1&b&=&&%zz=%z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: carbonless=;carbonless;=;;;\r\n"
         "\r\n"),
    };
    g_auto (Site) site = site_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
        g_autofree char *answer = site_say (&site, requests[i], strlen (requests[i]));
        guint status = status_of (answer);
        g_test_message ("%u -> %u", i, status);
        g_assert_true (status == 0 || (status >= 400 && status < 600));
    }
    g_autofree char *after = site_get (&site, NULL, "/healthz");
    assert_status (after, 200);
}

static void test_metrics (void)
{
    g_auto (Site) site = site_new (NULL);
    g_autofree char *answer = site_get (&site, NULL, "/metrics");
    assert_status (answer, 200);
    g_assert_nonnull (strstr (answer, "\n# TYPE carbonless_outbox_waiting gauge\n"));
    g_assert_nonnull (strstr (answer, "\ncarbonless_outbox_dead 0\n"));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/web/server/headers", test_headers);
    g_test_add_func ("/web/server/no-script", test_no_script);
    g_test_add_func ("/web/server/methods", test_methods);
    g_test_add_func ("/web/server/framing", test_framing);
    g_test_add_func ("/web/server/path-tricks", test_path_tricks);
    g_test_add_func ("/web/server/too-much", test_too_much);
    g_test_add_func ("/web/server/slow", test_slow);
    g_test_add_func ("/web/server/silence", test_silence);
    g_test_add_func ("/web/server/static-by-content", test_static);
    g_test_add_func ("/web/server/garbage", test_garbage);
    g_test_add_func ("/web/server/metrics-are-numbers", test_metrics);
    return g_test_run();
}
