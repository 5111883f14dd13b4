/* test_access.c - who sees what, in every question that a viewer can ask. */
#include "store_fixture.h"

typedef struct {
    gboolean is_admin;
    const char *viewer; /* NULL: nobody */
    gboolean sees_open, sees_restricted;
} AccessCase;

static const AccessCase cases[] = {
    {TRUE, NULL, TRUE, TRUE},
    {FALSE, NULL, FALSE, FALSE},
    {FALSE, "anna@example.test", TRUE, TRUE},  /* the author */
    {FALSE, "ben@example.test", TRUE, TRUE},   /* a hidden reader */
    {FALSE, "cleo@example.test", TRUE, FALSE}, /* somebody else */
};

static gboolean lists (GPtrArray *posts, PostId id)
{
    for (guint i = 0; posts != NULL && i < posts->len; i++)
        if (((Post *)posts->pdata[i])->id.value == id.value)
            return TRUE;
    return FALSE;
}

/* The same answer from every question. */
static void assert_sees (Fixture *fixture, Viewer viewer, PostId id, const char *message_id,
                         gboolean sees)
{
    static const char *const words[] = {"quarterly", NULL};
    g_autoptr (Post) post = store_post_get (fixture->reader, id, viewer, NULL);
    g_autoptr (GPtrArray) list = store_post_list (fixture->reader, viewer, (PostId){0}, 9, NULL);
    g_autoptr (GPtrArray) thread = store_thread (fixture->reader, id, viewer, 9, NULL);
    g_autoptr (GPtrArray) found = store_post_find (fixture->reader, message_id, viewer, NULL);
    g_autoptr (GPtrArray) hits =
        store_search (fixture->reader, viewer, words, (PostId){0}, 9, NULL);

    g_assert_cmpint (post != NULL, ==, sees);
    g_assert_cmpint (lists (list, id), ==, sees);
    g_assert_cmpint (lists (thread, id), ==, sees);
    g_assert_cmpint (lists (found, id), ==, sees);
    g_assert_cmpint (lists (hits, id), ==, sees);
}

static void test_access (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail open = {.id = "open", .author = "anna@example.test", .to = "ben@example.test"};
    Mail closed = {.id = "closed",
                   .author = "anna@example.test",
                   .to = "ben@example.test",
                   .role = POST_ROLE_BCC,
                   .visibility = POST_RECIPIENTS};
    PostId a = fixture_add (fixture, &open);
    PostId b = fixture_add (fixture, &closed);

    fixture_index (fixture, a, "the quarterly figures");
    fixture_index (fixture, b, "the quarterly figures");
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Viewer viewer = {{0}, cases[i].is_admin};

        if (cases[i].viewer != NULL)
            viewer.person = fixture_person (fixture, cases[i].viewer);
        assert_sees (fixture, viewer, a, "open", cases[i].sees_open);
        assert_sees (fixture, viewer, b, "closed", cases[i].sees_restricted);
    }
}

/* A person number that is no person, as from a forged cookie, opens nothing as an administrator. */
static void test_negative_person (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail closed = {.id = "closed", .author = "anna@example.test", .visibility = POST_RECIPIENTS};
    PostId id = fixture_add (fixture, &closed);

    g_assert_null (store_post_get (fixture->reader, id, PERSON ((PersonId){-1}), NULL));
}

static void test_bcc_is_not_shown (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mail = {
        .id = "m", .author = "anna@example.test", .to = "ben@example.test", .role = POST_ROLE_BCC};
    PostId id = fixture_add (fixture, &mail);
    g_autoptr (GPtrArray) shown = store_post_shown (fixture->reader, id, NULL);
    g_autoptr (GPtrArray) readers = store_post_readers (fixture->reader, id, NULL);

    g_assert_cmpuint (shown->len, ==, 0);
    g_assert_cmpuint (readers->len, ==, 1);
    g_assert_cmpint (((PostReader *)readers->pdata[0])->role, ==, POST_ROLE_BCC);
}

static gboolean apply_withdraw (StoreTxn *txn, gpointer data, GError **error)
{
    return store_post_withdraw (txn, *(PostId *)data, "admin:test", error);
}

static void withdraw (Fixture *fixture, PostId id)
{
    g_autoptr (GError) error = NULL;
    gboolean is_good = store_write (fixture->store, apply_withdraw, &id, &error);

    g_assert_no_error (error);
    g_assert_true (is_good);
}

