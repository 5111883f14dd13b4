/* test_notices.c - the outbox, release, receipts, verdicts and effects. */
#include "error.h"
#include "store_fixture.h"

typedef gboolean (*Act) (StoreTxn *txn, gpointer data, GError **error);

static void run (Fixture *fixture, Act act, gpointer data)
{
    g_autoptr (GError) error = NULL;
    gboolean is_good = store_write (fixture->store, act, data, &error);

    g_assert_no_error (error);
    g_assert_true (is_good);
}

typedef struct {
    gint64 now;
    GPtrArray *notices;
} Claim;

static gboolean apply_claim (StoreTxn *txn, gpointer data, GError **error)
{
    Claim *claim = data;

    return store_notice_claim (txn, claim->now, 60000, 10, &claim->notices, error);
}

static guint claim (Fixture *fixture, gint64 now)
{
    Claim job = {now, NULL};

    run (fixture, apply_claim, &job);
    guint count = job.notices->len;

    g_ptr_array_unref (job.notices);
    return count;
}

static PostId post_with_notice (Fixture *fixture)
{
    Mail mail = {
        .id = "m", .author = "anna@example.test", .to = "ben@example.test", .reason = "to"};

    return fixture_add (fixture, &mail);
}

static void test_repeated_delivery (void)
{
    static const char *const kept[] = {"<cleo@example.test>", NULL};
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mail = {
        .id = "m", .author = "anna@example.test", .to = "ben@example.test", .reason = "to"};
    Mail more = {.id = "m",
                 .author = "anna@example.test",
                 .to = "cleo@example.test",
                 .reason = "first",
                 .kept_for = kept};
    Mail other = {.id = "m", .author = "anna@example.test", .identity = "0123"};
    Mail stranger = {.id = "m", .author = "dora@example.test"};
    gboolean is_new;
    PostId id = fixture_add_full (fixture, &mail, &is_new);

    g_assert_true (is_new);
    g_assert_cmpint (fixture_add_full (fixture, &mail, &is_new).value, ==, id.value);
    g_assert_false (is_new);
    g_assert_cmpint (fixture_add_full (fixture, &more, &is_new).value, ==, id.value);
    g_assert_false (is_new);
    g_assert_cmpint (fixture_add_full (fixture, &other, &is_new).value, !=, id.value);
    g_assert_true (is_new);
    fixture_add_full (fixture, &stranger, &is_new);
    g_assert_true (is_new);
    g_autoptr (GPtrArray) readers = store_post_readers (fixture->reader, id, NULL);
    g_assert_cmpuint (readers->len, ==, 2);
    g_assert_cmpuint (claim (fixture, NOW), ==, 2); /* one for each reader, not one for each copy */
}

/* A split delivery, each part with readers of its own. */
static void test_notices_max (void)
{
    static const char *const readers[] = {"ben@example.test", "cleo@example.test",
                                          "dora@example.test"};
    g_autoptr (Fixture) fixture = fixture_new();
    gboolean is_new;

    for (gsize i = 0; i < G_N_ELEMENTS (readers); i++) {
        Mail part = {.id = "m",
                     .author = "anna@example.test",
                     .to = readers[i],
                     .reason = "to",
                     .notices_max = 2};
        fixture_add_full (fixture, &part, &is_new);
    }
    g_assert_cmpuint (claim (fixture, NOW), ==, 2);
}

/* A mail that was claimed comes back only after its lease. */
static void test_lease (void)
{
    g_autoptr (Fixture) fixture = fixture_new();

    post_with_notice (fixture);
    g_assert_cmpint (store_notice_next_due (fixture->reader), ==, NOW);
    g_assert_cmpuint (claim (fixture, NOW - 1), ==, 0);
    g_assert_cmpuint (claim (fixture, NOW), ==, 1);
    g_assert_cmpuint (claim (fixture, NOW), ==, 0);
    g_assert_cmpuint (claim (fixture, NOW + 59999), ==, 0);
    g_assert_cmpint (store_notice_next_due (fixture->reader), ==, NOW + 60000);
    g_assert_cmpuint (claim (fixture, NOW + 60000), ==, 1);
    g_autoptr (Notice) notice = store_notice_get (fixture->reader, (NoticeId){1}, NULL);
    g_assert_cmpuint (notice->tries, ==, 2);
    g_assert_cmpint (notice->state, ==, NOTICE_SENDING);
}

static gboolean apply_reclaim (StoreTxn *txn, gpointer data, GError **error)
{
    const gint64 *now = data;

    return store_notice_reclaim (txn, *now, error);
}

/* The next daemon need not wait for the lease of one that was killed; what is queued stays as it
 * is. */
static void test_reclaim (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    gint64 now = NOW + 5000;

    post_with_notice (fixture);
    run (fixture, apply_reclaim, &now);
    g_assert_cmpint (store_notice_next_due (fixture->reader), ==, NOW);
    g_assert_cmpuint (claim (fixture, NOW), ==, 1);
    run (fixture, apply_reclaim, &now);
    g_assert_cmpuint (claim (fixture, NOW + 4999), ==, 0);
    g_assert_cmpuint (claim (fixture, NOW + 5000), ==, 1);
}

