/* chan.c - see chan.h. Made of pthreads, not GMutex: thread checkers know them.
 *
 * (I1) `items` is touched only with `lock` held.
 * (I2) Once `closed`, nothing is added. */
#include "chan.h"

#include <pthread.h>
#include <time.h>

struct Chan {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    GQueue items;
    guint limit;
    gboolean closed;
    GDestroyNotify free_item;
};

Chan *chan_new (guint limit, GDestroyNotify free_item)
{
    Chan *chan = g_new0 (Chan, 1);
    pthread_condattr_t attributes;
    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init (&chan->lock, NULL);
    pthread_cond_init (&chan->not_empty, &attributes);
    pthread_cond_init (&chan->not_full, &attributes);
    pthread_condattr_destroy (&attributes);
    g_queue_init (&chan->items);
    chan->limit = limit;
    chan->free_item = free_item;
    return chan;
}

void chan_free (Chan *chan)
{
    if (chan == NULL)
        return;
    gpointer item;
    while ((item = g_queue_pop_head (&chan->items)) != NULL)
        if (chan->free_item != NULL)
            chan->free_item (item);
    pthread_cond_destroy (&chan->not_empty);
    pthread_cond_destroy (&chan->not_full);
    pthread_mutex_destroy (&chan->lock);
    g_free (chan);
}

static gboolean push (Chan *chan, gpointer item, gboolean wait)
{
    pthread_mutex_lock (&chan->lock);
    while (wait && !chan->closed && chan->items.length >= chan->limit)
        pthread_cond_wait (&chan->not_full, &chan->lock);
    gboolean ok = !chan->closed && chan->items.length < chan->limit;
    if (ok) {
        g_queue_push_tail (&chan->items, item);
        pthread_cond_signal (&chan->not_empty);
    }
    pthread_mutex_unlock (&chan->lock);
    return ok;
}

gboolean chan_push (Chan *chan, gpointer take_item)
{
    return push (chan, take_item, TRUE);
}

gboolean chan_try_push (Chan *chan, gpointer take_item)
{
    return push (chan, take_item, FALSE);
}

static struct timespec deadline_after (gint64 timeout_ms)
{
    struct timespec at;
    clock_gettime (CLOCK_MONOTONIC, &at);
    gint64 ns = at.tv_nsec + (timeout_ms % 1000) * 1000000;
    at.tv_sec += (time_t)(timeout_ms / 1000 + ns / 1000000000);
    at.tv_nsec = (long)(ns % 1000000000);
    return at;
}

gpointer chan_pop (Chan *chan, gint64 timeout_ms)
{
    struct timespec at = deadline_after (MAX (timeout_ms, 0));
    pthread_mutex_lock (&chan->lock);
    int result = 0;
    while (chan->items.length == 0 && !chan->closed && result == 0)
        result = timeout_ms < 0 ? pthread_cond_wait (&chan->not_empty, &chan->lock)
                                : pthread_cond_timedwait (&chan->not_empty, &chan->lock, &at);
    gpointer item = g_queue_pop_head (&chan->items);
    if (item != NULL)
        pthread_cond_signal (&chan->not_full);
    pthread_mutex_unlock (&chan->lock);
    return item;
}

void chan_close (Chan *chan)
{
    pthread_mutex_lock (&chan->lock);
    chan->closed = TRUE;
    pthread_cond_broadcast (&chan->not_empty);
    pthread_cond_broadcast (&chan->not_full);
    pthread_mutex_unlock (&chan->lock);
}

gboolean chan_is_closed (Chan *chan)
{
    pthread_mutex_lock (&chan->lock);
    gboolean closed = chan->closed;
    pthread_mutex_unlock (&chan->lock);
    return closed;
}
