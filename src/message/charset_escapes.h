/* charset_escapes.h - charsets that switch by escape sequences, as the 8-bit ones that iconv reads
 * better. Private to charset.c. */
#ifndef CHARSET_ESCAPES_H
#define CHARSET_ESCAPES_H

#include <glib.h>

/* Whether bytes switch to Japanese somewhere: then they are ISO-2022-JP, whatever they are called.
 */
gboolean escapes_has_japanese (const char *bytes, gsize len);

/* ISO-2022-JP as EUC-JP: iconv's own ISO-2022-JP refuses the vendors' characters. Owned. */
GString *escapes_iso2022jp_as_euc (const char *bytes, gsize len);

/* HZ (RFC 1843), which iconv does not know, as GB 2312 with the high bit. Owned. */
GString *escapes_hz_as_gb (const char *bytes, gsize len);

#endif
