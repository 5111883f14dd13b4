/* time_limit.h - how long something may take, in CPU time, so that a busy machine fails nothing. */
#ifndef TIME_LIMIT_H
#define TIME_LIMIT_H

#include <glib.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SLOW_BUILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SLOW_BUILD 1
#endif
#endif
#ifndef IS_SLOW_BUILD
#define IS_SLOW_BUILD 0
#endif

/* Sanitizers take time of their own. */
#define TIME_LIMIT(ms) (IS_SLOW_BUILD ? 30 * (ms) : (ms))

static inline gint64 cpu_us (void)
{
    return (gint64)clock() * 1000000 / CLOCKS_PER_SEC;
}

#endif
