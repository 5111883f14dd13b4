/* finish.c - the use case: parse, decide, store, answer. The one place where errors of intake end.
 *
 * (I1) FLOW_TAKEN and FLOW_DROP are given only after the commit.
 * (I2) Whatever goes wrong, the answer is what on_failure says; nothing is discarded.
 * (I3) A post and its notices are one transaction. */
#include "flow_private.h"

#include <string.h>

#include "draft.h"
#include "entry.h"
#include "error.h"
#include "identity.h"
#include "log.h"
#include "notices.h"
#include "own_address.h"
#include "receive.h"

typedef struct {
    const Draft *draft;
    const VerdictEntry *entry;
    guint receipts_max; /* 0 = always, G_MAXUINT = never */
    gint64 due_ms;      /* of mails to who follows the thread that it answers */
    PostId post;
    gboolean is_new;
} PostJob;

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

static gboolean apply_post (StoreTxn *txn, gpointer data, GError **error)
{
    PostJob *job = data;
    if (!store_post_add (txn, &job->draft->post, &job->post, &job->is_new, error))
        return FALSE;
    if (job->is_new && job->receipts_max != G_MAXUINT &&
        !store_receipt_add (txn, job->post, job->draft->post.author, job->receipts_max, error))
        return FALSE;
    /* Whom the message names, the policy has looked at already. */
    if (job->is_new && !store_comment_notices (txn, job->post, 0, job->due_ms, error))
        return FALSE;
    VerdictEntry entry = *job->entry;
    entry.post = job->post;
    return store_verdict_add (txn, &entry, error);
}

static FlowReply reply_failure (const FlowSession *session, const char *reason)
{
    if (session->snapshot->conf->on_failure == FAILURE_DEFER)
        return (FlowReply){.kind = FLOW_DEFER,
                           .reason = reason,
                           .text = "4.3.0 The message archive is not available; try again later"};
    return (FlowReply){.kind = FLOW_PASS, .reason = reason};
}

static FlowReply fail (const FlowSession *session, const char *reason, const GError *error)
{
    log_event (EV_MESSAGE_FAILED, LOG_TEXT ("qid", session->envelope->queue_id),
               LOG_TEXT ("reason", reason),
               LOG_TEXT ("answer",
                         session->snapshot->conf->on_failure == FAILURE_DEFER ? "defer" : "pass"),
               LOG_TEXT ("error", error != NULL ? error->message : NULL));
    return reply_failure (session, reason);
}

static FlowReply pass (const FlowSession *session, const char *reason, LogEvent event)
{
    log_event (event, LOG_TEXT ("qid", session->envelope->queue_id), LOG_TEXT ("reason", reason),
               LOG_INT ("rcpt", session->envelope->recipients->len));
    return (FlowReply){.kind = FLOW_PASS, .reason = reason};
}

static FlowReply reply_stored (const FlowSession *session, const PostJob *job)
{
    const Verdict *verdict = session->verdict;
    gboolean nobody_left = verdict->drop->len >= session->envelope->recipients->len;
    log_event (job->is_new ? EV_POST_STORED : EV_POST_REPEATED,
               LOG_TEXT ("qid", session->envelope->queue_id), LOG_INT ("post", job->post.value),
               LOG_TEXT ("verdict", verdict_name (verdict->kind)),
               LOG_TEXT ("reason", verdict->reason), LOG_INT ("persons", verdict->persons),
               LOG_INT ("notices", entry_count_notices (verdict)));
    return (FlowReply){.kind = nobody_left ? FLOW_TAKEN : FLOW_DROP,
                       .reason = verdict->reason,
                       .drop = verdict->drop,
                       .post = job->post};
}

static FlowReply store_post (FlowSession *session, const Message *message, const char *identity)
{
    g_autoptr (GError) error = NULL;
    VerdictEntry *entry = entry_new (session, message);
    g_autoptr (Draft) draft =
        draft_new (message, session->envelope, session->verdict, identity, entry->time_ms);
    gint64 bundle_ms = (gint64)session->snapshot->conf->bundle_seconds * 1000;
    draft->post.notices_max = session->snapshot->conf->must_read_max;
    PostJob job = {.draft = draft,
                   .entry = entry,
                   .receipts_max = receipts_max (session),
                   .due_ms = entry->time_ms + bundle_ms};
    gboolean ok = store_write (session->flow->store, apply_post, &job, &error);
    verdict_entry_free (entry);
    return ok ? reply_stored (session, &job) : fail (session, "store", error);
}

/* Takes the message apart and decides, with its digest noted in case that kills us. */
static Message *examine (FlowSession *session, GBytes *raw, const char *identity)
{
    Flow *flow = session->flow;
    int slot = flow->poison != NULL ? poison_enter (flow->poison, identity) : -1;
    Message *message = message_parse (raw, NULL);
    session->verdict = flow_decide (flow, session->snapshot, session->envelope, message);
    if (slot >= 0)
        poison_leave (flow->poison, slot);
    return message;
}

/* Over LMTP comes only mail to own addresses. */
static gboolean is_own_mail (const FlowSession *session)
{
    const Envelope *envelope = session->envelope;
    for (guint i = 0; i < envelope->recipients->len; i++) {
        g_auto (OwnAddress) own =
            own_address_parse (session->snapshot->conf, envelope->recipients->pdata[i]);
        if (own.kind == OWN_NONE)
            return FALSE;
    }
    return envelope->front == FRONT_LMTP && envelope->recipients->len > 0;
}

static FlowReply receive (FlowSession *session, GBytes *raw, const char *identity)
{
    Flow *flow = session->flow;
    int slot = flow->poison != NULL ? poison_enter (flow->poison, identity) : -1;
    g_autoptr (Message) message = message_parse (raw, NULL);
    if (slot >= 0)
        poison_leave (flow->poison, slot);
    return receive_finish (session, raw, message, identity);
}

/* An answer to all that its reply address takes in: nothing is stored here. */
static FlowReply drop_copies (const FlowSession *session)
{
    const Verdict *verdict = session->verdict;
    log_event (EV_COPIES_DROPPED, LOG_TEXT ("qid", session->envelope->queue_id),
               LOG_INT ("copies", verdict->drop->len));
    return (FlowReply){.kind = FLOW_DROP, .reason = verdict->reason, .drop = verdict->drop};
}

static FlowReply carry_out (FlowSession *session, const Message *message, const char *identity)
{
    const Verdict *verdict = session->verdict;
    if (verdict->kind == VERDICT_SPLIT && strcmp (verdict->reason, "comment") == 0)
        return drop_copies (session);
    if (verdict->kind == VERDICT_POST || verdict->kind == VERDICT_SPLIT)
        return store_post (session, message, identity);
    ledger_add (session->flow->ledger, entry_new (session, message));
    return pass (session, verdict->reason,
                 verdict->kind == VERDICT_OBSERVE ? EV_MESSAGE_OBSERVED : EV_MESSAGE_PASSED);
}

FlowReply flow_finish (FlowSession *session)
{
    g_autoptr (GError) error = NULL;
    if (session->is_broken || session->spool == NULL)
        return fail (session, "spool", NULL);
    g_autoptr (GBytes) raw = spool_take (session->spool, &error);
    if (raw == NULL)
        return fail (session, "spool", error);
    g_autofree char *identity = identity_digest (raw);
    if (session->flow->poison != NULL && poison_is_known (session->flow->poison, identity))
        return pass (session, "poison", EV_MESSAGE_PASSED);
    if (is_own_mail (session))
        return receive (session, raw, identity);
    g_autoptr (Message) message = examine (session, raw, identity);
    return carry_out (session, message, identity);
}
