/* ledger.h - the verdicts about messages that were left alone, on their way to the verdict log.
 *
 * Nobody waits for them: they are written in batches by the background thread. Verdicts about posts
 * do not come this way; they are written with the post. */
#ifndef LEDGER_H
#define LEDGER_H

#include "notices.h"

typedef struct Ledger Ledger;

Ledger *ledger_new (void);
void ledger_free (Ledger *ledger);

/* Queues an entry for writing. When too many wait (the disk is stuck) it is dropped: the log line
 * has it. Thread: any. */
void ledger_add (Ledger *ledger, VerdictEntry *take_entry);

/* Writes what waits. Errors: those of the store; then the batch is lost. Thread: background. */
gboolean ledger_write (Ledger *ledger, Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ledger, ledger_free)

#endif
