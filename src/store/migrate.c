/* migrate.c - brings a database to this program's schema: numbered, forward only, each step in a
 * transaction of its own, so that a step is done wholly or not at all.
 *
 * (M1) A database that is not ours, or newer than we are, is not touched. */
#include "store_private.h"

#include "error.h"
#include "schema.h"

/* "CBLS" in ASCII: how we know our own. */
#define APPLICATION 0x43424c53

/* Whose it is, and its version, however new. */
static gboolean look (Conn *conn, const char *path, gint64 *ret_version, GError **error)
{
    gint64 application = 0, version = 0;

    if (!conn->driver->identity (conn->db, &application, &version, error))
        return FALSE;
    if (application != APPLICATION && !(application == 0 && version == 0))
        return error_fail (error, ERR_REFUSED, "%s is a database of another program", path);
    *ret_version = version;
    return TRUE;
}

static gboolean check_identity (Conn *conn, const char *path, gint64 *ret_version, GError **error)
{
    gint64 version = 0;

    if (!look (conn, path, &version, error))
        return FALSE;
    if (version > SCHEMA_COUNT)
        return error_fail (error, ERR_REFUSED,
                           "%s has schema %d, and this program knows only up to %d: "
                           "install the newer program again",
                           path, (int)version, SCHEMA_COUNT);
    *ret_version = version;
    return TRUE;
}

/* One step. The version is read again inside the transaction: another process may have been first.
 */
static gboolean step_forward (Conn *conn, const char *path, GError **error)
{
    gint64 version = 0;

    if (!conn->driver->begin (conn->db, error))
        return FALSE;
    gboolean is_good = check_identity (conn, path, &version, error);

    if (is_good && version < SCHEMA_COUNT)
        is_good = conn->driver->migrate (conn->db, schema_texts[version], APPLICATION, version + 1,
                                         error);
    if (!is_good || !conn->driver->commit (conn->db, error)) {
        conn->driver->rollback (conn->db);
        error_prefix (error, "schema %d", (int)version + 1);
        return FALSE;
    }
    return TRUE;
}

gboolean migrate_run (Conn *conn, const char *path, GError **error)
{
    gint64 version = 0;

    if (!check_identity (conn, path, &version, error) || !conn->driver->adopt (conn->db, error))
        return FALSE;
    while (check_identity (conn, path, &version, error)) {
        if (version == SCHEMA_COUNT)
            return TRUE;
        if (!step_forward (conn, path, error))
            return FALSE;
    }
    return FALSE;
}

gboolean store_look (const char *path, guint *ret_schema, guint *ret_known, GError **error)
{
    gint64 version = 0;

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return error_fail (error, ERR_NOT_FOUND, "there is no database %s", path);
    Conn *conn = conn_open (&db_sqlite, path, DB_READER, error);
    gboolean ok = conn != NULL && look (conn, path, &version, error);

    conn_close (conn);
    *ret_schema = (guint)version;
    *ret_known = SCHEMA_COUNT;
    return ok;
}
