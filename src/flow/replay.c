/* replay.c - see replay.h.
 *
 * The archive's facts are kept in memory: who wrote which message, to whom it went, who was
 * noticed, who wrote in a thread, and how often somebody answered an author of those times they
 * were asked. */
#include "replay.h"

#include <string.h>

#include "draft.h"
#include "snapshot.h"

#define HABIT_ANSWERS_MIN 3

typedef struct {
    char *author;
    gboolean is_taken;
    GHashTable *readers; /* canonical -> GINT: 1 addressed, 2 noticed */
    GPtrArray *thread;   /* authors, oldest first; shared by the thread, counted */
} Entry;

typedef struct {
    guint addressed, answered;
} Habit;

struct Replay {
    Snapshot *snapshot;
    gboolean take_lists;
    ReplayReport report;
    GHashTable *entries; /* Message-ID -> Entry */
    GHashTable *habits;  /* author -> GHashTable (reader -> Habit) */
    GHashTable *reasons;
};

static void free_entry (gpointer data)
{
    Entry *entry = data;
    g_free (entry->author);
    g_hash_table_unref (entry->readers);
    g_ptr_array_unref (entry->thread);
    g_free (entry);
}

Replay *replay_new (Config *conf, gboolean take_lists, GError **error)
{
    Snapshot *snapshot = snapshot_new (conf, NULL, NULL, error);
    if (snapshot == NULL)
        return NULL;
    Replay *replay = g_new0 (Replay, 1);
    replay->snapshot = snapshot;
    replay->take_lists = take_lists;
    replay->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_entry);
    replay->habits =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    replay->reasons = g_hash_table_new (g_str_hash, g_str_equal);
    return replay;
}

void replay_free (Replay *replay)
{
    if (replay == NULL)
        return;
    g_hash_table_unref (replay->reasons);
    g_hash_table_unref (replay->habits);
    g_hash_table_unref (replay->entries);
    snapshot_unref (replay->snapshot);
    g_free (replay);
}

ReplayReport replay_report (const Replay *replay)
{
    return replay->report;
}

GHashTable *replay_reasons (const Replay *replay)
{
    return replay->reasons;
}

/* The message that is answered: the last reference that we have seen. */
static const Entry *find_parent (const Replay *replay, const Message *message)
{
    g_autoptr (GPtrArray) refs = draft_refs (message);
    for (guint i = refs->len - 1; i > 0; i--) {
        const Entry *entry = g_hash_table_lookup (replay->entries, refs->pdata[i - 1]);
        if (entry != NULL)
            return entry;
    }
    return NULL;
}

static Habit *habit_of (Replay *replay, const char *author, const char *reader)
{
    GHashTable *readers = g_hash_table_lookup (replay->habits, author);
    if (readers == NULL) {
        readers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert (replay->habits, g_strdup (author), readers);
    }
    Habit *habit = g_hash_table_lookup (readers, reader);
    if (habit == NULL) {
        habit = g_new0 (Habit, 1);
        g_hash_table_insert (readers, g_strdup (reader), habit);
    }
    return habit;
}

/* Per mille, as the archive gives it. Owned. */
static GHashTable *rates_of (const Replay *replay, const char *author)
{
    GHashTable *rates = g_hash_table_new (g_str_hash, g_str_equal);
    GHashTable *readers = g_hash_table_lookup (replay->habits, author);
    GHashTableIter iter;
    gpointer reader, value;
    if (readers == NULL)
        return rates;
    g_hash_table_iter_init (&iter, readers);
    while (g_hash_table_iter_next (&iter, &reader, &value)) {
        const Habit *habit = value;
        if (habit->answered >= HABIT_ANSWERS_MIN && habit->addressed > 0)
            g_hash_table_insert (
                rates, reader,
                GINT_TO_POINTER (MIN (1000, habit->answered * 1000 / habit->addressed)));
    }
    return rates;
}

static void count_answer (Replay *replay, const Entry *parent, const char *author)
{
    int how = GPOINTER_TO_INT (g_hash_table_lookup (parent->readers, author));
    if (how == 0)
        return;
    habit_of (replay, parent->author, author)->answered++;
    if (!parent->is_taken)
        return;
    replay->report.answers++;
    replay->report.answers_noticed += how == 2 ? 1 : 0;
}

