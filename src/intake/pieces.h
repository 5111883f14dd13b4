/* pieces.h - a file read in pieces: what lies before the reader is in memory, as much as was asked
 * for, and no more. Nothing is mapped: a file that gets shorter meanwhile is an error, no signal.
 */
#ifndef PIECES_H
#define PIECES_H

#include <glib.h>

typedef struct Pieces Pieces;

/* Opens a regular file, or "-": standard input. Of a file only what it holds now is read. Errors:
 * NOT_FOUND; REFUSED not a regular file; INTERNAL cannot be read. One thread. */
Pieces *pieces_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pieces_close (Pieces *pieces);

/* What lies before the reader; *ret_size bytes. Until the next call of any function here. */
const char *pieces_data (const Pieces *pieces, gsize *ret_size);
/* Reads a further piece behind it. *ret_is_end: there is none. Errors: INTERNAL cannot be read, or
 * became shorter; REFUSED more than PIECES_BYTES_MAX lie before the reader. */
gboolean pieces_more (Pieces *pieces, gboolean *ret_is_end,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Goes on behind the first `size` bytes of it. */
void pieces_skip (Pieces *pieces, gsize size);
/* Goes on at this offset of the file, or its end. Not on standard input. */
void pieces_seek (Pieces *pieces, gint64 offset);

/* The offset of the reader; the size of the file, of standard input as far as it was read. */
gint64 pieces_offset (const Pieces *pieces);
gint64 pieces_size (const Pieces *pieces);

/* The most that one message may have. */
#define PIECES_BYTES_MAX ((gsize)1024 * 1024 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pieces, pieces_close)

#endif