/* A withdrawn first post takes its thread along; a comment goes alone. */
static void test_withdrawn (void)
{
    static const struct {
        const char *viewer; /* NULL: an administrator */
        gboolean sees[3];   /* anna's post, ben's comment, cleo's answer to that */
    } views[2][5] = {
        {{NULL, {TRUE, TRUE, TRUE}},
         {"anna@example.test", {TRUE, FALSE, TRUE}},
         {"ben@example.test", {TRUE, TRUE, TRUE}},
         {"cleo@example.test", {TRUE, FALSE, TRUE}},
         {"dan@example.test", {TRUE, FALSE, TRUE}}},
        {{NULL, {TRUE, TRUE, TRUE}},
         {"anna@example.test", {TRUE, FALSE, TRUE}},
         {"ben@example.test", {FALSE, TRUE, FALSE}},
         {"cleo@example.test", {FALSE, FALSE, TRUE}},
         {"dan@example.test", {FALSE, FALSE, FALSE}}},
    };
    static const char *const words[] = {"quarterly", NULL};
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mails[] = {{.id = "a", .author = "anna@example.test"},
                    {.id = "b", .author = "ben@example.test", .refs = {"a"}},
                    {.id = "c", .author = "cleo@example.test", .refs = {"a", "b"}}};
    PostId ids[3];

    for (gsize i = 0; i < 3; i++) {
        ids[i] = fixture_add (fixture, &mails[i]);
        fixture_index (fixture, ids[i], "the quarterly figures");
    }
    for (gsize round = 0; round < 2; round++) {
        withdraw (fixture, ids[1 - round]); /* first the comment, then the post */
        for (gsize i = 0; i < 5; i++) {
            const char *who = views[round][i].viewer;
            Viewer viewer = {{0}, who == NULL};

            if (who != NULL)
                viewer.person = fixture_person (fixture, who);
            g_autoptr (GPtrArray) hits =
                store_search (fixture->reader, viewer, words, (PostId){0}, 9, NULL);
            g_autoptr (GPtrArray) thread = store_thread (fixture->reader, ids[0], viewer, 9, NULL);

            for (gsize k = 0; k < 3; k++) {
                g_autoptr (Post) post = store_post_get (fixture->reader, ids[k], viewer, NULL);

                g_assert_cmpint (post != NULL, ==, views[round][i].sees[k]);
                g_assert_cmpint (lists (hits, ids[k]), ==, views[round][i].sees[k]);
                g_assert_cmpint (lists (thread, ids[k]), ==, views[round][i].sees[k]);
            }
        }
    }
}

/* What refers to a withdrawn post afterwards is not hidden with it; nor does a message that comes
 * late bring its comments back into sight. */
static void test_after_withdrawal (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mail = {.id = "a", .author = "anna@example.test", .refs = {"late"}};
    Mail comment = {.id = "b", .author = "ben@example.test", .refs = {"a"}};
    Mail answer = {.id = "c", .author = "cleo@example.test", .refs = {"a", "b"}};
    Mail late = {.id = "late", .author = "cleo@example.test"};
    Viewer dan = {.person = fixture_person (fixture, "dan@example.test")};
    PostId a = fixture_add (fixture, &mail);
    PostId b = fixture_add (fixture, &comment);

    withdraw (fixture, a);
    PostId c = fixture_add (fixture, &answer);
    g_autoptr (Post) post = store_post_get (fixture->reader, c, dan, NULL);
    g_assert_nonnull (post);
    g_assert_cmpint (post->thread.value, ==, c.value);
    PostId l = fixture_add (fixture, &late);
    g_autoptr (GPtrArray) thread = store_thread (fixture->reader, l, dan, 9, NULL);
    g_assert_cmpuint (thread->len, ==, 1);
    g_assert_null (store_post_get (fixture->reader, b, dan, NULL));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/access/every-question", test_access);
    g_test_add_func ("/store/access/negative-person", test_negative_person);
    g_test_add_func ("/store/access/withdrawn", test_withdrawn);
    g_test_add_func ("/store/access/after-withdrawal", test_after_withdrawal);
    g_test_add_func ("/store/access/bcc-is-not-shown", test_bcc_is_not_shown);
    return g_test_run();
}
