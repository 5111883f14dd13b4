/* writer.c - the store and its one writing thread.
 *
 * A job is queued and its caller waits. The writer takes whatever is queued, applies it in one
 * transaction, commits once and answers all: batches come from waiting for the disk, not from a
 * timer.
 *
 * (W1) A job is answered with success only after the COMMIT that holds it is on disk.
 * (W2) A job that fails undoes itself and no other.
 * (W3) When a job fails, or the transaction is lost (disk full, COMMIT refused), each job of the
 *      batch is tried once more, in a transaction of its own. Failing is rare; a savepoint around
 *      every job would cost more, above all where the full-text index takes part. */
#include "store_private.h"

#include <stdatomic.h>

#include "chan.h"
#include "error.h"
#include "log.h"
#include "thread.h"

#define QUEUE_LIMIT 4096
#define BATCH_LIMIT 256
#define BELL_LIMIT 16

typedef struct {
    StoreApply apply;
    gpointer data;
    gboolean is_last; /* in its transaction */
    GError *error;    /* why it failed */
    gboolean is_done; /* and committed */
    Chan *answer;     /* gets the job itself when all is over */
} Job;

typedef struct {
    StoreBell bell;
    gpointer data;
    atomic_bool is_set;
} BellEntry;

struct Store {
    char *path;
    const Clock *clock;
    const DbDriver *driver;
    StoreTxn txn; /* the writer's */
    Chan *jobs;
    gboolean is_reading; /* there is no thread, and nothing is written */
    pthread_t thread;
    BellEntry bells[BELL_LIMIT];
    atomic_uint bell_count;
};

static void undo_all (Store *store)
{
    store->driver->rollback (store->txn.conn->db);
    packer_done (store->txn.packer, FALSE);
}

static gboolean commit (Store *store, GError **error)
{
    if (!packer_write (store->txn.packer, store->txn.conn, error) ||
        !store->driver->commit (store->txn.conn->db, error))
        return FALSE;
    packer_done (store->txn.packer, TRUE);
    return TRUE;
}

/* FALSE when the job failed, or ended the transaction: what followed would be outside of it. */
static gboolean apply_job (Store *store, Job *job, GError **error)
{
    if (!job->apply (&store->txn, job->data, error))
        return FALSE;
    return store->driver->in_transaction (store->txn.conn->db) ||
           error_fail (error, ERR_TEMPORARY, "the database gave up the transaction");
}

static gboolean apply_some (Store *store, Job **jobs, guint count, gboolean are_last,
                            GError **error)
{
    for (guint i = 0; i < count; i++)
        if (jobs[i]->is_last == are_last && !apply_job (store, jobs[i], error))
            return FALSE;
    return TRUE;
}

/* FALSE when a job failed or the transaction is lost: nothing of the batch is kept. */
static gboolean commit_together (Store *store, Job **jobs, guint count, GError **error)
{
    if (!store->driver->begin (store->txn.conn->db, error))
        return FALSE;
    store->txn.now_ms = clock_now_ms (store->clock);
    if (apply_some (store, jobs, count, FALSE, error) &&
        apply_some (store, jobs, count, TRUE, error) && commit (store, error))
        return TRUE;
    undo_all (store);
    return FALSE;
}

/* A job alone, so that its own error is its caller's answer. */
static void commit_alone (Store *store, Job *job)
{
    if (!store->driver->begin (store->txn.conn->db, &job->error))
        return;
    store->txn.now_ms = clock_now_ms (store->clock);
    if (!apply_job (store, job, &job->error)) {
        undo_all (store);
        return;
    }
    job->is_done = commit (store, &job->error);
    if (!job->is_done)
        undo_all (store);
}

static void ring (Store *store)
{
    guint count = MIN (atomic_load (&store->bell_count), BELL_LIMIT);

    for (guint i = 0; i < count; i++)
        if (atomic_load (&store->bells[i].is_set))
            store->bells[i].bell (store->bells[i].data);
}

/* What a job refuses by itself is its caller's to tell. */
static gboolean is_ours (const GError *error)
{
    return error_class (error) == ERR_TEMPORARY || error_class (error) == ERR_INTERNAL;
}

static void run_batch (Store *store, Job **jobs, guint count)
{
    g_autoptr (GError) error = NULL;
    gboolean is_together = count > 1 && commit_together (store, jobs, count, &error);
    guint done = 0;

    for (guint i = 0; i < count; i++) {
        if (is_together)
            jobs[i]->is_done = TRUE;
        else
            commit_alone (store, jobs[i]);
        done += jobs[i]->is_done ? 1 : 0;
    }
    if (error != NULL && is_ours (error))
        log_event (EV_STORE_FAILED, LOG_INT ("jobs", count), LOG_TEXT ("error", error->message));
    for (guint i = 0; i < count; i++)
        if (!chan_push (jobs[i]->answer, jobs[i]))
            g_assert_not_reached();
    if (done > 0)
        ring (store);
    store->driver->housekeep (store->txn.conn->db);
}

