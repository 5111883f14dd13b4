/* stmt.h - the statements of stmt.def, prepared once per connection. The only way to run SQL.
 *
 *   g_autoptr (Stmt) stmt = stmt_use (conn, ST_PERSON_BY_ADDRESS);
 *   stmt_put_text (stmt, address);             in the order $1, $2, ...
 *   if (stmt_next (stmt, error) != DB_ROW) ...
 *   id = stmt_take_int (stmt);                 in the order of the columns
 *
 * A failure to prepare shows when the statement is run, so that only running can fail. */
#ifndef STMT_H
#define STMT_H

#include "db.h"

typedef enum {
    STMT_READ = 1,    /* may run on a reader */
    STMT_WRITE = 2,   /* the writer alone */
    STMT_SCAN_OK = 4, /* reads a whole table or index up to its LIMIT, and that is meant */
    STMT_SORT_OK = 8  /* sorts rows, of which there are few */
} StmtFlags;

typedef enum {
#define STMT(id, flags, text) ST_##id,
#include "stmt.def"
#undef STMT
    ST_COUNT
} StmtId;

typedef struct Stmt Stmt;

/* One connection with its statements. One thread at a time. */
typedef struct {
    const DbDriver *driver;
    Db *db;
    DbRole role;
    Stmt *cache[ST_COUNT];
} Conn;

Conn *conn_open (const DbDriver *driver, const char *path, DbRole role, GError **error);
void conn_close (Conn *conn);

const char *stmt_name (StmtId id);
const char *stmt_text (StmtId id);
StmtFlags stmt_flags (StmtId id);

/* Lends a statement, with nothing bound. It must be ended before it is used again. Never NULL. */
Stmt *stmt_use (Conn *conn, StmtId id);
void stmt_end (Stmt *stmt);

/* Binds the next parameter. Text and bytes are borrowed until stmt_end; NULL is SQL's NULL. */
void stmt_put_int (Stmt *stmt, gint64 value);
void stmt_put_text (Stmt *stmt, const char *text);
void stmt_put_bytes (Stmt *stmt, const void *bytes, gsize len);
/* NULL for 0: an id that is absent. */
void stmt_put_id (Stmt *stmt, gint64 id);

/* The next row; DB_DONE after the last. */
DbStep stmt_next (Stmt *stmt, GError **error);
/* Runs a statement whose rows, if any, do not matter. */
gboolean stmt_run (Stmt *stmt, GError **error);
/* Rows changed by stmt_run. */
gint64 stmt_changes (Stmt *stmt);

/* The next column of the row. NULL gives 0 or NULL. */
gint64 stmt_take_int (Stmt *stmt);
char *stmt_take_text (Stmt *stmt);                        /* owned */
const char *stmt_peek_text (Stmt *stmt);                  /* until the next row */
const void *stmt_peek_bytes (Stmt *stmt, gsize *ret_len); /* until the next row */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Conn, conn_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stmt, stmt_end)

#endif
