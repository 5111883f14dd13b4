/* input.c - see input.h. */
#include "input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

#define CHUNK 65536

static GBytes *read_standard_input (GError **error)
{
    g_autoptr (GByteArray) all = g_byte_array_new();
    g_autofree guint8 *chunk = g_malloc (CHUNK);
    for (;;) {
        ssize_t got = read (STDIN_FILENO, chunk, CHUNK);
        if (got == 0)
            return g_byte_array_free_to_bytes (g_steal_pointer (&all));
        if (got > 0)
            g_byte_array_append (all, chunk, (guint)got);
        else if (errno != EINTR)
            break;
    }
    error_set (error, ERR_TEMPORARY, "standard input: %s", g_strerror (errno));
    return NULL;
}

GBytes *input_read (const char *path, GError **error)
{
    if (strcmp (path, "-") == 0)
        return read_standard_input (error);
    char *data = NULL;
    gsize size = 0;
    g_autoptr (GError) why = NULL;
    if (!g_file_get_contents (path, &data, &size, &why)) {
        error_set (error, ERR_REFUSED, "%s", why->message);
        return NULL;
    }
    return g_bytes_new_take (data, size);
}
