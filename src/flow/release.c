/* release.c - the original after all, to those who did not get it; see flow_release in flow.h. */
#include <string.h>

#include "flow.h"
#include "notices.h"

typedef struct {
    const Directory *directory;
    GStringChunk *scratch;
    GHashTable *asked; /* persons who have it, by canonical address */
    GPtrArray *addresses;
} Release;

static const char *canonical_of (const Release *release, const char *address)
{
    return directory_find (release->directory, address, release->scratch).canonical;
}

static gboolean has_asker (const Release *release, const GroupMembers *members)
{
    for (guint i = 0; i < members->person_count; i++)
        if (g_hash_table_contains (release->asked, members->persons[i]))
            return TRUE;
    return FALSE;
}

static void add_members (Release *release, const GroupMembers *members)
{
    for (guint i = 0; i < members->person_count; i++)
        if (!g_hash_table_contains (release->asked, members->persons[i]))
            g_ptr_array_add (release->addresses, (gpointer)members->persons[i]);
}

/* A group whose members are no longer all known stays one: rather twice than not at all. */
static void add_address (Release *release, const char *address)
{
    Who who = directory_find (release->directory, address, release->scratch);
    GroupMembers members = {0};
    if (who.kind == WHO_GROUP)
        members = directory_members (release->directory, who.canonical);
    if (who.kind == WHO_PERSON && g_hash_table_contains (release->asked, who.canonical))
        return;
    if (who.kind == WHO_GROUP && !members.has_outsiders && !members.has_always &&
        has_asker (release, &members))
        add_members (release, &members);
    else
        g_ptr_array_add (release->addresses, (gpointer)address);
}

static gboolean is_among (const GPtrArray *addresses, const char *address)
{
    for (guint i = 0; i < addresses->len; i++)
        if (strcmp (addresses->pdata[i], address) == 0)
            return TRUE;
    return FALSE;
}

gboolean flow_release (StoreTxn *txn, const Directory *directory, PostId post, const char *actor,
                       guint *ret_count, GError **error)
{
    g_autoptr (GPtrArray) kept = store_release_kept (txn, post, error);
    g_autoptr (GPtrArray) asked = NULL;
    g_autoptr (GPtrArray) others = NULL;
    if (kept == NULL || !store_release_done (txn, post, &asked, &others, error))
        return FALSE;
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (256);
    g_autoptr (GHashTable) people = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GPtrArray) addresses = g_ptr_array_new();
    Release release = {directory, scratch, people, addresses};
    for (guint i = 0; i < asked->len; i++)
        g_hash_table_add (people, (gpointer)canonical_of (&release, asked->pdata[i]));
    for (guint i = 0; i < kept->len; i++)
        if (!is_among (others, kept->pdata[i]))
            add_address (&release, kept->pdata[i]);
    return store_release_to (txn, post, addresses, actor, ret_count, error);
}
