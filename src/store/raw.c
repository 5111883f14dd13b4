/* raw.c - messages byte for byte: large parts as blobs, the rest in packs, a digest over all.
 *
 * (R2) A message is given back as it came, or as damaged; never otherwise. */
#include "blobs.h"
#include "pack.h"
#include "store_private.h"

#include <string.h>

#include "error.h"

gint64 key_of (const char *text)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize len = sizeof digest;
    gint64 key;

    g_checksum_update (sum, (const guchar *)text, -1);
    g_checksum_get_digest (sum, digest, &len);
    memcpy (&key, digest, sizeof key);
    return GINT64_FROM_BE (key);
}

gint64 digest_of (const void *bytes, gsize len)
{
    const guint8 *at = bytes;
    guint64 sum = len * 0x9e3779b97f4a7c15u;

    while (len > 0) {
        gsize step = MIN (len, 8);
        guint64 word = 0;

        memcpy (&word, at, step);
        unsigned __int128 product =
            (unsigned __int128)(sum ^ GUINT64_FROM_LE (word)) * 0xd6e8feb86659fd93u;
        sum = (guint64)product ^ (guint64)(product >> 64) ^ (sum << 29 | sum >> 35);
        at += step;
        len -= step;
    }
    return (gint64)sum;
}

gboolean raw_add (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error)
{
    g_autoptr (GBytes) skeleton = blobs_cut (txn, post, draft, error);
    gsize size, length;
    const void *raw = g_bytes_get_data (draft->raw, &size);
    PackPlace place;

    if (skeleton == NULL)
        return FALSE;
    const void *text = g_bytes_get_data (skeleton, &length);

    if (size > G_MAXINT)
        return error_fail (error, ERR_REFUSED, "a message of more than 2 GB");
    if (!packer_add (txn->packer, post.value, text, length, &place, error))
        return FALSE;
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_RAW_ADD);

    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, place.pack);
    stmt_put_int (stmt, place.start);
    stmt_put_int (stmt, (gint64)length);
    stmt_put_int (stmt, (gint64)size);
    stmt_put_int (stmt, digest_of (raw, size));
    return stmt_run (stmt, error);
}

typedef struct {
    PackPlace place;
    gsize length, size;
    gint64 digest;
} RawRow;

static DbStep load_row (Conn *conn, PostId id, RawRow *ret_row, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_RAW_GET);

    stmt_put_int (stmt, id.value);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_ROW) {
        ret_row->place.pack = stmt_take_int (stmt);
        ret_row->place.start = stmt_take_int (stmt);
        ret_row->length = (gsize)stmt_take_int (stmt);
        ret_row->size = (gsize)stmt_take_int (stmt);
        ret_row->digest = stmt_take_int (stmt);
    }
    return step;
}

static GBytes *load_raw (StoreReader *reader, PostId id, const RawRow *row, GError **error)
{
    const char *skeleton =
        unpacker_get (reader->unpacker, reader->conn, id.value, row->place, row->length, error);

    if (skeleton == NULL)
        return NULL;
    if (row->size > G_MAXINT) {
        error_set (error, ERR_INTERNAL, "its size is damaged");
        return NULL;
    }
    GBytes *raw = row->length == row->size
                      ? g_bytes_new (skeleton, row->length)
                      : blobs_restore (reader, id, skeleton, row->length, row->size, error);

    if (raw != NULL &&
        digest_of (g_bytes_get_data (raw, NULL), g_bytes_get_size (raw)) == row->digest)
        return raw;
    if (raw != NULL) {
        g_bytes_unref (raw);
        error_set (error, ERR_INTERNAL, "its bytes are not those that came");
    }
    return NULL;
}

GBytes *store_post_raw (StoreReader *reader, PostId id, GError **error)
{
    RawRow row;
    DbStep step = load_row (reader->conn, id, &row, error);

    if (step == DB_DONE)
        error_set (error, ERR_NOT_FOUND, "there is no message %" G_GINT64_FORMAT, id.value);
    if (step != DB_ROW)
        return NULL;
    GBytes *raw = load_raw (reader, id, &row, NULL);

    if (raw == NULL) {
        unpacker_reset (reader->unpacker); /* what is remembered may be old */
        raw = load_raw (reader, id, &row, error);
        error_prefix (error, "message %" G_GINT64_FORMAT, id.value);
    }
    if (row.length > PACK_LIMIT) /* alone in its pack: nothing else will be asked of it */
        unpacker_reset (reader->unpacker);
    return raw;
}
