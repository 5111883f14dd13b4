/* verdicts.c - what was decided about each message, and what it saved, week by week. */
#include "notices.h"
#include "store_private.h"

#include <string.h>

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

void verdict_entry_free (VerdictEntry *entry)
{
    if (entry == NULL)
        return;
    g_free (entry->queue_id);
    g_free (entry->message_id);
    g_free (entry->sender);
    g_free (entry->verdict);
    g_free (entry->reason);
    g_free (entry->rule);
    g_strfreev (entry->people);
    g_free (entry);
}

/* The Monday, 00:00 UTC, before this time. 1970-01-01 was a Thursday. */
static gint64 week_of (gint64 time_ms)
{
    gint64 day = time_ms / DAY_MS - (time_ms % DAY_MS < 0 ? 1 : 0);
    gint64 since_monday = ((day + 3) % 7 + 7) % 7;

    return (day - since_monday) * DAY_MS;
}

static gboolean count_week (StoreTxn *txn, const VerdictEntry *entry, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_WEEK_ADD);
    gboolean is_observed = strcmp (entry->verdict, "observe") == 0;

    stmt_put_int (stmt, week_of (entry->time_ms));
    stmt_put_int (stmt, g_str_has_prefix (entry->verdict, "post") && !entry->is_repeated);
    stmt_put_int (stmt, is_observed);
    stmt_put_int (stmt, entry->deliveries_avoided);
    stmt_put_int (stmt, (gint64)entry->bytes_avoided);
    stmt_put_int (stmt, entry->notices);
    return stmt_run (stmt, error);
}

/* Readers of the post are found by it. */
static gboolean add_people (StoreTxn *txn, char *const *people, gint64 verdict, PostId post,
                            GError **error)
{
    for (; people != NULL && *people != NULL; people++) {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_VERDICT_PERSON_ADD);

        stmt_put_text (stmt, *people);
        stmt_put_int (stmt, verdict);
        stmt_put_int (stmt, post.value);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean insert_entry (StoreTxn *txn, const VerdictEntry *entry, gint64 *ret_id,
                              GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_VERDICT_ADD);

    stmt_put_int (stmt, entry->time_ms);
    stmt_put_text (stmt, entry->queue_id);
    stmt_put_text (stmt, entry->message_id);
    stmt_put_text (stmt, entry->sender != NULL ? entry->sender : "");
    stmt_put_text (stmt, entry->verdict);
    stmt_put_text (stmt, entry->reason);
    stmt_put_text (stmt, entry->rule);
    stmt_put_int (stmt, entry->persons);
    stmt_put_int (stmt, entry->deliveries_avoided);
    stmt_put_int (stmt, entry->notices);
    stmt_put_int (stmt, (gint64)entry->bytes_avoided);
    stmt_put_id (stmt, entry->post.value);
    if (stmt_next (stmt, error) != DB_ROW)
        return FALSE;
    *ret_id = stmt_take_int (stmt);
    return stmt_run (stmt, error);
}

gboolean store_verdict_add (StoreTxn *txn, const VerdictEntry *entry, GError **error)
{
    gint64 id = 0;

    return insert_entry (txn, entry, &id, error) &&
           add_people (txn, entry->people, id, entry->post, error) &&
           count_week (txn, entry, error);
}

static VerdictEntry *verdict_from_row (Stmt *stmt)
{
    VerdictEntry *entry = g_new0 (VerdictEntry, 1);

    entry->time_ms = stmt_take_int (stmt);
    entry->queue_id = stmt_take_text (stmt);
    entry->message_id = stmt_take_text (stmt);
    entry->sender = stmt_take_text (stmt);
    entry->verdict = stmt_take_text (stmt);
    entry->reason = stmt_take_text (stmt);
    entry->rule = stmt_take_text (stmt);
    entry->persons = (guint)stmt_take_int (stmt);
    entry->deliveries_avoided = (guint)stmt_take_int (stmt);
    entry->notices = (guint)stmt_take_int (stmt);
    entry->bytes_avoided = (guint64)stmt_take_int (stmt);
    entry->post.value = stmt_take_int (stmt);
    return entry;
}

static GPtrArray *list_by (StoreReader *reader, StmtId statement, const char *about, guint limit,
                           GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, statement);
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify)verdict_entry_free);
    DbStep step;

    if (about != NULL)
        stmt_put_text (stmt, about);
    stmt_put_int (stmt, limit);
    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (entries, verdict_from_row (stmt));
    return step == DB_DONE ? g_steal_pointer (&entries) : NULL;
}

GPtrArray *store_verdict_list (StoreReader *reader, const char *about, guint limit, GError **error)
{
    static const StmtId ways[] = {ST_VERDICT_BY_QUEUE_ID, ST_VERDICT_BY_MESSAGE_ID,
                                  ST_VERDICT_BY_PERSON};
    g_autoptr (GPtrArray) entries = NULL;

    if (about == NULL)
        return list_by (reader, ST_VERDICT_LIST, NULL, limit, error);
    for (gsize i = 0; i < G_N_ELEMENTS (ways) && (entries == NULL || entries->len == 0); i++) {
        g_clear_pointer (&entries, g_ptr_array_unref);
        entries = list_by (reader, ways[i], about, limit, error);
        if (entries == NULL)
            return NULL;
    }
    return g_steal_pointer (&entries);
}

GArray *store_stats (StoreReader *reader, gint64 from_ms, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_WEEK_LIST);
    g_autoptr (GArray) weeks = g_array_new (FALSE, FALSE, sizeof (StatsWeek));
    DbStep step;

    stmt_put_int (stmt, week_of (from_ms));
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        StatsWeek week = {0};

        week.week_start_ms = stmt_take_int (stmt);
        week.messages = (guint64)stmt_take_int (stmt);
        week.posts = (guint64)stmt_take_int (stmt);
        week.observed = (guint64)stmt_take_int (stmt);
        week.deliveries_avoided = (guint64)stmt_take_int (stmt);
        week.bytes_avoided = (guint64)stmt_take_int (stmt);
        week.notices = (guint64)stmt_take_int (stmt);
        g_array_append_val (weeks, week);
    }
    return step == DB_DONE ? g_steal_pointer (&weeks) : NULL;
}
