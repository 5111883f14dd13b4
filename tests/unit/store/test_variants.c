/* test_variants.c - the same message in other bytes: kept once each, seen by nobody. */
#include "store_fixture.h"

typedef struct {
    PostId post;
    const char *text;
    gboolean is_new;
} Copy;

static gboolean apply_copy (StoreTxn *txn, gpointer data, GError **error)
{
    Copy *copy = data;
    g_autoptr (GBytes) raw = g_bytes_new (copy->text, strlen (copy->text));
    PostDraft draft = {.raw = raw, .received_ms = NOW};

    return store_variant_add (txn, copy->post, &draft, &copy->is_new, error);
}

static gboolean add_copy (Fixture *fixture, PostId post, const char *text)
{
    g_autoptr (GError) error = NULL;
    Copy copy = {post, text, FALSE};
    gboolean is_good = store_write (fixture->store, apply_copy, &copy, &error);

    g_assert_no_error (error);
    g_assert_true (is_good);
    return copy.is_new;
}

static guint count_walk (Fixture *fixture)
{
    g_autoptr (GPtrArray) walk = store_post_walk (fixture->reader, (PostId){0}, 100, NULL);

    return walk->len;
}

/* (V2) */
static void test_once (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId one = fixture_add (fixture, &(Mail){.id = "one", .author = "anna@example.test"});
    g_autofree char *same = g_strdup (fixture->last_raw->str);
    PostId two = fixture_add (fixture, &(Mail){.id = "two", .author = "anna@example.test"});

    g_assert_false (add_copy (fixture, one, same));
    g_assert_true (add_copy (fixture, one, "another"));
    g_assert_true (add_copy (fixture, one, "a third"));
    g_assert_false (add_copy (fixture, one, "another"));
    g_assert_true (add_copy (fixture, two, "another")); /* of another post */
    g_assert_cmpuint (count_walk (fixture), ==, 5);
}

/* (V1) */
static void test_seen_by_nobody (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    PostId post = fixture_add (
        fixture, &(Mail){.id = "one", .author = "anna@example.test", .to = "bob@example.test"});
    PersonId anna = fixture_person (fixture, "anna@example.test");

    g_assert_true (add_copy (fixture, post, "another"));
    g_autoptr (GPtrArray) walk = store_post_walk (fixture->reader, post, 10, NULL);
    PostId variant = ((Post *)walk->pdata[0])->id;
    const Viewer viewers[] = {ADMIN, PERSON (anna)};

    for (gsize i = 0; i < G_N_ELEMENTS (viewers); i++) {
        g_autoptr (Post) seen = store_post_get (fixture->reader, variant, viewers[i], NULL);
        g_autoptr (GPtrArray) thread =
            store_thread (fixture->reader, variant, viewers[i], 10, NULL);
        g_autoptr (GPtrArray) of_post = store_thread (fixture->reader, post, viewers[i], 10, NULL);
        g_autoptr (GPtrArray) list =
            store_post_list (fixture->reader, viewers[i], (PostId){0}, 10, NULL);

        g_assert_null (seen);
        g_assert_null (thread);
        g_assert_cmpuint (of_post->len, ==, 1);
        g_assert_cmpuint (list->len, ==, 1);
    }
    g_autoptr (GBytes) raw = store_post_raw (fixture->reader, variant, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (raw), ==, 7);
    g_assert_true (memcmp (g_bytes_get_data (raw, NULL), "another", 7) == 0);
    g_assert_true (store_verify (fixture->reader, &error));
}

/* An answer finds its parent, and not a copy of it. */
static void test_no_parent (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId post = fixture_add (fixture, &(Mail){.id = "one", .author = "anna@example.test"});

    g_assert_true (add_copy (fixture, post, "another"));
    PostId answer = fixture_add (
        fixture, &(Mail){.id = "two", .author = "bob@example.test", .refs = {"one", NULL}});
    g_autoptr (Post) comment = store_post_get (fixture->reader, answer, ADMIN, NULL);
    g_autoptr (Post) first = store_post_get (fixture->reader, post, ADMIN, NULL);

    g_assert_cmpint (comment->parent.value, ==, post.value);
    g_assert_cmpuint (first->comments, ==, 1);
}

static void test_no_such_post (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    Copy copy = {{77}, "text", FALSE};

    g_assert_false (store_write (fixture->store, apply_copy, &copy, &error));
    g_assert_nonnull (error);
    g_assert_cmpuint (count_walk (fixture), ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/variants/once", test_once);
    g_test_add_func ("/store/variants/seen-by-nobody", test_seen_by_nobody);
    g_test_add_func ("/store/variants/no-parent", test_no_parent);
    g_test_add_func ("/store/variants/no-such-post", test_no_such_post);
    return g_test_run();
}
