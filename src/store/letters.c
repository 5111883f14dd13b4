/* letters.c - see letters.h. */
#include "letters.h"
#include "notices.h"
#include "store_private.h"

#include "error.h"

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
    gboolean is_first = TRUE, is_suppressed = FALSE;

    if (!person_is_suppressed (txn, person, &is_suppressed, error))
        return FALSE;
    if (ret_is_new != NULL)
        *ret_is_new = FALSE;
    if (is_suppressed)
        return TRUE;
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

gboolean person_is_suppressed (StoreTxn *txn, PersonId person, gboolean *ret_is_suppressed,
                               GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PERSON_SUPPRESSED);

    stmt_put_int (stmt, person.value);
    DbStep step = stmt_next (stmt, error);

    *ret_is_suppressed = step == DB_ROW;
    return step != DB_FAILED;
}

static gboolean stop_notices (StoreTxn *txn, PersonId person, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_NOTICE_STOP);

    stmt_put_int (stmt, person.value);
    return stmt_run (stmt, error);
}

gboolean store_person_suppress (StoreTxn *txn, PersonId person, gboolean is_suppressed,
                                gboolean *ret_changed, GError **error)
{
    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PERSON_SUPPRESS);

        stmt_put_int (stmt, is_suppressed != FALSE);
        stmt_put_int (stmt, person.value);
        if (!stmt_run (stmt, error))
            return FALSE;
        if (ret_changed != NULL)
            *ret_changed = stmt_changes (stmt) > 0;
    }
    return !is_suppressed || stop_notices (txn, person, error);
}

void refused_free (Refused *refused)
{
    if (refused == NULL)
        return;
    g_free (refused->sender);
    g_free (refused->recipient);
    g_free (refused->reason);
    g_clear_pointer (&refused->raw, g_bytes_unref);
    g_free (refused);
}

static Refused *refused_from_row (Stmt *stmt)
{
    Refused *refused = g_new0 (Refused, 1);

    refused->id = stmt_take_int (stmt);
    refused->time_ms = stmt_take_int (stmt);
    refused->sender = stmt_take_text (stmt);
    refused->recipient = stmt_take_text (stmt);
    refused->reason = stmt_take_text (stmt);
    return refused;
}

GPtrArray *store_refused_list (StoreReader *reader, gint64 before, guint limit, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_REFUSED_LIST);
    g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)refused_free);
    DbStep step;

    stmt_put_int (stmt, before > 0 ? before : G_MAXINT64);
    stmt_put_int (stmt, limit);
    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (list, refused_from_row (stmt));
    return step == DB_DONE ? g_steal_pointer (&list) : NULL;
}

Refused *store_refused_get (StoreReader *reader, gint64 id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_REFUSED_GET);
    gsize len;

    stmt_put_int (stmt, id);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_DONE)
        error_set (error, ERR_NOT_FOUND, "there is no refused mail %" G_GINT64_FORMAT, id);
    if (step != DB_ROW)
        return NULL;
    Refused *refused = refused_from_row (stmt);
    const void *bytes = stmt_peek_bytes (stmt, &len);

    refused->raw = g_bytes_new (bytes, len);
    return refused;
}
