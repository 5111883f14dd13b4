/* test_threads.c - threads by References, whatever the order in which messages come. */
#include "follow.h"
#include "store_fixture.h"

static Mail mail_of (const char *id, const char *ref1, const char *ref2)
{
    return (Mail){.id = id, .author = "anna@example.test", .refs = {ref1, ref2}};
}

static PostId add (Fixture *fixture, const char *id, const char *ref1, const char *ref2)
{
    Mail mail = mail_of (id, ref1, ref2);

    return fixture_add (fixture, &mail);
}

static void assert_place (Fixture *fixture, PostId id, PostId thread, PostId parent)
{
    g_autoptr (Post) post = store_post_get (fixture->reader, id, ADMIN, NULL);

    g_assert_nonnull (post);
    g_assert_cmpint (post->thread.value, ==, thread.value);
    g_assert_cmpint (post->parent.value, ==, parent.value);
}

static const PostId none = {0};

static void test_answers_in_order (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId a = add (fixture, "a", NULL, NULL);
    PostId b = add (fixture, "b", "a", NULL);
    PostId c = add (fixture, "c", "a", "b");

    assert_place (fixture, a, a, none);
    assert_place (fixture, b, a, a);
    assert_place (fixture, c, a, b);
    g_autoptr (Post) first = store_post_get (fixture->reader, a, ADMIN, NULL);
    g_assert_cmpuint (first->comments, ==, 2);
}

static void test_subject_is_no_reference (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId a = add (fixture, "a", NULL, NULL);
    PostId b = add (fixture, "b", NULL, NULL);

    assert_place (fixture, a, a, none);
    assert_place (fixture, b, b, none);
}

/* The parent comes last and gathers its answers, with what hangs below them. */
static void test_late_parent (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId b = add (fixture, "b", "a", NULL);
    PostId c = add (fixture, "c", "a", "b");
    PostId d = add (fixture, "d", "a", NULL);

    assert_place (fixture, c, b, b);
    assert_place (fixture, d, b, b); /* b stands in for a */
    PostId a = add (fixture, "a", NULL, NULL);

    assert_place (fixture, a, a, none);
    assert_place (fixture, b, a, a);
    assert_place (fixture, c, a, b);
    assert_place (fixture, d, a, a);
    g_autoptr (Post) first = store_post_get (fixture->reader, a, ADMIN, NULL);
    g_assert_cmpuint (first->comments, ==, 3);
    g_autoptr (GPtrArray) list = store_post_list (fixture->reader, ADMIN, (PostId){0}, 10, NULL);
    g_assert_cmpuint (list->len, ==, 1);
}

/* A nearer reference comes late: the answer moves below it, within the thread. */
static void test_late_middle (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId a = add (fixture, "a", NULL, NULL);
    PostId c = add (fixture, "c", "a", "b");

    assert_place (fixture, c, a, a);
    PostId b = add (fixture, "b", "a", NULL);

    assert_place (fixture, b, a, a);
    assert_place (fixture, c, a, b);
}

/* Messages that refer to each other, or to themselves, make no circle. */
static void test_no_cycles (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId a = add (fixture, "a", "b", NULL);
    PostId b = add (fixture, "b", "a", NULL);
    PostId c = add (fixture, "c", "c", NULL);

    assert_place (fixture, a, a, none);
    assert_place (fixture, b, a, a);
    assert_place (fixture, c, c, none);
    PostId d = add (fixture, "d", "f", NULL);
    PostId e = add (fixture, "e", "d", NULL);
    PostId f = add (fixture, "f", "e", NULL);

    assert_place (fixture, d, d, none);
    assert_place (fixture, e, d, d);
    assert_place (fixture, f, d, e);
}

static char *numbered (const char *id, guint number)
{
    return id != NULL ? g_strdup_printf ("%s-%u@example.test", id, number) : NULL;
}

/* All orders of five messages of one thread end in the same tree. */
static void test_any_order (void)
{
    static const char *const mails[5][3] = {
        {"m0", NULL, NULL}, {"m1", "m0", NULL}, {"m2", "m0", "m1"},
        {"m3", "m1", "m2"}, {"m4", "m0", NULL},
    };
    static const int parents[5] = {-1, 0, 1, 2, 0};

    g_autoptr (Fixture) fixture = fixture_new();

    for (guint order = 0; order < 120; order++) {
        int left[5] = {0, 1, 2, 3, 4};
        PostId ids[5];

        for (guint i = 0, rest = order; i < 5; i++) {
            guint pick = rest % (5 - i);
            int which = left[pick];
            g_autofree char *id = numbered (mails[which][0], order);
            g_autofree char *ref1 = numbered (mails[which][1], order);
            g_autofree char *ref2 = numbered (mails[which][2], order);

            rest /= 5 - i;
            memmove (&left[pick], &left[pick + 1], (4 - i - pick) * sizeof left[0]);
            ids[which] = add (fixture, id, ref1, ref2);
        }
        for (guint i = 0; i < 5; i++)
            assert_place (fixture, ids[i], ids[0], parents[i] < 0 ? none : ids[parents[i]]);
        g_autoptr (Post) first = store_post_get (fixture->reader, ids[0], ADMIN, NULL);
        g_assert_cmpuint (first->comments, ==, 4);
    }
}

