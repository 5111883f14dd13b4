/* clock.h - the time, replaceable in tests. */
#ifndef CLOCK_H
#define CLOCK_H

#include <glib.h>

typedef struct Clock Clock;

/* The system's clock. Static, never freed. */
const Clock *clock_system (void);

/* A clock that stands still until clock_set. Owned by the caller. */
Clock *clock_fake_new (gint64 now_ms);
void clock_fake_set (Clock *clock, gint64 now_ms);
void clock_fake_free (Clock *clock);

/* Milliseconds since 1970-01-01 UTC. Thread: any. */
gint64 clock_now_ms (const Clock *clock);

/* Milliseconds that only go forward, for timeouts. Thread: any. */
gint64 clock_monotonic_ms (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Clock, clock_fake_free)

#endif
