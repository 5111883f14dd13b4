/* follow.h - what a person wants to hear of a thread. */
#ifndef FOLLOW_H
#define FOLLOW_H

#include "store.h"

typedef enum {
    FOLLOW_EVERY,  /* a mail for every comment */
    FOLLOW_DIGEST, /* in the digest only */
    FOLLOW_MUTE,   /* nothing */
} FollowLevel;

/* Sets it; `thread` may be any post of the thread. Less than every comment: mails about comments that
 * wait are not sent. NOT_FOUND no such post. */
gboolean store_follow_set (StoreTxn *txn, PersonId person, PostId thread, FollowLevel level,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes that a person agrees with a post (+1); once. */
gboolean store_plus_add (StoreTxn *txn, PersonId person, PostId post, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
guint store_plus_count (StoreReader *reader, PostId post);

#endif
