/* talk.h - one connection of a protocol without a socket, before a flow that does as it is told:
 * what the peer says goes in, in pieces as a socket would give them, and what is answered is in
 * `out`. */
#ifndef TALK_H
#define TALK_H

#include "fake_flow.h"
#include "protocol.h"

typedef struct {
    const Protocol *protocol;
    Flow *flow;
    SessionSettings settings;
    gpointer session;
    GByteArray *in, *out;
    SessionWant want;
    gboolean is_slow; /* works wait for talk_finish; else they are done at once */
    gboolean is_working;
} Talk;

static inline Talk *talk_open (const Protocol *protocol, guint64 message_size_max)
{
    Talk *talk = g_new0 (Talk, 1);
    talk->protocol = protocol;
    talk->flow = fake_flow_new();
    talk->settings = (SessionSettings){talk->flow, "mx.example.test", message_size_max};
    talk->in = g_byte_array_new();
    talk->out = g_byte_array_new();
    talk->session = protocol->open (&talk->settings, talk->out);
    return talk;
}

static inline void talk_free (Talk *talk)
{
    talk->protocol->close (talk->session);
    fake_flow_free (talk->flow); /* checks that every FlowSession was freed */
    g_byte_array_unref (talk->in);
    g_byte_array_unref (talk->out);
    g_free (talk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free)

static inline void talk_finish (Talk *talk)
{
    FlowReply reply = flow_finish (talk->protocol->message (talk->session));
    talk->is_working = FALSE;
    talk->want = talk->protocol->finished (talk->session, &reply, talk->out);
}

/* `step` bytes at a time. */
static inline void talk_feed (Talk *talk, const void *bytes, gsize size, gsize step)
{
    for (gsize i = 0; i < size && talk->want != SESSION_ENDS; i += step) {
        g_byte_array_append (talk->in, (const guint8 *)bytes + i, (guint)MIN (step, size - i));
        gsize used = 1;
        while (used > 0 && talk->in->len > 0 && talk->want != SESSION_ENDS) {
            talk->want = talk->protocol->feed (talk->session, talk->in->data, talk->in->len, &used,
                                               talk->out);
            g_byte_array_remove_range (talk->in, 0, (guint)used);
            if (talk->want == SESSION_WORKS)
                talk->is_working = TRUE;
            if (talk->want == SESSION_WORKS && !talk->is_slow)
                talk_finish (talk);
        }
    }
}

#endif
