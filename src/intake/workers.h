/* workers.h - threads that parse and store messages, so that the loop never waits. */
#ifndef WORKERS_H
#define WORKERS_H

#include "flow.h"

typedef struct Workers Workers;

/* One message on its way through a worker. Embedded in its owner; between workers_submit and
 * workers_take it belongs to the workers and nobody else may touch it or its message. */
typedef struct {
    FlowSession *message;
    FlowReply reply; /* set by the worker */
    gpointer owner;
} Work;

/* Starts threads. `limit`: how many works there can be at the same time. `bell` is rung on a
 * worker's thread whenever a work is done. Errors: INTERNAL the system gives no more threads. */
Workers *workers_new (guint threads, guint limit, void (*bell) (gpointer), gpointer data,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Does what was submitted, then ends the threads. */
void workers_free (Workers *workers);

/* Hands a message to flow_finish. Thread: the loop. */
void workers_submit (Workers *workers, Work *work);
/* A work that is done, or NULL. Thread: the loop. */
Work *workers_take (Workers *workers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Workers, workers_free)

#endif
