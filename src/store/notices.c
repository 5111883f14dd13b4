/* notices.c - the outbox.
 *
 * (N1) One mail for each post, kind and address, ever. Answers (NOTICE_ANSWER) are about no post
 * and may repeat. (N2) A mail is claimed by one courier at a time: claiming moves its due time to
 * the end of the lease, in the writer's transaction. (N3) Sent is for good: no later word changes
 * it. */
#include "notices.h"
#include "people.h"
#include "store_private.h"

#include "error.h"

void notice_free (Notice *notice)
{
    if (notice == NULL)
        return;
    g_free (notice->address);
    g_free (notice->name);
    g_free (notice->reason);
    g_free (notice->text);
    g_free (notice->last_error);
    g_free (notice);
}

static Notice *notice_from_row (Stmt *stmt)
{
    Notice *notice = g_new0 (Notice, 1);

    notice->id.value = stmt_take_int (stmt);
    notice->kind = (NoticeKind)stmt_take_int (stmt);
    notice->state = (NoticeState)stmt_take_int (stmt);
    notice->post.value = stmt_take_int (stmt);
    notice->person.value = stmt_take_int (stmt);
    notice->address = stmt_take_text (stmt);
    notice->name = stmt_take_text (stmt);
    notice->reason = stmt_take_text (stmt);
    notice->text = stmt_take_text (stmt);
    notice->tries = (guint)stmt_take_int (stmt);
    notice->created_ms = stmt_take_int (stmt);
    notice->due_ms = stmt_take_int (stmt);
    notice->sent_ms = stmt_take_int (stmt);
    notice->last_error = stmt_take_text (stmt);
    if (notice->name == NULL)
        notice->name = g_strdup ("");
    return notice;
}

static GPtrArray *notices_from_rows (Stmt *stmt, GError **error)
{
    g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func ((GDestroyNotify)notice_free);
    DbStep step;

    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (notices, notice_from_row (stmt));
    return step == DB_DONE ? g_steal_pointer (&notices) : NULL;
}

gboolean notice_queue (StoreTxn *txn, int kind, PostId post, PersonId person, const char *address,
                       const char *reason, const char *text, gint64 due_ms, gboolean *ret_is_new,
                       GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_NOTICE_ADD);

    stmt_put_int (stmt, kind);
    stmt_put_id (stmt, post.value);
    stmt_put_id (stmt, person.value);
    stmt_put_text (stmt, address);
    stmt_put_text (stmt, reason);
    stmt_put_text (stmt, text);
    stmt_put_int (stmt, txn->now_ms);
    stmt_put_int (stmt, due_ms);
    if (!stmt_run (stmt, error))
        return FALSE;
    if (ret_is_new != NULL)
        *ret_is_new = stmt_changes (stmt) > 0;
    return TRUE;
}

gboolean store_notice_add (StoreTxn *txn, NoticeKind kind, PostId post, PersonId person,
                           const char *address, const char *reason, const char *text, gint64 due_ms,
                           gboolean *ret_is_new, GError **error)
{
    gboolean is_new = FALSE;

    if (!notice_queue (txn, (int)kind, post, person, address, reason, text, due_ms, &is_new, error))
        return FALSE;
    if (is_new && kind == NOTICE_RECEIPT) {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_RECEIPTS_ADD);

        stmt_put_int (stmt, person.value);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    if (ret_is_new != NULL)
        *ret_is_new = is_new;
    return TRUE;
}

gboolean store_receipt_add (StoreTxn *txn, PostId post, const char *author, guint most,
                            GError **error)
{
    PersonId person;
    gboolean is_suppressed, is_new = FALSE;

    if (!store_person_ensure (txn, author, NULL, &person, error) ||
        !person_is_suppressed (txn, person, &is_suppressed, error))
        return FALSE;
    if (is_suppressed)
        return TRUE;
    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_RECEIPTS_GET);

        stmt_put_int (stmt, person.value);
        DbStep step = stmt_next (stmt, error);

        if (step == DB_FAILED)
            return FALSE;
        if (most > 0 && step == DB_ROW && stmt_take_int (stmt) >= (gint64)most)
            return TRUE;
    }
    return store_notice_add (txn, NOTICE_RECEIPT, post, person, author, "author", NULL, txn->now_ms,
                             &is_new, error) &&
           (!is_new || store_audit_post (txn, "carbonless", "receipt", post, author, error));
}

/* Runs a statement with a time, a text (when it has one) and the id; *ret_count rows changed. */
static gboolean change (StoreTxn *txn, StmtId statement, gint64 time_ms, NoticeId id,
                        gint64 *ret_count, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, statement);

    stmt_put_int (stmt, time_ms);
    stmt_put_int (stmt, id.value);
    if (!stmt_run (stmt, error))
        return FALSE;
    if (ret_count != NULL)
        *ret_count = stmt_changes (stmt);
    return TRUE;
}

gboolean store_notice_claim (StoreTxn *txn, gint64 now_ms, gint64 lease_ms, guint max,
                             GPtrArray **ret_notices, GError **error)
{
    g_autoptr (GPtrArray) notices = NULL;

    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_NOTICE_DUE);

        stmt_put_int (stmt, now_ms);
        stmt_put_int (stmt, max);
        notices = notices_from_rows (stmt, error);
    }
    if (notices == NULL)
        return FALSE;
    for (guint i = 0; i < notices->len; i++) {
        Notice *notice = notices->pdata[i];

        if (!change (txn, ST_NOTICE_LEASE, now_ms + lease_ms, notice->id, NULL, error))
            return FALSE;
        notice->state = NOTICE_SENDING;
        notice->due_ms = now_ms + lease_ms;
        notice->tries++;
    }
    *ret_notices = g_steal_pointer (&notices);
    return TRUE;
}

