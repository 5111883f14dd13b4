/* directory.c - answers who an address is. An address is tried in the order in which Postfix looks:
 * the whole address, without its subaddress, the local part, the catch-all of its domain. What no
 * table knows is a person when its domain is internal, and an outsider otherwise.
 *
 * (I1) A snapshot never changes: any number of threads may ask it.
 * (I2) Two spellings of one person give equal canonical addresses. */
#include "directory.h"

#include <string.h>

#include "address.h"
#include "directory_data.h"
#include "names.h"

char *directory_fold (const char *text)
{
    return g_utf8_validate (text, -1, NULL) ? g_utf8_strdown (text, -1)
                                            : g_ascii_strdown (text, -1);
}

Directory *directory_ref (Directory *directory)
{
    ref_take (&directory->ref);
    return directory;
}

void directory_unref (Directory *directory)
{
    if (directory == NULL || !ref_drop (&directory->ref))
        return;
    g_hash_table_unref (directory->addresses);
    g_hash_table_unref (directory->locals);
    g_hash_table_unref (directory->catchalls);
    g_hash_table_unref (directory->always_domains);
    g_hash_table_unref (directory->internal);
    g_hash_table_unref (directory->groups);
    g_ptr_array_unref (directory->known);
    g_string_chunk_free (directory->strings);
    conf_unref (directory->conf);
    g_free (directory);
}

static Who who_of (const Known *known)
{
    return (Who){known->kind, known->canonical, known->name};
}

/* One spelling in one table; with case-sensitive local parts, names of files are found all the
 * same. */
static const Known *look_up (const Directory *directory, GHashTable *table, const char *spelling)
{
    const Known *known = g_hash_table_lookup (table, spelling);
    if (known != NULL || !directory->conf->case_sensitive_local_part)
        return known;
    g_autofree char *folded = directory_fold (spelling);
    known = g_hash_table_lookup (table, folded);
    return known != NULL && known->ignores_case ? known : NULL;
}

static const Known *look_up_local (const Directory *directory, const char *normal)
{
    if (g_hash_table_size (directory->locals) == 0)
        return NULL;
    g_autofree char *local = address_local_part (normal);
    return look_up (directory, directory->locals, local);
}

/* The address without its subaddress, or NULL when there is none. Owned. */
static char *strip (const Directory *directory, const char *normal)
{
    const char *delimiters = directory->conf->recipient_delimiter;
    if (*delimiters == '\0' || strpbrk (normal, delimiters) == NULL)
        return NULL;
    g_autofree char *stripped = address_strip_extension (normal, delimiters);
    return strcmp (stripped, normal) == 0 ? NULL : g_steal_pointer (&stripped);
}

static const Known *find_known (const Directory *directory, const char *normal,
                                const char *stripped, gboolean is_internal)
{
    const Known *known = look_up (directory, directory->addresses, normal);
    if (known == NULL && stripped != NULL)
        known = look_up (directory, directory->addresses, stripped);
    if (known == NULL && is_internal)
        known = look_up_local (directory, normal);
    if (known == NULL && is_internal && stripped != NULL)
        known = look_up_local (directory, stripped);
    return known;
}

/* A table-less answer: a person when inside, an outsider otherwise. */
static Who unknown_address (const char *normal, const char *stripped, gboolean is_internal,
                            GStringChunk *scratch)
{
    const char *canonical = is_internal && stripped != NULL ? stripped : normal;
    return (Who){is_internal ? WHO_PERSON : WHO_OUTSIDER,
                 g_string_chunk_insert (scratch, canonical), NULL};
}

