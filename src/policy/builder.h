/* builder.h - what has been told about persons and groups, before it is expanded. Private to the
 * layer: files are read into it (aliases.c, virtual.c), expand.c follows its definitions, build.c
 * makes the snapshot. */
#ifndef BUILDER_H
#define BUILDER_H

#include "directory.h"

/* Where a definition came from, in the order in which Postfix expands. */
typedef enum { SOURCE_VIRTUAL, SOURCE_ALIASES, SOURCE_GROUPS, SOURCES } Source;

typedef struct {
    Source source;
    const char *key;    /* folded */
    const char *name;   /* what the group is called */
    GPtrArray *targets; /* of const char * */
    gboolean is_owner;  /* owner-team, team-request */
    guint visit;        /* number of the last expansion that came by */
} Definition;

typedef struct {
    const char *canonical;
    const char *name;
    guint visit;
} Member;

struct DirectoryBuilder {
    Config *conf;
    GStringChunk *strings;
    GHashTable *sources[SOURCES]; /* key -> Definition */
    GPtrArray *definitions;       /* of Definition, in order */
    GHashTable *members;          /* canonical -> Member: everybody known by name or as a member */
    GHashTable *persons;          /* set of canonical: those added as persons */
    GHashTable *folds;            /* normal address -> canonical as it was given */
    GHashTable *internal;         /* set of domains */
    GHashTable *always;           /* set of folded addresses and @domains */
    char *home_domain;            /* or NULL */
    char *own_domain;
    guint visit;
};

/* Adds targets to a name: "team", "team@domain" or (virtual) "@domain". A target is an address, a
 * local name, "@domain", "|command" or "/file". With is_more FALSE a name that is defined already
 * stays as it is. Strings are copied. */
void builder_define (DirectoryBuilder *builder, Source source, const char *name,
                     const char *const *targets, guint count, gboolean is_more);

/* The text, kept once, as long as the snapshot. */
const char *builder_keep (DirectoryBuilder *builder, const char *text);

/* The member with this canonical address (kept), made when it is new. */
Member *builder_member (DirectoryBuilder *builder, const char *canonical);

/* Whether somebody was added with this normal address. */
gboolean builder_is_person (const DirectoryBuilder *builder, const char *normal);
gboolean builder_is_internal (const DirectoryBuilder *builder, const char *normal);
/* Whether always_deliver names this address (lower case) or its domain. */
gboolean builder_is_always (const DirectoryBuilder *builder, const char *folded);

#endif
