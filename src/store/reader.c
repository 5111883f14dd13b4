/* reader.c - a reading connection, one per thread, and small named values. */
#include "store_private.h"

void store_reader_free (StoreReader *reader)
{
    if (reader == NULL)
        return;
    conn_close (reader->conn);
    unpacker_free (reader->unpacker);
    g_free (reader);
}

gboolean store_verify (StoreReader *reader, GError **error)
{
    return reader->conn->driver->verify (reader->conn->db, error);
}

gboolean store_meta_set (StoreTxn *txn, const char *name, const char *value, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_META_SET);

    stmt_put_text (stmt, name);
    stmt_put_text (stmt, value);
    return stmt_run (stmt, error);
}

char *store_meta_get (StoreReader *reader, const char *name)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_META_GET);

    stmt_put_text (stmt, name);
    return stmt_next (stmt, NULL) == DB_ROW ? stmt_take_text (stmt) : NULL;
}
