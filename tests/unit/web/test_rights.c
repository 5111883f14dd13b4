/* test_rights.c - who may see and do what: login, forms, restricted posts, Bcc, links in mail. */
#include <sqlite3.h>

#include "follow.h"
#include "web_site.h"

#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))

static void assert_status (const char *answer, guint status)
{
    if (status_of (answer) != status)
        g_error ("status %u instead of %u: %.300s", status_of (answer), status, answer);
}

/* The rows of the audit log about this act of this actor. */
static gint64 audited (const World *world, const char *act, const char *actor)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    g_assert_cmpint (sqlite3_open (world->conf->database, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_prepare_v2 (db,
                                         "SELECT count(*) FROM audit WHERE act = ? AND actor = ?",
                                         -1, &stmt, NULL),
                     ==, SQLITE_OK);
    sqlite3_bind_text (stmt, 1, act, -1, SQLITE_STATIC);
    sqlite3_bind_text (stmt, 2, actor, -1, SQLITE_STATIC);
    g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
    gint64 count = sqlite3_column_int64 (stmt, 0);
    sqlite3_finalize (stmt);
    sqlite3_close (db);
    return count;
}

static char *post_path (PostId post, const char *rest)
{
    return g_strdup_printf ("/p/%" G_GINT64_FORMAT "%s", post.value, rest);
}

/* Opening the link does nothing; pressing the button logs in. */
static void test_login (void)
{
    g_auto (Site) site = site_new (NULL);
    PersonId anna = site_person (&site, "anna@example.test");
    g_autofree char *link = web_login_link (site.world->conf, site.world->key, anna, WORLD_NOW);
    g_assert_true (g_str_has_prefix (link, "https://blog.example.test/login?key="));
    const char *key = strstr (link, "key=");
    g_autofree char *path = g_strdup_printf ("/login?%s", key);
    g_autofree char *asked = site_get (&site, NULL, path);
    assert_status (asked, 200);
    g_autofree char *none = header_of (asked, "Set-Cookie");
    g_assert_null (none);
    g_assert_nonnull (strstr (asked, "action=\"/login\" method=\"post\""));
    g_assert_nonnull (strstr (asked, "anna@example.test"));
    g_autofree char *done = site_ask (&site, "POST", "/login", NULL, key);
    assert_status (done, 303);
    g_autofree char *cookie = header_of (done, "Set-Cookie");
    g_assert_true (g_str_has_prefix (cookie, "carbonless="));
    g_assert_nonnull (strstr (cookie, "; HttpOnly"));
    g_assert_nonnull (strstr (cookie, "; SameSite=Lax"));
    g_assert_nonnull (strstr (cookie, "; Secure"));
    g_assert_nonnull (strstr (cookie, "; Path=/"));
    g_autofree char *value = g_strndup (cookie, strcspn (cookie, ";"));
    g_autofree char *line = g_strdup_printf ("Cookie: %s\r\n", value);
    g_autofree char *inside = site_ask (&site, "GET", "/", line, NULL);
    assert_status (inside, 200);
    /* The key in the address is not enough to log in. */
    g_autofree char *by_query = site_ask (&site, "POST", path, NULL, "");
    assert_status (by_query, 400);
}

static void test_bad_login (void)
{
    g_auto (Site) site = site_new (NULL);
    PersonId anna = site_person (&site, "anna@example.test");
    PersonId nobody = {999999};
    const struct {
        char *key;
        guint status;
    } cases[] = {
        {g_strdup (""), 400},
        {g_strdup ("forged"), 400},
        {token_for (&site, TOKEN_LOGIN, anna, 0, WORLD_NOW - HOUR_MS), 400},
        {token_for (&site, TOKEN_SESSION, anna, 0, WORLD_NOW + HOUR_MS), 400},
        {token_for (&site, TOKEN_REPLY, anna, 1, WORLD_NOW + HOUR_MS), 400},
        {token_for (&site, TOKEN_LOGIN, nobody, 0, WORLD_NOW + HOUR_MS), 404},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strdup_printf ("/login?key=%s", cases[i].key);
        g_autofree char *form = g_strdup_printf ("key=%s", cases[i].key);
        g_autofree char *asked = site_get (&site, NULL, path);
        g_autofree char *done = site_ask (&site, "POST", "/login", NULL, form);
        assert_status (asked, cases[i].status);
        assert_status (done, cases[i].status);
        g_autofree char *cookie = header_of (done, "Set-Cookie");
        g_assert_null (cookie);
        g_free (cases[i].key);
    }
    g_autofree char *empty = site_ask (&site, "POST", "/login", NULL, "");
    assert_status (empty, 400);
}

