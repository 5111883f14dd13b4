/* build.c - makes the snapshot of what a builder was told.
 *
 * (I1) A name that expands to one person, one outsider or one command is that one; to several, a
 *      group. owner-NAME and NAME-request of a defined name are role mailboxes.
 * (I2) What stands in always_deliver is that whatever files say; a person added by hand is one
 *      unless a definition makes several of them; then come the sources in their order. */
#include <string.h>

#include "address.h"
#include "directory_data.h"
#include "expand.h"

static int compare_texts (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void group_free (gpointer data)
{
    Group *group = data;
    g_free (group->persons);
    g_free (group);
}

static Directory *directory_new (DirectoryBuilder *builder)
{
    Directory *directory = g_new0 (Directory, 1);
    ref_init (&directory->ref);
    directory->conf = conf_ref (builder->conf);
    directory->known = g_ptr_array_new_with_free_func (g_free);
    directory->addresses = g_hash_table_new (g_str_hash, g_str_equal);
    directory->locals = g_hash_table_new (g_str_hash, g_str_equal);
    directory->catchalls = g_hash_table_new (g_str_hash, g_str_equal);
    directory->always_domains = g_hash_table_new (g_str_hash, g_str_equal);
    directory->groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, group_free);
    directory->internal = g_hash_table_ref (builder->internal);
    if (builder->home_domain != NULL)
        directory->home_domain = builder_keep (builder, builder->home_domain);
    directory->own_domain = builder_keep (builder, builder->own_domain);
    return directory;
}

static Known *know (Directory *directory, GHashTable *table, const char *key, WhoKind kind,
                    const char *canonical)
{
    Known *known = g_new0 (Known, 1);
    known->kind = kind;
    known->canonical = canonical;
    g_ptr_array_add (directory->known, known);
    g_hash_table_insert (table, (gpointer)key, known);
    return known;
}

static Group *group_of (const DirectoryBuilder *builder, const Expansion *expansion)
{
    Group *group = g_new0 (Group, 1);
    group->person_count = expansion->persons->len;
    group->has_outsiders = expansion->outsiders > 0;
    group->has_always = expansion->always != NULL;
    group->is_too_large = group->person_count > builder->conf->group_members_max;
    g_ptr_array_sort (expansion->persons, compare_texts);
    group->persons = (const char **)g_ptr_array_steal (expansion->persons, NULL);
    return group;
}

/* (I1) */
static Who who_of_expansion (const Expansion *expansion, const Definition *definition)
{
    guint others = expansion->outsiders + (expansion->always != NULL);
    if (expansion->persons->len == 1 && others == 0)
        return (Who){WHO_PERSON, expansion->persons->pdata[0], NULL};
    if (expansion->persons->len > 0 || expansion->outsiders > 1 || others > 1)
        return (Who){WHO_GROUP, definition->name, NULL};
    if (expansion->outsiders == 1)
        return (Who){WHO_OUTSIDER, expansion->outsider, NULL};
    if (expansion->always != NULL)
        return (Who){WHO_ALWAYS, expansion->always, NULL};
    if (expansion->own != NULL)
        return (Who){WHO_OWN, expansion->own, NULL};
    return (Who){WHO_GROUP, definition->name, NULL};
}

static void build_definition (DirectoryBuilder *builder, Directory *directory,
                              Definition *definition)
{
    gboolean is_catchall = *definition->key == '@';
    gboolean is_whole = strchr (definition->key, '@') != NULL;
    GHashTable *whole = is_catchall ? directory->catchalls : directory->addresses;
    GHashTable *table = is_whole ? whole : directory->locals;
    const char *key = definition->key + is_catchall;
    if (g_hash_table_contains (table, key)) /* an earlier source */
        return;
    g_autoptr (GPtrArray) persons = g_ptr_array_new();
    Expansion expansion = {.builder = builder, .waiting = G_QUEUE_INIT, .persons = persons};
    expansion_run (&expansion, definition);
    Who who = who_of_expansion (&expansion, definition);
    if (definition->is_owner)
        who = (Who){WHO_ALWAYS, definition->name, NULL};
    Known *known = know (directory, table, key, who.kind, who.canonical);
    known->ignores_case = TRUE;
    known->moved_domain = expand_moved_domain (definition);
    if (who.kind == WHO_GROUP)
        g_hash_table_replace (directory->groups, (gpointer)who.canonical,
                              group_of (builder, &expansion));
}

