/* db_sqlite.c - the embedded database. The only file that knows SQLite.
 *
 * WAL with synchronous=FULL: a commit is on disk when it returns. The log keeps its size, since
 * overwriting allocated blocks is cheaper than appending: it is not truncated while running. At the
 * end it is copied back and removed, so that the database is one file then. Checkpoints run when
 * the log has CHECKPOINT_PAGES, in the writer, after the commit, so that who waits for a commit
 * does not wait for a checkpoint. */
#include "db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "owner.h"

/* How long a connection waits for a lock that another process holds. */
#define BUSY_MS 5000
#define CHECKPOINT_PAGES 4096

struct Db {
    sqlite3 *handle;
    char *path;
    DbRole role;
    int log_pages; /* in the log after the last commit */
    DbStmt *begin, *commit, *rollback;
};

struct DbStmt {
    sqlite3_stmt *handle;
    Db *db;
};

/* Which failures a repetition can mend. */
static ErrorClass failure_class (int code)
{
    static const int temporary[] = {SQLITE_BUSY,  SQLITE_LOCKED,    SQLITE_FULL,
                                    SQLITE_IOERR, SQLITE_INTERRUPT, SQLITE_PROTOCOL};

    for (gsize i = 0; i < G_N_ELEMENTS (temporary); i++)
        if ((code & 0xff) == temporary[i])
            return ERR_TEMPORARY;
    return ERR_INTERNAL;
}

static gboolean fail (GError **error, Db *db, int code)
{
    return error_fail (error, failure_class (code), "database %s: %s", db->path,
                       code == SQLITE_NOTADB ? "this is not a database"
                                             : sqlite3_errmsg (db->handle));
}

/* For pragmas and scripts: constant text of this file and of schema/ (S1). */
static gboolean run_text (Db *db, const char *sql, GError **error)
{
    int code = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

    return code == SQLITE_OK || fail (error, db, code);
}

static void sqlite_close (Db *db)
{
    if (db == NULL)
        return;
    DbStmt *own[] = {db->begin, db->commit, db->rollback};

    for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
        if (own[i] != NULL)
            db_sqlite.finalize (own[i]);
    sqlite3_close_v2 (db->handle);
    g_free (db->path);
    g_free (db);
}

static int on_log_grown (void *data, sqlite3 *handle G_GNUC_UNUSED, const char *name G_GNUC_UNUSED,
                         int pages)
{
    ((Db *)data)->log_pages = pages;
    return SQLITE_OK;
}

static gboolean prepare_own (Db *db, GError **error)
{
    struct {
        DbStmt **stmt;
        const char *sql;
    } own[] = {
        {&db->begin, "BEGIN IMMEDIATE"}, {&db->commit, "COMMIT"}, {&db->rollback, "ROLLBACK"}};

    for (gsize i = 0; i < G_N_ELEMENTS (own); i++) {
        *own[i].stmt = db_sqlite.prepare (db, own[i].sql, error);
        if (*own[i].stmt == NULL)
            return FALSE;
    }
    return TRUE;
}

/* What a connection remembers; nothing here changes the file, which may not be ours (M1). */
static gboolean set_up (Db *db, GError **error)
{
    static const char writer[] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;"
                                 "PRAGMA temp_store = MEMORY;"
                                 "PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF;";
    static const char reader[] = "PRAGMA query_only = ON; PRAGMA cache_size = -2048;"
                                 "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;";
    sqlite3_busy_timeout (db->handle, BUSY_MS);
    sqlite3_extended_result_codes (db->handle, 1);
    if (!run_text (db, db->role == DB_WRITER ? writer : reader, error))
        return FALSE;
    return db->role == DB_READER || prepare_own (db, error);
}