static Envelope *envelope_of (const Message *message)
{
    Envelope *envelope = envelope_new (FRONT_IMPORT);
    const Address *from = message->from->len > 0 ? message->from->pdata[0] : NULL;
    envelope->sender = g_strdup (from != NULL ? from->addr : "");
    for (guint i = 0; i < message->to->len; i++)
        g_ptr_array_add (envelope->recipients,
                         g_strdup (((const Address *)message->to->pdata[i])->addr));
    for (guint i = 0; i < message->cc->len; i++)
        g_ptr_array_add (envelope->recipients,
                         g_strdup (((const Address *)message->cc->pdata[i])->addr));
    return envelope;
}

/* Authors of the thread, newest first, NULL-terminated. The container is owned. */
static GPtrArray *newest_first (const Entry *parent)
{
    GPtrArray *authors = g_ptr_array_new();
    for (guint i = parent != NULL ? parent->thread->len : 0; i > 0; i--)
        g_ptr_array_add (authors, parent->thread->pdata[i - 1]);
    g_ptr_array_add (authors, NULL);
    return authors;
}

static void drop_list_headers (Message *message)
{
    static const char *const names[] = {"List-Id", "List-Post", "Precedence", NULL};
    for (guint i = message->headers->len; i > 0; i--) {
        const Header *header = message->headers->pdata[i - 1];
        for (const char *const *name = names; *name != NULL; name++) {
            if (g_ascii_strcasecmp (header->name, *name) == 0) {
                g_ptr_array_remove_index (message->headers, i - 1);
                break;
            }
        }
    }
}

static void count_verdict (Replay *replay, const Verdict *verdict)
{
    ReplayReport *report = &replay->report;
    gpointer key = (gpointer)verdict->reason;
    guint seen = GPOINTER_TO_UINT (g_hash_table_lookup (replay->reasons, key));
    g_hash_table_insert (replay->reasons, key, GUINT_TO_POINTER (seen + 1));
    report->messages++;
    report->deliveries += verdict->persons;
    if (verdict->kind == VERDICT_PASS)
        return;
    report->taken++;
    report->copies_avoided += verdict->deliveries;
    for (guint i = 0; i < verdict->readers->len; i++)
        report->notices += ((const Reader *)verdict->readers->pdata[i])->must_read ? 1 : 0;
}

static void remember (Replay *replay, const Message *message, const Verdict *verdict,
                      const Entry *parent)
{
    Entry *entry = g_new0 (Entry, 1);
    entry->author = g_strdup (verdict->author);
    entry->is_taken = verdict->kind != VERDICT_PASS;
    entry->readers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    entry->thread =
        parent != NULL ? g_ptr_array_ref (parent->thread) : g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (entry->thread, g_strdup (verdict->author));
    for (guint i = 0; i < verdict->counted->len; i++) {
        const Counted *counted = verdict->counted->pdata[i];
        g_hash_table_insert (entry->readers, g_strdup (counted->address), GINT_TO_POINTER (1));
        habit_of (replay, verdict->author, counted->address)->addressed++;
    }
    for (guint i = 0; i < verdict->readers->len; i++) {
        const Reader *reader = verdict->readers->pdata[i];
        if (reader->must_read)
            g_hash_table_insert (entry->readers, g_strdup (reader->address), GINT_TO_POINTER (2));
    }
    if (message->message_id != NULL)
        g_hash_table_replace (replay->entries, g_strdup (message->message_id), entry);
    else
        free_entry (entry);
}

void replay_add (Replay *replay, Message *message)
{
    const Snapshot *snapshot = replay->snapshot;
    if (message->message_id != NULL && g_hash_table_contains (replay->entries, message->message_id))
        return;
    if (replay->take_lists)
        drop_list_headers (message);
    g_autoptr (Envelope) envelope = envelope_of (message);
    g_autofree char *author = policy_author (snapshot->directory, envelope, message);
    const Entry *parent = find_parent (replay, message);
    g_autoptr (GHashTable) rates = rates_of (replay, author);
    g_autoptr (GPtrArray) thread = newest_first (parent);
    PolicyFacts facts = {parent != NULL ? parent->author : NULL, (const char *const *)thread->pdata,
                         rates};
    g_autoptr (Verdict) verdict =
        policy_decide (snapshot->policy, snapshot->directory, envelope, message, &facts);
    count_verdict (replay, verdict);
    if (parent != NULL)
        count_answer (replay, parent, author);
    remember (replay, message, verdict, parent);
}
