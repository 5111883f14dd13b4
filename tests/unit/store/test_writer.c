/* test_writer.c - jobs from many threads, together and apart. */
#include <pthread.h>
#include <stdatomic.h>

#include "error.h"
#include "store_fixture.h"

/* A job that keeps the writer busy until the others are queued, so that they make one batch. */
typedef struct {
    pthread_barrier_t begun, queued;
} Hold;

static gboolean apply_hold (StoreTxn *txn G_GNUC_UNUSED, gpointer data,
                            GError **error G_GNUC_UNUSED)
{
    Hold *hold = data;

    pthread_barrier_wait (&hold->begun);
    pthread_barrier_wait (&hold->queued);
    return TRUE;
}

typedef struct {
    Fixture *fixture;
    Hold *hold;
    guint number;
    gboolean fails, is_good;
    ErrorClass class;
    atomic_uint runs;
    GString *raw;
    PostId id;
} Worker;

static gboolean apply_work (StoreTxn *txn, gpointer data, GError **error)
{
    Worker *worker = data;
    char id[32];
    g_autoptr (GBytes) bytes = g_bytes_new (worker->raw->str, worker->raw->len);
    gboolean is_new;

    atomic_fetch_add (&worker->runs, 1);
    g_snprintf (id, sizeof id, "m%u@example.test", worker->number);
    PostDraft draft = {.raw = bytes,
                       .message_id = id,
                       .author = "anna@example.test",
                       .identity = "aa",
                       .subject = id};

    if (!store_post_add (txn, &draft, &worker->id, &is_new, error))
        return FALSE;
    return !worker->fails || error_fail (error, ERR_REFUSED, "this one shall not be");
}

static void *work (void *data)
{
    Worker *worker = data;
    g_autoptr (GError) error = NULL;

    worker->is_good = store_write (worker->fixture->store, apply_work, worker, &error);
    worker->class = error != NULL ? error_class (error) : 0;
    return NULL;
}

static void *hold_writer (void *data)
{
    Worker *worker = data;

    if (!store_write (worker->fixture->store, apply_hold, worker->hold, NULL))
        g_assert_not_reached();
    return NULL;
}

#define WORKERS 24

static void check_worker (Fixture *fixture, Worker *worker)
{
    char id[32];

    g_snprintf (id, sizeof id, "m%u@example.test", worker->number);
    g_autoptr (GPtrArray) found = store_post_find (fixture->reader, id, ADMIN, NULL);

    g_assert_cmpint (worker->is_good, ==, !worker->fails);
    g_assert_cmpuint (found->len, ==, worker->fails ? 0 : 1);
    if (worker->fails) {
        g_assert_cmpint (worker->class, ==, ERR_REFUSED);
        return;
    }
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) raw = store_post_raw (fixture->reader, worker->id, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) sent = g_bytes_new (worker->raw->str, worker->raw->len);
    g_assert_true (g_bytes_equal (raw, sent));
}

/* Every third job fails: the others of its batch are kept, and their bytes are right. */
static void test_batch_with_failures (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Worker workers[WORKERS] = {0};
    pthread_t threads[WORKERS], holder;
    Hold hold;

    pthread_barrier_init (&hold.begun, NULL, 2);
    pthread_barrier_init (&hold.queued, NULL, 2);
    Worker first = {.fixture = fixture, .hold = &hold};
    pthread_create (&holder, NULL, hold_writer, &first);
    pthread_barrier_wait (&hold.begun);
    for (guint i = 0; i < WORKERS; i++) {
        workers[i].fixture = fixture;
        workers[i].number = i;
        workers[i].fails = i % 3 == 2;
        workers[i].raw = g_string_new ("Subject: number\n\n");
        for (guint k = 0; k < 50 * i + 1; k++)
            g_string_append_printf (workers[i].raw, "%u words of mail %u\n", k, i);
        pthread_create (&threads[i], NULL, work, &workers[i]);
    }
    g_usleep (50000); /* whether all are queued by now changes the batches, not the result */
    pthread_barrier_wait (&hold.queued);
    pthread_join (holder, NULL);
    for (guint i = 0; i < WORKERS; i++) {
        pthread_join (threads[i], NULL);
        g_assert_cmpuint (atomic_load (&workers[i].runs), <=, 2); /* W3 */
    }
    for (guint i = 0; i < WORKERS; i++) {
        check_worker (fixture, &workers[i]);
        g_string_free (workers[i].raw, TRUE);
    }
    pthread_barrier_destroy (&hold.begun);
    pthread_barrier_destroy (&hold.queued);
}

