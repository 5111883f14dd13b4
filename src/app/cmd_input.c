/* cmd_input.c - see cmd_input.h. */
#include "cmd_input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static GBytes *read_standard_input (const char *command)
{
    g_autoptr (GByteArray) all = g_byte_array_new();
    guint8 chunk[65536];
    for (;;) {
        ssize_t got = read (STDIN_FILENO, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fprintf (stderr, "carbonless %s: standard input: %s\n", command, g_strerror (errno));
            return NULL;
        }
        if (got == 0)
            return g_byte_array_free_to_bytes (g_steal_pointer (&all));
        g_byte_array_append (all, chunk, (guint)got);
    }
}

GBytes *cmd_input_read (const char *command, const char *path)
{
    if (strcmp (path, "-") == 0)
        return read_standard_input (command);
    g_autoptr (GError) error = NULL;
    char *data = NULL;
    gsize len = 0;
    if (g_file_get_contents (path, &data, &len, &error))
        return g_bytes_new_take (data, len);
    fprintf (stderr, "carbonless %s: %s\n", command, error->message);
    return NULL;
}
