/* filter.c - see filter.h.
 *
 * (I1) Whatever is not stored, in the archive or in transit, is deferred: it stays in Postfix'
 * queue. on_failure has no say here, nobody waits at the other end. (I2) A post, its verdict and
 * the copies that go on are one transaction. (I3) What a message cannot be taken apart for goes on
 * untouched. (I4) A copy whose answer was lost comes again, and is taken once. */
#include "filter.h"

#include <string.h>

#include "entry.h"
#include "error.h"
#include "identity.h"
#include "log.h"
#include "own_address.h"
#include "post_job.h"
#include "receive.h"
#include "trace.h"
#include "transit.h"

/* An answer or a post of a person is worth a second try: it may not have been the cause. */
#define OWN_DEATHS_MAX 2

static gboolean is_own (const Config *conf, const char *recipient)
{
    g_auto (OwnAddress) own = own_address_parse (conf, recipient);
    return own.kind != OWN_NONE;
}

gboolean filter_is_own (const Config *conf, const GPtrArray *recipients)
{
    for (guint i = 0; i < recipients->len; i++)
        if (!is_own (conf, recipients->pdata[i]))
            return FALSE;
    return TRUE;
}

/* A path of RFC 5321 without <>: otherwise as it came. Owned. */
static char *bare_path (const char *path)
{
    gsize len = strlen (path);
    gboolean has_brackets = len >= 2 && path[0] == '<' && path[len - 1] == '>';
    return has_brackets ? g_strndup (path + 1, len - 2) : g_strdup (path);
}

GPtrArray *filter_rest (const Config *conf, const GPtrArray *recipients, const GPtrArray *drop)
{
    g_autoptr (GHashTable) dropped = g_hash_table_new (g_str_hash, g_str_equal);
    GPtrArray *rest = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; drop != NULL && i < drop->len; i++)
        g_hash_table_add (dropped, drop->pdata[i]);
    for (guint i = 0; i < recipients->len; i++) {
        const char *recipient = recipients->pdata[i];
        if (!g_hash_table_contains (dropped, recipient) && !is_own (conf, recipient))
            g_ptr_array_add (rest, bare_path (recipient));
    }
    g_ptr_array_add (rest, NULL);
    return rest;
}

typedef struct {
    PostJob *post; /* NULL: nothing becomes a post */
    GPtrArray *rest;
    GPtrArray *copies; /* of GBytes: what each of the rest is known by; NULL: cannot be told */
    GPtrArray *fresh;  /* those of the rest that were not taken before; set anew by each try */
    char *sender;
    GBytes *raw;
} Job;

static void unref_bytes (gpointer bytes)
{
    g_bytes_unref (bytes);
}

/* Owned, or NULL. */
static GPtrArray *copies_of (const Envelope *envelope, const Job *job)
{
    if (envelope->queue_id == NULL)
        return NULL;
    GPtrArray *copies = g_ptr_array_new_with_free_func (unref_bytes);
    g_autofree char *content = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, job->raw);
    for (guint i = 0; job->rest->pdata[i] != NULL; i++)
        g_ptr_array_add (
            copies, identity_copy (envelope->queue_id, job->sender, job->rest->pdata[i], content));
    return copies;
}

/* (I4) */
static gboolean find_fresh (StoreTxn *txn, Job *job, GError **error)
{
    g_ptr_array_set_size (job->fresh, 0);
    for (guint i = 0; job->rest->pdata[i] != NULL; i++) {
        gboolean is_new = TRUE;
        if (job->copies != NULL && !store_transit_once (txn, job->copies->pdata[i], &is_new, error))
            return FALSE;
        if (is_new)
            g_ptr_array_add (job->fresh, job->rest->pdata[i]);
    }
    g_ptr_array_add (job->fresh, NULL);
    return TRUE;
}

static gboolean apply (StoreTxn *txn, gpointer data, GError **error)
{
    Job *job = data;
    if (job->post != NULL && !post_job_apply (txn, job->post, error))
        return FALSE;
    if (!find_fresh (txn, job, error))
        return FALSE;
    return job->fresh->len <= 1 ||
           store_transit_add (txn, job->sender, (const char *const *)job->fresh->pdata, job->raw,
                              error);
}

static FlowReply deferred (const FlowSession *session, const char *reason, const GError *error)
{
    log_event (EV_MESSAGE_FAILED, LOG_TEXT ("qid", session->envelope->queue_id),
               LOG_TEXT ("reason", reason), LOG_TEXT ("answer", "defer"),
               LOG_TEXT ("error", error->message));
    return (FlowReply){.kind = FLOW_DEFER,
                       .reason = reason,
                       .text = "4.3.0 The message archive is not available; try again later"};
}