static void *writer_thread (void *data)
{
    Store *store = data;
    Job *jobs[BATCH_LIMIT];

    while ((jobs[0] = chan_pop (store->jobs, -1)) != NULL) {
        guint count = 1;

        while (count < BATCH_LIMIT && (jobs[count] = chan_pop (store->jobs, 0)) != NULL)
            count++;
        run_batch (store, jobs, count);
    }
    return NULL;
}

static gboolean run_job (Store *store, Job *job, GError **error)
{
    job->answer = chan_new (1, NULL);
    if (!chan_push (store->jobs, job)) {
        chan_free (job->answer);
        return store->is_reading
                   ? error_fail (error, ERR_REFUSED, "%s is open for reading only", store->path)
                   : error_fail (error, ERR_TEMPORARY, "the store is closing");
    }
    if (chan_pop (job->answer, -1) != job)
        g_assert_not_reached();
    chan_free (job->answer);
    if (job->is_done)
        return TRUE;
    if (job->error == NULL)
        return error_fail (error, ERR_INTERNAL, "a job failed without saying why");
    g_propagate_error (error, job->error);
    return FALSE;
}

gboolean store_write (Store *store, StoreApply apply, gpointer data, GError **error)
{
    Job job = {.apply = apply, .data = data};

    return run_job (store, &job, error);
}

gboolean store_write_last (Store *store, StoreApply apply, gpointer data, GError **error)
{
    Job job = {.apply = apply, .data = data, .is_last = TRUE};

    return run_job (store, &job, error);
}

void store_on_commit (Store *store, StoreBell bell, gpointer data)
{
    guint slot = atomic_fetch_add (&store->bell_count, 1);

    g_assert (slot < BELL_LIMIT);
    store->bells[slot].bell = bell;
    store->bells[slot].data = data;
    atomic_store (&store->bells[slot].is_set, TRUE);
}

static gboolean apply_nothing (StoreTxn *txn, gpointer data, GError **error)
{
    (void)txn;
    (void)data;
    (void)error;
    return TRUE;
}

void store_off_commit (Store *store, gpointer data)
{
    g_autoptr (GError) error = NULL;
    guint count = MIN (atomic_load (&store->bell_count), BELL_LIMIT);

    for (guint i = 0; i < count; i++)
        if (atomic_load (&store->bells[i].is_set) && store->bells[i].data == data)
            atomic_store (&store->bells[i].is_set, FALSE);
    /* The writer takes one batch after the other: once it has come to this job, no ring that began
     * before is under way. Whether the job can be committed does not matter. */
    if (!store_write (store, apply_nothing, NULL, &error))
        return;
}

static void store_free (Store *store)
{
    conn_close (store->txn.conn);
    packer_free (store->txn.packer);
    chan_free (store->jobs);
    g_free (store->path);
    g_free (store);
}

Store *store_open (const char *path, const Clock *clock, GError **error)
{
    Conn *conn = conn_open (&db_sqlite, path, DB_WRITER, error);

    if (conn == NULL)
        return NULL;
    Store *store = g_new0 (Store, 1);

    store->path = g_strdup (path);
    store->clock = clock;
    store->driver = conn->driver;
    store->txn.conn = conn;
    store->txn.packer = packer_new();
    store->jobs = chan_new (QUEUE_LIMIT, NULL);
    if (!migrate_run (conn, path, error)) {
        store_free (store);
        return NULL;
    }
    if (!thread_start (&store->thread, "writer", writer_thread, store, error)) {
        store_free (store);
        return NULL;
    }
    return store;
}

static gboolean check_schema (const char *path, GError **error)
{
    guint schema = 0, known = 0;

    if (!store_look (path, &schema, &known, error))
        return FALSE;
    return schema == known ||
           error_fail (error, ERR_REFUSED, "%s has schema %u, and this program works with %u: %s",
                       path, schema, known,
                       schema < known ? "start the daemon once, which brings it up to date"
                                      : "install the newer program again");
}

Store *store_open_read_only (const char *path, const Clock *clock, GError **error)
{
    if (!check_schema (path, error))
        return NULL;
    Store *store = g_new0 (Store, 1);

    store->path = g_strdup (path);
    store->clock = clock;
    store->driver = &db_sqlite;
    store->txn.packer = packer_new();
    store->jobs = chan_new (1, NULL);
    store->is_reading = TRUE;
    chan_close (store->jobs);
    return store;
}

void store_close (Store *store)
{
    if (store == NULL)
        return;
    chan_close (store->jobs);
    if (!store->is_reading)
        pthread_join (store->thread, NULL);
    store_free (store);
}

StoreReader *store_reader_new (Store *store, GError **error)
{
    Conn *conn = conn_open (store->driver, store->path, DB_READER, error);

    if (conn == NULL)
        return NULL;
    StoreReader *reader = g_new0 (StoreReader, 1);

    reader->conn = conn;
    reader->unpacker = unpacker_new();
    return reader;
}

gboolean store_backup (Store *store, const char *path, GError **error)
{
    if (g_file_test (path, G_FILE_TEST_EXISTS))
        return error_fail (error, ERR_REFUSED, "backup %s: there is a file already", path);
    g_autoptr (StoreReader) reader = store_reader_new (store, error);

    return reader != NULL && reader->conn->driver->backup (reader->conn->db, path, error);
}
