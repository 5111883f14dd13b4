/* connection.h - the peers of all listeners: their sockets, buffers, silence and work under way.
 *
 * Thread: the loop's, all of it. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "loop.h"
#include "protocol.h"
#include "workers.h"

typedef struct Connections Connections;

typedef struct {
    guint count_max;       /* connections at the same time */
    gint64 silence_max_ms; /* a peer that is silent longer than this in mid-message is closed */
    gint64 progress_ms;    /* a peer that waits for a worker hears from us this often */
} ConnectionLimits;

/* Everything is borrowed. `workers` takes at least count_max works. */
Connections *connections_new (Loop *loop, Workers *workers, const SessionSettings *settings,
                              const ConnectionLimits *limits);
/* Closes all. No worker may be busy with one any more. */
void connections_free (Connections *connections);

/* A peer has connected. When there are too many it is told so and closed. */
void connections_add (Connections *connections, int take_fd, const Protocol *protocol);
/* How many there are, those included that are closed and wait for their worker. */
guint connections_count (const Connections *connections);

/* For the hooks of the loop: time has passed; a worker may be done; sources can be freed. */
void connections_tick (Connections *connections);
void connections_collect (Connections *connections);
void connections_bury (Connections *connections);

/* From now on a connection is closed as soon as it is between two messages; `at_once`: now, unless
 * a worker is busy with its message. */
void connections_drain (Connections *connections, gboolean at_once);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Connections, connections_free)

#endif
