/* loop.c - see loop.h. epoll, level-triggered, with an eventfd for other threads.
 *
 * (I1) A source is never looked at after the batch in which its descriptor was closed.
 * (I2) No tick runs while the interval is 0, so an idle daemon sleeps. */
#include "loop.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"

#define BATCH_MAX 64

struct Loop {
    int epoll, wake;
    LoopHooks hooks;
    LoopSource wake_source;
    gint64 now_ms, next_tick_ms;
    guint tick_ms;
    gboolean is_stopped;
};

static void on_wake (gpointer data, guint32 events)
{
    Loop *loop = data;
    (void)events;
    guint64 count;
    while (read (loop->wake, &count, sizeof count) < 0 && errno == EINTR)
        continue;
    loop->hooks.woken (loop->hooks.data);
}

static int wait_ms (const Loop *loop)
{
    if (loop->tick_ms == 0)
        return -1;
    return (int)CLAMP (loop->next_tick_ms - clock_monotonic_ms(), 0, (gint64)loop->tick_ms);
}

static void tick_if_due (Loop *loop)
{
    if (loop->tick_ms == 0 || loop->now_ms < loop->next_tick_ms)
        return;
    loop->next_tick_ms = loop->now_ms + loop->tick_ms;
    loop->hooks.tick (loop->hooks.data);
}

Loop *loop_new (const LoopHooks *hooks, GError **error)
{
    g_autoptr (Loop) loop = g_new0 (Loop, 1);
    loop->epoll = epoll_create1 (EPOLL_CLOEXEC);
    loop->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    loop->hooks = *hooks;
    loop->wake_source = (LoopSource){on_wake, loop};
    loop->now_ms = clock_monotonic_ms();
    if (loop->epoll < 0 || loop->wake < 0 ||
        !loop_add (loop, loop->wake, EPOLLIN, &loop->wake_source)) {
        error_set (error, ERR_INTERNAL, "no event loop: %s", g_strerror (errno));
        return NULL;
    }
    return g_steal_pointer (&loop);
}

void loop_free (Loop *loop)
{
    if (loop == NULL)
        return;
    if (loop->epoll >= 0)
        close (loop->epoll);
    if (loop->wake >= 0)
        close (loop->wake);
    g_free (loop);
}

gboolean loop_add (Loop *loop, int fd, guint32 events, LoopSource *source)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    return epoll_ctl (loop->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

void loop_change (Loop *loop, int fd, guint32 events, LoopSource *source)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    epoll_ctl (loop->epoll, EPOLL_CTL_MOD, fd, &event);
}

void loop_tick (Loop *loop, guint interval_ms)
{
    if (interval_ms != 0 && loop->tick_ms == 0)
        loop->next_tick_ms = clock_monotonic_ms() + interval_ms;
    loop->tick_ms = interval_ms;
}

void loop_wake (Loop *loop)
{
    guint64 one = 1;
    while (write (loop->wake, &one, sizeof one) < 0 && errno == EINTR)
        continue; /* EAGAIN: the counter is full, so the loop will wake anyway */
}

void loop_run (Loop *loop)
{
    struct epoll_event events[BATCH_MAX];
    while (!loop->is_stopped) {
        int count = epoll_wait (loop->epoll, events, BATCH_MAX, wait_ms (loop));
        loop->now_ms = clock_monotonic_ms();
        for (int i = 0; i < count; i++) {
            LoopSource *source = events[i].data.ptr;
            source->ready (source->data, events[i].events);
        }
        tick_if_due (loop);
        loop->hooks.batch_done (loop->hooks.data);
    }
}

void loop_stop (Loop *loop)
{
    loop->is_stopped = TRUE;
}

gint64 loop_now_ms (const Loop *loop)
{
    return loop->now_ms;
}
