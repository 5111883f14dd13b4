/* charset.h - bytes in some or no known charset to UTF-8. Pure; thread: any. */
#ifndef CHARSET_H
#define CHARSET_H

#include <glib.h>

/* Valid UTF-8 for bytes that are said to be in `label`. NULL or an unknown label: guessed, where
 * `fallback` (may be NULL) names what to try when the bytes are no UTF-8. A label that is certainly
 * wrong is overruled. Never fails: what cannot be read becomes U+FFFD. Line ends and controls stay
 * as they are, except that NUL becomes a blank. Linear in len. Owned; *ret_len may be NULL. */
char *charset_to_utf8 (const char *bytes, gsize len, const char *label, const char *fallback,
                       gsize *ret_len);

/* Whether the label names a charset that can be converted. */
gboolean charset_is_known (const char *label);

/* The charset that an HTML document names in a <meta>, within its first 2 kB; NULL when none.
 * Owned. */
char *charset_of_html (const char *html, gsize len);

/* Whether bytes are ASCII without ESC: the same in nearly every charset. */
gboolean charset_is_plain (const char *bytes, gsize len);

#endif
