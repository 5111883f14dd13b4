/* raw.c - messages byte for byte. */
#include "store_private.h"

#include <string.h>
#include <zstd.h>

#include "error.h"

#define LEVEL 3

struct RawPacker {
    ZSTD_CCtx *context;
};

RawPacker *raw_packer_new (void)
{
    RawPacker *packer = g_new0 (RawPacker, 1);

    packer->context = ZSTD_createCCtx();
    return packer;
}

void raw_packer_free (RawPacker *packer)
{
    if (packer == NULL)
        return;
    ZSTD_freeCCtx (packer->context);
    g_free (packer);
}

void raw_packer_reset (RawPacker *packer)
{
    ZSTD_CCtx_reset (packer->context, ZSTD_reset_session_only);
}

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
    guint64 sum = len * 0x9e3779b97f4a7c15u, word;

    for (; len > 0; at += MIN (len, 8), len -= MIN (len, 8)) {
        word = 0;
        memcpy (&word, at, MIN (len, 8));
        unsigned __int128 product =
            (unsigned __int128)(sum ^ GUINT64_FROM_LE (word)) * 0xd6e8feb86659fd93u;
        sum = (guint64)product ^ (guint64)(product >> 64) ^ (sum << 29 | sum >> 35);
    }
    return (gint64)sum;
}

gboolean raw_add (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error)
{
    gsize size;
    const void *raw = g_bytes_get_data (draft->raw, &size);
    gsize bound = ZSTD_compressBound (size);
    g_autofree void *packed = g_malloc (bound);
    gsize len = ZSTD_compressCCtx (txn->packer->context, packed, bound, raw, size, LEVEL);

    if (ZSTD_isError (len))
        return error_fail (error, ERR_INTERNAL, "zstd: %s", ZSTD_getErrorName (len));
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_RAW_ADD);

    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, (gint64)size);
    stmt_put_int (stmt, (gint64)size);
    stmt_put_int (stmt, digest_of (raw, size));
    stmt_put_bytes (stmt, packed, len);
    return stmt_run (stmt, error);
}

GBytes *store_post_raw (StoreReader *reader, PostId id, GError **error)
{
    gint64 size, digest;

    {
        g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_RAW_GET);

        stmt_put_int (stmt, id.value);
        DbStep step = stmt_next (stmt, error);

        if (step == DB_DONE)
            error_set (error, ERR_NOT_FOUND, "there is no message %" G_GINT64_FORMAT, id.value);
        if (step != DB_ROW)
            return NULL;
        stmt_take_int (stmt);
        stmt_take_int (stmt);
        size = stmt_take_int (stmt);
        digest = stmt_take_int (stmt);
    }
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_RAW_PACK);

    stmt_put_int (stmt, id.value);
    stmt_put_int (stmt, id.value);
    if (stmt_next (stmt, error) != DB_ROW)
        return NULL;
    gsize len;
    stmt_take_int (stmt);
    stmt_take_int (stmt);
    const void *packed = stmt_peek_bytes (stmt, &len);
    g_autofree char *raw = g_malloc ((gsize)size + 1);
    gsize got = ZSTD_decompress (raw, (gsize)size, packed, len);

    if (ZSTD_isError (got) || got != (gsize)size || digest_of (raw, got) != digest) {
        error_set (error, ERR_INTERNAL, "message %" G_GINT64_FORMAT " is damaged", id.value);
        return NULL;
    }
    return g_bytes_new_take (g_steal_pointer (&raw), got);
}
