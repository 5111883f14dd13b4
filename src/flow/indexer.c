/* indexer.c - see indexer.h. */
#include "indexer.h"

#include "error.h"
#include "log.h"
#include "message.h"
#include "posts.h"
#include "searchable.h"

#define BATCH 64

typedef struct {
    PostId id;
    char *subject, *text, *names;
} Entry;

static void free_entry (gpointer data)
{
    Entry *entry = data;
    g_free (entry->subject);
    g_free (entry->text);
    g_free (entry->names);
    g_free (entry);
}

/* A post whose raw message is damaged is indexed as empty: one bad row must not stop all others. */
static Entry *read_entry (StoreReader *reader, PostId id)
{
    g_autoptr (GError) error = NULL;
    Entry *entry = g_new0 (Entry, 1);
    entry->id = id;
    g_autoptr (GBytes) raw = store_post_raw (reader, id, &error);
    if (raw == NULL) {
        log_event (EV_INDEX_FAILED, LOG_INT ("post", id.value), LOG_TEXT ("error", error->message));
        return entry;
    }
    g_autoptr (Message) message = message_parse (raw, NULL);
    entry->subject = g_strdup (message->subject);
    entry->text = searchable_text (message);
    entry->names = searchable_names (message);
    return entry;
}

static gboolean apply_entries (StoreTxn *txn, gpointer data, GError **error)
{
    const GPtrArray *entries = data;
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = entries->pdata[i];
        if (!store_index_add (txn, entry->id, entry->subject != NULL ? entry->subject : "",
                              entry->text != NULL ? entry->text : "",
                              entry->names != NULL ? entry->names : "", error))
            return FALSE;
    }
    return TRUE;
}

gboolean indexer_run (Store *store, StoreReader *reader, guint most, guint *ret_done,
                      GError **error)
{
    *ret_done = 0;
    while (*ret_done < most) {
        g_autoptr (GArray) pending = store_index_pending (reader, BATCH);
        if (pending == NULL || pending->len == 0)
            return TRUE;
        g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (free_entry);
        for (guint i = 0; i < pending->len; i++)
            g_ptr_array_add (entries, read_entry (reader, g_array_index (pending, PostId, i)));
        if (!store_write_last (store, apply_entries, entries, error)) {
            error_prefix (error, "indexing");
            return FALSE;
        }
        *ret_done += pending->len;
    }
    return TRUE;
}
