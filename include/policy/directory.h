/* directory.h - who is who: an immutable snapshot of persons, groups and own addresses.
 *
 * A person is named by the normal form of their canonical address, so that counting needs no
 * database. Whoever is in internal_domains is a person, known or not. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <glib.h>
#include "conf.h"

typedef enum {
    WHO_PERSON, /* a colleague; canonical address given */
    WHO_GROUP,  /* stands for several */
    WHO_OUTSIDER,
    WHO_OWN,    /* an address at post_domain */
    WHO_ALWAYS, /* role mailbox, machine, pipe or file behind an alias: always its copy */
} WhoKind;

typedef struct {
    WhoKind kind;
    const char *canonical; /* person: canonical normal address; group: its name; else the address */
    const char *name;      /* display name when known, or NULL */
} Who;

/* The members of a group after full expansion, each once. Borrowed from the directory. */
typedef struct {
    const char *const *persons; /* canonical addresses, sorted; NULL when there are none */
    guint person_count;
    gboolean has_outsiders; /* some member is an outsider */
    gboolean has_always;    /* some member must always be delivered to */
    gboolean is_too_large;  /* more than group_members_max */
} GroupMembers;

typedef struct Directory Directory;
typedef struct DirectoryBuilder DirectoryBuilder;

/* Builds a snapshot. conf is kept by reference. Order of calls does not matter, except between
 * files that define the same name: the first one wins, as in Postfix. Thread: one. */
DirectoryBuilder *directory_builder_new (Config *conf);
void directory_builder_free (DirectoryBuilder *builder);
/* A person with canonical address and name (may be NULL); further addresses fold into it. A name
 * that a file expands to several stays a group, whoever says that it is a person. */
void directory_add_person (DirectoryBuilder *builder, const char *canonical, const char *name);
void directory_add_address (DirectoryBuilder *builder, const char *address, const char *canonical);
/* One member of a group; a member may be a group. Files that define the same name come first. */
void directory_add_member (DirectoryBuilder *builder, const char *group, const char *member);
/* Reads a file of aliases(5) (with :include:, quotes, continuation lines) or virtual(5). Errors:
 * NOT_FOUND or INTERNAL the file, or one it includes; REFUSED "file:line: ..." for a malformed
 * line. On failure the builder holds part of the file: throw it away. */
gboolean directory_read_aliases (DirectoryBuilder *builder, const char *path,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean directory_read_virtual (DirectoryBuilder *builder, const char *path,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads every file of alias_files and virtual_files. Errors as above. */
gboolean directory_read_files (DirectoryBuilder *builder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Expands everything (cycles end, depth is bounded) and gives the snapshot. */
Directory *directory_build (DirectoryBuilder *take_builder);

Directory *directory_ref (Directory *directory);
void directory_unref (Directory *directory);

/* Looks up an address in any spelling (case, subaddress, alias). The strings live as long as the
 * directory, or as `scratch` for addresses it has never heard of. Cost: a few hash look-ups.
 * Thread: any (also the functions below). */
Who directory_find (const Directory *directory, const char *address, GStringChunk *scratch);

/* The person who writes from this address, or NULL: the person it names, and for a group that is
 * made of one person and of copies for others (`anna: anna, archive`) that person. */
const char *directory_find_author (const Directory *directory, const char *address,
                                   GStringChunk *scratch);

/* Whether the address is inside the organisation: of internal_domains, or an alias or group of it.
 */
gboolean directory_is_internal (const Directory *directory, const char *address);

/* Members of the group that directory_find named; nobody when there is no such group. */
GroupMembers directory_members (const Directory *directory, const char *group);
/* Whether the person (canonical) is a member. */
gboolean directory_is_member (const Directory *directory, const char *group, const char *person);

/* The canonical address of the one person whose local part, name or unique first name this word is
 * ("@anna"), among `candidates` (canonical addresses); NULL when none or several. */
const char *directory_match_name (const Directory *directory, const char *word,
                                  const char *const *candidates, guint count);

/* All groups' names, for commands, sorted. Array of const char *, owned container. */
GPtrArray *directory_groups (const Directory *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Directory, directory_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DirectoryBuilder, directory_builder_free)

#endif
