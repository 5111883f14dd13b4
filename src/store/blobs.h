/* blobs.h - large parts of messages, kept once whoever sends them. */
#ifndef BLOBS_H
#define BLOBS_H

#include "store_private.h"

/* Cuts the large parts out of a message: stores each, notes where it belongs, and gives the rest
 * (the skeleton). Owned. NULL with *error. */
GBytes *blobs_cut (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error);

/* Puts the large parts back: the message of `size` bytes. Owned. */
GBytes *blobs_restore (StoreReader *reader, PostId post, const char *skeleton, gsize skeleton_len,
                       gsize size, GError **error);

#endif
