/* indexer.h - brings posts into the full-text index after their commit. */
#ifndef INDEXER_H
#define INDEXER_H

#include "store.h"

/* Indexes what is pending, oldest first, in batches of one transaction each, until nothing is left
 * or about `most` are done. Restartable at any point: what is indexed is recorded in the same
 * transaction. *ret_done: how many. Thread: background, with its own reader. */
gboolean indexer_run (Store *store, StoreReader *reader, guint most, guint *ret_done,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