/* Looks up a normal address once. On `@old @new` *ret_moved is the address to look up next. */
static Who find_normal (const Directory *directory, const char *normal, GStringChunk *scratch,
                        char **ret_moved)
{
    const char *domain = address_domain (normal);
    if (strcmp (domain, directory->own_domain) == 0)
        return (Who){WHO_OWN, g_string_chunk_insert (scratch, normal), NULL};
    if (g_hash_table_contains (directory->always_domains, domain))
        return (Who){WHO_ALWAYS, g_string_chunk_insert (scratch, normal), NULL};
    gboolean is_internal = g_hash_table_contains (directory->internal, domain);
    g_autofree char *stripped = strip (directory, normal);
    const Known *known = find_known (directory, normal, stripped, is_internal);
    if (known != NULL)
        return who_of (known);
    known = g_hash_table_lookup (directory->catchalls, domain);
    if (known == NULL)
        return unknown_address (normal, stripped, is_internal, scratch);
    if (known->moved_domain == NULL)
        return who_of (known);
    g_autofree char *local = address_local_part (normal);
    *ret_moved = g_strconcat (local, "@", known->moved_domain, NULL);
    return unknown_address (normal, stripped, is_internal, scratch);
}

/* Owned. A name without domain belongs to the first internal domain, as Postfix completes it. */
static char *normalise (const Directory *directory, const char *address)
{
    gboolean keep_case = directory->conf->case_sensitive_local_part;
    if (strchr (address, '@') != NULL || directory->home_domain == NULL)
        return address_normalise (address, keep_case);
    g_autofree char *whole = g_strconcat (address, "@", directory->home_domain, NULL);
    return address_normalise (whole, keep_case);
}

Who directory_find (const Directory *directory, const char *address, GStringChunk *scratch)
{
    g_autofree char *normal = normalise (directory, address);
    for (guint moves = 0;; moves++) {
        char *moved = NULL;
        Who who = find_normal (directory, normal, scratch, &moved);
        if (moved == NULL || moves == DIRECTORY_MOVES_MAX) {
            g_free (moved);
            return who;
        }
        g_free (normal);
        normal = moved;
    }
}

const char *directory_find_author (const Directory *directory, const char *address,
                                   GStringChunk *scratch)
{
    Who who = directory_find (directory, address, scratch);
    if (who.kind == WHO_PERSON)
        return who.canonical;
    if (who.kind != WHO_GROUP)
        return NULL;
    /* `anna: anna, bob`: mail from anna is anna's, though mail to her goes to both. */
    if (directory_is_member (directory, who.canonical, who.canonical))
        return who.canonical;
    GroupMembers members = directory_members (directory, who.canonical);
    return members.person_count == 1 ? members.persons[0] : NULL;
}

gboolean directory_is_internal (const Directory *directory, const char *address)
{
    g_autofree char *normal = normalise (directory, address);
    if (g_hash_table_contains (directory->internal, address_domain (normal)))
        return TRUE;
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (128);
    Who who = directory_find (directory, normal, scratch);
    return who.kind == WHO_PERSON || who.kind == WHO_GROUP;
}

GroupMembers directory_members (const Directory *directory, const char *group)
{
    const Group *found = g_hash_table_lookup (directory->groups, group);
    if (found == NULL)
        return (GroupMembers){0};
    return (GroupMembers){found->persons, found->person_count, found->has_outsiders,
                          found->has_always, found->is_too_large};
}

static int compare_texts (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

gboolean directory_is_member (const Directory *directory, const char *group, const char *person)
{
    GroupMembers members = directory_members (directory, group);
    if (members.person_count == 0)
        return FALSE;
    return bsearch (&person, members.persons, members.person_count, sizeof (char *),
                    compare_texts) != NULL;
}

const char *directory_match_name (const Directory *directory, const char *word,
                                  const char *const *candidates, guint count)
{
    g_autoptr (Names) names = names_new();
    for (guint i = 0; i < count; i++) {
        const Known *known = g_hash_table_lookup (directory->addresses, candidates[i]);
        names_add (names, candidates[i], known != NULL ? known->name : NULL);
    }
    return names_find (names, word);
}

static gint compare_names (gconstpointer a, gconstpointer b)
{
    return compare_texts (a, b);
}

GPtrArray *directory_groups (const Directory *directory)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name = NULL;
    g_hash_table_iter_init (&iter, directory->groups);
    while (g_hash_table_iter_next (&iter, &name, NULL))
        g_ptr_array_add (names, name);
    g_ptr_array_sort (names, compare_names);
    return names;
}