static void test_sessions (void)
{
    g_auto (Site) site = site_new (NULL);
    PersonId anna = site_person (&site, "anna@example.test");
    char *const keys[] = {
        token_for (&site, TOKEN_SESSION, anna, 0, WORLD_NOW - HOUR_MS),
        token_for (&site, TOKEN_LOGIN, anna, 0, WORLD_NOW + HOUR_MS),
        token_for (&site, TOKEN_FORM, anna, 0, WORLD_NOW + HOUR_MS),
        token_for (&site, TOKEN_SESSION, (PersonId){4711}, 0, WORLD_NOW + HOUR_MS),
        g_strdup ("x"),
    };
    static const char *const paths[] = {"/", "/search?q=x", "/p/1", "/p/1/file/0", "/p/1/image/0"};
    world_post (site.world, "r0@example.test", "Text.");
    for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
        g_autofree char *line = g_strdup_printf ("Cookie: carbonless=%s\r\n", keys[i]);
        for (guint k = 0; k < G_N_ELEMENTS (paths); k++) {
            g_autofree char *answer = site_ask (&site, "GET", paths[k], line, NULL);
            assert_status (answer, 401);
            g_assert_null (strstr (answer, "Lunch"));
        }
        g_free (keys[i]);
    }
}

static void test_logout (void)
{
    g_auto (Site) site = site_new (NULL);
    PersonId anna = site_person (&site, "anna@example.test");
    PersonId bob = site_person (&site, "bob@example.test");
    g_autofree char *cookie = cookie_for (&site, "anna@example.test");
    g_autofree char *of_bob = token_for (&site, TOKEN_FORM, bob, 0, WORLD_NOW + HOUR_MS);
    g_autofree char *old = token_for (&site, TOKEN_FORM, anna, 0, WORLD_NOW - HOUR_MS);
    const char *const bad[] = {"", of_bob, old, "forged"};
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autofree char *form = g_strdup_printf ("form_key=%s", bad[i]);
        g_autofree char *answer = site_ask (&site, "POST", "/logout", cookie, form);
        assert_status (answer, 400);
    }
    g_autofree char *page = site_ask (&site, "GET", "/", cookie, NULL);
    const char *at = strstr (page, "name=\"form_key\" value=\"");
    g_assert_nonnull (at);
    at += strlen ("name=\"form_key\" value=\"");
    g_autofree char *key = g_strndup (at, strcspn (at, "\""));
    g_autofree char *form = g_strdup_printf ("form_key=%s", key);
    g_autofree char *done = site_ask (&site, "POST", "/logout", cookie, form);
    assert_status (done, 303);
    g_autofree char *ended = header_of (done, "Set-Cookie");
    g_assert_true (g_str_has_prefix (ended, "carbonless=; "));
    g_assert_nonnull (strstr (ended, "Max-Age=0"));
}

#define ATTACHED                                                                                   \
    "--b\r\nContent-Type: text/html\r\n\r\n<p>Salaries <img src=\"cid:i@x\" "                      \
    "alt=\"chart\"></p>\r\n"                                                                       \
    "--b\r\nContent-Type: image/png; name=\"c.png\"\r\nContent-ID: <i@x>\r\n"                      \
    "Content-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"     \
    "--b\r\nContent-Type: text/html; name=\"evil.html\"\r\n"                                       \
    "Content-Disposition: attachment; filename=\"ev\xc3\xafl \\\"x\\\";.html\"\r\n\r\n"            \
    "<script>alert(1)</script>\r\n--b--"

