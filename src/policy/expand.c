/* expand.c - follows definitions to the persons behind them.
 *
 * (I1) Nothing that an expansion cannot follow is forgotten: a group past the depth bound counts as
 *      having members that must be delivered to, so its RCPT is never deleted.
 * (I2) An expansion visits each definition once: cycles end, and its cost is linear.
 *
 * A name among its own targets (`anna: anna, bob`) means the next source, in the end the mailbox,
 * as in Postfix. */
#include "expand.h"

#include <string.h>

#include "address.h"
#include "directory_data.h"

/* Postfix itself gives up on aliases within aliases after a hundred levels. */
#define DEPTH_MAX 100

/* What a target means: a definition to expand, or a leaf. */
typedef struct {
    Definition *definition;
    WhoKind kind;
    const char *canonical;
} Meaning;

/* ------------------------------------------------------------------ what a target means */

/* Owned. A bare name is the person of that name in whichever internal domain knows one, else of the
 * first. */
static char *complete (DirectoryBuilder *builder, const char *target)
{
    if (strchr (target, '@') != NULL || builder->home_domain == NULL)
        return g_strdup (target);
    for (char **domain = builder->conf->internal_domains; *domain != NULL; domain++) {
        g_autofree char *whole = g_strconcat (target, "@", *domain, NULL);
        g_autofree char *normal =
            address_normalise (whole, builder->conf->case_sensitive_local_part);
        if (builder_is_person (builder, normal))
            return g_steal_pointer (&normal);
    }
    return g_strconcat (target, "@", builder->home_domain, NULL);
}

Definition *expand_look_up_key (const DirectoryBuilder *builder, guint from, const char *key)
{
    Definition *found = NULL;
    for (guint i = from; i < SOURCES && found == NULL; i++)
        found = g_hash_table_lookup (builder->sources[i], key);
    return found;
}

/* The definition of a folded address: in full, then as a name of every internal domain. A name
 * among its own targets means the sources that come later; a group of ours that holds itself,
 * itself. */
Definition *expand_look_up (const DirectoryBuilder *builder, const char *folded, Definition *within)
{
    g_autofree char *local =
        builder_is_internal (builder, folded) ? address_local_part (folded) : NULL;
    gboolean is_self = within != NULL &&
                       (strcmp (within->key, folded) == 0 || g_strcmp0 (within->key, local) == 0);
    if (is_self && within->source == SOURCE_GROUPS)
        return within;
    guint from = is_self ? within->source + 1 : 0;
    Definition *found = expand_look_up_key (builder, from, folded);
    return found == NULL && local != NULL ? expand_look_up_key (builder, from, local) : found;
}

/* An address that no source defines. */
static Meaning mean_leaf (DirectoryBuilder *builder, const char *normal, const char *stripped)
{
    const char *spelling = builder_is_person (builder, normal) ? normal : stripped;
    const char *canonical = g_hash_table_lookup (builder->folds, spelling);
    if (canonical != NULL)
        return (Meaning){NULL, WHO_PERSON, canonical};
    if (builder_is_person (builder, spelling) || builder_is_internal (builder, normal))
        return (Meaning){NULL, WHO_PERSON, builder_keep (builder, spelling)};
    return (Meaning){NULL, WHO_OUTSIDER, builder_keep (builder, normal)};
}

/* One spelling of an address; FALSE when nothing is known about it. */
static gboolean mean_spelling (DirectoryBuilder *builder, const char *spelling, Definition *within,
                               Meaning *ret_meaning)
{
    g_autofree char *folded = directory_fold (spelling);
    Definition *found = expand_look_up (builder, folded, within);
    if (builder_is_always (builder, folded) || (found != NULL && found->is_owner))
        *ret_meaning = (Meaning){NULL, WHO_ALWAYS, builder_keep (builder, spelling)};
    else if (found != NULL && (found->targets->len > 1 || !builder_is_person (builder, spelling)))
        *ret_meaning = (Meaning){found, WHO_GROUP, NULL};
    else if (builder_is_person (builder, spelling))
        *ret_meaning = mean_leaf (builder, spelling, spelling);
    else
        return FALSE;
    return TRUE;
}

