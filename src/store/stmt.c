/* stmt.c - prepares the statements of stmt.def on demand and keeps them with the connection.
 *
 * (S1) No SQL text is made at run time: what runs stands in stmt.def or in schema/.
 * (S2) A reader's connection cannot run a statement that writes.
 * (S3) Every parameter is bound, in order, before a statement runs. */
#include "stmt.h"

#include "error.h"

struct Stmt {
    Conn *conn;
    StmtId id;
    DbStmt *handle; /* NULL when it could not be prepared: `failure` says why */
    GError *failure;
    int bound, column;
    gboolean is_lent;
};

typedef struct {
    const char *name;
    StmtFlags flags;
    const char *text;
} StmtText;

static const StmtText texts[ST_COUNT] = {
#define STMT(id, flags, text) [ST_##id] = {#id, (StmtFlags)(flags), text},
#define READ STMT_READ
#define WRITE STMT_WRITE
#define SCAN_OK STMT_SCAN_OK
#define SORT_OK STMT_SORT_OK
#include "stmt.def"
#undef SORT_OK
#undef SCAN_OK
#undef WRITE
#undef READ
#undef STMT
};

const char *stmt_name (StmtId id)
{
    return texts[id].name;
}

const char *stmt_text (StmtId id)
{
    return texts[id].text;
}

StmtFlags stmt_flags (StmtId id)
{
    return texts[id].flags;
}

Conn *conn_open (const DbDriver *driver, const char *path, DbRole role, GError **error)
{
    Db *db = driver->open (path, role, error);

    if (db == NULL)
        return NULL;
    Conn *conn = g_new0 (Conn, 1);

    conn->driver = driver;
    conn->db = db;
    conn->role = role;
    return conn;
}

void conn_close (Conn *conn)
{
    if (conn == NULL)
        return;
    for (int i = 0; i < ST_COUNT; i++) {
        Stmt *stmt = conn->cache[i];

        if (stmt == NULL)
            continue;
        if (stmt->handle != NULL)
            conn->driver->finalize (stmt->handle);
        g_clear_error (&stmt->failure);
        g_free (stmt);
    }
    conn->driver->close (conn->db);
    g_free (conn);
}

/* The text for this connection's database. */
static const char *text_for (const Conn *conn, StmtId id)
{
    const char *own =
        conn->driver->own_text != NULL ? conn->driver->own_text (texts[id].name) : NULL;

    return own != NULL ? own : texts[id].text;
}

Stmt *stmt_use (Conn *conn, StmtId id)
{
    Stmt *stmt = conn->cache[id];

    g_assert (conn->role == DB_WRITER || (texts[id].flags & STMT_WRITE) == 0); /* S2 */
    if (stmt == NULL) {
        stmt = g_new0 (Stmt, 1);
        stmt->conn = conn;
        stmt->id = id;
        conn->cache[id] = stmt;
    }
    g_assert (!stmt->is_lent);
    stmt->is_lent = TRUE;
    stmt->bound = 0;
    stmt->column = 0;
    g_clear_error (&stmt->failure);
    if (stmt->handle == NULL)
        stmt->handle = conn->driver->prepare (conn->db, text_for (conn, id), &stmt->failure);
    return stmt;
}

void stmt_end (Stmt *stmt)
{
    if (stmt == NULL)
        return;
    if (stmt->handle != NULL)
        stmt->conn->driver->reset (stmt->handle);
    stmt->is_lent = FALSE;
}

void stmt_put_int (Stmt *stmt, gint64 value)
{
    stmt->bound++;
    if (stmt->handle != NULL)
        stmt->conn->driver->put_int (stmt->handle, stmt->bound, value);
}

void stmt_put_text (Stmt *stmt, const char *text)
{
    stmt->bound++;
    if (stmt->handle != NULL)
        stmt->conn->driver->put_text (stmt->handle, stmt->bound, text, -1);
}

void stmt_put_bytes (Stmt *stmt, const void *bytes, gsize len)
{
    stmt->bound++;
    if (stmt->handle != NULL)
        stmt->conn->driver->put_bytes (stmt->handle, stmt->bound, bytes, len);
}

void stmt_put_id (Stmt *stmt, gint64 id)
{
    if (id != 0)
        stmt_put_int (stmt, id);
    else
        stmt_put_bytes (stmt, NULL, 0);
}

DbStep stmt_next (Stmt *stmt, GError **error)
{
    const DbDriver *driver = stmt->conn->driver;

    if (stmt->handle == NULL) {
        g_propagate_error (error, g_steal_pointer (&stmt->failure));
        return DB_FAILED;
    }
    g_assert (stmt->bound == driver->parameters (stmt->handle)); /* S3 */
    stmt->column = 0;
    DbStep step = driver->step (stmt->handle, error);

    if (step == DB_FAILED)
        error_prefix (error, "%s", texts[stmt->id].name);
    return step;
}

gboolean stmt_run (Stmt *stmt, GError **error)
{
    DbStep step;

    do
        step = stmt_next (stmt, error);
    while (step == DB_ROW);
    return step == DB_DONE;
}

gint64 stmt_changes (Stmt *stmt)
{
    return stmt->conn->driver->changes (stmt->conn->db);
}

gint64 stmt_take_int (Stmt *stmt)
{
    return stmt->conn->driver->get_int (stmt->handle, stmt->column++);
}

char *stmt_take_text (Stmt *stmt)
{
    return g_strdup (stmt_peek_text (stmt));
}

const char *stmt_peek_text (Stmt *stmt)
{
    return stmt->conn->driver->get_text (stmt->handle, stmt->column++);
}

const void *stmt_peek_bytes (Stmt *stmt, gsize *ret_len)
{
    return stmt->conn->driver->get_bytes (stmt->handle, stmt->column++, ret_len);
}
