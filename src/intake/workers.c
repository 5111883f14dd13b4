/* workers.c - see workers.h.
 *
 * (I1) Loop and workers meet only in two channels: `todo` and `done`.
 * (I2) There are never more works than both channels hold, so submitting never waits. */
#include "workers.h"

#include "chan.h"
#include "thread.h"

struct Workers {
    Chan *todo, *done;
    void (*bell) (gpointer);
    gpointer bell_data;
    guint count;
    pthread_t threads[];
};

static void *work (void *data)
{
    Workers *workers = data;
    Work *next;
    while ((next = chan_pop (workers->todo, -1)) != NULL) {
        next->reply = flow_finish (next->message);
        gboolean ok = chan_push (workers->done, next);
        g_assert (ok); /* I2 */
        workers->bell (workers->bell_data);
    }
    return NULL;
}

void workers_free (Workers *workers)
{
    if (workers == NULL)
        return;
    chan_close (workers->todo);
    for (guint i = 0; i < workers->count; i++)
        pthread_join (workers->threads[i], NULL);
    chan_free (workers->todo);
    chan_free (workers->done);
    g_free (workers);
}

Workers *workers_new (guint threads, guint limit, void (*bell) (gpointer), gpointer data,
                      GError **error)
{
    g_autoptr (Workers) workers = g_malloc0 (sizeof *workers + threads * sizeof (pthread_t));
    workers->todo = chan_new (limit, NULL);
    workers->done = chan_new (limit, NULL);
    workers->bell = bell;
    workers->bell_data = data;
    for (; workers->count < threads; workers->count++)
        if (!thread_start (&workers->threads[workers->count], "worker", work, workers, error))
            return NULL;
    return g_steal_pointer (&workers);
}

void workers_submit (Workers *workers, Work *work_todo)
{
    gboolean ok = chan_try_push (workers->todo, work_todo);
    g_assert (ok); /* I2 */
}

Work *workers_take (Workers *workers)
{
    return chan_pop (workers->done, 0);
}
