/* store_private.h - what the files of this layer share. */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include "pack.h"
#include "posts.h"
#include "stmt.h"
#include "store.h"

struct StoreTxn {
    Conn *conn;
    Packer *packer;
    gint64 now_ms; /* when the batch began */
};

struct StoreReader {
    Conn *conn;
    Unpacker *unpacker;
};

/* migrate.c: makes or updates the schema. */
gboolean migrate_run (Conn *conn, const char *path, GError **error);

/* people.c: the id of an address as written; each spelling is stored once. */
gboolean mailbox_ensure (StoreTxn *txn, const char *address, const char *name, gint64 *ret_id,
                         GError **error);
/* Whose word a name is, as schema/005-names.sql numbers it. */
typedef enum { NAME_TOLD, NAME_OWN, NAME_SET } NameRank;

/* Finds or makes a person, without telling the directory. A name (NULL or empty: none) replaces one
 * of a lesser rank. */
gboolean person_ensure (StoreTxn *txn, const char *address, const char *name, NameRank rank,
                        gint64 *ret_id, gboolean *ret_changed, GError **error);

/* raw.c: messages, byte for byte. */
gboolean raw_add (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error);

/* 64 bits of a digest: for keys that are compared with the full text afterwards. */
gint64 key_of (const char *text);
/* The same for damage, not for adversaries: a few GB a second. */
gint64 digest_of (const void *bytes, gsize len);

/* notices.c, without the checks for callers. */
/* Whether the person muted the thread that the post belongs to. */
gboolean follow_is_muted (StoreTxn *txn, PersonId person, PostId post, gboolean *ret_is_muted,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* letters.c: whether mail to this person bounces. */
gboolean person_is_suppressed (StoreTxn *txn, PersonId person, gboolean *ret_is_suppressed,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean notice_queue (StoreTxn *txn, int kind, PostId post, PersonId person, const char *address,
                       const char *reason, const char *text, gint64 due_ms, gboolean *ret_is_new,
                       GError **error);

/* transit.c: the transit that a notice belongs to, 0 none; and its end. */
gboolean transit_of (StoreTxn *txn, NoticeId notice, gint64 *ret_transit, GError **error);
gboolean transit_sent (StoreTxn *txn, NoticeId notice, gint64 transit, GError **error);

/* posts_read.c */
GPtrArray *posts_from_rows (Conn *conn, Stmt *stmt, GError **error);
/* The viewer as stmt.def's CAN_SEE wants it. */
gint64 viewer_number (Viewer viewer);

#endif
