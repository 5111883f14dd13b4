/* driver_main.c - runs a fuzz target over seeds, where there is no libFuzzer: every file of the
 * folders and files named on the command line, whole, and cut at CUTS places. Fails when there was
 * none. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUTS 16

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A copy of exact size, so that memory checkers see a step over its end. */
static void run_part (const char *data, gsize size)
{
    uint8_t *copy = malloc (size > 0 ? size : 1);
    g_assert_nonnull (copy);
    memcpy (copy, data, size);
    LLVMFuzzerTestOneInput (copy, size);
    free (copy);
}

static guint run_file (const char *path)
{
    g_autofree char *data = NULL;
    gsize size = 0;
    if (!g_file_get_contents (path, &data, &size, NULL))
        return 0;
    for (gsize i = 0; i < CUTS; i++)
        run_part (data, size * i / CUTS);
    run_part (data, size);
    return 1;
}

static guint run_path (const char *path)
{
    const char *name;
    guint n = 0;
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    if (dir == NULL)
        return run_file (path);
    while ((name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *child = g_build_filename (path, name, NULL);
        n += run_file (child);
    }
    return n;
}

int main (int argc, char **argv)
{
    guint n = 0;
    for (int i = 1; i < argc; i++)
        n += run_path (argv[i]);
    printf ("%u seeds\n", n);
    return n > 0 ? 0 : 1;
}
