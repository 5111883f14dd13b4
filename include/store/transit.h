/* transit.h - mail on its way through us: taken from Postfix' content filter, given back to it. */
#ifndef TRANSIT_H
#define TRANSIT_H

#include "notices.h"

/* Queues a message for these recipients (texts of RCPT without <>): one NOTICE_TRANSIT each, due now.
 * sender without <>, "" the null sender. What was sent is forgotten, and the bytes with the last of
 * them; what was refused for good is returned to its sender, or stays until an administrator decides.
 * Thread: writer. */
gboolean store_transit_add (StoreTxn *txn, const char *sender, const char *const *recipients,
                            GBytes *raw, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that a copy of a message was taken, by a digest of its bytes and envelope. *ret_is_new is FALSE
 * when it was noted before (and not forgotten yet, see store_prune). Thread: writer. */
gboolean store_transit_once (StoreTxn *txn, GBytes *digest, gboolean *ret_is_new, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The message of a NOTICE_TRANSIT, byte for byte, and its envelope sender; both owned by the caller.
 * NOT_FOUND there is none. */
gboolean store_transit_get (StoreReader *reader, NoticeId notice, char **ret_sender,
                            GBytes **ret_raw, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
