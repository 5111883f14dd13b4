/* test_prune.c - what is past its days is forgotten, in batches; the rest, and the effects, stay.
 */
#include "letters.h"
#include "store_fixture.h"
#include "transit.h"

#define DAY G_GINT64_CONSTANT (86400000)

typedef struct {
    gint64 time_ms;
    StorePrune before;
    guint most;
    gboolean has_more;
} Job;

static gboolean apply_fill (StoreTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;
    char *people[] = {"anna@example.test", NULL};
    VerdictEntry entry = {.time_ms = job->time_ms,
                          .sender = "anna@example.test",
                          .verdict = "pass",
                          .reason = "few",
                          .people = people};
    g_autoptr (GBytes) raw = g_bytes_new_static ("x", 1);

    return store_verdict_add (txn, &entry, error) &&
           store_refused_add (txn, "a@example.test", "new@p.test", "not-you", raw, error) &&
           store_answer_add (txn, (PersonId){0}, "a@example.test", "not-you", "", TRUE, NULL,
                             error);
}

static gboolean apply_prune (StoreTxn *txn, gpointer data, GError **error)
{
    Job *job = data;

    return store_prune (txn, &job->before, job->most, &job->has_more, error);
}

static void run (Fixture *fixture, StoreApply apply, Job *job)
{
    g_autoptr (GError) error = NULL;
    gboolean is_good = store_write (fixture->store, apply, job, &error);

    g_assert_no_error (error);
    g_assert_true (is_good);
}

/* One of each a day, for ten days up to NOW. */
static Fixture *filled (void)
{
    Fixture *fixture = fixture_new();

    for (gint64 day = 9; day >= 0; day--) {
        Job job = {.time_ms = NOW - day * DAY};

        clock_fake_set (fixture->clock, job.time_ms);
        run (fixture, apply_fill, &job);
    }
    return fixture;
}

static guint count_of (Fixture *fixture, const char *about)
{
    g_autoptr (GPtrArray) found = store_verdict_list (fixture->reader, about, 100, NULL);

    return found->len;
}

static void test_days (void)
{
    g_autoptr (Fixture) fixture = filled();
    Job job = {.before = {.verdicts_ms = NOW - 3 * DAY, .refused_ms = NOW - 5 * DAY}, .most = 100};

    run (fixture, apply_prune, &job);
    g_assert_false (job.has_more);
    g_assert_cmpuint (count_of (fixture, NULL), ==, 4); /* 3 days old, to the moment: kept */
    g_assert_cmpuint (count_of (fixture, "anna@example.test"), ==, 4);
    g_autoptr (GArray) weeks = store_stats (fixture->reader, 0, NULL);
    guint64 messages = 0;
    for (guint i = 0; i < weeks->len; i++)
        messages += g_array_index (weeks, StatsWeek, i).messages;
    g_assert_cmpuint (messages, ==, 10);
    g_assert_true (store_verify (fixture->reader, NULL));
}

static void test_batches (void)
{
    g_autoptr (Fixture) fixture = filled();
    Job job = {.before = {.verdicts_ms = NOW}, .most = 4};
    const guint left[] = {6, 2, 1};

    for (gsize i = 0; i < G_N_ELEMENTS (left); i++) {
        run (fixture, apply_prune, &job);
        g_assert_cmpuint (count_of (fixture, NULL), ==, left[i]);
        g_assert_cmpuint (count_of (fixture, "anna@example.test"), ==, left[i]);
        g_assert_cmpint (job.has_more, ==, i < 2);
    }
}

static void test_for_ever (void)
{
    g_autoptr (Fixture) fixture = filled();
    Job job = {.most = 100};

    run (fixture, apply_prune, &job);
    g_assert_cmpuint (count_of (fixture, NULL), ==, 10);
}

/* The copy in transit of a day; has_more: whether it was not there. */
static gboolean apply_copy (StoreTxn *txn, gpointer data, GError **error)
{
    Job *job = data;
    g_autoptr (GBytes) digest = g_bytes_new (&job->time_ms, sizeof job->time_ms);

    return store_transit_once (txn, digest, &job->has_more, error);
}

/* A copy that comes again is known for as long as Postfix may try, and then no more. */
static void test_copies (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Job prune = {.before = {.transit_ms = NOW - 7 * DAY}, .most = 100};

    for (guint round = 0; round < 2; round++)
        for (gint64 day = 9; day >= 0; day--) {
            Job job = {.time_ms = NOW - day * DAY};

            clock_fake_set (fixture->clock, round == 0 ? job.time_ms : NOW);
            run (fixture, apply_copy, &job);
            g_assert_cmpint (job.has_more, ==, round == 0 || day > 7);
            if (round == 0 && day == 0)
                run (fixture, apply_prune, &prune);
        }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/prune/days", test_days);
    g_test_add_func ("/store/prune/batches", test_batches);
    g_test_add_func ("/store/prune/for-ever", test_for_ever);
    g_test_add_func ("/store/prune/copies", test_copies);
    return g_test_run();
}