static PostId restricted_post (const Site *site)
{
    g_autofree char *mail =
        mail_new ("priv@example.test", FIVE_TO, NULL, "[private] Plans",
                  "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n", ATTACHED);
    g_auto (Outcome) outcome = world_send (site->world, "gina@example.test", FIVE " hugo", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    return outcome.post;
}

/* For others it does not exist, nor do its parts; readers, Bcc included, and the author see it. */
static void test_restricted (void)
{
    static const char *const rest[] = {"", "/file/0", "/file/1", "/image/0"};
    static const char *const may[] = {"gina@example.test", "anna@example.test",
                                      "hugo@example.test"};
    g_auto (Site) site = site_new (NULL);
    PostId post = restricted_post (&site);
    for (guint i = 0; i < G_N_ELEMENTS (rest); i++) {
        g_autofree char *path = post_path (post, rest[i]);
        g_autofree char *missing = post_path ((PostId){4711}, rest[i]);
        g_autofree char *other = site_get (&site, "ida@example.test", path);
        g_autofree char *none = site_get (&site, "ida@example.test", missing);
        assert_status (other, 404);
        g_assert_cmpuint (strlen (body_of (other)), ==, strlen (body_of (none)));
        for (guint k = 0; k < G_N_ELEMENTS (may); k++) {
            g_autofree char *seen = site_get (&site, may[k], path);
            assert_status (seen, 200);
        }
    }
    static const char *const lists[] = {"/", "/search?q=salaries", "/search?q=plans"};
    for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
        g_autofree char *list = site_get (&site, "ida@example.test", lists[i]);
        assert_status (list, 200);
        g_assert_null (strstr (list, "Plans"));
    }
    g_autofree char *mine = site_get (&site, "hugo@example.test", "/");
    g_assert_nonnull (strstr (mine, "Plans"));
}

/* Bcc'd readers stand on no page, whoever looks. */
static void test_bcc (void)
{
    static const char *const lookers[] = {"gina@example.test", "anna@example.test",
                                          "hugo@example.test", "ida@example.test"};
    g_auto (Site) site = site_new (NULL);
    g_autofree char *mail =
        mail_new ("bcc@example.test", FIVE_TO, NULL, "Open", NULL, "For everybody.");
    g_auto (Outcome) outcome = world_send (site.world, "gina@example.test", FIVE " hugo", mail);
    g_autofree char *path = post_path (outcome.post, "");
    const char *const paths[] = {path, "/", "/search?q=hugo"};
    for (guint i = 0; i < G_N_ELEMENTS (lookers); i++)
        for (guint k = 0; k < G_N_ELEMENTS (paths); k++) {
            g_autofree char *answer = site_get (&site, lookers[i], paths[k]);
            assert_status (answer, 200);
            const char *main = strstr (answer, "<main");
            g_assert_nonnull (main);
            g_assert_null (strstr (main, "hugo@"));
        }
}

/* Bytes out of mail never act as a page of ours. */
static void test_foreign (void)
{
    g_auto (Site) site = site_new (NULL);
    PostId post = restricted_post (&site);
    g_autofree char *file = post_path (post, "/file/1");
    g_autofree char *image = post_path (post, "/image/0");
    g_autofree char *no_image = post_path (post, "/image/1");
    g_autofree char *saved = site_get (&site, "anna@example.test", file);
    g_autofree char *disposition = header_of (saved, "Content-Disposition");
    g_autofree char *type = header_of (saved, "Content-Type");
    g_autofree char *policy = header_of (saved, "Content-Security-Policy");
    g_test_message ("%s", disposition);
    g_assert_true (g_str_has_prefix (disposition, "attachment; filename=\""));
    g_assert_nonnull (strstr (disposition, "filename*=UTF-8''ev%C3%AFl%20%22x%22%3B.html"));
    g_assert_cmpstr (type, ==, "application/octet-stream");
    g_assert_nonnull (strstr (policy, "sandbox"));
    g_assert_nonnull (strstr (body_of (saved), "<script>alert(1)</script>"));
    g_autofree char *shown = site_get (&site, "anna@example.test", image);
    g_autofree char *image_type = header_of (shown, "Content-Type");
    g_autofree char *image_policy = header_of (shown, "Content-Security-Policy");
    g_assert_cmpstr (image_type, ==, "image/png");
    g_assert_nonnull (strstr (image_policy, "sandbox"));
    g_autofree char *refused = site_get (&site, "anna@example.test", no_image);
    assert_status (refused, 404);
    g_autofree char *path = post_path (post, "");
    g_autofree char *page = site_get (&site, "anna@example.test", path);
    g_assert_nonnull (strstr (page, image)); /* the cid: image is shown from there */
}