/* An answer to a restricted post is restricted, and does not vanish for its own readers (T2, T3).
 */
static void test_restricted (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail first = {.id = "a",
                  .author = "anna@example.test",
                  .to = "ben@example.test",
                  .visibility = POST_RECIPIENTS};
    Mail answer = {
        .id = "b", .author = "ben@example.test", .to = "cleo@example.test", .refs = {"a"}};
    PostId a = fixture_add (fixture, &first);
    PostId b = fixture_add (fixture, &answer);
    PersonId cleo = fixture_person (fixture, "cleo@example.test");
    g_autoptr (Post) seen = store_post_get (fixture->reader, b, PERSON (cleo), NULL);

    g_assert_nonnull (seen);
    g_assert_cmpint (seen->visibility, ==, POST_RECIPIENTS);
    g_assert_null (store_post_get (fixture->reader, a, PERSON (cleo), NULL));
    g_autoptr (GPtrArray) list =
        store_post_list (fixture->reader, PERSON (cleo), (PostId){0}, 10, NULL);
    g_assert_cmpuint (list->len, ==, 1);
    g_autoptr (GPtrArray) thread = store_thread (fixture->reader, a, PERSON (cleo), 10, NULL);
    g_assert_cmpuint (thread->len, ==, 1);
    PersonId ben = fixture_person (fixture, "ben@example.test");
    g_autoptr (GPtrArray) of_ben =
        store_post_list (fixture->reader, PERSON (ben), (PostId){0}, 10, NULL);
    g_assert_cmpuint (of_ben->len, ==, 1);
}

/* A restricted message that comes late does not swallow what everyone could see. */
static void test_restricted_late_parent (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId b = add (fixture, "b", "a", NULL);
    Mail late = {.id = "a", .author = "anna@example.test", .visibility = POST_RECIPIENTS};
    PostId a = fixture_add (fixture, &late);

    assert_place (fixture, b, b, none);
    assert_place (fixture, a, a, none);
}

typedef struct {
    PersonId person;
    PostId thread;
} Mute;

static gboolean apply_mute (StoreTxn *txn, gpointer data, GError **error)
{
    Mute *mute = data;

    return store_follow_set (txn, mute->person, mute->thread, FOLLOW_MUTE, error);
}

/* Who muted a thread hears nothing of it, also when a late message has become its first post. */
static void test_mute_moves (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId b = add (fixture, "b", "a", NULL);
    Mute mute = {fixture_person (fixture, "ben@example.test"), b};

    g_assert_true (store_write (fixture->store, apply_mute, &mute, NULL));
    add (fixture, "a", NULL, NULL);
    Mail answer = {.id = "c",
                   .author = "cleo@example.test",
                   .to = "ben@example.test",
                   .reason = "to",
                   .refs = {"a"}};
    Mail other = {
        .id = "d", .author = "cleo@example.test", .to = "ben@example.test", .reason = "to"};

    fixture_add (fixture, &answer);
    g_assert_cmpint (store_notice_next_due (fixture->reader), ==, G_MAXINT64);
    fixture_add (fixture, &other);
    g_assert_cmpint (store_notice_next_due (fixture->reader), ==, NOW);
}

/* Lists show a number to everybody: a restricted answer to a public post is not in it. */
static void test_restricted_is_not_counted (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId a = add (fixture, "a", NULL, NULL);
    Mail secret = mail_of ("b", "a", NULL);

    secret.visibility = POST_RECIPIENTS;
    secret.sent_ms = G_GINT64_CONSTANT (4000000000000);
    fixture_add (fixture, &secret);
    g_autoptr (Post) first = store_post_get (fixture->reader, a, ADMIN, NULL);
    g_assert_cmpuint (first->comments, ==, 0);
    g_assert_cmpint (first->last_ms, <, secret.sent_ms);
    add (fixture, "c", "a", NULL);
    g_autoptr (Post) again = store_post_get (fixture->reader, a, ADMIN, NULL);
    g_assert_cmpuint (again->comments, ==, 1);
    /* Nor when the first post comes late and gathers. */
    Mail early = mail_of ("y", "x", NULL);

    early.visibility = POST_RECIPIENTS;
    fixture_add (fixture, &early);
    PostId x = add (fixture, "x", NULL, NULL);
    g_autoptr (Post) late = store_post_get (fixture->reader, x, ADMIN, NULL);
    g_assert_cmpuint (late->comments, ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/threads/answers-in-order", test_answers_in_order);
    g_test_add_func ("/store/threads/subject-is-no-reference", test_subject_is_no_reference);
    g_test_add_func ("/store/threads/late-parent", test_late_parent);
    g_test_add_func ("/store/threads/late-middle", test_late_middle);
    g_test_add_func ("/store/threads/no-cycles", test_no_cycles);
    g_test_add_func ("/store/threads/any-order", test_any_order);
    g_test_add_func ("/store/threads/restricted", test_restricted);
    g_test_add_func ("/store/threads/restricted-late-parent", test_restricted_late_parent);
    g_test_add_func ("/store/threads/restricted-is-not-counted", test_restricted_is_not_counted);
    g_test_add_func ("/store/threads/mute-moves", test_mute_moves);
    return g_test_run();
}
