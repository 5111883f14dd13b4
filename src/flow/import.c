/* import.c - old mail into the archive: the same parsing and storing, in large batches, no notices.
 *
 * Whoever imports has decided that the archive shall hold these messages: nothing is left out for
 * its kind or number of recipients. What a sender marked private, or encrypted, only its recipients
 * see.
 *
 * (I1) Posts, their index rows and the position of the import are one transaction: an import that
 * is killed goes on where its last batch ended. (I2) One bad message fails alone: a batch that
 * cannot be written is written message by message. (I3) Nothing is lost for being alike: a message
 * that is a post already, in other bytes, is kept beside it, and export gives both back. */
#include "flow_private.h"

#include "archive.h"
#include "draft.h"
#include "error.h"
#include "identity.h"
#include "log.h"

#define BATCH_MESSAGES 256
#define BATCH_BYTES (8 * 1024 * 1024)

typedef struct {
    Message *message;
    Envelope *envelope;
    Verdict *verdict;
    Draft *draft;
    PostId post; /* set anew by each try, as the next two */
    gboolean is_new, is_variant;
} Item;

struct FlowImport {
    Flow *flow;
    Snapshot *snapshot;
    GPtrArray *items; /* of Item, in order */
    gsize bytes;
    char *source;
    gint64 position;
    FlowImportCount count;
    FlowImportCount batch; /* of one try */
};

static void free_item (gpointer data)
{
    Item *item = data;
    draft_free (item->draft);
    verdict_free (item->verdict);
    envelope_free (item->envelope);
    message_free (item->message);
    g_free (item);
}

FlowImport *flow_import_new (Flow *flow)
{
    FlowImport *import = g_new0 (FlowImport, 1);
    import->flow = flow;
    import->snapshot = flow_snapshot (flow);
    import->items = g_ptr_array_new_with_free_func (free_item);
    return import;
}

void flow_import_free (FlowImport *import)
{
    if (import == NULL)
        return;
    g_ptr_array_unref (import->items);
    snapshot_unref (import->snapshot);
    g_free (import->source);
    g_free (import);
}

static Item *item_new (FlowImport *import, GBytes *raw)
{
    Item *item = g_new0 (Item, 1);
    item->message = message_parse (raw, NULL);
    item->envelope = envelope_new (FRONT_IMPORT);
    const GPtrArray *from = item->message->from;
    const Address *author = from->len > 0 ? from->pdata[0] : NULL;
    item->envelope->sender = g_strdup (author != NULL ? author->addr : "");
    item->verdict =
        archive_verdict (import->snapshot->conf, import->snapshot->directory, item->message);
    g_autofree char *identity = identity_digest (raw);
    item->draft = draft_new (item->message, item->envelope, item->verdict, identity,
                             clock_now_ms (import->flow->clock));
    return item;
}

static gboolean index_item (StoreTxn *txn, const Item *item, GError **error)
{
    return !item->is_new || store_index_add (txn, item->post, item->draft->post.subject,
                                             item->draft->text, item->draft->names, error);
}

static gboolean add_item (StoreTxn *txn, Item *item, GError **error)
{
    const PostDraft *post = &item->draft->post;
    item->is_new = item->is_variant = FALSE;
    return store_post_add (txn, post, &item->post, &item->is_new, error) &&
           (item->is_new || store_variant_add (txn, item->post, post, &item->is_variant, error));
}

static void count_item (const Item *item, FlowImportCount *count)
{
    *(item->is_new ? &count->added : item->is_variant ? &count->variants : &count->repeated) += 1;
}

static gboolean store_position (StoreTxn *txn, const FlowImport *import, GError **error)
{
    if (import->source == NULL)
        return TRUE;
    g_autofree char *name = g_strdup_printf ("import:%s", import->source);
    g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, import->position);
    return store_meta_set (txn, name, value, error);
}

static gboolean apply_batch (StoreTxn *txn, gpointer data, GError **error)
{
    FlowImport *import = data;
    import->batch = (FlowImportCount){0};
    for (guint i = 0; i < import->items->len; i++) {
        Item *item = import->items->pdata[i];
        if (!add_item (txn, item, error))
            return FALSE;
        count_item (item, &import->batch);
    }
    /* All words after all posts: FTS5 writes a segment at each statement of another table that can
     * undo itself. */
    for (guint i = 0; i < import->items->len; i++)
        if (!index_item (txn, import->items->pdata[i], error))
            return FALSE;
    return store_position (txn, import, error);
}

static gboolean apply_single (StoreTxn *txn, gpointer data, GError **error)
{
    return add_item (txn, data, error) && index_item (txn, data, error);
}

static gboolean apply_position (StoreTxn *txn, gpointer data, GError **error)
{
    return store_position (txn, data, error);
}

/* (I2). The position comes last: after a crash in between, what is there already is repeated. */
static gboolean write_one_by_one (FlowImport *import, GError **error)
{
    for (guint i = 0; i < import->items->len; i++) {
        Item *item = import->items->pdata[i];
        g_autoptr (GError) why = NULL;
        if (store_write (import->flow->store, apply_single, item, &why)) {
            count_item (item, &import->count);
        } else if (error_class (why) == ERR_TEMPORARY) {
            g_propagate_error (error, g_steal_pointer (&why));
            return FALSE;
        } else {
            import->count.failed++;
            log_event (EV_MESSAGE_FAILED, LOG_TEXT ("reason", "import"),
                       LOG_TEXT ("id", item->message->message_id),
                       LOG_TEXT ("error", why->message));
        }
    }
    return store_write (import->flow->store, apply_position, import, error);
}

static gboolean write_batch (FlowImport *import, GError **error)
{
    if (import->items->len == 0)
        return TRUE;
    g_autoptr (GError) why = NULL;
    if (store_write (import->flow->store, apply_batch, import, &why)) {
        import->count.added += import->batch.added;
        import->count.variants += import->batch.variants;
        import->count.repeated += import->batch.repeated;
    } else if (error_class (why) == ERR_TEMPORARY) {
        g_propagate_error (error, g_steal_pointer (&why));
        return FALSE;
    } else if (!write_one_by_one (import, error)) {
        return FALSE;
    }
    g_ptr_array_set_size (import->items, 0);
    import->bytes = 0;
    return TRUE;
}

gboolean flow_import_add (FlowImport *import, GBytes *raw, const char *source, gint64 position,
                          GError **error)
{
    if (g_strcmp0 (source, import->source) != 0) {
        if (!write_batch (import, error))
            return FALSE;
        g_free (import->source);
        import->source = g_strdup (source);
    }
    g_ptr_array_add (import->items, item_new (import, raw));
    import->bytes += g_bytes_get_size (raw);
    import->position = position;
    import->count.read++;
    if (import->items->len < BATCH_MESSAGES && import->bytes < BATCH_BYTES)
        return TRUE;
    return write_batch (import, error);
}

gboolean flow_import_finish (FlowImport *import, FlowImportCount *ret_count, GError **error)
{
    gboolean ok = write_batch (import, error);
    *ret_count = import->count;
    return ok;
}
