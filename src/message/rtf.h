/* rtf.h - the text of RTF, as far as Outlook's mail needs it. Pure; thread: any. */
#ifndef RTF_H
#define RTF_H

#include <glib.h>

/* The text of RTF compressed by [MS-OXRTFCP]. code_page names the charset of its 8-bit characters
 * unless the RTF does ("cp1252" style; may be NULL). At most `max` bytes are decompressed. NULL
 * when it is not readable. Linear. Owned. */
char *rtf_compressed_to_text (const char *data, gsize len, const char *code_page, gsize max);

/* The text of plain RTF. Linear; groups nest to any depth. Owned. */
char *rtf_to_text (const char *rtf, gsize len, const char *code_page);

#endif
