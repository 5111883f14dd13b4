/* quote_normal.h - the form in which lines and tables of words are compared. Private to the layer.
 */
#ifndef QUOTE_NORMAL_H
#define QUOTE_NORMAL_H

#include <glib.h>

/* How many bytes of a line are looked at, and what their normal form takes at most. */
#define QUOTE_LINE_MAX 1000
#define QUOTE_NORMAL_MAX (4 * QUOTE_LINE_MAX)

/* How tables and lines are compared: compatibility forms composed, case folded, emphasis and
 * invisible characters gone, quotes, dashes and digits in their ASCII form, blanks collapsed.
 * Looks at no more than QUOTE_LINE_MAX bytes of valid UTF-8. Writes to out, ends it with NUL and
 * returns its length. */
gsize quote_normalise_to (const char *text, gsize len, char out[QUOTE_NORMAL_MAX]);

/* The same. Owned. */
char *quote_normalise (const char *text, gsize len);

/* g_unichar_isalpha or g_unichar_ismark, at once for the scripts that mail is mostly in. */
gboolean quote_is_letter (gunichar c);

#endif
