/* charset_guess.h - the charset of 8-bit text that declares none. Private to the layer. */
#ifndef CHARSET_GUESS_H
#define CHARSET_GUESS_H

#include <glib.h>

/* iconv's name of the charset that text most likely is in, where that is no UTF-8; NULL when
 * nothing speaks clearly for one: then it is Western. Looks at 16 kB at most, from the first byte
 * above 0x7f on. Linear. Static. */
const char *charset_guess (const char *bytes, gsize len);

/* The same for text that is labelled as Western: only for enough bytes in runs, which no Western
 * text has. */
const char *charset_guess_script (const char *bytes, gsize len);

#endif
