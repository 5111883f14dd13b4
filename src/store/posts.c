/* posts.c - adds posts: identity, readers, what is shown, notices.
 *
 * (I2) Two messages are the same post when Message-ID, author and content digest are the same.
 * (I3) A reader gets one notice about a post, ever: the outbox is unique by post, kind and address.
 * (I4) Adding the same message again only widens: readers, kept copies, notices for persons who had
 *      none. Nothing that was there changes, but a role or reason that is better than before. */
#include "posts.h"
#include "notices.h"
#include "store_private.h"
#include "threads.h"

#include <string.h>

#include "error.h"

/* Of a digest this much is kept: nobody meets another message with the same by chance. */
#define IDENTITY_BYTES 16

/* Hex as bytes, cut to what is kept; anything else as it is. */
static GBytes *identity_bytes (const char *identity)
{
    gsize len = strlen (identity);
    g_autofree guint8 *bytes = g_malloc (len / 2 + 1);

    for (gsize i = 0; i < len; i += 2) {
        int high = g_ascii_xdigit_value (identity[i]);
        int low = g_ascii_xdigit_value (identity[i + 1]);

        if (high < 0 || low < 0)
            return g_bytes_new (identity, len);
        bytes[i / 2] = (guint8)(high << 4 | low);
    }
    return g_bytes_new (bytes, MIN (len / 2, IDENTITY_BYTES));
}

static gint64 draft_key (const PostDraft *draft)
{
    return key_of (draft->message_id != NULL ? draft->message_id : draft->identity);
}

static gboolean find_same (StoreTxn *txn, const PostDraft *draft, gint64 author, GBytes *identity,
                           gint64 *ret_id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_POST_SAME);
    DbStep step;

    *ret_id = 0;
    stmt_put_int (stmt, draft_key (draft));
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        gint64 id = stmt_take_int (stmt);
        gboolean is_author = stmt_take_int (stmt) == author;
        const char *message_id = stmt_peek_text (stmt);
        gsize len;
        const void *bytes = stmt_peek_bytes (stmt, &len);

        if (is_author && g_strcmp0 (message_id, draft->message_id) == 0 &&
            len == g_bytes_get_size (identity) &&
            memcmp (bytes, g_bytes_get_data (identity, NULL), len) == 0) {
            *ret_id = id;
            return TRUE;
        }
    }
    return step == DB_DONE;
}

static guint count_attachments (const PostDraft *draft)
{
    guint count = 0;

    for (guint i = 0; i < draft->part_count; i++)
        count += draft->parts[i].is_inline || draft->parts[i].is_body ? 0 : 1;
    return count;
}

static gboolean insert_post (StoreTxn *txn, const PostDraft *draft, gint64 author, GBytes *identity,
                             const ThreadPlace *place, gint64 *ret_id, GError **error)
{
    gint64 sender = 0;
    gsize len;
    const void *bytes = g_bytes_get_data (identity, &len);

    if (!mailbox_ensure (txn, draft->envelope_sender != NULL ? draft->envelope_sender : "", NULL,
                         &sender, error))
        return FALSE;
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_POST_ADD);

    stmt_put_int (stmt, place->thread);
    stmt_put_id (stmt, place->parent);
    stmt_put_int (stmt, place->rank);
    stmt_put_int (stmt, author);
    stmt_put_int (stmt, place->visibility);
    stmt_put_int (stmt, place->is_top);
    stmt_put_int (stmt, draft->sent_ms);
    stmt_put_int (stmt, draft->received_ms);
    stmt_put_int (stmt, draft->sent_ms);
    stmt_put_int (stmt, count_attachments (draft));
    stmt_put_int (stmt, draft->deliveries_avoided);
    stmt_put_int (stmt, (gint64)draft->bytes_avoided);
    stmt_put_int (stmt, draft_key (draft));
    stmt_put_bytes (stmt, bytes, len);
    stmt_put_text (stmt, draft->message_id);
    stmt_put_text (stmt, draft->queue_id);
    stmt_put_int (stmt, sender);
    stmt_put_text (stmt, draft->subject != NULL ? draft->subject : "");
    stmt_put_text (stmt, draft->preview != NULL ? draft->preview : "");
    if (stmt_next (stmt, error) != DB_ROW)
        return FALSE;
    *ret_id = stmt_take_int (stmt);
    return stmt_run (stmt, error);
}

