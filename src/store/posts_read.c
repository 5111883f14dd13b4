/* posts_read.c - reads posts. Every question of a viewer goes through CAN_SEE of stmt.def. */
#include "posts.h"
#include "store_private.h"

#include "error.h"

void post_free (Post *post)
{
    if (post == NULL)
        return;
    g_free (post->message_id);
    g_free (post->author_address);
    g_free (post->author_name);
    g_free (post->subject);
    g_free (post->preview);
    g_free (post->queue_id);
    if (post->topics != NULL)
        g_ptr_array_unref (post->topics);
    g_free (post);
}

static void post_shown_free (PostShown *shown)
{
    g_free (shown->name);
    g_free (shown->address);
    g_free (shown);
}

static void post_reader_free (PostReader *reader)
{
    g_free (reader->address);
    g_free (reader->name);
    g_free (reader->via);
    g_free (reader->reason);
    g_free (reader);
}

static void post_part_free (PostPart *part)
{
    g_free (part->name);
    g_free (part->type);
    g_free (part->content_id);
    g_free (part);
}

gint64 viewer_number (Viewer viewer)
{
    return viewer.is_admin ? -1 : MAX (viewer.person.value, 0);
}

static Post *post_from_row (Stmt *stmt)
{
    Post *post = g_new0 (Post, 1);

    post->id.value = stmt_take_int (stmt);
    post->thread.value = stmt_take_int (stmt);
    post->parent.value = stmt_take_int (stmt);
    post->message_id = stmt_take_text (stmt);
    post->author.value = stmt_take_int (stmt);
    post->author_address = stmt_take_text (stmt);
    post->author_name = stmt_take_text (stmt);
    post->subject = stmt_take_text (stmt);
    post->preview = stmt_take_text (stmt);
    post->sent_ms = stmt_take_int (stmt);
    post->received_ms = stmt_take_int (stmt);
    post->last_ms = stmt_take_int (stmt);
    post->comments = (guint)stmt_take_int (stmt);
    post->attachments = (guint)stmt_take_int (stmt);
    post->visibility = (PostVisibility)stmt_take_int (stmt);
    post->queue_id = stmt_take_text (stmt);
    post->topics = g_ptr_array_new_with_free_func (g_free);
    return post;
}

static gboolean load_topics (Conn *conn, Post *post, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_POST_TOPICS);
    DbStep step;

    stmt_put_int (stmt, post->id.value);
    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (post->topics, stmt_take_text (stmt));
    return step == DB_DONE;
}

GPtrArray *posts_from_rows (Conn *conn, Stmt *stmt, GError **error)
{
    g_autoptr (GPtrArray) posts = g_ptr_array_new_with_free_func ((GDestroyNotify)post_free);
    DbStep step;

    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (posts, post_from_row (stmt));
    for (guint i = 0; i < posts->len && step == DB_DONE; i++)
        if (!load_topics (conn, posts->pdata[i], error))
            step = DB_FAILED;
    return step == DB_DONE ? g_steal_pointer (&posts) : NULL;
}

Post *store_post_get (StoreReader *reader, PostId id, Viewer viewer, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_POST_GET);

    stmt_put_int (stmt, id.value);
    stmt_put_int (stmt, viewer_number (viewer));
    g_autoptr (GPtrArray) posts = posts_from_rows (reader->conn, stmt, error);

    if (posts == NULL)
        return NULL;
    if (posts->len == 0) {
        error_set (error, ERR_NOT_FOUND, "there is no post %" G_GINT64_FORMAT, id.value);
        return NULL;
    }
    return g_ptr_array_steal_index (posts, 0);
}

static GPtrArray *find_by_queue_id (StoreReader *reader, const char *queue_id, Viewer viewer,
                                    GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_POST_BY_QUEUE_ID);

    stmt_put_text (stmt, queue_id);
    stmt_put_int (stmt, viewer_number (viewer));
    return posts_from_rows (reader->conn, stmt, error);
}

GPtrArray *store_post_find (StoreReader *reader, const char *queue_or_message_id, Viewer viewer,
                            GError **error)
{
    g_autoptr (GPtrArray) posts = find_by_queue_id (reader, queue_or_message_id, viewer, error);

    if (posts == NULL || posts->len > 0)
        return g_steal_pointer (&posts);
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_POST_BY_MESSAGE_ID);

    stmt_put_int (stmt, key_of (queue_or_message_id));
    stmt_put_text (stmt, queue_or_message_id);
    stmt_put_int (stmt, viewer_number (viewer));
    return posts_from_rows (reader->conn, stmt, error);
}

