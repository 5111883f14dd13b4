/* fake_flow.h - a flow that does as it is told, and remembers what it was given. Its functions take
 * the place of the real ones, so the fronts are tested without policy and store. */
#ifndef FAKE_FLOW_H
#define FAKE_FLOW_H

#include "flow.h"

/* What the next messages meet. Set it while no worker is busy. */
typedef struct {
    FlowStep step;
    FlowKind kind;
    const char *text;
    guint drop;      /* FLOW_DROP: this many of the first recipients */
    guint finish_ms; /* how long flow_finish takes */
    gsize size_max;  /* flow_append fails beyond it; 0 = never */
} FakeOrders;

/* What was seen of the last message that came to an end, and of all. */
typedef struct {
    guint made, freed, decided, finished;
    char *sender, *authenticated, *client, *queue_id; /* NULL when unknown */
    char **recipients;
    GByteArray *bytes;
    gboolean has_failed; /* flow_append had an error */
} FakeSeen;

Flow *fake_flow_new (void);
void fake_flow_free (Flow *flow);
FakeOrders *fake_flow_orders (Flow *flow);
/* Not while a worker is busy. */
const FakeSeen *fake_flow_seen (Flow *flow);
/* Waits until so many messages are finished. Thread: any. */
void fake_flow_wait (Flow *flow, guint finished);
/* Waits until so many sessions are freed; FALSE when that takes longer than ten seconds. */
gboolean fake_flow_wait_freed (Flow *flow, guint freed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Flow, fake_flow_free)

#endif