static gboolean apply_retry (StoreTxn *txn, gpointer data, GError **error)
{
    return store_notice_retry (txn, *(NoticeId *)data, NOW + 5000, "451 later", error);
}

static gboolean apply_postpone (StoreTxn *txn, gpointer data, GError **error)
{
    return store_notice_postpone (txn, *(NoticeId *)data, NOW + 5000, "nobody there", error);
}

static gboolean apply_sent (StoreTxn *txn, gpointer data, GError **error)
{
    return store_notice_sent (txn, *(NoticeId *)data, NOW + 1, error);
}

static gboolean apply_dead (StoreTxn *txn, gpointer data, GError **error)
{
    return store_notice_dead (txn, *(NoticeId *)data, "550 no such user", error);
}

static gboolean apply_again (StoreTxn *txn, gpointer data, GError **error)
{
    return store_notice_again (txn, *(NoticeId *)data, error);
}

typedef struct {
    const char *name;
    Act act;
    NoticeState state;
    guint tries;
    guint due_later; /* claimed ten seconds later */
} OutcomeCase;

static const OutcomeCase outcomes[] = {
    {"retry", apply_retry, NOTICE_QUEUED, 1, 1},
    {"postpone", apply_postpone, NOTICE_QUEUED, 0, 1},
    {"sent", apply_sent, NOTICE_SENT, 1, 0},
    {"dead", apply_dead, NOTICE_DEAD, 1, 0},
};

static void test_outcome (gconstpointer data)
{
    const OutcomeCase *c = data;
    g_autoptr (Fixture) fixture = fixture_new();
    NoticeId id = {1};

    post_with_notice (fixture);
    g_assert_cmpuint (claim (fixture, NOW), ==, 1);
    run (fixture, c->act, &id);
    g_autoptr (Notice) notice = store_notice_get (fixture->reader, id, NULL);
    g_assert_cmpint (notice->state, ==, c->state);
    g_assert_cmpuint (notice->tries, ==, c->tries);
    g_assert_cmpuint (claim (fixture, NOW + 10000), ==, c->due_later);
    g_autoptr (GPtrArray) open = store_notice_list (fixture->reader, TRUE, (NoticeId){0}, 10, NULL);
    g_assert_cmpuint (open->len, ==, c->state == NOTICE_SENT ? 0 : 1);
    g_autoptr (GPtrArray) all = store_notice_list (fixture->reader, FALSE, (NoticeId){0}, 10, NULL);
    g_assert_cmpuint (all->len, ==, 1);
}

