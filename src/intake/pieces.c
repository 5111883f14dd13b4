/* pieces.c - see pieces.h.
 *
 *            start         end           room
 *   |  passed  |  to be read |  unused     |
 *
 * (I1) What was passed is moved out only when as much as is moved was passed: linear time. */
#include "pieces.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

#define PIECE_BYTES ((gsize)256 * 1024)

struct Pieces {
    char *path;
    int fd;
    char *bytes;
    gsize start, end, room;
    gint64 next;  /* offset of the next piece in the file */
    gint64 limit; /* size of the file when it was opened; -1: standard input */
};

Pieces *pieces_open (const char *path, GError **error)
{
    struct stat what;
    gboolean is_input = strcmp (path, "-") == 0;
    /* A pipe would be waited for, for ever. */
    if (!is_input && stat (path, &what) == 0 && !S_ISREG (what.st_mode)) {
        error_set (error, ERR_REFUSED, "%s: not a regular file", path);
        return NULL;
    }
    int fd = is_input ? dup (0) : open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat (fd, &what) != 0) {
        error_set (error, errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "%s: %s", path,
                   g_strerror (errno));
        if (fd >= 0)
            close (fd);
        return NULL;
    }
    Pieces *pieces = g_new0 (Pieces, 1);
    pieces->path = g_strdup (path);
    pieces->fd = fd;
    pieces->limit = is_input ? -1 : what.st_size;
    return pieces;
}

void pieces_close (Pieces *pieces)
{
    if (pieces == NULL)
        return;
    close (pieces->fd);
    g_free (pieces->bytes);
    g_free (pieces->path);
    g_free (pieces);
}

const char *pieces_data (const Pieces *pieces, gsize *ret_size)
{
    *ret_size = pieces->end - pieces->start;
    return pieces->bytes != NULL ? pieces->bytes + pieces->start : "";
}

static void make_room (Pieces *pieces)
{
    gsize size = pieces->end - pieces->start;
    if (pieces->start >= size && pieces->start > 0) { /* (I1) */
        memmove (pieces->bytes, pieces->bytes + pieces->start, size);
        pieces->start = 0;
        pieces->end = size;
    }
    if (pieces->room - pieces->end < PIECE_BYTES) {
        pieces->room = MAX (pieces->room * 2, pieces->end + PIECE_BYTES);
        pieces->bytes = g_realloc (pieces->bytes, pieces->room);
    }
}

static gssize read_piece (Pieces *pieces, gsize size)
{
    gssize count;
    do
        count = pieces->limit < 0
                    ? read (pieces->fd, pieces->bytes + pieces->end, size)
                    : pread (pieces->fd, pieces->bytes + pieces->end, size, pieces->next);
    while (count < 0 && errno == EINTR);
    return count;
}

gboolean pieces_more (Pieces *pieces, gboolean *ret_is_end, GError **error)
{
    gsize size = PIECE_BYTES;
    if (pieces->limit >= 0)
        size = (gsize)MIN ((gint64)size, pieces->limit - pieces->next);
    *ret_is_end = size == 0;
    if (size == 0)
        return TRUE;
    if (pieces->end - pieces->start > PIECES_BYTES_MAX)
        return error_fail (error, ERR_REFUSED, "%s: a message of more than 1 GB", pieces->path);
    make_room (pieces);
    gssize count = read_piece (pieces, size);
    if (count < 0)
        return error_fail (error, ERR_INTERNAL, "%s: %s", pieces->path, g_strerror (errno));
    if (count == 0 && pieces->limit >= 0)
        return error_fail (error, ERR_INTERNAL, "%s: became shorter while it was read",
                           pieces->path);
    *ret_is_end = count == 0;
    pieces->end += (gsize)count;
    pieces->next += count;
    return TRUE;
}

void pieces_skip (Pieces *pieces, gsize size)
{
    pieces->start += MIN (size, pieces->end - pieces->start);
}

void pieces_seek (Pieces *pieces, gint64 offset)
{
    if (pieces->limit < 0)
        return;
    pieces->start = pieces->end = 0;
    pieces->next = CLAMP (offset, 0, pieces->limit);
}

gint64 pieces_offset (const Pieces *pieces)
{
    return pieces->next - (gint64)(pieces->end - pieces->start);
}

gint64 pieces_size (const Pieces *pieces)
{
    return pieces->limit >= 0 ? pieces->limit : pieces->next;
}