static void test_search (void)
{
    static const char *const queries[] = {"",    "%22",          "a%22b",       "*",
                                          "AND", "NEAR(x",       "%3B",         "x%2A",
                                          "-x",  "%C3%A9%CC%81", "'%20OR%201=1"};
    g_auto (Site) site = site_new (NULL);
    world_post (site.world, "q@example.test", "Text.");
    for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
        g_autofree char *path = g_strdup_printf ("/search?q=%s", queries[i]);
        g_autofree char *answer = site_get (&site, "anna@example.test", path);
        assert_status (answer, 200);
    }
    g_autofree char *echoed =
        site_get (&site, "anna@example.test", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22");
    g_assert_null (strstr (echoed, "<script>"));
    g_assert_nonnull (strstr (echoed, "&lt;script&gt;"));
}

/* One click, RFC 8058: POST with the key in the address. A GET only asks. */
static void test_unsubscribe (void)
{
    g_auto (Site) site = site_new (NULL);
    PostId post = world_post (site.world, "u@example.test", "Text.");
    PersonId anna = site_person (&site, "anna@example.test");
    g_autofree char *key = token_for (&site, TOKEN_UNSUBSCRIBE, anna, post.value, 0);
    g_autofree char *path = g_strdup_printf ("/unsubscribe?key=%s", key);
    g_autofree char *asked = site_get (&site, NULL, path);
    assert_status (asked, 200);
    g_assert_nonnull (strstr (asked, "Lunch at noon"));
    g_autofree char *clicked = site_ask (&site, "POST", path, NULL, "List-Unsubscribe=One-Click");
    assert_status (clicked, 200);
    g_assert_nonnull (strstr (clicked, "no more mail about this thread"));
    g_autofree char *forged = site_ask (&site, "POST", "/unsubscribe?key=x", NULL, "");
    assert_status (forged, 400);
    g_autofree char *reply = token_for (&site, TOKEN_REPLY, anna, post.value, 0);
    g_autofree char *wrong = g_strdup_printf ("/unsubscribe?key=%s", reply);
    g_autofree char *refused = site_ask (&site, "POST", wrong, NULL, "");
    assert_status (refused, 400);
}

static void test_release (void)
{
    g_auto (Site) site = site_new (NULL);
    PostId post = world_post (site.world, "rel@example.test", "Text.");
    PersonId gina = site_person (&site, "gina@example.test");
    g_autofree char *key = token_for (&site, TOKEN_AUTHOR, gina, post.value, WORLD_NOW + HOUR_MS);
    g_autofree char *path = g_strdup_printf ("/author?key=%s", key);
    g_autofree char *form = g_strdup_printf ("key=%s&act=release", key);
    g_autofree char *asked = site_get (&site, NULL, path);
    assert_status (asked, 200);
    g_autofree char *odd = g_strdup_printf ("key=%s&act=burn", key);
    g_autofree char *unknown = site_ask (&site, "POST", "/author", NULL, odd);
    assert_status (unknown, 400);
    g_assert_cmpuint (world_count (site.world, NOTICE_RELEASE, NULL), ==, 0);
    g_autofree char *done = site_ask (&site, "POST", "/author", NULL, form);
    assert_status (done, 200);
    g_assert_cmpuint (world_count (site.world, NOTICE_RELEASE, NULL), ==, 5);
    g_assert_cmpint (audited (site.world, "release", "gina@example.test"), ==, 1);
    g_autofree char *again = site_ask (&site, "POST", "/author", NULL, form);
    assert_status (again, 200);
    g_assert_cmpuint (world_count (site.world, NOTICE_RELEASE, NULL), ==, 5);
    clock_fake_set (site.world->clock, WORLD_NOW + 2 * HOUR_MS);
    g_autofree char *late = site_ask (&site, "POST", "/author", NULL, form);
    assert_status (late, 400);
    g_assert_nonnull (strstr (late, "too old"));
}

typedef struct {
    PersonId person;
    PostId post;
} PlusJob;

static gboolean apply_plus (StoreTxn *txn, gpointer data, GError **error)
{
    const PlusJob *job = data;
    return store_plus_add (txn, job->person, job->post, error);
}