/* The page size must be set before the first page is written; the log mode is kept in the file. */
static gboolean sqlite_adopt (Db *db, GError **error)
{
    if (!run_text (db, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;", error))
        return FALSE;
    sqlite3_wal_hook (db->handle, on_log_grown, db);
    return TRUE;
}

/* Makes the file when it is absent, for nobody else's eyes; the log gets the same rights. */
static void make_private (const char *path)
{
    int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return; /* it is there, or opening it says why */
    owner_as_folder (fd, path);
    close (fd);
}

static Db *sqlite_open (const char *path, DbRole role, GError **error)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    Db *db = g_new0 (Db, 1);

    db->path = g_strdup (path);
    db->role = role;
    if (role == DB_WRITER) {
        flags |= SQLITE_OPEN_CREATE;
        make_private (path);
    }
    int code = sqlite3_open_v2 (path, &db->handle, flags, NULL);

    if (code != SQLITE_OK) {
        fail (error, db, code);
        sqlite_close (db);
        return NULL;
    }
    if (!set_up (db, error)) {
        sqlite_close (db);
        return NULL;
    }
    return db;
}

static gboolean pragma_int (Db *db, const char *sql, gint64 *ret_value, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2 (db->handle, sql, -1, &stmt, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step (stmt);
    if (code == SQLITE_ROW)
        *ret_value = sqlite3_column_int64 (stmt, 0);
    sqlite3_finalize (stmt);
    return code == SQLITE_ROW || fail (error, db, code);
}

static gboolean sqlite_identity (Db *db, gint64 *ret_application, gint64 *ret_version,
                                 GError **error)
{
    gint64 tables = 0;

    if (!pragma_int (db, "PRAGMA application_id", ret_application, error) ||
        !pragma_int (db, "PRAGMA user_version", ret_version, error) ||
        !pragma_int (db, "SELECT count(*) FROM sqlite_schema", &tables, error))
        return FALSE;
    if (*ret_application == 0 && *ret_version == 0 && tables > 0)
        *ret_application = -1; /* somebody's, who does not say */
    return TRUE;
}

static gboolean sqlite_migrate (Db *db, const char *script, gint64 application, gint64 version,
                                GError **error)
{
    char mark[96];

    /* Pragmas take no parameters; both are our own numbers. */
    g_snprintf (mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                (int)application, (int)version);
    return run_text (db, script, error) && run_text (db, mark, error);
}

static DbStmt *sqlite_prepare (Db *db, const char *sql, GError **error)
{
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);

    if (code != SQLITE_OK) {
        fail (error, db, code);
        return NULL;
    }
    DbStmt *stmt = g_new0 (DbStmt, 1);

    stmt->handle = handle;
    stmt->db = db;
    return stmt;
}

static void sqlite_finalize (DbStmt *stmt)
{
    sqlite3_finalize (stmt->handle);
    g_free (stmt);
}

static int sqlite_parameters (DbStmt *stmt)
{
    return sqlite3_bind_parameter_count (stmt->handle);
}

static void sqlite_put_int (DbStmt *stmt, int position, gint64 value)
{
    sqlite3_bind_int64 (stmt->handle, position, value);
}

static void sqlite_put_text (DbStmt *stmt, int position, const char *text, gssize len)
{
    if (text == NULL)
        sqlite3_bind_null (stmt->handle, position);
    else
        sqlite3_bind_text64 (stmt->handle, position, text,
                             len < 0 ? strlen (text) : (sqlite3_uint64)len, SQLITE_STATIC,
                             SQLITE_UTF8);
}

static void sqlite_put_bytes (DbStmt *stmt, int position, const void *bytes, gsize len)
{
    if (bytes == NULL)
        sqlite3_bind_null (stmt->handle, position);
    else
        sqlite3_bind_blob64 (stmt->handle, position, bytes, len, SQLITE_STATIC);
}

static DbStep sqlite_step (DbStmt *stmt, GError **error)
{
    int code = sqlite3_step (stmt->handle);

    if (code == SQLITE_ROW)
        return DB_ROW;
    if (code == SQLITE_DONE)
        return DB_DONE;
    fail (error, stmt->db, code);
    return DB_FAILED;
}

static void sqlite_reset (DbStmt *stmt)
{
    sqlite3_reset (stmt->handle);
    sqlite3_clear_bindings (stmt->handle);
}

static gboolean sqlite_is_null (DbStmt *stmt, int column)
{
    return sqlite3_column_type (stmt->handle, column) == SQLITE_NULL;
}

static gint64 sqlite_get_int (DbStmt *stmt, int column)
{
    return sqlite3_column_int64 (stmt->handle, column);
}

static const char *sqlite_get_text (DbStmt *stmt, int column)
{
    return (const char *)sqlite3_column_text (stmt->handle, column);
}

static const void *sqlite_get_bytes (DbStmt *stmt, int column, gsize *ret_len)
{
    const void *bytes = sqlite3_column_blob (stmt->handle, column);

    *ret_len = (gsize)sqlite3_column_bytes (stmt->handle, column);
    return bytes;
}

static gint64 sqlite_changes (Db *db)
{
    return sqlite3_changes64 (db->handle);
}

static gboolean sqlite_in_transaction (Db *db)
{
    return !sqlite3_get_autocommit (db->handle);
}

static gboolean run_own (DbStmt *stmt, GError **error)
{
    DbStep step = sqlite_step (stmt, error);

    sqlite3_reset (stmt->handle);
    return step == DB_DONE;
}

static gboolean sqlite_begin (Db *db, GError **error)
{
    return run_own (db->begin, error);
}

static gboolean sqlite_commit (Db *db, GError **error)
{
    return run_own (db->commit, error);
}

static void sqlite_rollback (Db *db)
{
    if (sqlite_in_transaction (db))
        run_own (db->rollback, NULL);
}

static void sqlite_housekeep (Db *db)
{
    if (db->log_pages < CHECKPOINT_PAGES)
        return;
    sqlite3_wal_checkpoint_v2 (db->handle, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    db->log_pages = 0;
}

/* A copy must be on disk before anybody relies on it. */
static gboolean sync_file (const char *path, GError **error)
{
    int fd = open (path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fsync (fd) != 0) {
        int saved = errno;

        if (fd >= 0)
            close (fd);
        return error_fail (error, ERR_TEMPORARY, "backup %s: %s", path, g_strerror (saved));
    }
    close (fd);
    return TRUE;
}

static gboolean sqlite_verify (Db *db, GError **error)
{
    static const char *const checks[] = {"PRAGMA quick_check(1)", "PRAGMA foreign_key_check"};

    for (gsize i = 0; i < G_N_ELEMENTS (checks); i++) {
        sqlite3_stmt *stmt = NULL;
        int code = sqlite3_prepare_v2 (db->handle, checks[i], -1, &stmt, NULL);

        if (code == SQLITE_OK)
            code = sqlite3_step (stmt);
        g_autofree char *finding =
            code == SQLITE_ROW ? g_strdup ((const char *)sqlite3_column_text (stmt, 0)) : NULL;

        sqlite3_finalize (stmt);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            return fail (error, db, code);
        if (finding != NULL && strcmp (finding, "ok") != 0)
            return error_fail (error, ERR_INTERNAL, "database %s is damaged: %s%s", db->path,
                               i == 1 ? "a row without its owner in table " : "", finding);
    }
    return TRUE;
}

/* Copies in one step: it reads one state of the database, and with WAL nobody waits for a reader.
 * (In several steps it would begin anew whenever something is written.) */
static gboolean copy_pages (Db *db, Db *copy, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init (copy->handle, "main", db->handle, "main");

    if (backup == NULL)
        return fail (error, copy, sqlite3_errcode (copy->handle));
    sqlite3_backup_step (backup, -1);
    int code = sqlite3_backup_finish (backup);

    return code == SQLITE_OK || fail (error, copy, code);
}

/* The copy is one file, without a log; half a copy is removed. */
static gboolean sqlite_backup (Db *db, const char *path, GError **error)
{
    Db *copy = g_new0 (Db, 1);
    int code;

    make_private (path);
    copy->path = g_strdup (path);
    code = sqlite3_open_v2 (path, &copy->handle,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    gboolean is_good = code == SQLITE_OK || fail (error, copy, code);

    is_good = is_good && copy_pages (db, copy, error) &&
              run_text (copy, "PRAGMA journal_mode = DELETE", error) && sqlite_verify (copy, error);
    sqlite_close (copy);
    is_good = is_good && sync_file (path, error);
    if (!is_good)
        unlink (path);
    return is_good;
}

const DbDriver db_sqlite = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .identity = sqlite_identity,
    .adopt = sqlite_adopt,
    .migrate = sqlite_migrate,
    .prepare = sqlite_prepare,
    .finalize = sqlite_finalize,
    .parameters = sqlite_parameters,
    .put_int = sqlite_put_int,
    .put_text = sqlite_put_text,
    .put_bytes = sqlite_put_bytes,
    .step = sqlite_step,
    .reset = sqlite_reset,
    .is_null = sqlite_is_null,
    .get_int = sqlite_get_int,
    .get_text = sqlite_get_text,
    .get_bytes = sqlite_get_bytes,
    .changes = sqlite_changes,
    .in_transaction = sqlite_in_transaction,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .housekeep = sqlite_housekeep,
    .backup = sqlite_backup,
    .verify = sqlite_verify,
};
