/* audit.c - who did what: acts of administrators and authors, and what was done for them. Rows are
 * only added. */
#include "store_private.h"

void audit_entry_free (AuditEntry *entry)
{
    if (entry == NULL)
        return;
    g_free (entry->actor);
    g_free (entry->act);
    g_free (entry->subject);
    g_free (entry);
}

gboolean store_audit_add (StoreTxn *txn, const char *actor, const char *act, const char *subject,
                          GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_AUDIT_ADD);

    stmt_put_int (stmt, txn->now_ms);
    stmt_put_text (stmt, actor);
    stmt_put_text (stmt, act);
    stmt_put_text (stmt, subject != NULL ? subject : "");
    return stmt_run (stmt, error);
}

gboolean store_audit_post (StoreTxn *txn, const char *actor, const char *act, PostId post,
                           const char *whom, GError **error)
{
    g_autofree char *subject =
        g_strdup_printf ("post %" G_GINT64_FORMAT "%s%s", post.value, whom != NULL ? " to " : "",
                         whom != NULL ? whom : "");

    return store_audit_add (txn, actor, act, subject, error);
}

GPtrArray *store_audit_list (StoreReader *reader, gint64 since_ms, guint limit, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_AUDIT_LIST);
    g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)audit_entry_free);
    DbStep step;

    stmt_put_int (stmt, since_ms);
    stmt_put_int (stmt, limit);
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        AuditEntry *entry = g_new0 (AuditEntry, 1);

        entry->id = stmt_take_int (stmt);
        entry->time_ms = stmt_take_int (stmt);
        entry->actor = stmt_take_text (stmt);
        entry->act = stmt_take_text (stmt);
        entry->subject = stmt_take_text (stmt);
        g_ptr_array_add (list, entry);
    }
    return step == DB_DONE ? g_steal_pointer (&list) : NULL;
}
