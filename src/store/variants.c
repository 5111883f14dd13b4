/* variants.c - the same message once more, in other bytes.
 *
 * A mailbox that was collected from several places holds a message twice: the same Message-ID,
 * author and text, but other trace headers. It is one post (I2), and whoever keeps an archive still
 * wants both back.
 *
 * (V1) A variant is a row of its own beside the post, in no thread, list, search or count, and no
 * page shows it: CAN_SEE of stmt.def knows none. Only store_post_walk tells of it. (V2) The same
 * bytes are kept once for each post. */
#include "store_private.h"

#include "error.h"

static gboolean is_kept (StoreTxn *txn, PostId post, GBytes *raw, gboolean *ret_is_kept,
                         GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_VARIANT_SAME);
    gsize size;
    const void *bytes = g_bytes_get_data (raw, &size);

    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, (gint64)size);
    stmt_put_int (stmt, digest_of (bytes, size));
    DbStep step = stmt_next (stmt, error);

    *ret_is_kept = step == DB_ROW;
    return step != DB_FAILED;
}

static gboolean insert (StoreTxn *txn, PostId post, const PostDraft *draft, PostId *ret_id,
                        GError **error)
{
    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_VARIANT_ADD);

        stmt_put_int (stmt, draft->received_ms);
        stmt_put_int (stmt, post.value);
        DbStep step = stmt_next (stmt, error);

        if (step == DB_DONE)
            return error_fail (error, ERR_NOT_FOUND, "there is no post %" G_GINT64_FORMAT,
                               post.value);
        if (step != DB_ROW)
            return FALSE;
        ret_id->value = stmt_take_int (stmt);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_VARIANT_SETTLE);

    stmt_put_int (stmt, ret_id->value);
    return stmt_run (stmt, error);
}

gboolean store_variant_add (StoreTxn *txn, PostId post, const PostDraft *draft,
                            gboolean *ret_is_new, GError **error)
{
    gboolean has_it;
    PostId variant = {0};

    if (!is_kept (txn, post, draft->raw, &has_it, error))
        return FALSE;
    if (!has_it &&
        (!insert (txn, post, draft, &variant, error) || !raw_add (txn, variant, draft, error)))
        return FALSE;
    *ret_is_new = !has_it;
    return TRUE;
}
