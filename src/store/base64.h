/* base64.h - base64 as mail has it: in lines, and back to the very same bytes. Pure; thread: any.
 */
#ifndef BASE64_H
#define BASE64_H

#include <glib.h>

/* How some encoded text was laid out. */
typedef struct {
    guint line_length;  /* characters in each full line */
    gboolean is_crlf;   /* lines end with CRLF, else LF */
    gboolean ends_line; /* the last line ends too */
} Base64Form;

/* Decodes text that base64_encode would make again, byte for byte, from the result and *ret_form.
 * Owned. NULL for any other text, however readable. Linear. */
guint8 *base64_decode_exact (const char *text, gsize len, gsize *ret_size, Base64Form *ret_form);

/* The length of the text, and the text: written to `out`, which has room for it. */
gsize base64_length (gsize size, const Base64Form *form);
void base64_encode (const guint8 *bytes, gsize size, const Base64Form *form, char *out);

#endif
