/* threads.h - where a post stands among the others. */
#ifndef THREADS_H
#define THREADS_H

#include "posts.h"

typedef struct {
    gint64 thread, parent; /* 0: it begins a thread */
    guint rank;            /* of the reference that led to the parent; 0: none, or a stand-in */
    guint ref_count;       /* how many references count */
    PostVisibility visibility;
    gboolean is_top;
} ThreadPlace;

/* Looks for the nearest known reference. */
gboolean thread_find_place (StoreTxn *txn, const PostDraft *draft, ThreadPlace *ret_place,
                            GError **error);
/* After the post was added: notes what it waits for, gathers the answers that waited for it, and
 * counts. */
gboolean thread_settle (StoreTxn *txn, const PostDraft *draft, PostId id, gint64 key,
                        const ThreadPlace *place, GError **error);

#endif