static gboolean add_shown (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error)
{
    for (guint i = 0; i < draft->shown_count; i++) {
        const DraftShown *shown = &draft->shown[i];
        gint64 mailbox = 0;

        g_assert (shown->role != POST_ROLE_BCC);
        if (!mailbox_ensure (txn, shown->address, shown->name, &mailbox, error))
            return FALSE;
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_SHOWN_ADD);

        stmt_put_int (stmt, post.value);
        stmt_put_int (stmt, i);
        stmt_put_int (stmt, shown->role);
        stmt_put_int (stmt, mailbox);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_parts (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error)
{
    guint number = 0;

    for (guint i = 0; i < draft->part_count; i++) {
        const DraftPart *part = &draft->parts[i];

        if (part->is_body)
            continue;
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PART_ADD);

        stmt_put_int (stmt, post.value);
        stmt_put_int (stmt, number++);
        stmt_put_text (stmt, part->name);
        stmt_put_text (stmt, part->type != NULL ? part->type : "application/octet-stream");
        stmt_put_text (stmt, part->content_id);
        stmt_put_int (stmt, part->is_inline != FALSE);
        stmt_put_int (stmt, (gint64)part->size);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean topic_ensure (StoreTxn *txn, const char *name, gint64 *ret_id, GError **error)
{
    const StmtId ids[] = {ST_TOPIC_FIND, ST_TOPIC_ADD};

    for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ids[i]);

        stmt_put_text (stmt, name);
        DbStep step = stmt_next (stmt, error);

        if (step == DB_FAILED)
            return FALSE;
        if (step == DB_ROW) {
            *ret_id = stmt_take_int (stmt);
            return stmt_run (stmt, error);
        }
    }
    return error_fail (error, ERR_INTERNAL, "a topic got no number");
}

static gboolean run_pair (StoreTxn *txn, StmtId id, gint64 first, gint64 second, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, id);

    stmt_put_int (stmt, first);
    stmt_put_int (stmt, second);
    return stmt_run (stmt, error);
}

static gboolean add_topics (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error)
{
    for (guint i = 0; draft->topics != NULL && draft->topics[i] != NULL; i++) {
        gint64 topic = 0;

        if (!topic_ensure (txn, draft->topics[i], &topic, error) ||
            !run_pair (txn, ST_POST_TOPIC_ADD, post.value, topic, error))
            return FALSE;
    }
    return TRUE;
}

/* *ret_grew: whether there was one that was not kept before. */
static gboolean add_kept (StoreTxn *txn, PostId post, const PostDraft *draft, gboolean *ret_grew,
                          GError **error)
{
    *ret_grew = FALSE;
    for (guint i = 0; draft->kept_for != NULL && draft->kept_for[i] != NULL; i++) {
        gint64 mailbox = 0;

        if (!mailbox_ensure (txn, draft->kept_for[i], NULL, &mailbox, error))
            return FALSE;
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_KEPT_ADD);

        stmt_put_int (stmt, post.value);
        stmt_put_int (stmt, mailbox);
        if (!stmt_run (stmt, error))
            return FALSE;
        *ret_grew = *ret_grew || stmt_changes (stmt) > 0;
    }
    return TRUE;
}

static gboolean insert_reader (StoreTxn *txn, PostId post, gint64 person, const DraftReader *reader,
                               GError **error)
{
    gint64 via = 0;

    if (reader->via != NULL && !mailbox_ensure (txn, reader->via, NULL, &via, error))
        return FALSE;
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_READER_ADD);

    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, person);
    stmt_put_int (stmt, reader->role);
    stmt_put_id (stmt, via);
    stmt_put_text (stmt, reader->reason);
    return stmt_run (stmt, error);
}

/* Takes the better of the old and the new role; an old reason stays. */
static gboolean widen_reader (StoreTxn *txn, PostId post, gint64 person, const DraftReader *reader,
                              GError **error)
{
    PostRole role = POST_ROLE_TO;
    g_autofree char *reason = NULL;

    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_READER_GET);

        stmt_put_int (stmt, post.value);
        stmt_put_int (stmt, person);
        DbStep step = stmt_next (stmt, error);

        if (step == DB_FAILED)
            return FALSE;
        if (step == DB_ROW) {
            role = (PostRole)stmt_take_int (stmt);
            reason = stmt_take_text (stmt);
        }
        if (step == DB_DONE) {
            stmt_end (g_steal_pointer (&stmt));
            return insert_reader (txn, post, person, reader, error);
        }
    }
    if (reader->role >= role && (reason != NULL || reader->reason == NULL))
        return TRUE;
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_READER_SET);

    stmt_put_int (stmt, MIN (role, reader->role));
    stmt_put_text (stmt, reason != NULL ? reason : reader->reason);
    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, person);
    return stmt_run (stmt, error);
}

