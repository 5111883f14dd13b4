/* snapshot.c - see snapshot.h. */
#include "snapshot.h"

#include "people.h"

#define PAGE 1000

static gboolean add_people (DirectoryBuilder *builder, StoreReader *reader, GError **error)
{
    PersonId after = {0};
    for (;;) {
        g_autoptr (GPtrArray) page = store_person_list (reader, after, PAGE, error);
        if (page == NULL)
            return FALSE;
        for (guint i = 0; i < page->len; i++) {
            const Person *person = page->pdata[i];
            directory_add_person (builder, person->address, person->name);
            for (char **alias = person->aliases; alias != NULL && *alias != NULL; alias++)
                directory_add_address (builder, *alias, person->address);
            after = person->id;
        }
        if (page->len < PAGE)
            return TRUE;
    }
}

static gboolean add_groups (DirectoryBuilder *builder, StoreReader *reader, GError **error)
{
    g_autoptr (GPtrArray) rows = store_group_list (reader, error);
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const GroupMember *row = rows->pdata[i];
        directory_add_member (builder, row->group, row->member);
    }
    return TRUE;
}

static Directory *build_directory (Config *conf, StoreReader *reader, GError **error)
{
    g_autoptr (DirectoryBuilder) builder = directory_builder_new (conf);
    if (!directory_read_files (builder, error))
        return NULL;
    if (reader != NULL &&
        (!add_people (builder, reader, error) || !add_groups (builder, reader, error)))
        return NULL;
    return directory_build (g_steal_pointer (&builder));
}

Snapshot *snapshot_new (Config *conf, TokenKey *key, StoreReader *reader, GError **error)
{
    g_autoptr (Policy) policy = policy_new (conf, key, error);
    if (policy == NULL)
        return NULL;
    /* Read first: a change in between is seen as newer, never missed. */
    gint64 generation = reader != NULL ? store_people_generation (reader) : 0;
    Directory *directory = build_directory (conf, reader, error);
    if (directory == NULL)
        return NULL;
    Snapshot *snapshot = g_new0 (Snapshot, 1);
    ref_init (&snapshot->ref);
    snapshot->conf = conf_ref (conf);
    snapshot->policy = g_steal_pointer (&policy);
    snapshot->directory = directory;
    snapshot->generation = generation;
    return snapshot;
}

Snapshot *snapshot_ref (Snapshot *snapshot)
{
    ref_take (&snapshot->ref);
    return snapshot;
}

void snapshot_unref (Snapshot *snapshot)
{
    if (snapshot == NULL || !ref_drop (&snapshot->ref))
        return;
    directory_unref (snapshot->directory);
    policy_unref (snapshot->policy);
    conf_unref (snapshot->conf);
    g_free (snapshot);
}