GPtrArray *store_post_list (StoreReader *reader, Viewer viewer, PostId before, guint limit,
                            GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_POST_LIST);

    stmt_put_int (stmt, before.value > 0 ? before.value : G_MAXINT64);
    stmt_put_int (stmt, viewer_number (viewer));
    stmt_put_int (stmt, limit);
    return posts_from_rows (reader->conn, stmt, error);
}

GPtrArray *store_post_walk (StoreReader *reader, PostId after, guint limit, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_POST_WALK);

    stmt_put_int (stmt, after.value);
    stmt_put_int (stmt, limit);
    return posts_from_rows (reader->conn, stmt, error);
}

GPtrArray *store_thread (StoreReader *reader, PostId thread, Viewer viewer, guint limit,
                         GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_POST_THREAD);

    stmt_put_int (stmt, thread.value);
    stmt_put_int (stmt, viewer_number (viewer));
    stmt_put_int (stmt, limit);
    g_autoptr (GPtrArray) posts = posts_from_rows (reader->conn, stmt, error);

    if (posts != NULL && posts->len == 0) {
        error_set (error, ERR_NOT_FOUND, "there is no thread %" G_GINT64_FORMAT, thread.value);
        return NULL;
    }
    return g_steal_pointer (&posts);
}

static PostShown *shown_from_row (Stmt *stmt)
{
    PostShown *shown = g_new0 (PostShown, 1);

    shown->name = stmt_take_text (stmt);
    shown->address = stmt_take_text (stmt);
    shown->role = (PostRole)stmt_take_int (stmt);
    return shown;
}

static PostReader *reader_from_row (Stmt *stmt)
{
    PostReader *reader = g_new0 (PostReader, 1);

    reader->person.value = stmt_take_int (stmt);
    reader->address = stmt_take_text (stmt);
    reader->name = stmt_take_text (stmt);
    reader->role = (PostRole)stmt_take_int (stmt);
    reader->via = stmt_take_text (stmt);
    reader->reason = stmt_take_text (stmt);
    reader->noticed_ms = stmt_take_int (stmt);
    return reader;
}

static PostPart *part_from_row (Stmt *stmt)
{
    PostPart *part = g_new0 (PostPart, 1);

    part->number = (guint)stmt_take_int (stmt);
    part->name = stmt_take_text (stmt);
    part->type = stmt_take_text (stmt);
    part->content_id = stmt_take_text (stmt);
    part->is_inline = stmt_take_int (stmt) != 0;
    part->size = (gsize)stmt_take_int (stmt);
    return part;
}

/* All rows that belong to one post. */
static GPtrArray *rows_of_post (StoreReader *reader, StmtId statement, PostId id,
                                gpointer (*from_row) (Stmt *stmt), GDestroyNotify free_row,
                                GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, statement);
    g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
    DbStep step;

    stmt_put_int (stmt, id.value);
    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (rows, from_row (stmt));
    return step == DB_DONE ? g_steal_pointer (&rows) : NULL;
}

GPtrArray *store_post_shown (StoreReader *reader, PostId id, GError **error)
{
    return rows_of_post (reader, ST_POST_SHOWN, id, (gpointer (*) (Stmt *))shown_from_row,
                         (GDestroyNotify)post_shown_free, error);
}

GPtrArray *store_post_readers (StoreReader *reader, PostId id, GError **error)
{
    return rows_of_post (reader, ST_POST_READERS, id, (gpointer (*) (Stmt *))reader_from_row,
                         (GDestroyNotify)post_reader_free, error);
}

GPtrArray *store_post_parts (StoreReader *reader, PostId id, GError **error)
{
    return rows_of_post (reader, ST_POST_PARTS, id, (gpointer (*) (Stmt *))part_from_row,
                         (GDestroyNotify)post_part_free, error);
}

char *store_post_sender (StoreReader *reader, PostId id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_POST_SENDER);

    stmt_put_int (stmt, id.value);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_DONE)
        error_set (error, ERR_NOT_FOUND, "there is no post %" G_GINT64_FORMAT, id.value);
    if (step != DB_ROW)
        return NULL;
    char *sender = stmt_take_text (stmt);

    return sender != NULL ? sender : g_strdup ("");
}
