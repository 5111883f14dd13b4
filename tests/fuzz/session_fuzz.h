/* session_fuzz.h - feeds a protocol of the intake with a peer's bytes, for fuzz_milter_session and
 * fuzz_lmtp_session. The first byte says how the flow answers, the second in how small pieces the
 * bytes come. What is answered may not depend on the pieces. */
#ifndef SESSION_FUZZ_H
#define SESSION_FUZZ_H

#include "../unit/intake/fake_flow.c"
#include "protocol.h"

/* The whole dialogue; what was said to the peer. */
static GByteArray *session_fuzz_talk (const Protocol *protocol, guint8 how, const guint8 *bytes,
                                      gsize size, gsize step)
{
    Flow *flow = fake_flow_new();
    *fake_flow_orders (flow) = (FakeOrders){
        .step = (how & 8) != 0 ? FLOW_STEP_PASS : FLOW_STEP_WANT_BODY,
        .kind = (FlowKind)((how & 7) % 5),
        .text = (how & 16) != 0 ? "5.1.1 100 % \xff wrong" : NULL,
        .drop = how >> 5,
        .size_max = (how & 32) != 0 ? 40 : 0,
    };
    const SessionSettings settings = {flow, "mx.example.test", 1000};
    GByteArray *out = g_byte_array_new();
    gpointer session = protocol->open (&settings, out);
    SessionWant want = SESSION_READS;
    gsize given = 0, taken = 0; /* bytes that came, bytes that the session took */
    while (want != SESSION_ENDS && (given < size || taken < given)) {
        gsize used = 0;
        want = protocol->feed (session, bytes + taken, given - taken, &used, out);
        g_assert (used <= given - taken);
        taken += used;
        if (want == SESSION_WORKS) {
            FlowReply reply = flow_finish (protocol->message (session));
            want = protocol->finished (session, &reply, out);
        } else if (used == 0 && given == size) {
            break;
        } else if (used == 0) {
            given = MIN (size, given + step);
        }
    }
    protocol->close (session);
    fake_flow_free (flow); /* checks that every FlowSession was freed */
    return out;
}

static void session_fuzz (const Protocol *protocol, const guint8 *data, gsize size)
{
    if (size < 2)
        return;
    log_init (LOG_ERROR);
    g_autoptr (GByteArray) whole = session_fuzz_talk (protocol, data[0], data + 2, size - 2, size);
    g_autoptr (GByteArray) pieces =
        session_fuzz_talk (protocol, data[0], data + 2, size - 2, 1 + data[1]);
    g_assert_cmpmem (whole->data, whole->len, pieces->data, pieces->len);
}

#endif
