/* flow.c - see flow.h: start and end of the pipeline, its snapshot and its background thread.
 *
 * (I1) A snapshot never changes; reloading swaps the pointer. A message keeps the one it began
 * with. (I2) What the background thread does can be lost at any point and is done again: index,
 * snapshot. The ledger may lose what was not written yet. */
#include "flow_private.h"

#include "error.h"
#include "log.h"

#include "people.h"
#include "pruner.h"
#include "thread.h"

#define IDLE_READERS_MAX 64
#define BACKGROUND_PERIOD_MS 2000
#define PATIENCE_MS 250
#define PRUNE_PERIOD_MS (60 * 60 * 1000)
#define INDEX_AT_ONCE 256 /* then the verdict log and the end have their turn */

/* What the background thread has of its own. */
typedef struct {
    Flow *flow;
    StoreReader *reader;
    char *complaint; /* about the group files, not to be repeated every two seconds */
    gint64 prune_ms; /* when to forget next */
} Background;

static void free_reader (gpointer reader)
{
    store_reader_free (reader);
}

Snapshot *flow_snapshot (Flow *flow)
{
    pthread_mutex_lock (&flow->snapshot_lock);
    Snapshot *snapshot = snapshot_ref (flow->snapshot);
    pthread_mutex_unlock (&flow->snapshot_lock);
    return snapshot;
}

StoreReader *flow_reader_borrow (Flow *flow, GError **error)
{
    StoreReader *reader = chan_pop (flow->readers, 0);
    if (reader == NULL && flow->store == NULL)
        error_set (error, ERR_NOT_FOUND, "there is no archive yet");
    return reader != NULL || flow->store == NULL ? reader : store_reader_new (flow->store, error);
}

void flow_reader_return (Flow *flow, StoreReader *take_reader)
{
    if (take_reader != NULL && !chan_try_push (flow->readers, take_reader))
        store_reader_free (take_reader);
}

gboolean flow_reload (Flow *flow, Config *conf, GError **error)
{
    StoreReader *reader = flow_reader_borrow (flow, error);
    if (reader == NULL)
        return FALSE;
    Snapshot *fresh = snapshot_new (conf, flow->key, reader, error);
    flow_reader_return (flow, reader);
    if (fresh == NULL)
        return FALSE;
    pthread_mutex_lock (&flow->snapshot_lock);
    Snapshot *old = flow->snapshot;
    flow->snapshot = fresh;
    pthread_mutex_unlock (&flow->snapshot_lock);
    snapshot_unref (old);
    return TRUE;
}

static void complain (Background *background, const GError *error)
{
    if (g_strcmp0 (background->complaint, error->message) == 0)
        return;
    log_event (EV_DAEMON_FAILED, LOG_TEXT ("what", "reading people and groups"),
               LOG_TEXT ("error", error->message));
    g_free (background->complaint);
    background->complaint = g_strdup (error->message);
}

/* Persons and groups may be changed by a command in another process. */
static void refresh_directory (Background *background)
{
    Flow *flow = background->flow;
    g_autoptr (Snapshot) snapshot = flow_snapshot (flow);
    g_autoptr (GError) error = NULL;
    if (store_people_generation (background->reader) == snapshot->generation)
        return;
    if (!flow_reload (flow, snapshot->conf, &error))
        complain (background, error);
    else
        g_clear_pointer (&background->complaint, g_free);
}

/* TRUE when there is more to forget at once. */
static gboolean prune (Background *background)
{
    Flow *flow = background->flow;
    g_autoptr (Snapshot) snapshot = flow_snapshot (flow);
    g_autoptr (GError) error = NULL;
    gint64 now_ms = clock_now_ms (flow->clock);
    gboolean has_more = FALSE;
    if (now_ms < background->prune_ms)
        return FALSE;
    if (!pruner_run (flow->store, snapshot->conf, now_ms, &has_more, &error))
        log_event (EV_PRUNE_FAILED, LOG_TEXT ("error", error->message));
    if (!has_more)
        background->prune_ms = now_ms + PRUNE_PERIOD_MS;
    return has_more;
}