/* What was sent stays sent, whatever is said later (N3). */
static void test_sent_is_for_good (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    NoticeId id = {1};
    PostId post = post_with_notice (fixture);

    claim (fixture, NOW);
    run (fixture, apply_sent, &id);
    run (fixture, apply_retry, &id);
    run (fixture, apply_dead, &id);
    g_assert_false (store_write (fixture->store, apply_again, &id, &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
    g_autoptr (Notice) notice = store_notice_get (fixture->reader, id, NULL);
    g_assert_cmpint (notice->state, ==, NOTICE_SENT);
    g_assert_cmpint (notice->sent_ms, ==, NOW + 1);
    g_autoptr (GPtrArray) readers = store_post_readers (fixture->reader, post, NULL);
    g_assert_cmpint (((PostReader *)readers->pdata[0])->noticed_ms, ==, NOW + 1);
}

static void test_dead_again (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    NoticeId id = {1};

    post_with_notice (fixture);
    claim (fixture, NOW);
    run (fixture, apply_dead, &id);
    run (fixture, apply_again, &id);
    g_autoptr (Notice) notice = store_notice_get (fixture->reader, id, NULL);
    g_assert_cmpint (notice->state, ==, NOTICE_QUEUED);
    g_assert_cmpuint (notice->tries, ==, 0);
    g_assert_cmpuint (claim (fixture, NOW), ==, 1);
}

typedef struct {
    PostId post;
    guint count;
} Release;

static gboolean apply_release (StoreTxn *txn, gpointer data, GError **error)
{
    Release *release = data;

    return store_release (txn, release->post, "admin:root", &release->count, error);
}

/* To exactly those who did not get it, as they were written, and once. */
static void test_release (void)
{
    static const char *const kept[] = {"<Ben@example.test>", "cleo+x@example.test", NULL};
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mail = {.id = "m", .author = "anna@example.test", .kept_for = kept};
    Release release = {fixture_add (fixture, &mail), 0};

    run (fixture, apply_release, &release);
    g_assert_cmpuint (release.count, ==, 2);
    run (fixture, apply_release, &release);
    g_assert_cmpuint (release.count, ==, 0);
    g_autoptr (Notice) notice = store_notice_get (fixture->reader, (NoticeId){1}, NULL);
    g_assert_cmpstr (notice->address, ==, "<Ben@example.test>");
    g_assert_cmpint (notice->kind, ==, NOTICE_RELEASE);
}

static gboolean apply_answer (StoreTxn *txn, gpointer data, GError **error)
{
    return store_notice_add (txn, NOTICE_ANSWER, (PostId){0}, (PersonId){0}, "ben@example.test",
                             NULL, "Done.", NOW, data, error);
}

static void test_answers_repeat (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    gboolean is_new = FALSE;

    run (fixture, apply_answer, &is_new);
    run (fixture, apply_answer, &is_new);
    g_assert_true (is_new);
    g_assert_cmpuint (claim (fixture, NOW), ==, 2);
}

static gboolean apply_receipt (StoreTxn *txn, gpointer data, GError **error)
{
    return store_receipt_add (txn, *(PostId *)data, "anna@example.test", 2, error);
}

static void test_receipts (void)
{
    g_autoptr (Fixture) fixture = fixture_new();

    for (guint i = 0; i < 4; i++) {
        g_autofree char *id = g_strdup_printf ("m%u", i);
        Mail mail = {.id = id, .author = "anna@example.test"};
        PostId post = fixture_add (fixture, &mail);

        run (fixture, apply_receipt, &post);
        run (fixture, apply_receipt, &post);
    }
    g_assert_cmpuint (claim (fixture, NOW), ==, 2);
}

static gboolean apply_verdict (StoreTxn *txn, gpointer data, GError **error)
{
    return store_verdict_add (txn, data, error);
}

static void test_verdicts (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    char *people[] = {"anna@example.test", "bob@example.test", "bob@example.test", NULL};
    char *anna[] = {"anna@example.test", NULL};
    /* Sunday 23:59 and Monday 00:00 UTC */
    VerdictEntry sunday = {.time_ms = G_GINT64_CONSTANT (1700438399000),
                           .queue_id = "4AB1",
                           .sender = "anna@example.test",
                           .verdict = "post",
                           .reason = "persons",
                           .deliveries_avoided = 7,
                           .bytes_avoided = 900,
                           .notices = 2,
                           .persons = 9,
                           .people = people};
    VerdictEntry monday = {.time_ms = G_GINT64_CONSTANT (1700438400000),
                           .queue_id = "4AB2",
                           .message_id = "m@example.test",
                           .sender = "anna@example.test",
                           .verdict = "observe",
                           .reason = "persons",
                           .rule = "all",
                           .people = anna};

    run (fixture, apply_verdict, &sunday);
    run (fixture, apply_verdict, &monday);
    run (fixture, apply_verdict, &monday);
    static const struct {
        const char *about;
        guint count;
    } questions[] = {{NULL, 3},
                     {"4AB1", 1},
                     {"4AB2", 2},
                     {"m@example.test", 2},
                     {"anna@example.test", 3},
                     {"bob@example.test", 1},
                     {"nobody", 0}};

    for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
        g_autoptr (GPtrArray) found =
            store_verdict_list (fixture->reader, questions[i].about, 10, NULL);

        g_assert_cmpuint (found->len, ==, questions[i].count);
    }
    g_autoptr (GArray) weeks = store_stats (fixture->reader, 0, NULL);
    g_assert_cmpuint (weeks->len, ==, 2);
    const StatsWeek *first = &g_array_index (weeks, StatsWeek, 0);
    const StatsWeek *second = &g_array_index (weeks, StatsWeek, 1);
    g_assert_cmpint (second->week_start_ms, ==, monday.time_ms);
    g_assert_cmpint (first->week_start_ms, ==, monday.time_ms - 7 * 86400000LL);
    g_assert_cmpuint (first->posts, ==, 1);
    g_assert_cmpuint (first->deliveries_avoided, ==, 7);
    g_assert_cmpuint (second->observed, ==, 2);
    g_assert_cmpuint (second->messages, ==, 2);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/notices/repeated-delivery", test_repeated_delivery);
    g_test_add_func ("/store/notices/never-more", test_notices_max);
    g_test_add_func ("/store/notices/lease", test_lease);
    g_test_add_func ("/store/notices/reclaim", test_reclaim);
    for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++) {
        g_autofree char *path = g_strconcat ("/store/notices/outcome/", outcomes[i].name, NULL);
        g_test_add_data_func (path, &outcomes[i], test_outcome);
    }
    g_test_add_func ("/store/notices/sent-is-for-good", test_sent_is_for_good);
    g_test_add_func ("/store/notices/dead-again", test_dead_again);
    g_test_add_func ("/store/notices/release", test_release);
    g_test_add_func ("/store/notices/answers-repeat", test_answers_repeat);
    g_test_add_func ("/store/notices/receipts", test_receipts);
    g_test_add_func ("/store/notices/verdicts", test_verdicts);
    return g_test_run();
}