static void test_plus (void)
{
    g_auto (Site) site = site_new (NULL);
    PostId post = world_post (site.world, "pl@example.test", "Text.");
    g_autofree char *page = g_strdup_printf ("/p/%" G_GINT64_FORMAT, post.value);
    g_autofree char *none = site_get (&site, "anna@example.test", page);
    g_assert_null (strstr (none, "class=\"plus\""));
    PlusJob jobs[] = {{site_person (&site, "anna@example.test"), post},
                      {site_person (&site, "bob@example.test"), post}};
    WORLD_WRITE (site.world, apply_plus, &jobs[0]);
    WORLD_WRITE (site.world, apply_plus, &jobs[1]);
    g_autofree char *two = site_get (&site, "anna@example.test", page);
    g_assert_nonnull (strstr (two, "<p class=\"plus\"><b>+2</b></p>"));
}

/* Hidden from all but the author, who may do it twice. */
static void test_withdraw (void)
{
    g_auto (Site) site = site_new (NULL);
    PostId post = world_post (site.world, "wd@example.test", "Text.");
    PersonId gina = site_person (&site, "gina@example.test");
    g_autofree char *key = token_for (&site, TOKEN_AUTHOR, gina, post.value, WORLD_NOW + HOUR_MS);
    g_autofree char *form = g_strdup_printf ("key=%s&act=withdraw", key);
    g_autofree char *path = post_path (post, "");
    g_autofree char *before = site_get (&site, "anna@example.test", path);
    assert_status (before, 200);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *done = site_ask (&site, "POST", "/author", NULL, form);
        assert_status (done, 200);
        g_assert_nonnull (strstr (done, "hidden from everybody else"));
    }
    g_autofree char *after = site_get (&site, "anna@example.test", path);
    assert_status (after, 404);
    g_autofree char *list = site_get (&site, "anna@example.test", "/");
    g_assert_null (strstr (list, "Lunch at noon"));
    g_autofree char *mine = site_get (&site, "gina@example.test", path);
    assert_status (mine, 200);
    g_assert_cmpint (audited (site.world, "withdraw", "gina@example.test"), ==, 2); /* each act */
}

/* A trusted proxy names the user; then cookies say nothing. */
static void test_proxy (void)
{
    g_auto (Site) site = site_new ("web_user_header = \"X-Remote-User\"");
    site_person (&site, "anna@example.test");
    g_autofree char *cookie = cookie_for (&site, "anna@example.test");
    g_autofree char *by_cookie = site_ask (&site, "GET", "/", cookie, NULL);
    assert_status (by_cookie, 401);
    g_autofree char *by_header =
        site_ask (&site, "GET", "/", "X-Remote-User: anna@example.test\r\n", NULL);
    assert_status (by_header, 200);
    g_assert_null (strstr (by_header, "/logout")); /* the proxy's business */
    g_autofree char *unknown =
        site_ask (&site, "GET", "/", "X-Remote-User: eve@elsewhere.test\r\n", NULL);
    assert_status (unknown, 401);
    g_autofree char *twice = site_ask (
        &site, "GET", "/",
        "X-Remote-User: eve@elsewhere.test\r\nX-Remote-User: anna@example.test\r\n", NULL);
    g_assert_cmpuint (status_of (twice), !=, 200);
}

/* A form of another site, with the sender's own valid key in it, logs nobody in; a link in a
 * webmail still leads to the page that asks. */
static void test_foreign_form (void)
{
    static const struct {
        const char *method, *headers;
        guint status;
    } cases[] = {
        {"POST", "Sec-Fetch-Site: cross-site\r\n", 400},
        {"POST", "Sec-Fetch-Site: same-site\r\n", 400},
        {"POST", "Sec-Fetch-Site: same-origin\r\n", 303},
        {"POST", NULL, 303},
        {"GET", "Sec-Fetch-Site: cross-site\r\n", 200},
    };
    g_auto (Site) site = site_new (NULL);
    PersonId anna = site_person (&site, "anna@example.test");
    g_autofree char *link = web_login_link (site.world->conf, site.world->key, anna, WORLD_NOW);
    const char *key = strstr (link, "key=");
    g_autofree char *with_key = g_strdup_printf ("/login?%s", key);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        gboolean is_post = *cases[i].method == 'P';
        g_autofree char *answer = site_ask (&site, cases[i].method, is_post ? "/login" : with_key,
                                            cases[i].headers, is_post ? key : NULL);
        assert_status (answer, cases[i].status);
        g_autofree char *cookie = header_of (answer, "Set-Cookie");
        g_assert_cmpint (cookie != NULL, ==, cases[i].status == 303);
    }
}