typedef struct {
    Fixture *fixture;
    atomic_uint *claimed; /* per notice */
    guint total;
} Courier;

static gboolean apply_claim (StoreTxn *txn, gpointer data, GError **error)
{
    return store_notice_claim (txn, NOW, 60000, 7, data, error);
}

static void *claim_all (void *data)
{
    Courier *courier = data;

    for (;;) {
        g_autoptr (GPtrArray) notices = NULL;

        if (!store_write (courier->fixture->store, apply_claim, &notices, NULL))
            g_assert_not_reached();
        if (notices->len == 0)
            return NULL;
        for (guint i = 0; i < notices->len; i++)
            atomic_fetch_add (&courier->claimed[((Notice *)notices->pdata[i])->id.value], 1);
        courier->total += notices->len;
    }
}

/* Four couriers at once: each mail is claimed by exactly one. */
static void test_claims_once (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    atomic_uint claimed[101] = {0};
    Courier couriers[4];
    pthread_t threads[4];
    guint total = 0;

    for (guint i = 0; i < 100; i++) {
        char id[32];

        g_snprintf (id, sizeof id, "m%u", i);
        Mail mail = {
            .id = id, .author = "anna@example.test", .to = "ben@example.test", .reason = "to"};
        fixture_add (fixture, &mail);
    }
    for (guint i = 0; i < 4; i++) {
        couriers[i] = (Courier){fixture, claimed, 0};
        pthread_create (&threads[i], NULL, claim_all, &couriers[i]);
    }
    for (guint i = 0; i < 4; i++) {
        pthread_join (threads[i], NULL);
        total += couriers[i].total;
    }
    g_assert_cmpuint (total, ==, 100);
    for (guint i = 1; i <= 100; i++)
        g_assert_cmpuint (atomic_load (&claimed[i]), ==, 1);
}

static void on_bell (gpointer data)
{
    atomic_fetch_add ((atomic_uint *)data, 1);
}

static void test_bell (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    atomic_uint rings = 0;
    Mail one = {.id = "one", .author = "anna@example.test"};
    Mail two = {.id = "two", .author = "anna@example.test"};

    store_on_commit (fixture->store, on_bell, &rings);
    fixture_add (fixture, &one);
    /* Who waits for the commit may be woken before the bell is rung. */
    for (guint i = 0; i < 1000 && atomic_load (&rings) == 0; i++)
        g_usleep (5000);
    store_off_commit (fixture->store, &rings);
    guint after_one = atomic_load (&rings);
    g_assert_cmpuint (after_one, >=, 1);
    fixture_add (fixture, &two);
    g_assert_cmpuint (atomic_load (&rings), ==, after_one);
}

static gboolean apply_silent_failure (StoreTxn *txn G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED,
                                      GError **error G_GNUC_UNUSED)
{
    return FALSE;
}

static void test_failure_without_reason (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;

    g_assert_false (store_write (fixture->store, apply_silent_failure, NULL, &error));
    g_assert_nonnull (error);
    g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/writer/batch-with-failures", test_batch_with_failures);
    g_test_add_func ("/store/writer/claims-once", test_claims_once);
    g_test_add_func ("/store/writer/bell", test_bell);
    g_test_add_func ("/store/writer/failure-without-reason", test_failure_without_reason);
    return g_test_run();
}
