/* entry.c - see entry.h. */
#include "flow_private.h"

#include "entry.h"

/* Of a message to more people than this, not all are found in the log; whoever looks for one of
 * them finds the post. */
#define PEOPLE_MAX 500

static void add_person (GHashTable *people, const char *address)
{
    if (address != NULL && *address != '\0' && g_hash_table_size (people) < PEOPLE_MAX)
        g_hash_table_add (people, g_strdup (address));
}

static void add_address (GHashTable *people, const Directory *directory, const char *text)
{
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (128);
    g_autofree char *address = address_from_envelope (text);
    if (address != NULL)
        add_person (people, directory_find (directory, address, scratch).canonical);
}

/* Whom an administrator may ask for: sender, author, recipients as addressed and as they are. */
static char **people_of (const FlowSession *session, const char *sender)
{
    g_autoptr (GHashTable) people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    const Directory *directory = session->snapshot->directory;
    const GPtrArray *recipients = session->envelope->recipients;
    add_address (people, directory, sender);
    add_person (people, session->verdict->author);
    for (guint i = 0; i < recipients->len; i++)
        add_address (people, directory, recipients->pdata[i]);
    for (guint i = 0; i < session->verdict->readers->len; i++)
        add_person (people, ((const Reader *)session->verdict->readers->pdata[i])->address);
    char **list = (char **)g_hash_table_get_keys_as_array (people, NULL);
    g_hash_table_steal_all (people);
    return list;
}

guint entry_count_notices (const Verdict *verdict)
{
    guint count = 0;
    for (guint i = 0; i < verdict->readers->len; i++) {
        const Reader *reader = verdict->readers->pdata[i];
        count += reader->must_read ? 1 : 0;
    }
    return count;
}

VerdictEntry *entry_new (const FlowSession *session, const Message *message)
{
    const Verdict *verdict = session->verdict;
    gboolean counts = verdict->kind != VERDICT_PASS;
    VerdictEntry *entry = g_new0 (VerdictEntry, 1);
    entry->time_ms = clock_now_ms (session->flow->clock);
    entry->queue_id = g_strdup (session->envelope->queue_id);
    entry->message_id = g_strdup (message->message_id);
    entry->sender = address_from_envelope (session->envelope->sender);
    if (entry->sender == NULL)
        entry->sender = g_strdup ("");
    entry->verdict = g_strdup (verdict_name (verdict->kind));
    entry->reason = g_strdup (verdict->reason);
    entry->rule = g_strdup (verdict->rule);
    entry->persons = verdict->persons;
    entry->deliveries_avoided = counts ? verdict->deliveries : 0;
    entry->notices = counts ? entry_count_notices (verdict) : 0;
    entry->bytes_avoided = (guint64)entry->deliveries_avoided * g_bytes_get_size (message->raw);
    entry->people = people_of (session, entry->sender);
    return entry;
}