gboolean store_notice_reclaim (StoreTxn *txn, gint64 now_ms, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_NOTICE_RECLAIM);

    stmt_put_int (stmt, now_ms);
    return stmt_run (stmt, error);
}

gboolean store_notice_sent (StoreTxn *txn, NoticeId id, gint64 now_ms, GError **error)
{
    gint64 transit = 0;

    if (!transit_of (txn, id, &transit, error))
        return FALSE;
    return transit != 0 ? transit_sent (txn, id, transit, error)
                        : change (txn, ST_NOTICE_SENT, now_ms, id, NULL, error);
}

static gboolean give_back (StoreTxn *txn, StmtId statement, NoticeId id, gint64 due_ms,
                           const char *why, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, statement);

    stmt_put_int (stmt, due_ms);
    stmt_put_text (stmt, why);
    stmt_put_int (stmt, id.value);
    return stmt_run (stmt, error);
}

gboolean store_notice_retry (StoreTxn *txn, NoticeId id, gint64 due_ms, const char *why,
                             GError **error)
{
    return give_back (txn, ST_NOTICE_RETRY, id, due_ms, why, error);
}

gboolean store_notice_postpone (StoreTxn *txn, NoticeId id, gint64 due_ms, const char *why,
                                GError **error)
{
    return give_back (txn, ST_NOTICE_POSTPONE, id, due_ms, why, error);
}

gboolean store_notice_dead (StoreTxn *txn, NoticeId id, const char *why, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_NOTICE_DEAD);

    stmt_put_text (stmt, why);
    stmt_put_int (stmt, id.value);
    return stmt_run (stmt, error);
}

gboolean store_notice_again (StoreTxn *txn, NoticeId id, GError **error)
{
    gint64 count = 0;

    if (!change (txn, ST_NOTICE_AGAIN, txn->now_ms, id, &count, error))
        return FALSE;
    return count > 0 ||
           error_fail (error, ERR_NOT_FOUND,
                       "there is no mail %" G_GINT64_FORMAT " that was not sent", id.value);
}

gint64 store_notice_next_due (StoreReader *reader)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_NOTICE_NEXT_DUE);

    return stmt_next (stmt, NULL) == DB_ROW ? stmt_take_int (stmt) : G_MAXINT64;
}

GPtrArray *store_notice_list (StoreReader *reader, gboolean only_open, NoticeId before, guint limit,
                              GError **error)
{
    g_autoptr (Stmt) stmt =
        stmt_use (reader->conn, only_open ? ST_NOTICE_LIST_OPEN : ST_NOTICE_LIST);

    stmt_put_int (stmt, before.value > 0 ? before.value : G_MAXINT64);
    stmt_put_int (stmt, limit);
    return notices_from_rows (stmt, error);
}

Notice *store_notice_get (StoreReader *reader, NoticeId id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_NOTICE_GET);

    stmt_put_int (stmt, id.value);
    g_autoptr (GPtrArray) notices = notices_from_rows (stmt, error);

    if (notices == NULL)
        return NULL;
    if (notices->len == 0) {
        error_set (error, ERR_NOT_FOUND, "there is no mail %" G_GINT64_FORMAT, id.value);
        return NULL;
    }
    return g_ptr_array_steal_index (notices, 0);
}

GPtrArray *store_release_kept (StoreTxn *txn, PostId post, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_KEPT_LIST);
    g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
    DbStep step;

    stmt_put_int (stmt, post.value);
    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (kept, stmt_take_text (stmt));
    return step == DB_DONE ? g_steal_pointer (&kept) : NULL;
}

gboolean store_release_done (StoreTxn *txn, PostId post, GPtrArray **ret_asked,
                             GPtrArray **ret_others, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_RELEASED_LIST);
    g_autoptr (GPtrArray) asked = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
    DbStep step;

    stmt_put_int (stmt, post.value);
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        char *address = stmt_take_text (stmt);

        g_ptr_array_add (stmt_take_int (stmt) > 0 ? asked : others, address);
    }
    if (step != DB_DONE)
        return FALSE;
    *ret_asked = g_steal_pointer (&asked);
    *ret_others = g_steal_pointer (&others);
    return TRUE;
}

gboolean store_release_to (StoreTxn *txn, PostId post, const GPtrArray *addresses,
                           const char *actor, guint *ret_count, GError **error)
{
    const PersonId nobody = {0};
    guint count = 0;

    for (guint i = 0; i < addresses->len; i++) {
        gboolean is_new = FALSE;

        if (!store_notice_add (txn, NOTICE_RELEASE, post, nobody, addresses->pdata[i], NULL, NULL,
                               txn->now_ms, &is_new, error))
            return FALSE;
        count += is_new ? 1 : 0;
    }
    if (!store_audit_post (txn, actor, "release", post, NULL, error))
        return FALSE;
    *ret_count = count;
    return TRUE;
}

gboolean store_release (StoreTxn *txn, PostId post, const char *actor, guint *ret_count,
                        GError **error)
{
    g_autoptr (GPtrArray) kept = store_release_kept (txn, post, error);

    return kept != NULL && store_release_to (txn, post, kept, actor, ret_count, error);
}

gboolean store_notice_count (StoreReader *reader, guint *ret_waiting, guint *ret_dead,
                             GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_NOTICE_COUNT);

    if (stmt_next (stmt, error) != DB_ROW)
        return FALSE;
    *ret_waiting = (guint)stmt_take_int (stmt);
    *ret_dead = (guint)stmt_take_int (stmt);
    return TRUE;
}