static Meaning mean_address (DirectoryBuilder *builder, const char *normal, Definition *within)
{
    Meaning meaning = {0};
    g_autofree char *stripped =
        address_strip_extension (normal, builder->conf->recipient_delimiter);
    if (strcmp (address_domain (normal), builder->own_domain) == 0)
        return (Meaning){NULL, WHO_OWN, builder_keep (builder, normal)};
    if (mean_spelling (builder, normal, within, &meaning) ||
        mean_spelling (builder, stripped, within, &meaning))
        return meaning;
    g_autofree char *catchall = g_strconcat ("@", address_domain (normal), NULL);
    Definition *found = g_hash_table_lookup (builder->sources[SOURCE_VIRTUAL], catchall);
    gboolean is_self = found != NULL && found == within;
    return found == NULL || is_self ? mean_leaf (builder, normal, stripped)
                                    : (Meaning){found, WHO_GROUP, NULL};
}

/* The domain to which a catch-all moves every local part (`@old @new`), or NULL. */
const char *expand_moved_domain (const Definition *definition)
{
    if (*definition->key != '@' || definition->targets->len != 1)
        return NULL;
    const char *target = definition->targets->pdata[0];
    return *target == '@' ? target + 1 : NULL;
}

/* Owned: the address to look up for a target of `within`. */
static char *address_of_target (DirectoryBuilder *builder, const char *target,
                                const Definition *within)
{
    g_autofree char *local = *target == '@' ? address_local_part (within->key) : g_strdup ("");
    g_autofree char *written = g_strconcat (local, target, NULL);
    g_autofree char *whole = complete (builder, written);
    return address_normalise (whole, builder->conf->case_sensitive_local_part);
}

static Meaning mean_target (DirectoryBuilder *builder, const char *target, Definition *within)
{
    /* `@old @new, anna`: who gets x@old depends on x, so the copies stay. */
    gboolean is_unclear = *target == '@' && *within->key == '@';
    if (*target == '|' || *target == '/' || is_unclear)
        return (Meaning){NULL, WHO_ALWAYS, target};
    gboolean is_mailbox = *target == '\\';
    g_autofree char *address = address_of_target (builder, target + is_mailbox, within);
    g_autofree char *stripped =
        address_strip_extension (address, builder->conf->recipient_delimiter);
    if (is_mailbox)
        return mean_leaf (builder, address, stripped);
    Meaning meaning = mean_address (builder, address, within);
    for (guint moves = 0; moves < DIRECTORY_MOVES_MAX && meaning.definition != NULL; moves++) {
        const char *domain = expand_moved_domain (meaning.definition);
        if (domain == NULL)
            return meaning;
        g_autofree char *local = address_local_part (address);
        g_free (address);
        address = g_strconcat (local, "@", domain, NULL);
        meaning = mean_address (builder, address, NULL);
    }
    return meaning;
}

/* ------------------------------------------------------------------ expansion */

static void expand_leaf (Expansion *expansion, Meaning meaning)
{
    DirectoryBuilder *builder = expansion->builder;
    Member *member = NULL;
    switch (meaning.kind) {
    case WHO_OUTSIDER:
        expansion->outsiders++;
        expansion->outsider = meaning.canonical;
        break;
    case WHO_ALWAYS:
        expansion->always = meaning.canonical;
        break;
    case WHO_OWN:
        expansion->own = meaning.canonical;
        break;
    default:
        member = builder_member (builder, meaning.canonical);
        if (member->visit != builder->visit)
            g_ptr_array_add (expansion->persons, (gpointer)member->canonical);
        member->visit = builder->visit;
    }
}

/* Adds a definition at the end, once (I2). */
static void expand_later (Expansion *expansion, Definition *definition)
{
    if (definition->visit == expansion->builder->visit)
        return;
    definition->visit = expansion->builder->visit;
    g_queue_push_tail (&expansion->waiting, definition);
}

static void expand_targets (Expansion *expansion, Definition *definition)
{
    for (guint i = 0; i < definition->targets->len; i++) {
        const char *target = definition->targets->pdata[i];
        Meaning meaning = mean_target (expansion->builder, target, definition);
        if (meaning.definition == NULL)
            expand_leaf (expansion, meaning);
        else
            expand_later (expansion, meaning.definition);
    }
}

void expansion_run (Expansion *expansion, Definition *definition)
{
    expansion->builder->visit++;
    expand_later (expansion, definition);
    for (guint depth = 0; !g_queue_is_empty (&expansion->waiting); depth++) {
        if (depth == DEPTH_MAX) { /* (I1) */
            expansion->always = definition->name;
            g_queue_clear (&expansion->waiting);
        }
        for (guint level = g_queue_get_length (&expansion->waiting); level > 0; level--)
            expand_targets (expansion, g_queue_pop_head (&expansion->waiting));
    }
}
