/* builder.c - collects persons, addresses and definitions of groups. Nothing is looked up here: the
 * order of calls does not matter, but that the first file to define a name wins. */
#include "builder.h"

#include <string.h>

#include "address.h"
#include "directory_data.h"

static void definition_free (gpointer data)
{
    Definition *definition = data;
    g_ptr_array_unref (definition->targets);
    g_free (definition);
}

/* The key of a name. One without domain is spelled as the local part of a normal address: `the
 * team` with its quotes. */
static char *fold_address (const char *address)
{
    if (*address == '@')
        return directory_fold (address);
    if (strchr (address, '@') != NULL)
        return address_normalise (address, FALSE);
    const char *quote = strchr (address, ' ') != NULL && *address != '"' ? "\"" : "";
    g_autofree char *whole = g_strconcat (quote, address, quote, "@name", NULL);
    g_autofree char *normal = address_normalise (whole, FALSE);
    return address_local_part (normal);
}

static GHashTable *new_set (void)
{
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

DirectoryBuilder *directory_builder_new (Config *conf)
{
    DirectoryBuilder *builder = g_new0 (DirectoryBuilder, 1);
    builder->conf = conf_ref (conf);
    builder->strings = g_string_chunk_new (65536);
    builder->definitions = g_ptr_array_new_with_free_func (definition_free);
    for (guint i = 0; i < SOURCES; i++)
        builder->sources[i] = g_hash_table_new (g_str_hash, g_str_equal);
    builder->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    builder->persons = g_hash_table_new (g_str_hash, g_str_equal);
    builder->folds = g_hash_table_new (g_str_hash, g_str_equal);
    builder->internal = new_set();
    builder->always = new_set();
    for (char **domain = conf->internal_domains; *domain != NULL; domain++)
        g_hash_table_add (builder->internal, directory_fold (*domain));
    for (char **address = conf->always_deliver; *address != NULL; address++)
        g_hash_table_add (builder->always, fold_address (*address));
    if (conf->internal_domains[0] != NULL)
        builder->home_domain = directory_fold (conf->internal_domains[0]);
    builder->own_domain = directory_fold (conf->post_domain);
    return builder;
}

void directory_builder_free (DirectoryBuilder *builder)
{
    if (builder == NULL)
        return;
    for (guint i = 0; i < SOURCES; i++)
        g_hash_table_unref (builder->sources[i]);
    g_ptr_array_unref (builder->definitions);
    g_hash_table_unref (builder->members);
    g_hash_table_unref (builder->persons);
    g_hash_table_unref (builder->folds);
    g_clear_pointer (&builder->internal, g_hash_table_unref);
    g_hash_table_unref (builder->always);
    g_clear_pointer (&builder->strings, g_string_chunk_free);
    g_free (builder->home_domain);
    g_free (builder->own_domain);
    conf_unref (builder->conf);
    g_free (builder);
}

const char *builder_keep (DirectoryBuilder *builder, const char *text)
{
    return g_string_chunk_insert_const (builder->strings, text);
}

static const char *keep_normal (DirectoryBuilder *builder, const char *address)
{
    g_autofree char *normal = address_normalise (address, builder->conf->case_sensitive_local_part);
    return builder_keep (builder, normal);
}

Member *builder_member (DirectoryBuilder *builder, const char *canonical)
{
    Member *member = g_hash_table_lookup (builder->members, canonical);
    if (member != NULL)
        return member;
    member = g_new0 (Member, 1);
    member->canonical = canonical;
    g_hash_table_insert (builder->members, (gpointer)canonical, member);
    return member;
}

void directory_add_person (DirectoryBuilder *builder, const char *canonical, const char *name)
{
    const char *normal = keep_normal (builder, canonical);
    Member *member = builder_member (builder, normal);
    if (name != NULL && *name != '\0')
        member->name = builder_keep (builder, name);
    g_hash_table_add (builder->persons, (gpointer)normal);
}

void directory_add_address (DirectoryBuilder *builder, const char *address, const char *canonical)
{
    const char *person = keep_normal (builder, canonical);
    builder_member (builder, person);
    g_hash_table_add (builder->persons, (gpointer)person);
    g_hash_table_insert (builder->folds, (gpointer)keep_normal (builder, address),
                         (gpointer)person);
}

void directory_add_member (DirectoryBuilder *builder, const char *group, const char *member)
{
    builder_define (builder, SOURCE_GROUPS, group, &member, 1, TRUE);
}

void builder_define (DirectoryBuilder *builder, Source source, const char *name,
                     const char *const *targets, guint count, gboolean is_more)
{
    g_autofree char *key = fold_address (name);
    Definition *definition = g_hash_table_lookup (builder->sources[source], key);
    if (definition != NULL && !is_more)
        return;
    if (definition == NULL) {
        definition = g_new0 (Definition, 1);
        definition->source = source;
        definition->key = builder_keep (builder, key);
        definition->targets = g_ptr_array_new();
        g_hash_table_insert (builder->sources[source], (gpointer)definition->key, definition);
        g_ptr_array_add (builder->definitions, definition);
    }
    for (guint i = 0; i < count; i++)
        g_ptr_array_add (definition->targets, (gpointer)builder_keep (builder, targets[i]));
}

gboolean builder_is_person (const DirectoryBuilder *builder, const char *normal)
{
    return g_hash_table_contains (builder->persons, normal) ||
           g_hash_table_contains (builder->folds, normal);
}

gboolean builder_is_internal (const DirectoryBuilder *builder, const char *normal)
{
    return g_hash_table_contains (builder->internal, address_domain (normal));
}

gboolean builder_is_always (const DirectoryBuilder *builder, const char *folded)
{
    g_autofree char *domain = g_strconcat ("@", address_domain (folded), NULL);
    return g_hash_table_contains (builder->always, folded) ||
           g_hash_table_contains (builder->always, domain);
}
