/* aliases.h - aliases(5) from memory. Private to the layer, for directory_read_aliases and the
 * fuzzer. */
#ifndef ALIASES_H
#define ALIASES_H

#include "builder.h"

/* How :include: files are read: as listfile_read does. */
typedef char *(*AliasesRead) (const char *path, gsize bytes_max, gsize *ret_len, GError **error);

/* Adds what the text (named `path` in errors, no NUL within len) defines. Errors: REFUSED; those of
 * `read_file`. */
gboolean aliases_parse (DirectoryBuilder *builder, const char *path, const char *text, gsize len,
                        AliasesRead read_file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for virtual(5), which includes nothing. */
gboolean virtual_parse (DirectoryBuilder *builder, const char *path, const char *text, gsize len,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
