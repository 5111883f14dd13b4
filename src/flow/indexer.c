/* indexer.c - see indexer.h.
 *
 * (I1) What must be indexed stands in the database; offers only save reading it. */
#include "indexer.h"

#include <string.h>

#include "chan.h"
#include "error.h"
#include "log.h"
#include "message.h"
#include "posts.h"
#include "searchable.h"

#define BATCH 64
#define OFFERS_MAX 256
#define OFFERED_BYTES_MAX (64 * 1024) /* of text; together 16 MB */

typedef struct {
    PostId id;
    char *subject, *text, *names;
} Entry;

struct Indexer {
    Chan *offers;      /* of Entry, from any thread */
    GHashTable *known; /* id -> Entry: offers that the background thread has taken */
};

static void free_entry (gpointer data)
{
    Entry *entry = data;
    g_free (entry->subject);
    g_free (entry->text);
    g_free (entry->names);
    g_free (entry);
}

Indexer *indexer_new (void)
{
    Indexer *indexer = g_new0 (Indexer, 1);
    indexer->offers = chan_new (OFFERS_MAX, free_entry);
    indexer->known = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_entry);
    return indexer;
}

void indexer_free (Indexer *indexer)
{
    if (indexer == NULL)
        return;
    g_hash_table_unref (indexer->known);
    chan_free (indexer->offers);
    g_free (indexer);
}

void indexer_offer (Indexer *indexer, PostId post, const char *subject, const char *text,
                    const char *names)
{
    if (strlen (text) > OFFERED_BYTES_MAX || strlen (names) > OFFERED_BYTES_MAX)
        return;
    Entry *entry = g_new0 (Entry, 1);
    entry->id = post;
    entry->subject = g_strdup (subject);
    entry->text = g_strdup (text);
    entry->names = g_strdup (names);
    if (!chan_try_push (indexer->offers, entry))
        free_entry (entry);
}

static void take_offers (Indexer *indexer)
{
    Entry *entry;
    if (g_hash_table_size (indexer->known) > OFFERS_MAX) /* nothing could be indexed for a while */
        g_hash_table_remove_all (indexer->known);
    while ((entry = chan_pop (indexer->offers, 0)) != NULL)
        g_hash_table_replace (indexer->known, &entry->id.value, entry);
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

static Entry *get_entry (Indexer *indexer, StoreReader *reader, PostId id)
{
    Entry *known = g_hash_table_lookup (indexer->known, &id.value);
    if (known == NULL)
        return read_entry (reader, id);
    g_hash_table_steal (indexer->known, &id.value);
    return known;
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

gboolean indexer_run (Indexer *indexer, Store *store, StoreReader *reader, guint most,
                      guint *ret_done, GError **error)
{
    *ret_done = 0;
    take_offers (indexer);
    while (*ret_done < most) {
        g_autoptr (GArray) pending = store_index_pending (reader, BATCH);
        if (pending == NULL || pending->len == 0) {
            g_hash_table_remove_all (indexer->known); /* indexed before they were offered */
            return TRUE;
        }
        g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (free_entry);
        for (guint i = 0; i < pending->len; i++)
            g_ptr_array_add (entries,
                             get_entry (indexer, reader, g_array_index (pending, PostId, i)));
        if (!store_write_last (store, apply_entries, entries, error)) {
            error_prefix (error, "indexing");
            return FALSE;
        }
        *ret_done += pending->len;
    }
    return TRUE;
}
