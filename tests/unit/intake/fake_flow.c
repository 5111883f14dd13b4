/* fake_flow.c - see fake_flow.h. */
#include "fake_flow.h"

#include <pthread.h>
#include <time.h>

#include "error.h"

struct Flow {
    FakeOrders orders;
    FakeSeen seen;
    pthread_mutex_t lock; /* for seen */
};

struct FlowSession {
    Flow *flow;
    Envelope envelope;
    GByteArray *bytes;
    GPtrArray *drop;
    gboolean has_failed;
};

static void nap (guint ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep (&time, NULL);
}

Flow *fake_flow_new (void)
{
    Flow *flow = g_new0 (Flow, 1);
    pthread_mutex_init (&flow->lock, NULL);
    flow->orders.step = FLOW_STEP_WANT_BODY;
    flow->orders.kind = FLOW_TAKEN;
    flow->seen.bytes = g_byte_array_new();
    return flow;
}

void fake_flow_free (Flow *flow)
{
    if (flow == NULL)
        return;
    g_assert_cmpuint (flow->seen.made, ==, flow->seen.freed);
    g_free (flow->seen.sender);
    g_free (flow->seen.authenticated);
    g_free (flow->seen.client);
    g_free (flow->seen.queue_id);
    g_strfreev (flow->seen.recipients);
    g_byte_array_unref (flow->seen.bytes);
    pthread_mutex_destroy (&flow->lock);
    g_free (flow);
}

FakeOrders *fake_flow_orders (Flow *flow)
{
    return &flow->orders;
}

const FakeSeen *fake_flow_seen (Flow *flow)
{
    return &flow->seen;
}

static guint count_locked (Flow *flow, const guint *counter)
{
    pthread_mutex_lock (&flow->lock);
    guint count = *counter;
    pthread_mutex_unlock (&flow->lock);
    return count;
}

void fake_flow_wait (Flow *flow, guint finished)
{
    while (count_locked (flow, &flow->seen.finished) < finished)
        nap (1);
}

gboolean fake_flow_wait_freed (Flow *flow, guint freed)
{
    guint tries = 10000;
    while (tries > 0 && count_locked (flow, &flow->seen.freed) < freed) {
        nap (1);
        tries--;
    }
    return tries > 0;
}

FlowSession *flow_session_new (Flow *flow, Front front)
{
    FlowSession *session = g_new0 (FlowSession, 1);
    session->flow = flow;
    session->envelope.front = front;
    session->envelope.recipients = g_ptr_array_new_with_free_func (g_free);
    session->bytes = g_byte_array_new();
    session->drop = g_ptr_array_new();
    pthread_mutex_lock (&flow->lock);
    flow->seen.made++;
    pthread_mutex_unlock (&flow->lock);
    return session;
}

void flow_session_free (FlowSession *session)
{
    if (session == NULL)
        return;
    pthread_mutex_lock (&session->flow->lock);
    session->flow->seen.freed++;
    pthread_mutex_unlock (&session->flow->lock);
    g_free (session->envelope.queue_id);
    g_free (session->envelope.sender);
    g_free (session->envelope.authenticated);
    g_free (session->envelope.client);
    g_ptr_array_unref (session->envelope.recipients);
    g_byte_array_unref (session->bytes);
    g_ptr_array_unref (session->drop);
    g_free (session);
}

Envelope *flow_session_envelope (FlowSession *session)
{
    return &session->envelope;
}

static void set (char **field, const char *text)
{
    g_free (*field);
    *field = g_strdup (text);
}

/* Copies what the session knows; the lock is held. */
static void note (FakeSeen *seen, FlowSession *session)
{
    const Envelope *envelope = &session->envelope;
    set (&seen->sender, envelope->sender);
    set (&seen->authenticated, envelope->authenticated);
    set (&seen->client, envelope->client);
    set (&seen->queue_id, envelope->queue_id);
    g_strfreev (seen->recipients);
    seen->recipients = g_new0 (char *, envelope->recipients->len + 1);
    for (guint i = 0; i < envelope->recipients->len; i++)
        seen->recipients[i] = g_strdup (envelope->recipients->pdata[i]);
    g_byte_array_set_size (seen->bytes, 0);
    g_byte_array_append (seen->bytes, session->bytes->data, session->bytes->len);
    seen->has_failed = session->has_failed;
}

FlowStep flow_recipients_done (FlowSession *session)
{
    Flow *flow = session->flow;
    pthread_mutex_lock (&flow->lock);
    flow->seen.decided++;
    note (&flow->seen, session);
    pthread_mutex_unlock (&flow->lock);
    return flow->orders.step;
}

gboolean flow_append (FlowSession *session, gconstpointer data, gsize len, GError **error)
{
    gsize size_max = session->flow->orders.size_max;
    g_assert_false (session->has_failed); /* a front stops appending after an error */
    if (size_max > 0 && session->bytes->len + len > size_max) {
        session->has_failed = TRUE;
        return error_fail (error, ERR_REFUSED, "message is too large");
    }
    g_byte_array_append (session->bytes, data, (guint)len);
    return TRUE;
}

FlowReply flow_finish (FlowSession *session)
{
    Flow *flow = session->flow;
    nap (flow->orders.finish_ms);
    GPtrArray *recipients = session->envelope.recipients;
    for (guint i = 0; i < MIN (flow->orders.drop, recipients->len); i++)
        g_ptr_array_add (session->drop, recipients->pdata[i]);
    pthread_mutex_lock (&flow->lock);
    note (&flow->seen, session);
    flow->seen.finished++;
    pthread_mutex_unlock (&flow->lock);
    return (FlowReply){.kind = flow->orders.kind,
                       .reason = "fake",
                       .text = flow->orders.text,
                       .drop = session->drop};
}
