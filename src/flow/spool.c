/* spool.c - see spool.h.
 *
 * (I1) Either `memory` holds everything and fd is -1, or the file holds everything and `memory` is
 *      empty. */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"

#define MEMORY_BYTES_MAX (256 * 1024)

struct Spool {
    char *directory;
    gsize size_max;
    gsize size;
    GByteArray *memory;
    int fd;
    gboolean is_broken;
};

typedef struct {
    gpointer address;
    gsize size;
} Mapping;

Spool *spool_new (const char *directory, gsize size_max)
{
    Spool *spool = g_new0 (Spool, 1);
    spool->directory = g_strdup (directory);
    spool->size_max = size_max;
    spool->memory = g_byte_array_new();
    spool->fd = -1;
    return spool;
}

void spool_free (Spool *spool)
{
    if (spool == NULL)
        return;
    if (spool->fd >= 0)
        close (spool->fd);
    g_byte_array_unref (spool->memory);
    g_free (spool->directory);
    g_free (spool);
}

static gboolean write_all (Spool *spool, const guint8 *data, gsize len, GError **error)
{
    while (len > 0) {
        ssize_t n = write (spool->fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return error_fail (error, ERR_TEMPORARY, "%s: cannot spool a message: %s",
                               spool->directory, g_strerror (errno));
        data += n;
        len -= (gsize)n;
    }
    return TRUE;
}

static gboolean move_to_file (Spool *spool, GError **error)
{
    spool->fd = open (spool->directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (spool->fd < 0)
        return error_fail (error, ERR_TEMPORARY, "%s: cannot make a spool file: %s",
                           spool->directory, g_strerror (errno));
    if (!write_all (spool, spool->memory->data, spool->memory->len, error))
        return FALSE;
    g_byte_array_set_size (spool->memory, 0);
    return TRUE;
}

static gboolean append (Spool *spool, gconstpointer data, gsize len, GError **error)
{
    if (len > spool->size_max - spool->size)
        return error_fail (error, ERR_REFUSED,
                           "the message is larger than %" G_GSIZE_FORMAT " bytes", spool->size_max);
    spool->size += len;
    if (spool->fd < 0 && spool->size <= MEMORY_BYTES_MAX) {
        g_byte_array_append (spool->memory, data, (guint)len);
        return TRUE;
    }
    if (spool->fd < 0 && !move_to_file (spool, error))
        return FALSE;
    return write_all (spool, data, len, error);
}

gboolean spool_append (Spool *spool, gconstpointer data, gsize len, GError **error)
{
    if (spool->is_broken)
        return error_fail (error, ERR_TEMPORARY, "the message could not be spooled");
    spool->is_broken = !append (spool, data, len, error);
    return !spool->is_broken;
}

static void unmap (gpointer data)
{
    Mapping *mapping = data;
    munmap (mapping->address, mapping->size);
    g_free (mapping);
}

static GBytes *map_file (Spool *spool, GError **error)
{
    gpointer address = mmap (NULL, spool->size, PROT_READ, MAP_PRIVATE, spool->fd, 0);
    if (address == MAP_FAILED) {
        error_set (error, ERR_TEMPORARY, "cannot map a spooled message: %s", g_strerror (errno));
        return NULL;
    }
    Mapping *mapping = g_new (Mapping, 1);
    *mapping = (Mapping){address, spool->size};
    close (spool->fd);
    spool->fd = -1;
    return g_bytes_new_with_free_func (address, spool->size, unmap, mapping);
}

GBytes *spool_take (Spool *spool, GError **error)
{
    if (spool->is_broken) {
        error_set (error, ERR_TEMPORARY, "the message could not be spooled");
        return NULL;
    }
    if (spool->fd >= 0) {
        GBytes *bytes = map_file (spool, error);
        spool->size = 0;
        return bytes;
    }
    GByteArray *memory = g_steal_pointer (&spool->memory);
    spool->memory = g_byte_array_new();
    spool->size = 0;
    return g_byte_array_free_to_bytes (memory);
}