/* TRUE when there is more to do at once. */
static gboolean run_background_once (Background *background)
{
    Flow *flow = background->flow;
    g_autoptr (GError) index_error = NULL;
    g_autoptr (GError) ledger_error = NULL;
    guint done = 0;
    if (!indexer_run (flow->indexer, flow->store, background->reader, INDEX_AT_ONCE, &done,
                      &index_error))
        log_event (EV_INDEX_FAILED, LOG_TEXT ("error", index_error->message));
    else if (done > 0)
        log_event (EV_INDEX_DONE, LOG_INT ("posts", done));
    if (!ledger_write (flow->ledger, flow->store, &ledger_error))
        log_event (EV_STORE_FAILED, LOG_TEXT ("what", "verdict log"),
                   LOG_TEXT ("error", ledger_error->message));
    refresh_directory (background);
    gboolean has_pruned_all = !prune (background);
    return !has_pruned_all || (index_error == NULL && done >= INDEX_AT_ONCE);
}

/* Woken by a commit: the next ones shall join the batch. FTS5 writes a segment a transaction. */
static void be_patient (const Flow *flow)
{
    for (guint ms = 0; ms < PATIENCE_MS && !chan_is_closed (flow->bell); ms += 50)
        g_usleep (50 * 1000);
}

static void *background_main (void *data)
{
    Flow *flow = data;
    Background background = {.flow = flow, .reader = flow_reader_borrow (flow, NULL)};
    gboolean has_more = FALSE;
    while (!chan_is_closed (flow->bell)) {
        if (background.reader == NULL)
            background.reader = flow_reader_borrow (flow, NULL);
        if (background.reader != NULL)
            has_more = run_background_once (&background);
        if (!has_more && chan_pop (flow->bell, BACKGROUND_PERIOD_MS) != NULL)
            be_patient (flow);
    }
    if (background.reader != NULL)
        run_background_once (&background);
    flow_reader_return (flow, background.reader);
    g_free (background.complaint);
    return NULL;
}

static void ring (gpointer data)
{
    Flow *flow = data;
    if (!chan_try_push (flow->bell, flow)) {
        /* It has been rung already. */
    }
}

gboolean flow_start (Flow *flow, GError **error)
{
    g_autoptr (Snapshot) snapshot = flow_snapshot (flow);
    flow->poison = poison_open (snapshot->conf->spool_directory, error);
    if (flow->poison == NULL)
        return FALSE;
    store_on_commit (flow->store, ring, flow);
    if (!thread_start (&flow->background, "background", background_main, flow, error)) {
        store_off_commit (flow->store, flow);
        return FALSE;
    }
    flow->is_started = TRUE;
    return TRUE;
}

Flow *flow_new (Config *conf, TokenKey *key, Store *store, const Clock *clock, GError **error)
{
    g_autoptr (StoreReader) reader = store != NULL ? store_reader_new (store, error) : NULL;
    if (store != NULL && reader == NULL)
        return NULL;
    Snapshot *snapshot = snapshot_new (conf, key, reader, error);
    if (snapshot == NULL)
        return NULL;
    Flow *flow = g_new0 (Flow, 1);
    flow->store = store;
    flow->clock = clock;
    flow->key = key != NULL ? token_key_ref (key) : NULL;
    flow->snapshot = snapshot;
    pthread_mutex_init (&flow->snapshot_lock, NULL);
    flow->readers = chan_new (IDLE_READERS_MAX, free_reader);
    flow->ledger = ledger_new();
    flow->indexer = indexer_new();
    flow->bell = chan_new (1, NULL);
    flow_reader_return (flow, g_steal_pointer (&reader));
    return flow;
}

void flow_free (Flow *flow)
{
    if (flow == NULL)
        return;
    if (flow->is_started) {
        store_off_commit (flow->store, flow);
        chan_close (flow->bell);
        pthread_join (flow->background, NULL);
    }
    poison_close (flow->poison);
    chan_free (flow->bell);
    ledger_free (flow->ledger);
    indexer_free (flow->indexer);
    chan_free (flow->readers);
    snapshot_unref (flow->snapshot);
    pthread_mutex_destroy (&flow->snapshot_lock);
    if (flow->key != NULL)
        token_key_unref (flow->key);
    g_free (flow);
}

Directory *flow_directory (Flow *flow)
{
    g_autoptr (Snapshot) snapshot = flow_snapshot (flow);
    return directory_ref (snapshot->directory);
}

Config *flow_config (Flow *flow)
{
    g_autoptr (Snapshot) snapshot = flow_snapshot (flow);
    return conf_ref (snapshot->conf);
}
