/* chan.h - a bounded queue of pointers between threads. One of the two places with a lock. */
#ifndef CHAN_H
#define CHAN_H

#include <glib.h>

typedef struct Chan Chan;

/* A queue for at most `limit` items. Free it when no thread uses it any more; items that are still
 * in it are given to `free_item` (may be NULL). */
Chan *chan_new (guint limit, GDestroyNotify free_item);
void chan_free (Chan *chan);

/* Adds an item, waiting while the queue is full. FALSE when the queue is closed: the caller keeps
 * the item. Thread: any. */
gboolean chan_push (Chan *chan, gpointer take_item) G_GNUC_WARN_UNUSED_RESULT;

/* Like chan_push, but FALSE at once when the queue is full. */
gboolean chan_try_push (Chan *chan, gpointer take_item) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the oldest item, waiting up to timeout_ms (-1: for ever). NULL on timeout, or when the queue
 * is closed and empty. Thread: any. */
gpointer chan_pop (Chan *chan, gint64 timeout_ms) G_GNUC_WARN_UNUSED_RESULT;

/* No more items; waiting threads wake up. What is in the queue can still be taken. */
void chan_close (Chan *chan);
gboolean chan_is_closed (Chan *chan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Chan, chan_free)

#endif
