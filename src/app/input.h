/* input.h - the one file that an inspecting command is given. */
#ifndef INPUT_H
#define INPUT_H

#include <glib.h>

/* All bytes of a file, or of standard input for "-". Owned. Errors: those of GFileError, whose text
 * names the file; ERR_TEMPORARY standard input cannot be read. */
GBytes *input_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
