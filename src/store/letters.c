/* letters.c - see letters.h. */
#include "letters.h"
#include "notices.h"
#include "store_private.h"

#define DAY_MS ((gint64)24 * 3600 * 1000)

gboolean store_setting_set (StoreTxn *txn, PersonId person, const char *name, const char *value,
                            GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_SETTING_SET);

    stmt_put_int (stmt, person.value);
    stmt_put_text (stmt, name);
    stmt_put_text (stmt, value);
    return stmt_run (stmt, error);
}

char *store_setting_get (StoreReader *reader, PersonId person, const char *name)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_SETTING_GET);

    stmt_put_int (stmt, person.value);
    stmt_put_text (stmt, name);
    return stmt_next (stmt, NULL) == DB_ROW ? stmt_take_text (stmt) : NULL;
}

gboolean store_alert_set (StoreTxn *txn, PersonId person, const char *query, gboolean add,
                          gboolean *ret_changed, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, add ? ST_ALERT_ADD : ST_ALERT_REMOVE);

    stmt_put_int (stmt, person.value);
    stmt_put_text (stmt, query);
    if (add)
        stmt_put_int (stmt, txn->now_ms);
    if (!stmt_run (stmt, error))
        return FALSE;
    if (ret_changed != NULL)
        *ret_changed = stmt_changes (stmt) > 0;
    return TRUE;
}

char **store_alert_list (StoreReader *reader, PersonId person)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_ALERT_LIST);
    GPtrArray *queries = g_ptr_array_new();

    stmt_put_int (stmt, person.value);
    while (stmt_next (stmt, NULL) == DB_ROW)
        g_ptr_array_add (queries, stmt_take_text (stmt));
    g_ptr_array_add (queries, NULL);
    return (char **)g_ptr_array_free (queries, FALSE);
}

/* *ret_is_first: whether this address was not told this today. */
static gboolean tell_once (StoreTxn *txn, const char *address, const char *kind,
                           gboolean *ret_is_first, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_TOLD_ADD);

    stmt_put_text (stmt, address);
    stmt_put_text (stmt, kind);
    stmt_put_int (stmt, txn->now_ms / DAY_MS);
    if (!stmt_run (stmt, error))
        return FALSE;
    *ret_is_first = stmt_changes (stmt) > 0;
    return TRUE;
}

gboolean store_answer_add (StoreTxn *txn, PersonId person, const char *address, const char *kind,
                           const char *text, gboolean once, gboolean *ret_is_new, GError **error)
{
    const PostId none = {0};
    gboolean is_first = TRUE;

    if (once && !tell_once (txn, address, kind, &is_first, error))
        return FALSE;
    if (ret_is_new != NULL)
        *ret_is_new = is_first;
    return !is_first || store_notice_add (txn, NOTICE_ANSWER, none, person, address, kind, text,
                                          txn->now_ms, NULL, error);
}

gboolean store_refused_add (StoreTxn *txn, const char *sender, const char *recipient,
                            const char *reason, GBytes *raw, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_REFUSED_ADD);
    gsize len;
    const void *bytes = g_bytes_get_data (raw, &len);

    stmt_put_int (stmt, txn->now_ms);
    stmt_put_text (stmt, sender);
    stmt_put_text (stmt, recipient);
    stmt_put_text (stmt, reason);
    stmt_put_bytes (stmt, bytes, len);
    return stmt_run (stmt, error);
}

gboolean store_person_suppress (StoreTxn *txn, PersonId person, gboolean is_suppressed,
                                GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PERSON_SUPPRESS);

    stmt_put_int (stmt, is_suppressed != FALSE);
    stmt_put_int (stmt, person.value);
    return stmt_run (stmt, error);
}
