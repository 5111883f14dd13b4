/* pruner.c - see pruner.h. */
#include "pruner.h"

#include "notices.h"

#define BATCH 200
/* Longer than a mail stays in Postfix' queue (maximal_queue_lifetime, five days). */
#define TRANSIT_DAYS 7
#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

typedef struct {
    StorePrune before;
    gboolean has_more;
} Job;

static gboolean apply (StoreTxn *txn, gpointer data, GError **error)
{
    Job *job = data;
    return store_prune (txn, &job->before, BATCH, &job->has_more, error);
}

static gint64 days_ago (gint64 now_ms, guint days)
{
    return days == 0 ? 0 : now_ms - days * DAY_MS;
}

gboolean pruner_run (Store *store, const Config *conf, gint64 now_ms, gboolean *ret_has_more,
                     GError **error)
{
    Job job = {.before = {.verdicts_ms = days_ago (now_ms, conf->verdict_days),
                          .refused_ms = days_ago (now_ms, conf->refused_days),
                          .transit_ms = days_ago (now_ms, TRANSIT_DAYS),
                          .sessions_ms = now_ms}};
    if (!store_write (store, apply, &job, error))
        return FALSE;
    *ret_has_more = job.has_more;
    return TRUE;
}
