/* bench_measure.c - runs a command and writes what it cost.
 *
 *   bench_measure FILE COMMAND [ARGUMENT...]
 *
 * Writes one line into FILE: microseconds of CPU (user and system, of the command and the children
 * it waited for), microseconds that passed, and the peak of resident memory in KB. Its exit status
 * is that of the command, or 128 and the signal that ended it. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long micros (struct timeval time)
{
    return (long long)time.tv_sec * 1000000 + time.tv_usec;
}

static long long now_us (void)
{
    struct timespec at;
    clock_gettime (CLOCK_MONOTONIC, &at);
    return (long long)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

int main (int argc, char **argv)
{
    pid_t child;
    int status;
    struct rusage used;

    if (argc < 3) {
        fprintf (stderr, "usage: bench_measure FILE COMMAND [ARGUMENT...]\n");
        return 2;
    }
    long long start = now_us();
    int failure = posix_spawnp (&child, argv[2], NULL, NULL, argv + 2, environ);
    if (failure != 0) {
        fprintf (stderr, "bench_measure: %s: %s\n", argv[2], strerror (failure));
        return 127;
    }
    while (wait4 (child, &status, 0, &used) < 0)
        if (errno != EINTR)
            return 2;
    long long took = now_us() - start;
    FILE *out = fopen (argv[1], "w");
    if (out == NULL) {
        perror (argv[1]);
        return 2;
    }
    fprintf (out, "%lld %lld %ld\n", micros (used.ru_utime) + micros (used.ru_stime), took,
             used.ru_maxrss);
    fclose (out);
    return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}