/* A thread of giants is a page of bounded size; each of them is whole on a page of its own. */
static void test_giant_thread (void)
{
    g_auto (Site) site = site_new (NULL);
    g_autofree char *filling = g_strnfill (900 * 1024, '"');
    for (gsize at = 500; at < strlen (filling); at += 500)
        filling[at] = '\n';
    PostId first = world_post (site.world, "giant0@example.test", filling), last = {0};
    for (guint i = 1; i <= 8; i++) {
        g_autofree char *id = g_strdup_printf ("giant%u@example.test", i);
        g_autofree char *mail = mail_new (id, FIVE_TO, NULL, "Re: Lunch",
                                          "In-Reply-To: <giant0@example.test>\r\n", filling);
        g_auto (Outcome) outcome = world_send (site.world, "gina@example.test", FIVE, mail);
        last = outcome.post;
    }
    g_autofree char *path = post_path (first, "");
    g_autofree char *page = site_get (&site, "anna@example.test", path);
    assert_status (page, 200);
    g_assert_cmpuint (strlen (page), <, 20 * 1024 * 1024);
    g_assert_cmpuint (strlen (page), >, 2 * 900 * 1024 * 6);
    g_autofree char *link =
        g_strdup_printf ("<a href=\"/p/%" G_GINT64_FORMAT "#p%" G_GINT64_FORMAT "\">Show all of it",
                         last.value, last.value);
    g_assert_nonnull (strstr (page, link));
    g_autofree char *path_of_last = post_path (last, "");
    g_autofree char *whole = site_get (&site, "anna@example.test", path_of_last);
    g_assert_null (strstr (whole, link));
}

/* A crowd is folded; who is only in Cc is shown, too. */
static void test_recipients (void)
{
    static const struct {
        const char *to;
        guint others;
        const char *wanted, *unwanted;
    } cases[] = {
        {"anna@example.test", 4, "<p class=\"readers\">To <span", "<details class=\"readers\">"},
        {"undisclosed-recipients:;", 4, "<p class=\"readers\">Cc <span", "To <span"},
        {"anna@example.test", 40, "<summary>41 recipients</summary>To <span",
         "<p class=\"readers\">"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_auto (Site) site = site_new (NULL);
        g_autoptr (GString) cc = g_string_new ("bob@example.test");
        for (guint k = 1; k < cases[i].others; k++)
            g_string_append_printf (cc, ",\r\n person%u@example.test", k);
        g_autofree char *mail =
            mail_new ("crowd@example.test", cases[i].to, cc->str, "To all", NULL, "Hello.");
        g_auto (Outcome) outcome =
            world_send (site.world, "gina@example.test", "anna bob carl dora", mail);
        g_autofree char *path = post_path (outcome.post, "");
        g_autofree char *page = site_get (&site, "anna@example.test", path);
        assert_status (page, 200);
        g_assert_nonnull (strstr (page, cases[i].wanted));
        g_assert_null (strstr (page, cases[i].unwanted));
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/web/rights/login", test_login);
    g_test_add_func ("/web/rights/bad-login", test_bad_login);
    g_test_add_func ("/web/rights/sessions", test_sessions);
    g_test_add_func ("/web/rights/restricted", test_restricted);
    g_test_add_func ("/web/rights/bcc", test_bcc);
    g_test_add_func ("/web/rights/foreign", test_foreign);
    g_test_add_func ("/web/rights/search", test_search);
    g_test_add_func ("/web/rights/unsubscribe", test_unsubscribe);
    g_test_add_func ("/web/rights/release", test_release);
    g_test_add_func ("/web/rights/withdraw", test_withdraw);
    g_test_add_func ("/web/rights/recipients", test_recipients);
    g_test_add_func ("/web/rights/logout", test_logout);
    g_test_add_func ("/web/rights/plus", test_plus);
    g_test_add_func ("/web/rights/proxy", test_proxy);
    g_test_add_func ("/web/rights/foreign-form", test_foreign_form);
    g_test_add_func ("/web/rights/giant-thread", test_giant_thread);
    return g_test_run();
}
