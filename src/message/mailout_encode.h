/* mailout_encode.h - the encodings of outgoing mail: header words, parameters, folding, bodies.
 * Private to mailout. Whatever goes in, what comes out is printable 7-bit ASCII without a line
 * break that was not put there by folding. All functions are pure; thread: any. */
#ifndef MAILOUT_ENCODE_H
#define MAILOUT_ENCODE_H

#include <glib.h>

/* One line of valid UTF-8: controls and line breaks become blanks, runs of blanks one, ends
 * trimmed. NULL gives "". Owned. */
char *encode_clean (const char *text);

/* Text for an unstructured header such as Subject: as it is when it is plain ASCII, else RFC 2047
 * words. Owned. */
char *encode_unstructured (const char *text);

/* Text for the name before an address: atoms, a quoted string or RFC 2047 words. Owned. */
char *encode_phrase (const char *text);

/* Appends "Name: value" folded at blanks to lines of at most 76 characters, as far as words allow.
 */
void encode_header (GString *out, const char *name, const char *value);

/* "; name=value" for Content-Type and the like: plain, quoted, or in pieces by RFC 2231. */
void encode_parameter (GString *value, const char *name, const char *text);

typedef enum { ENCODING_7BIT, ENCODING_QUOTED_PRINTABLE, ENCODING_BASE64 } Encoding;

const char *encoding_name (Encoding encoding);

/* The lightest encoding for UTF-8 text with any line ends; 7bit for lines of at most line_max. */
Encoding encoding_for_text (const char *text, gsize line_max);

/* Appends text in this encoding, with CRLF and a last line end. */
/* How every boundary of ours begins. Text that has it is never ENCODING_7BIT. */
#define ENCODE_BOUNDARY "=_"

void encode_text (GString *out, const char *text, Encoding encoding);
void encode_base64 (GString *out, const guchar *bytes, gsize len);

#endif
