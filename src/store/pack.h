/* pack.h - many small texts that resemble each other, packed together. */
#ifndef PACK_H
#define PACK_H

#include <glib.h>

#include "stmt.h"

/* Bytes of text in a pack, unless a single larger text is all of it. */
#define PACK_LIMIT ((gsize)1024 * 1024)

/* The writer's end. */
typedef struct Packer Packer;

typedef struct {
    gint64 pack;  /* id of the pack: of the first post in it */
    gint64 start; /* where the text begins in it */
} PackPlace;

Packer *packer_new (void);
void packer_free (Packer *packer);

/* Adds the text of post `id`; ids grow. What was packed is kept until packer_write. */
gboolean packer_add (Packer *packer, gint64 id, const void *text, gsize len, PackPlace *ret_place,
                     GError **error);
/* Writes what was added in this transaction, before its COMMIT. */
gboolean packer_write (Packer *packer, Conn *conn, GError **error);
/* The COMMIT is on disk, or the transaction was undone. */
void packer_done (Packer *packer, gboolean is_committed);

/* A reader's end. Keeps what it unpacked last, so that reading in order unpacks once. */
typedef struct Unpacker Unpacker;

Unpacker *unpacker_new (void);
void unpacker_free (Unpacker *unpacker);
/* Lends `len` bytes of the text of post `id`, until the next call. NULL: INTERNAL damaged. */
const char *unpacker_get (Unpacker *unpacker, Conn *conn, gint64 id, PackPlace place, gsize len,
                          GError **error);
/* Forget what was unpacked: the pack may have been written anew. */
void unpacker_reset (Unpacker *unpacker);

#endif
