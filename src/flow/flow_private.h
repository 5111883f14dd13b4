/* flow_private.h - what the files of this layer share. */
#ifndef FLOW_PRIVATE_H
#define FLOW_PRIVATE_H

#include <pthread.h>

#include "chan.h"
#include "flow.h"
#include "indexer.h"
#include "ledger.h"
#include "poison.h"
#include "snapshot.h"
#include "spool.h"

struct Flow {
    Store *store;
    const Clock *clock;
    TokenKey *key;
    pthread_mutex_t snapshot_lock; /* guards the pointer, for as long as it takes to count one up */
    Snapshot *snapshot;
    Chan *readers; /* idle StoreReaders: a worker borrows one for a message */
    Ledger *ledger;
    Indexer *indexer;
    Poison *poison; /* NULL unless flow_start was called */
    pthread_t background;
    gboolean is_started;
    Chan *bell; /* rung by commits and by flow_free */
};

struct FlowSession {
    Flow *flow;
    Snapshot *snapshot;
    Envelope *envelope;
    Spool *spool;       /* NULL until the first byte */
    Verdict *verdict;   /* NULL until decided; `drop` of the reply lives in it */
    GPtrArray *done;    /* of RCPT texts, borrowed: `drop` of a reply over LMTP; or NULL */
    gboolean is_broken; /* bytes were lost on the way in */
};

Snapshot *flow_snapshot (Flow *flow); /* referenced for the caller */

/* Borrows an idle reader, or opens one. Give it back with flow_reader_return. */
StoreReader *flow_reader_borrow (Flow *flow, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void flow_reader_return (Flow *flow, StoreReader *take_reader);

/* Parses nothing, asks nobody: the archive's facts for a message, then the policy's decision. A
 * store that cannot be read gives no facts, and the decision goes on. Owned. */
Verdict *flow_decide (Flow *flow, const Snapshot *snapshot, const Envelope *envelope,
                      const Message *message);

#endif
