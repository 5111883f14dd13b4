/* comments.c - who hears of a comment, and what a mail about comments tells.
 *
 * (C1) A person has at most one mail about a thread's comments waiting; it tells all comments from
 * the one it was queued for up to the one that the next mail was queued for. So each comment is
 * told once, also when it comes while a mail is being sent. */
#include "notices.h"
#include "store_private.h"

#include "error.h"

typedef struct {
    PersonId person;
    char *address;
} Follower;

static void follower_clear (gpointer data)
{
    g_free (((Follower *)data)->address);
}

static GArray *followers_of (StoreTxn *txn, PostId comment, guint named_max, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_COMMENT_FOLLOWERS);
    g_autoptr (GArray) followers = g_array_new (FALSE, FALSE, sizeof (Follower));
    DbStep step;

    g_array_set_clear_func (followers, follower_clear);
    stmt_put_int (stmt, named_max);
    stmt_put_int (stmt, comment.value);
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        Follower follower = {.person = {stmt_take_int (stmt)}};

        follower.address = stmt_take_text (stmt);
        g_array_append_val (followers, follower);
    }
    return step == DB_DONE ? g_steal_pointer (&followers) : NULL;
}

/* Who sees a restricted thread sees its comments. */
static gboolean widen (StoreTxn *txn, PostId comment, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_COMMENT_READERS);

    stmt_put_int (stmt, comment.value);
    return stmt_run (stmt, error);
}

gboolean store_comment_notices (StoreTxn *txn, PostId comment, guint named_max, gint64 due_ms,
                                GError **error)
{
    if (!widen (txn, comment, error))
        return FALSE;
    g_autoptr (GArray) followers = followers_of (txn, comment, named_max, error);

    if (followers == NULL)
        return FALSE;
    for (guint i = 0; i < followers->len; i++) {
        const Follower *follower = &g_array_index (followers, Follower, i);

        if (!store_notice_add (txn, NOTICE_COMMENT, comment, follower->person, follower->address,
                               "follow", NULL, due_ms, NULL, error))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *store_comment_news (StoreReader *reader, PostId first, PersonId person, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_COMMENT_NEWS);

    stmt_put_int (stmt, first.value);
    stmt_put_int (stmt, person.value);
    return posts_from_rows (reader->conn, stmt, error);
}

static gboolean run_on (StoreTxn *txn, StmtId id, PostId post, gboolean *ret_changed,
                        GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, id);

    stmt_put_int (stmt, post.value);
    if (!stmt_run (stmt, error))
        return FALSE;
    *ret_changed = stmt_changes (stmt) > 0;
    return TRUE;
}

guint store_answers_since (StoreReader *reader, PersonId author, gint64 since_ms, guint most)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_ANSWERS_RECENT);

    stmt_put_int (stmt, author.value);
    stmt_put_int (stmt, most);
    stmt_put_int (stmt, since_ms);
    return stmt_next (stmt, NULL) == DB_ROW ? (guint)stmt_take_int (stmt) : 0;
}

guint store_answers_same (StoreReader *reader, PostId thread, PersonId author, const char *preview,
                          const char *message_id)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_ANSWERS_SAME);

    stmt_put_int (stmt, thread.value);
    stmt_put_int (stmt, author.value);
    stmt_put_text (stmt, preview);
    stmt_put_text (stmt, message_id != NULL ? message_id : "");
    return stmt_next (stmt, NULL) == DB_ROW ? (guint)stmt_take_int (stmt) : 0;
}

gboolean store_post_withdraw (StoreTxn *txn, PostId post, const char *actor, GError **error)
{
    gboolean is_there, has_changed;

    if (!run_on (txn, ST_POST_WITHDRAW, post, &is_there, error))
        return FALSE;
    if (!is_there)
        return error_fail (error, ERR_NOT_FOUND, "there is no post %" G_GINT64_FORMAT, post.value);
    return run_on (txn, ST_NOTICE_CANCEL, post, &has_changed, error) &&
           run_on (txn, ST_NOTICE_CANCEL_THREAD, post, &has_changed, error) &&
           store_audit_post (txn, actor, "withdraw", post, NULL, error);
}
