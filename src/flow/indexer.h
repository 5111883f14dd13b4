/* indexer.h - brings posts into the full-text index after their commit. */
#ifndef INDEXER_H
#define INDEXER_H

#include "store.h"

typedef struct Indexer Indexer;

Indexer *indexer_new (void);
void indexer_free (Indexer *indexer);

/* The words of a post that was just committed, so that it needs not be read and parsed again. May
 * be forgotten: then it is. Strings are copied. Thread: any. */
void indexer_offer (Indexer *indexer, PostId post, const char *subject, const char *text,
                    const char *names);

/* Indexes what is pending, oldest first, in batches of one transaction each, until nothing is left
 * or about `most` are done. Restartable at any point: what is indexed is recorded in the same
 * transaction. *ret_done: how many. Thread: background, with its own reader. */
gboolean indexer_run (Indexer *indexer, Store *store, StoreReader *reader, guint most,
                      guint *ret_done, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Indexer, indexer_free)

#endif
