/* follow.c - see follow.h. */
#include "follow.h"
#include "store_private.h"

#include "error.h"

/* Mails about its comments that wait for this person are not sent. */
static gboolean quieten (StoreTxn *txn, PersonId person, PostId thread, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_FOLLOW_QUIET);

    stmt_put_int (stmt, person.value);
    stmt_put_int (stmt, thread.value);
    return stmt_run (stmt, error);
}

gboolean store_follow_set (StoreTxn *txn, PersonId person, PostId thread, FollowLevel level,
                           GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_FOLLOW_SET);

    stmt_put_int (stmt, person.value);
    stmt_put_int (stmt, (gint64)level);
    stmt_put_int (stmt, thread.value);
    if (!stmt_run (stmt, error))
        return FALSE;
    if (stmt_changes (stmt) > 0)
        return level == FOLLOW_EVERY || quieten (txn, person, thread, error);
    return error_fail (error, ERR_NOT_FOUND, "there is no post %" G_GINT64_FORMAT, thread.value);
}

gboolean follow_is_muted (StoreTxn *txn, PersonId person, PostId post, gboolean *ret_is_muted,
                          GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_FOLLOW_MUTED);

    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, person.value);
    DbStep step = stmt_next (stmt, error);

    *ret_is_muted = step == DB_ROW;
    return step != DB_FAILED;
}

gboolean store_plus_add (StoreTxn *txn, PersonId person, PostId post, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PLUS_ADD);

    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, person.value);
    return stmt_run (stmt, error);
}

guint store_plus_count (StoreReader *reader, PostId post)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_PLUS_COUNT);

    stmt_put_int (stmt, post.value);
    return stmt_next (stmt, NULL) == DB_ROW ? (guint)stmt_take_int (stmt) : 0;
}
