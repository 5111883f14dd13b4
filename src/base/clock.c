/* clock.c - see clock.h. */
#include "clock.h"

#include <stdatomic.h>

struct Clock {
    gboolean is_fake;
    _Atomic gint64 now_ms;
};

static Clock the_system = {FALSE, 0};

const Clock *clock_system (void)
{
    return &the_system;
}

Clock *clock_fake_new (gint64 now_ms)
{
    Clock *clock = g_new0 (Clock, 1);
    clock->is_fake = TRUE;
    atomic_init (&clock->now_ms, now_ms);
    return clock;
}

void clock_fake_set (Clock *clock, gint64 now_ms)
{
    atomic_store (&clock->now_ms, now_ms);
}

void clock_fake_free (Clock *clock)
{
    g_free (clock);
}

gint64 clock_now_ms (const Clock *clock)
{
    return clock->is_fake ? atomic_load (&clock->now_ms) : g_get_real_time() / 1000;
}

gint64 clock_monotonic_ms (void)
{
    return g_get_monotonic_time() / 1000;
}
