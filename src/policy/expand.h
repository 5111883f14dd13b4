/* expand.h - what a name stands for in the end. Private to builder.c, build.c and expand.c. */
#ifndef EXPAND_H
#define EXPAND_H

#include "builder.h"

/* One expansion: who is behind a definition. */
typedef struct {
    DirectoryBuilder *builder;
    GQueue waiting;       /* of Definition, breadth first */
    GPtrArray *persons;   /* of const char *: canonical, each once */
    const char *outsider; /* one of them, or NULL */
    const char *always;   /* likewise: a command, a file, a role mailbox */
    const char *own;      /* likewise: an address of ours */
    guint outsiders;
} Expansion;

/* Follows a definition to the end. `expansion` holds builder, an empty queue and an empty array. */
void expansion_run (Expansion *expansion, Definition *definition);

/* The definition of an address in lower case, or NULL: in full, then as a name of every internal
 * domain. `within` (or NULL) is the definition in which the address stands: a name among its own
 * targets means the sources that come later; a group of ours that holds itself, itself. */
Definition *expand_look_up (const DirectoryBuilder *builder, const char *folded,
                            Definition *within);

/* One spelling through the sources from `from` on. */
Definition *expand_look_up_key (const DirectoryBuilder *builder, guint from, const char *key);

/* The domain to which a catch-all moves every local part (`@old @new`), or NULL. */
const char *expand_moved_domain (const Definition *definition);

#endif
