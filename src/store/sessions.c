/* sessions.c - which sessions of browsers are over. A session is in no table: its cookie is a
 * signed key; only those that were ended before it expires are remembered, until then. */
#include "people.h"
#include "store_private.h"

gboolean store_session_end (StoreTxn *txn, gint64 session, gint64 expires_ms, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_SESSION_END);

    stmt_put_int (stmt, session);
    stmt_put_int (stmt, expires_ms);
    return stmt_run (stmt, error);
}

gboolean store_session_is_over (StoreReader *reader, gint64 session)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_SESSION_ENDED);

    stmt_put_int (stmt, session);
    return stmt_next (stmt, NULL) != DB_DONE;
}
