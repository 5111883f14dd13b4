/* prune.c - forgets what is not kept for ever, in batches that hold up nobody. */
#include "notices.h"
#include "store_private.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

static gboolean prune (StoreTxn *txn, StmtId statement, gint64 before, guint most,
                       gboolean *ret_has_more, GError **error)
{
    if (before <= 0)
        return TRUE;
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, statement);

    stmt_put_int (stmt, before);
    stmt_put_int (stmt, most);
    if (!stmt_run (stmt, error))
        return FALSE;
    if (statement != ST_VERDICT_PRUNE_PEOPLE && stmt_changes (stmt) >= (gint64)most)
        *ret_has_more = TRUE;
    return TRUE;
}

gboolean store_prune (StoreTxn *txn, const StorePrune *before, guint most, gboolean *ret_has_more,
                      GError **error)
{
    *ret_has_more = FALSE;
    /* Both statements about verdicts choose the same rows. */
    return prune (txn, ST_VERDICT_PRUNE_PEOPLE, before->verdicts_ms, most, ret_has_more, error) &&
           prune (txn, ST_VERDICT_PRUNE, before->verdicts_ms, most, ret_has_more, error) &&
           prune (txn, ST_REFUSED_PRUNE, before->refused_ms, most, ret_has_more, error) &&
           prune (txn, ST_TOLD_PRUNE, before->refused_ms / DAY_MS, most, ret_has_more, error) &&
           prune (txn, ST_TRANSIT_TAKEN_PRUNE, before->transit_ms, most, ret_has_more, error) &&
           prune (txn, ST_SESSION_PRUNE, before->sessions_ms, most, ret_has_more, error);
}
