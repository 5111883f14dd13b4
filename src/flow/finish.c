/* finish.c - the use case: parse, decide, store, answer. The one place where errors of intake end.
 *
 * (I1) FLOW_TAKEN and FLOW_DROP are given only after the commit.
 * (I2) Whatever goes wrong, the answer is what on_failure says; nothing is discarded.
 * (I3) A post and its notices are one transaction. */
#include "flow_private.h"

#include <string.h>

#include "entry.h"
#include "error.h"
#include "filter.h"
#include "identity.h"
#include "log.h"
#include "post_job.h"

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
    post_job_log (job, session);
    return (FlowReply){.kind = nobody_left ? FLOW_TAKEN : FLOW_DROP,
                       .reason = verdict->reason,
                       .drop = verdict->drop,
                       .post = job->post};
}

static FlowReply store_post (FlowSession *session, const Message *message, const char *identity)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PostJob) job = post_job_new (session, message, identity);
    if (!store_write (session->flow->store, post_job_apply, job, &error))
        return fail (session, "store", error);
    if (job->is_new)
        indexer_offer (session->flow->indexer, job->post, job->draft->post.subject,
                       job->draft->text, job->draft->names);
    return reply_stored (session, job);
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

/* Over LMTP comes mail to own addresses, and what Postfix' content_filter sends us. */
static gboolean is_for_filter (const FlowSession *session)
{
    const Envelope *envelope = session->envelope;
    const Config *conf = session->snapshot->conf;
    if (envelope->front != FRONT_LMTP || envelope->recipients->len == 0)
        return FALSE;
    return conf->lmtp_filter || filter_is_own (conf, envelope->recipients);
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
    if (is_for_filter (session))
        return filter_finish (session, raw, identity);
    if (session->flow->poison != NULL && poison_is_known (session->flow->poison, identity))
        return pass (session, "poison", EV_MESSAGE_PASSED);
    g_autoptr (Message) message = examine (session, raw, identity);
    return carry_out (session, message, identity);
}