/* Writes the post, when there is one, and whatever goes on. */
static FlowReply commit (FlowSession *session, GBytes *raw, PostJob *post, const GPtrArray *drop)
{
    g_autoptr (GError) error = NULL;
    const Envelope *envelope = session->envelope;
    g_autoptr (GPtrArray) rest = filter_rest (session->snapshot->conf, envelope->recipients, drop);
    g_autofree char *sender = bare_path (envelope->sender != NULL ? envelope->sender : "");
    g_autoptr (GPtrArray) fresh = g_ptr_array_new();
    Job job = {.post = post, .rest = rest, .fresh = fresh, .sender = sender, .raw = raw};
    g_autoptr (GPtrArray) copies = copies_of (envelope, &job);
    job.copies = copies;
    if (!store_write (session->flow->store, apply, &job, &error))
        return deferred (session, "store", error);
    const char *reason = session->verdict != NULL ? session->verdict->reason : "poison";
    if (rest->len > 1)
        log_event (EV_MESSAGE_TRANSIT, LOG_TEXT ("qid", envelope->queue_id),
                   LOG_TEXT ("reason", fresh->len > 1 ? reason : "repeated"),
                   LOG_INT ("rcpt", fresh->len - 1));
    gboolean is_repeated = rest->len > 1 && fresh->len == 1;
    return (FlowReply){.kind = FLOW_TAKEN, .reason = is_repeated ? "repeated" : "transit"};
}

static gboolean becomes_post (const Verdict *verdict)
{
    return (verdict->kind == VERDICT_POST || verdict->kind == VERDICT_SPLIT) &&
           strcmp (verdict->reason, "comment") != 0;
}

/* The recipients that are not ours. */
static FlowReply take_others (FlowSession *session, GBytes *raw, const Message *message,
                              const char *identity)
{
    const Verdict *verdict = session->verdict;
    if (!becomes_post (verdict)) {
        FlowReply reply = commit (session, raw, NULL, verdict->drop);
        if (reply.kind == FLOW_TAKEN && strcmp (reply.reason, "repeated") != 0 &&
            verdict->drop->len == 0)
            ledger_add (session->flow->ledger, entry_new (session, message));
        return reply;
    }
    g_autoptr (PostJob) post = post_job_new (session, message, identity);
    FlowReply reply = commit (session, raw, post, verdict->drop);
    if (reply.kind == FLOW_TAKEN) {
        post_job_log (post, session);
        reply.post = post->post;
    }
    return reply;
}

/* Those at own addresses: receive.c sees no other. message NULL: it is not to be taken apart. */
static FlowReply take_own (FlowSession *session, GBytes *raw, const Message *message,
                           const char *identity, GPtrArray *own)
{
    GPtrArray *all = session->envelope->recipients;
    session->envelope->recipients = own;
    FlowReply reply = message != NULL ? receive_finish (session, raw, message, identity)
                                      : receive_unread (session, raw);
    session->envelope->recipients = all;
    return reply;
}

/* One answer for both kinds; `drop` lists the recipients that are done. */
static FlowReply joined (FlowSession *session, FlowReply own, FlowReply others)
{
    if (own.kind == others.kind)
        return own;
    gboolean is_own_done = own.kind == FLOW_TAKEN;
    FlowReply reply = is_own_done ? others : own;
    const GPtrArray *recipients = session->envelope->recipients;
    if (!is_own_done && others.kind != FLOW_TAKEN)
        return others; /* refused and deferred: all come again */
    session->done = g_ptr_array_new();
    for (guint i = 0; i < recipients->len; i++)
        if (is_own (session->snapshot->conf, recipients->pdata[i]) == is_own_done)
            g_ptr_array_add (session->done, recipients->pdata[i]);
    reply.drop = session->done;
    return reply;
}

static GPtrArray *own_recipients (const FlowSession *session)
{
    const GPtrArray *recipients = session->envelope->recipients;
    GPtrArray *own = g_ptr_array_new();
    for (guint i = 0; i < recipients->len; i++)
        if (is_own (session->snapshot->conf, recipients->pdata[i]))
            g_ptr_array_add (own, recipients->pdata[i]);
    return own;
}

/* What daemons died of goes on untouched; what was for us is kept, and its sender hears of it. */
static FlowReply take_poison (FlowSession *session, GBytes *raw, GPtrArray *own)
{
    if (own->len == 0)
        return commit (session, raw, NULL, NULL);
    FlowReply kept = take_own (session, raw, NULL, NULL, own);
    if (own->len == session->envelope->recipients->len)
        return kept;
    return joined (session, kept, commit (session, raw, NULL, NULL));
}

FlowReply filter_finish (FlowSession *session, GBytes *raw, const char *identity)
{
    Envelope *envelope = session->envelope;
    if (envelope->queue_id == NULL || *envelope->queue_id == '\0') {
        g_free (envelope->queue_id);
        envelope->queue_id = trace_queue_id (raw);
    }
    Poison *poison = session->flow->poison;
    g_autoptr (GPtrArray) own = own_recipients (session);
    gboolean has_others = own->len < envelope->recipients->len;
    if (poison_deaths (poison, identity) >= (has_others ? 1 : OWN_DEATHS_MAX)) /* (I3) */
        return take_poison (session, raw, own);
    int slot = poison_enter (poison, identity);
    g_autoptr (Message) message = message_parse (raw, NULL);
    if (has_others)
        session->verdict =
            flow_decide (session->flow, session->snapshot, session->envelope, message);
    poison_leave (poison, slot);
    if (!has_others)
        return take_own (session, raw, message, identity, own);
    FlowReply others = take_others (session, raw, message, identity);
    if (own->len == 0)
        return others;
    return joined (session, take_own (session, raw, message, identity, own), others);
}
