/* directory_data.h - what a snapshot is made of. Private to builder.c, which makes it, and
 * directory.c, which answers from it. */
#ifndef DIRECTORY_DATA_H
#define DIRECTORY_DATA_H

#include "directory.h"
#include "ref.h"

/* `@a @b` and `@b @c` are followed this far; then the address is taken as it is. */
#define DIRECTORY_MOVES_MAX 8

/* What one spelling of an address stands for. */
typedef struct {
    WhoKind kind;
    gboolean ignores_case;    /* from a file or a group: found in any case, as in Postfix */
    const char *canonical;    /* as in Who */
    const char *name;         /* as in Who */
    const char *moved_domain; /* `@old @new`: same local part there; the rest is not used */
} Known;

/* A group after expansion. */
typedef struct {
    const char **persons; /* sorted */
    guint person_count;
    gboolean has_outsiders;
    gboolean has_always;
    gboolean is_too_large;
} Group;

struct Directory {
    Ref ref;
    Config *conf;
    GStringChunk *strings;      /* every string of the snapshot */
    GPtrArray *known;           /* of Known: owns them */
    GHashTable *addresses;      /* normal address -> Known */
    GHashTable *locals;         /* local part, in every internal domain -> Known */
    GHashTable *catchalls;      /* domain -> Known */
    GHashTable *always_domains; /* set: @domain of always_deliver */
    GHashTable *internal;       /* set of domains in lower case */
    GHashTable *groups;         /* name -> Group, owned */
    const char *home_domain;    /* the first internal domain, or NULL */
    const char *own_domain;     /* post_domain in lower case */
};

/* Lower case, for domains and for names that are found in any case. Owned. */
char *directory_fold (const char *text);

#endif
