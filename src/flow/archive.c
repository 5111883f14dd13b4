/* archive.c - see archive.h. */
#include "archive.h"

#include <string.h>

typedef struct {
    Verdict *verdict;
    const Directory *directory;
    GStringChunk *scratch;
    GHashTable *seen; /* canonical addresses */
} Gathering;

static void add_reader (Gathering *gathering, const char *address, const char *name,
                        const char *via, ReaderRole role)
{
    if (strcmp (address, gathering->verdict->author) == 0 ||
        !g_hash_table_add (gathering->seen, g_strdup (address)))
        return;
    Reader *reader = reader_new (address, name, role, via);
    g_ptr_array_add (gathering->verdict->readers, reader);
}

static void add_addresses (Gathering *gathering, const GPtrArray *addresses, ReaderRole role)
{
    for (guint i = 0; i < addresses->len; i++) {
        const Address *address = addresses->pdata[i];
        Who who = directory_find (gathering->directory, address->addr, gathering->scratch);
        if (who.kind == WHO_PERSON)
            add_reader (gathering, who.canonical, address->name, NULL, role);
        if (who.kind != WHO_GROUP)
            continue;
        GroupMembers members = directory_members (gathering->directory, who.canonical);
        for (guint k = 0; k < members.person_count; k++)
            add_reader (gathering, members.persons[k], NULL, who.canonical, role);
    }
}

static void set_author (Gathering *gathering, const Message *message)
{
    const Address *from = message->from->len > 0 ? message->from->pdata[0] : NULL;
    Verdict *verdict = gathering->verdict;
    if (from == NULL) {
        verdict->author = g_strdup ("unknown@invalid");
        verdict->author_name = g_strdup ("");
        return;
    }
    Who who = directory_find (gathering->directory, from->addr, gathering->scratch);
    verdict->author = g_strdup (who.canonical);
    verdict->author_name = g_strdup (from->name);
}

Verdict *archive_verdict (const Config *conf, const Directory *directory, const Message *message)
{
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (256);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    Verdict *verdict = verdict_new (VERDICT_POST, "import");
    Gathering gathering = {verdict, directory, scratch, seen};
    set_author (&gathering, message);
    add_addresses (&gathering, message->to, ROLE_TO);
    add_addresses (&gathering, message->cc, ROLE_CC);
    policy_label_archived (conf, message, verdict);
    Classification what = classify_message (message, NULL);
    if (what.class == CLASS_PRIVATE || what.class == CLASS_ENCRYPTED)
        verdict->visibility = VISIBLE_RECIPIENTS;
    return verdict;
}
