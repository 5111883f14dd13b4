/* db.h - what a database must be able to do: the seam for a second one (PostgreSQL).
 *
 * Everything above this header is written in SQL that both understand, with parameters `$1`, `$2`
 * numbered in the order of their first appearance; where they differ, the driver brings a text of
 * its own (stmt.def, STMT_DIALECT). A connection belongs to one thread at a time. */
#ifndef DB_H
#define DB_H

#include <glib.h>

typedef struct Db Db;         /* a connection */
typedef struct DbStmt DbStmt; /* a prepared statement of one connection */

typedef enum { DB_FAILED, DB_ROW, DB_DONE } DbStep;
typedef enum { DB_READER, DB_WRITER } DbRole;

typedef struct {
    const char *name;
    /* This database's text for a statement of stmt.def, by its name, with the same parameters and
     * columns; NULL: the common one will do. May be NULL when that holds for all. */
    const char *(*own_text) (const char *statement);

    /* Opens a connection; a writer makes the database when it is absent. Errors: TEMPORARY locked
     * or disk full, INTERNAL cannot be opened or damaged. */
    Db *(*open) (const char *path, DbRole role, GError **error);
    void (*close) (Db *db);

    /* Whose database it is (0 = empty) and its schema's number. */
    gboolean (*identity) (Db *db, gint64 *ret_application, gint64 *ret_version, GError **error);
    /* Prepares the file of a database that is ours or empty, for a writer. */
    gboolean (*adopt) (Db *db, GError **error);
    /* Runs the text of a migration and sets both, inside the transaction that is open. */
    gboolean (*migrate) (Db *db, const char *script, gint64 application, gint64 version,
                         GError **error);

    DbStmt *(*prepare) (Db *db, const char *sql, GError **error);
    void (*finalize) (DbStmt *stmt);
    int (*parameters) (DbStmt *stmt);
    void (*put_int) (DbStmt *stmt, int position, gint64 value);
    /* Text and bytes are borrowed until reset. NULL is SQL's NULL. len -1: up to NUL. */
    void (*put_text) (DbStmt *stmt, int position, const char *text, gssize len);
    void (*put_bytes) (DbStmt *stmt, int position, const void *bytes, gsize len);
    DbStep (*step) (DbStmt *stmt, GError **error);
    void (*reset) (DbStmt *stmt);
    gboolean (*is_null) (DbStmt *stmt, int column);
    gint64 (*get_int) (DbStmt *stmt, int column);
    const char *(*get_text) (DbStmt *stmt, int column); /* until the next step; NULL for NULL */
    const void *(*get_bytes) (DbStmt *stmt, int column, gsize *ret_len);

    gint64 (*changes) (Db *db); /* rows that the last statement changed */
    /* TRUE while a transaction is open: some failures end it without being asked. */
    gboolean (*in_transaction) (Db *db);
    gboolean (*begin) (Db *db, GError **error);
    gboolean (*commit) (Db *db, GError **error);
    void (*rollback) (Db *db);

    /* Work that can wait, after a commit: keeps the log from growing. */
    void (*housekeep) (Db *db);
    gboolean (*backup) (Db *db, const char *path, GError **error);
    gboolean (*verify) (Db *db, GError **error);
} DbDriver;

extern const DbDriver db_sqlite;

#endif
