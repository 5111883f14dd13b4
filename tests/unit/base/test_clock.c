/* test_clock.c - clock.h and ref.h: small things that everything stands on. */
#include "clock.h"

#include <pthread.h>

#include "ref.h"

#define TAKERS 4
#define ROUNDS 5000

static void test_fake (void)
{
    g_autoptr (Clock) clock = clock_fake_new (1000);
    g_assert_cmpint (clock_now_ms (clock), ==, 1000);
    g_usleep (2000);
    g_assert_cmpint (clock_now_ms (clock), ==, 1000);
    clock_fake_set (clock, 5);
    g_assert_cmpint (clock_now_ms (clock), ==, 5);
}

static void test_system (void)
{
    gint64 now_ms = g_get_real_time() / 1000;
    g_assert_cmpint (ABS (clock_now_ms (clock_system()) - now_ms), <, 10000);
    gint64 first_ms = clock_monotonic_ms();
    g_assert_cmpint (clock_monotonic_ms(), >=, first_ms);
}

static void *take_and_drop (void *data)
{
    Ref *ref = data;
    gsize last = 0;
    for (guint i = 0; i < ROUNDS; i++) {
        ref_take (ref);
        last += ref_drop (ref);
    }
    return GSIZE_TO_POINTER (last);
}

/* Nobody but the owner drops the last reference. */
static void test_ref (void)
{
    Ref ref;
    pthread_t threads[TAKERS];
    ref_init (&ref);
    for (guint i = 0; i < TAKERS; i++)
        g_assert_cmpint (pthread_create (&threads[i], NULL, take_and_drop, &ref), ==, 0);
    for (guint i = 0; i < TAKERS; i++) {
        void *last = &ref;
        pthread_join (threads[i], &last);
        g_assert_null (last);
    }
    g_assert_true (ref_drop (&ref));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/clock/fake-stands-still", test_fake);
    g_test_add_func ("/base/clock/system", test_system);
    g_test_add_func ("/base/ref/last-one-is-told", test_ref);
    return g_test_run();
}
