/* post_job.c - see post_job.h. (I1) A post and its notices, receipt and verdict are one
 * transaction. */
#include "post_job.h"

#include "entry.h"
#include "log.h"

/* How many receipts the author of this message may get. */
static guint receipts_max (const FlowSession *session)
{
    const Config *conf = session->snapshot->conf;
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (128);
    Who who = directory_find (session->snapshot->directory, session->verdict->author, scratch);
    if (conf->author_receipt == RECEIPT_NEVER || who.kind != WHO_PERSON)
        return G_MAXUINT;
    return conf->author_receipt == RECEIPT_ALWAYS ? 0 : conf->author_receipt_count;
}

gboolean post_job_apply (StoreTxn *txn, gpointer data, GError **error)
{
    PostJob *job = data;
    PostGain gain;
    if (!store_post_gain (txn, &job->draft->post, &job->post, &job->is_new, &gain, error))
        return FALSE;
    if (job->is_new && job->receipts_max != G_MAXUINT &&
        !store_receipt_add (txn, job->post, job->draft->post.author, job->receipts_max, error))
        return FALSE;
    /* Whom the message names, the policy has looked at already. */
    if (job->is_new && !store_comment_notices (txn, job->post, 0, job->due_ms, error))
        return FALSE;
    VerdictEntry entry = *job->entry;
    entry.post = job->post;
    entry.is_repeated = !job->is_new;
    entry.deliveries_avoided = gain.deliveries;
    entry.bytes_avoided = gain.bytes;
    entry.notices = gain.notices;
    return store_verdict_add (txn, &entry, error);
}

PostJob *post_job_new (FlowSession *session, const Message *message, const char *identity)
{
    PostJob *job = g_new0 (PostJob, 1);
    gint64 bundle_ms = (gint64)session->snapshot->conf->bundle_seconds * 1000;
    job->entry = entry_new (session, message);
    job->draft =
        draft_new (message, session->envelope, session->verdict, identity, job->entry->time_ms);
    job->draft->post.notices_max = session->snapshot->conf->must_read_max;
    job->receipts_max = receipts_max (session);
    job->due_ms = job->entry->time_ms + bundle_ms;
    return job;
}

void post_job_free (PostJob *job)
{
    if (job == NULL)
        return;
    draft_free (job->draft);
    verdict_entry_free (job->entry);
    g_free (job);
}

void post_job_log (const PostJob *job, const FlowSession *session)
{
    const Verdict *verdict = session->verdict;
    log_event (job->is_new ? EV_POST_STORED : EV_POST_REPEATED,
               LOG_TEXT ("qid", session->envelope->queue_id), LOG_INT ("post", job->post.value),
               LOG_TEXT ("verdict", verdict_name (verdict->kind)),
               LOG_TEXT ("reason", verdict->reason), LOG_INT ("persons", verdict->persons),
               LOG_INT ("notices", entry_count_notices (verdict)));
}
