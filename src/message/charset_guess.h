/* charset_guess.h - the charset of 8-bit text that declares none. Private to charset.c. */
#ifndef CHARSET_GUESS_H
#define CHARSET_GUESS_H

#include <glib.h>

/* iconv's name of the charset that text most likely is in, for Chinese, Japanese, Korean and
 * Cyrillic text that is no UTF-8; NULL when nothing speaks clearly for one: then it is Western.
 * Looks at the first 4 kB. Static. */
const char *charset_guess (const char *bytes, gsize len);

#endif
