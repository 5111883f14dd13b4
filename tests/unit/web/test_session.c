/* test_session.c - a browser's session, from the link that began it to its end. */
#include "web_site.h"

static void assert_status (const char *answer, guint status)
{
    if (status_of (answer) != status)
        g_error ("status %u instead of %u: %.300s", status_of (answer), status, answer);
}

/* The value of the form key on a page. Owned. */
static char *form_key_on (const char *page)
{
    const char *at = strstr (page, "name=\"form_key\" value=\"");
    g_assert_nonnull (at);
    at += strlen ("name=\"form_key\" value=\"");
    return g_strndup (at, strcspn (at, "\""));
}

/* Logs in by link. The Cookie header line; owned. */
static char *logged_in (const Site *site, PersonId person)
{
    g_autofree char *link = web_login_link (site->world->conf, site->world->key, person, WORLD_NOW);
    g_autofree char *done = site_ask (site, "POST", "/login", NULL, strstr (link, "key="));
    g_autofree char *cookie = header_of (done, "Set-Cookie");
    return g_strdup_printf ("Cookie: %.*s\r\n", (int)strcspn (cookie, ";"), cookie);
}

/* A cookie that was copied opens nothing after its owner logged out; another session goes on. */
static void test_logout (void)
{
    g_auto (Site) site = site_new (NULL);
    PersonId anna = site_person (&site, "anna@example.test");
    g_autofree char *desk = logged_in (&site, anna);
    g_autofree char *phone = logged_in (&site, anna);
    g_assert_cmpstr (desk, !=, phone);
    g_autofree char *page = site_ask (&site, "GET", "/", desk, NULL);
    assert_status (page, 200);
    g_autofree char *key = form_key_on (page);
    g_autofree char *form = g_strdup_printf ("form_key=%s", key);
    g_autofree char *keyless = site_ask (&site, "POST", "/logout", desk, "");
    assert_status (keyless, 400);
    g_autofree char *out = site_ask (&site, "POST", "/logout", desk, form);
    assert_status (out, 303);
    g_autofree char *after = site_ask (&site, "GET", "/", desk, NULL);
    assert_status (after, 401);
    g_autofree char *again = site_ask (&site, "POST", "/logout", desk, form);
    assert_status (again, 401);
    g_autofree char *other = site_ask (&site, "GET", "/", phone, NULL);
    assert_status (other, 200);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/web/session/logout-ends-it", test_logout);
    return g_test_run();
}
