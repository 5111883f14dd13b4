/* names.h - finds the one person whom a word in a text means, among a few. */
#ifndef NAMES_H
#define NAMES_H

#include <glib.h>

typedef struct Names Names;

/* Owned. Thread: one. */
Names *names_new (void);
void names_free (Names *names);

/* Adds a person under their local part, and their name when known (may be NULL): first name, whole
 * name, "Last, First" too. Without a name the first piece of the local part serves as first name.
 * address is borrowed and is what names_find returns. Adding a person again adds spellings. */
void names_add (Names *names, const char *address, const char *name);

/* The address of the one person whom the word means: by local part first, then by whole name, then
 * by first name; in any case, with or without diacritics. NULL when nobody or several. */
const char *names_find (const Names *names, const char *word);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Names, names_free)

#endif
