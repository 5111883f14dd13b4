/* test_store.c - the archive as its callers see it, on a real file. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "error.h"
#include "notices.h"
#include "people.h"
#include "posts.h"
#include "store_fixture.h"

static void test_post_comes_back (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    Mail mail = {.id = "one@example.test", .author = "anna@example.test", .to = "ben@example.test"};
    PostId id = fixture_add (fixture, &mail);
    g_autoptr (Post) post = store_post_get (fixture->reader, id, ADMIN, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (post->message_id, ==, "one@example.test");
    g_assert_cmpstr (post->author_address, ==, "anna@example.test");
    g_assert_cmpint (post->thread.value, ==, id.value);
    g_autoptr (GBytes) raw = store_post_raw (fixture->reader, id, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) sent = g_bytes_new (fixture->last_raw->str, fixture->last_raw->len);
    g_assert_true (g_bytes_equal (raw, sent));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/post/comes-back", test_post_comes_back);
    return g_test_run();
}
