/* transit.c - mail that goes through us unchanged, kept from our answer to Postfix until Postfix
 * has it again.
 *
 * (X1) The message, its sender and every recipient are one transaction. (X2) Nothing of it is left
 * when all recipients are done but, for some days, a digest: it is ordinary mail, and none of our
 * business. */
#include "transit.h"

#include "error.h"
#include "store_private.h"

static gboolean add_message (StoreTxn *txn, const char *sender, GBytes *raw, gint64 *ret_id,
                             GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_TRANSIT_ADD);
    gsize size;
    const void *bytes = g_bytes_get_data (raw, &size);

    stmt_put_text (stmt, sender);
    stmt_put_bytes (stmt, bytes, size);
    if (stmt_next (stmt, error) != DB_ROW)
        return FALSE;
    *ret_id = stmt_take_int (stmt);
    return stmt_run (stmt, error);
}

gboolean store_transit_add (StoreTxn *txn, const char *sender, const char *const *recipients,
                            GBytes *raw, GError **error)
{
    gint64 id = 0;

    if (!add_message (txn, sender, raw, &id, error))
        return FALSE;
    for (; *recipients != NULL; recipients++) {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_TRANSIT_NOTICE_ADD);

        stmt_put_int (stmt, NOTICE_TRANSIT);
        stmt_put_text (stmt, *recipients);
        stmt_put_int (stmt, txn->now_ms);
        stmt_put_int (stmt, id);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_transit_once (StoreTxn *txn, GBytes *digest, gboolean *ret_is_new, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_TRANSIT_TAKEN_ADD);
    gsize size;
    const void *bytes = g_bytes_get_data (digest, &size);

    stmt_put_bytes (stmt, bytes, size);
    stmt_put_int (stmt, txn->now_ms);
    if (!stmt_run (stmt, error))
        return FALSE;
    *ret_is_new = stmt_changes (stmt) > 0;
    return TRUE;
}

gboolean store_transit_get (StoreReader *reader, NoticeId notice, char **ret_sender,
                            GBytes **ret_raw, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_TRANSIT_GET);

    stmt_put_int (stmt, notice.value);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_DONE)
        return error_fail (error, ERR_NOT_FOUND, "mail %" G_GINT64_FORMAT " has no message",
                           notice.value);
    if (step != DB_ROW)
        return FALSE;
    char *sender = stmt_take_text (stmt);
    gsize size;
    const void *bytes = stmt_peek_bytes (stmt, &size);

    *ret_sender = sender != NULL ? sender : g_strdup ("");
    *ret_raw = g_bytes_new (bytes, size);
    return TRUE;
}

gboolean transit_of (StoreTxn *txn, NoticeId notice, gint64 *ret_transit, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_TRANSIT_OF_NOTICE);

    stmt_put_int (stmt, notice.value);
    DbStep step = stmt_next (stmt, error);

    *ret_transit = step == DB_ROW ? stmt_take_int (stmt) : 0;
    return step != DB_FAILED;
}

gboolean transit_sent (StoreTxn *txn, NoticeId notice, gint64 transit, GError **error)
{
    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_TRANSIT_NOTICE_REMOVE);

        stmt_put_int (stmt, notice.value);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_TRANSIT_REMOVE);

    stmt_put_int (stmt, transit);
    return stmt_run (stmt, error);
}