/* Names groups ("team" is team@ the first domain, unless that is another group), and finds the
 * addresses of their owners. */
static void name_definition (DirectoryBuilder *builder, Definition *definition)
{
    definition->name = definition->key;
    const char *at = strchr (definition->key, '@');
    if (at == NULL && builder->home_domain != NULL) {
        g_autofree char *whole = g_strconcat (definition->key, "@", builder->home_domain, NULL);
        if (expand_look_up_key (builder, 0, whole) == NULL)
            definition->name = builder_keep (builder, whole);
    }
    g_autofree char *local =
        at == NULL ? g_strdup (definition->key) : address_local_part (definition->key);
    g_autofree char *list = NULL;
    if (g_str_has_prefix (local, "owner-"))
        list = g_strdup (local + strlen ("owner-"));
    else if (g_str_has_suffix (local, "-request"))
        list = g_strndup (local, strlen (local) - strlen ("-request"));
    if (list == NULL)
        return;
    g_autofree char *whole = g_strconcat (list, at != NULL ? at : "", NULL);
    definition->is_owner = expand_look_up_key (builder, 0, list) != NULL ||
                           expand_look_up_key (builder, 0, whole) != NULL;
}

static void build_always (DirectoryBuilder *builder, Directory *directory)
{
    GHashTableIter iter;
    gpointer key = NULL;
    g_hash_table_iter_init (&iter, builder->always);
    while (g_hash_table_iter_next (&iter, &key, NULL)) {
        const char *address = builder_keep (builder, key);
        if (*address == '@')
            g_hash_table_add (directory->always_domains, (gpointer)(address + 1));
        else
            know (directory, directory->addresses, address, WHO_ALWAYS, address)->ignores_case =
                TRUE;
    }
}

/* A person stands under an address unless a file made a group of it, or it always gets its copy. */
static void build_person (DirectoryBuilder *builder, Directory *directory, const char *address,
                          const char *canonical)
{
    g_autofree char *folded = directory_fold (address);
    Definition *definition = expand_look_up (builder, folded, NULL);
    if (builder_is_always (builder, folded) ||
        (definition != NULL && (definition->targets->len > 1 || definition->is_owner)))
        return;
    const Member *member = g_hash_table_lookup (builder->members, canonical);
    know (directory, directory->addresses, address, WHO_PERSON, canonical)->name = member->name;
}

static void build_persons (DirectoryBuilder *builder, Directory *directory)
{
    GHashTableIter iter;
    gpointer address = NULL;
    gpointer canonical = NULL;
    g_hash_table_iter_init (&iter, builder->persons);
    while (g_hash_table_iter_next (&iter, &address, NULL))
        build_person (builder, directory, address, address);
    g_hash_table_iter_init (&iter, builder->folds);
    while (g_hash_table_iter_next (&iter, &address, &canonical))
        build_person (builder, directory, address, canonical);
}

/* Aliases of one person carry that person's name. */
static void build_names (DirectoryBuilder *builder, Directory *directory)
{
    for (guint i = 0; i < directory->known->len; i++) {
        Known *known = directory->known->pdata[i];
        if (known->kind != WHO_PERSON)
            continue;
        const Member *member = g_hash_table_lookup (builder->members, known->canonical);
        known->name = member->name;
    }
}

static void build_definitions (DirectoryBuilder *builder, Directory *directory, Source source)
{
    for (guint i = 0; i < builder->definitions->len; i++) {
        Definition *definition = builder->definitions->pdata[i];
        if (definition->source == source)
            build_definition (builder, directory, definition);
    }
}

Directory *directory_build (DirectoryBuilder *take_builder)
{
    g_autoptr (DirectoryBuilder) builder = take_builder;
    Directory *directory = directory_new (builder);
    for (guint i = 0; i < builder->definitions->len; i++)
        name_definition (builder, builder->definitions->pdata[i]);
    build_always (builder, directory);
    build_persons (builder, directory);
    for (Source source = 0; source < SOURCES; source++)
        build_definitions (builder, directory, source);
    build_names (builder, directory);
    directory->strings = g_steal_pointer (&builder->strings);
    return directory;
}
