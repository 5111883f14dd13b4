/* session.c - one message in transit: envelope, early decision, bytes. flow_finish is in finish.c.
 */
#include "flow_private.h"

#include "error.h"
#include "log.h"

FlowSession *flow_session_new (Flow *flow, Front front)
{
    FlowSession *session = g_new0 (FlowSession, 1);
    session->flow = flow;
    session->snapshot = flow_snapshot (flow);
    session->envelope = envelope_new (front);
    return session;
}

void flow_session_free (FlowSession *session)
{
    if (session == NULL)
        return;
    verdict_free (session->verdict);
    g_clear_pointer (&session->done, g_ptr_array_unref);
    spool_free (session->spool);
    envelope_free (session->envelope);
    snapshot_unref (session->snapshot);
    g_free (session);
}

Envelope *flow_session_envelope (FlowSession *session)
{
    return session->envelope;
}

FlowStep flow_recipients_done (FlowSession *session)
{
    const Snapshot *snapshot = session->snapshot;
    const char *reason = NULL;
    if (session->envelope->front == FRONT_LMTP) /* its body comes in any case */
        return FLOW_STEP_WANT_BODY;
    if (!policy_early (snapshot->policy, snapshot->directory, session->envelope, &reason))
        return FLOW_STEP_WANT_BODY;
    log_event (EV_MESSAGE_PASSED, LOG_TEXT ("qid", session->envelope->queue_id),
               LOG_TEXT ("reason", reason), LOG_INT ("rcpt", session->envelope->recipients->len));
    return FLOW_STEP_PASS;
}

gboolean flow_append (FlowSession *session, gconstpointer data, gsize len, GError **error)
{
    const Config *conf = session->snapshot->conf;
    if (session->spool == NULL)
        session->spool = spool_new (conf->spool_directory, conf->message_size_max);
    if (!spool_append (session->spool, data, len, error)) {
        session->is_broken = TRUE;
        error_prefix (error, "taking in %s", session->envelope->queue_id);
        return FALSE;
    }
    return TRUE;
}
