/* loop.h - waits for file descriptors and time. One thread runs it; only loop_wake is for others.
 */
#ifndef LOOP_H
#define LOOP_H

#include <glib.h>
#include <sys/epoll.h>

typedef struct Loop Loop;

/* Called with the EPOLL events that happened. */
typedef void (*LoopReady) (gpointer data, guint32 events);

/* What a file descriptor means. Embedded in its owner; must outlive the batch of events in which it
 * is closed (see LoopHooks.batch_done). */
typedef struct {
    LoopReady ready;
    gpointer data;
} LoopSource;

/* What the owner of the loop wants to hear. None may be NULL. */
typedef struct {
    void (*woken) (gpointer data);      /* somebody called loop_wake */
    void (*tick) (gpointer data);       /* a tick has passed, see loop_tick */
    void (*batch_done) (gpointer data); /* no event is under way: sources may be freed now */
    gpointer data;
} LoopHooks;

/* Errors: INTERNAL the system gives no more file descriptors. */
Loop *loop_new (const LoopHooks *hooks, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void loop_free (Loop *loop);

/* Watches fd for these events, level-triggered, until it is closed (it may not be duplicated).
 * FALSE when the system refuses. */
gboolean loop_add (Loop *loop, int fd, guint32 events,
                   LoopSource *source) G_GNUC_WARN_UNUSED_RESULT;
void loop_change (Loop *loop, int fd, guint32 events, LoopSource *source);

/* From now on LoopHooks.tick is called about every interval_ms; 0: no more. */
void loop_tick (Loop *loop, guint interval_ms);

/* Makes LoopHooks.woken run soon. Thread: any. */
void loop_wake (Loop *loop);

/* Runs until loop_stop, which is called from one of the callbacks. */
void loop_run (Loop *loop);
void loop_stop (Loop *loop);

/* The time at which the present batch of events began (clock_monotonic_ms). */
gint64 loop_now_ms (const Loop *loop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loop, loop_free)

#endif
