/* test_chan.c - chan.h: order, bounds and waking up, alone and among threads. */
#include "chan.h"

#include <pthread.h>
#include <stdatomic.h>

#include "clock.h"

#define PRODUCERS 3
#define CONSUMERS 3
#define ITEMS_EACH 2000

static void test_order (void)
{
    g_autoptr (Chan) chan = chan_new (3, NULL);
    for (gsize i = 1; i <= 3; i++)
        g_assert_true (chan_push (chan, GSIZE_TO_POINTER (i)));
    g_assert_false (chan_try_push (chan, GSIZE_TO_POINTER (4)));
    for (gsize i = 1; i <= 3; i++)
        g_assert_cmpuint (GPOINTER_TO_SIZE (chan_pop (chan, 0)), ==, i);
    g_assert_null (chan_pop (chan, 0));
}

static void test_closed (void)
{
    g_autoptr (Chan) chan = chan_new (3, NULL);
    g_assert_false (chan_is_closed (chan));
    g_assert_true (chan_try_push (chan, GSIZE_TO_POINTER (1)));
    chan_close (chan);
    g_assert_true (chan_is_closed (chan));
    g_assert_false (chan_push (chan, GSIZE_TO_POINTER (2)));
    g_assert_cmpuint (GPOINTER_TO_SIZE (chan_pop (chan, -1)), ==, 1);
    g_assert_null (chan_pop (chan, -1));
}

static void test_timeout (void)
{
    g_autoptr (Chan) chan = chan_new (1, NULL);
    gint64 start_ms = clock_monotonic_ms();
    g_assert_null (chan_pop (chan, 30));
    gint64 waited_ms = clock_monotonic_ms() - start_ms;
    g_assert_cmpint (waited_ms, >=, 29);
    g_assert_cmpint (waited_ms, <, 5000);
}

static void count_free (gpointer item)
{
    (*(guint *)item)++;
}

static void test_items_are_freed (void)
{
    guint freed = 0;
    Chan *chan = chan_new (4, count_free);
    g_assert_true (chan_push (chan, &freed));
    g_assert_true (chan_push (chan, &freed));
    chan_free (chan);
    g_assert_cmpuint (freed, ==, 2);
    chan_free (NULL);
}

typedef struct {
    Chan *chan;
    atomic_size_t sum;
    atomic_uint taken, pushed;
} Meeting;

static void *produce (void *data)
{
    Meeting *meeting = data;
    for (gsize i = 1; i <= ITEMS_EACH; i++)
        if (chan_push (meeting->chan, GSIZE_TO_POINTER (i)))
            atomic_fetch_add (&meeting->pushed, 1);
    return NULL;
}

static void *consume (void *data)
{
    Meeting *meeting = data;
    gpointer item;
    while ((item = chan_pop (meeting->chan, -1)) != NULL) {
        atomic_fetch_add (&meeting->sum, GPOINTER_TO_SIZE (item));
        atomic_fetch_add (&meeting->taken, 1);
    }
    return NULL;
}

/* Each item arrives exactly once, through a queue that is nearly always full. */
static void test_threads (void)
{
    g_autoptr (Chan) chan = chan_new (2, NULL);
    Meeting meeting = {.chan = chan};
    pthread_t producers[PRODUCERS], consumers[CONSUMERS];
    for (guint i = 0; i < CONSUMERS; i++)
        g_assert_cmpint (pthread_create (&consumers[i], NULL, consume, &meeting), ==, 0);
    for (guint i = 0; i < PRODUCERS; i++)
        g_assert_cmpint (pthread_create (&producers[i], NULL, produce, &meeting), ==, 0);
    for (guint i = 0; i < PRODUCERS; i++)
        pthread_join (producers[i], NULL);
    chan_close (chan);
    for (guint i = 0; i < CONSUMERS; i++)
        pthread_join (consumers[i], NULL);
    g_assert_cmpuint (atomic_load (&meeting.pushed), ==, PRODUCERS * ITEMS_EACH);
    g_assert_cmpuint (atomic_load (&meeting.taken), ==, PRODUCERS * ITEMS_EACH);
    g_assert_cmpuint (atomic_load (&meeting.sum), ==,
                      (gsize)PRODUCERS * ITEMS_EACH * (ITEMS_EACH + 1) / 2);
}

/* Closing wakes those who wait to push and those who wait to pop. */
static void test_close_wakes (void)
{
    g_autoptr (Chan) full = chan_new (1, NULL), empty = chan_new (1, NULL);
    Meeting at_full = {.chan = full}, at_empty = {.chan = empty};
    pthread_t producer, consumer;
    g_assert_cmpint (pthread_create (&producer, NULL, produce, &at_full), ==, 0);
    g_assert_cmpint (pthread_create (&consumer, NULL, consume, &at_empty), ==, 0);
    while (atomic_load (&at_full.pushed) < 1)
        g_usleep (100);
    chan_close (full);
    chan_close (empty);
    pthread_join (producer, NULL);
    pthread_join (consumer, NULL);
    g_assert_cmpuint (atomic_load (&at_full.pushed), ==, 1);
    g_assert_cmpuint (atomic_load (&at_empty.taken), ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/chan/first-in-first-out-and-bounded", test_order);
    g_test_add_func ("/base/chan/closed-queue-is-emptied", test_closed);
    g_test_add_func ("/base/chan/timeout", test_timeout);
    g_test_add_func ("/base/chan/left-items-are-freed", test_items_are_freed);
    g_test_add_func ("/base/chan/threads-lose-and-double-nothing", test_threads);
    g_test_add_func ("/base/chan/close-wakes-who-waits", test_close_wakes);
    return g_test_run();
}