/* Each part of a split delivery knows only its own recipients: together they keep to the limit. */
static gboolean has_enough_notices (StoreTxn *txn, PostId post, guint most, gboolean *ret_is_so,
                                    GError **error)
{
    *ret_is_so = FALSE;
    if (most == 0)
        return TRUE;
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_NOTICE_OF_POST);

    stmt_put_int (stmt, post.value);
    DbStep step = stmt_next (stmt, error);
    *ret_is_so = step == DB_ROW && stmt_take_int (stmt) >= most;
    return step != DB_FAILED;
}

static gboolean queue_notice (StoreTxn *txn, PostId post, PersonId person,
                              const DraftReader *reader, guint most, guint *count, GError **error)
{
    gboolean is_muted, is_enough, is_new = FALSE;

    if (!follow_is_muted (txn, person, post, &is_muted, error) ||
        !has_enough_notices (txn, post, most, &is_enough, error))
        return FALSE;
    if (is_muted || is_enough)
        return TRUE;
    if (!notice_queue (txn, NOTICE_POST, post, person, reader->address, reader->reason, NULL,
                       txn->now_ms, &is_new, error))
        return FALSE;
    *count += is_new ? 1 : 0;
    return TRUE;
}

/* *count grows by the notices that are new. */
static gboolean add_readers (StoreTxn *txn, PostId post, const PostDraft *draft, guint *count,
                             GError **error)
{
    for (guint i = 0; i < draft->reader_count; i++) {
        const DraftReader *reader = &draft->readers[i];
        PersonId person;
        gboolean has_changed;

        if (!person_ensure (txn, reader->address, reader->name, NAME_TOLD, &person.value,
                            &has_changed, error) ||
            !widen_reader (txn, post, person.value, reader, error))
            return FALSE;
        if (reader->reason != NULL &&
            !queue_notice (txn, post, person, reader, draft->notices_max, count, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean mark_unindexed (StoreTxn *txn, PostId post, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_UNINDEXED_ADD);

    stmt_put_int (stmt, post.value);
    return stmt_run (stmt, error);
}

static gboolean add_new (StoreTxn *txn, const PostDraft *draft, gint64 author, GBytes *identity,
                         PostId *ret_id, GError **error)
{
    ThreadPlace place;
    PostId id = {0};

    return thread_find_place (txn, draft, &place, error) &&
           insert_post (txn, draft, author, identity, &place, &id.value, error) &&
           thread_settle (txn, draft, id, draft_key (draft), &place, error) &&
           raw_add (txn, id, draft, error) && add_shown (txn, id, draft, error) &&
           add_parts (txn, id, draft, error) && add_topics (txn, id, draft, error) &&
           mark_unindexed (txn, id, error) && ((ret_id->value = id.value), TRUE);
}

/* A part of a split delivery saves its own copies; a mere repetition saves nothing more. */
static gboolean add_avoided (StoreTxn *txn, const PostDraft *draft, PostId id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_POST_AVOIDED_ADD);

    stmt_put_int (stmt, draft->deliveries_avoided);
    stmt_put_int (stmt, (gint64)draft->bytes_avoided);
    stmt_put_int (stmt, id.value);
    return stmt_run (stmt, error);
}

gboolean store_post_gain (StoreTxn *txn, const PostDraft *draft, PostId *ret_id,
                          gboolean *ret_is_new, PostGain *ret_gain, GError **error)
{
    gint64 author = 0;
    gboolean has_changed, has_grown;
    PostId id = {0};
    PostGain gain = {0};

    if (draft->raw == NULL || draft->author == NULL || draft->identity == NULL)
        return error_fail (error, ERR_INTERNAL,
                           "a post needs raw bytes, an author and an identity");
    g_autoptr (GBytes) identity = identity_bytes (draft->identity);

    if (!person_ensure (txn, draft->author, draft->author_name, NAME_OWN, &author, &has_changed,
                        error) ||
        !find_same (txn, draft, author, identity, &id.value, error))
        return FALSE;
    gboolean is_new = id.value == 0;

    if (is_new && !add_new (txn, draft, author, identity, &id, error))
        return FALSE;
    if (!add_readers (txn, id, draft, &gain.notices, error) ||
        !add_kept (txn, id, draft, &has_grown, error))
        return FALSE;
    if (!is_new && has_grown && !add_avoided (txn, draft, id, error))
        return FALSE;
    if (is_new || has_grown) {
        gain.deliveries = draft->deliveries_avoided;
        gain.bytes = draft->bytes_avoided;
    }
    *ret_id = id;
    *ret_is_new = is_new;
    *ret_gain = gain;
    return TRUE;
}

gboolean store_post_add (StoreTxn *txn, const PostDraft *draft, PostId *ret_id,
                         gboolean *ret_is_new, GError **error)
{
    PostGain gain;

    return store_post_gain (txn, draft, ret_id, ret_is_new, &gain, error);
}
