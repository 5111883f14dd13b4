/* transfer.h - content transfer encodings, read as forgivingly as mail needs. Pure; thread: any. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <glib.h>

typedef enum {
    TRANSFER_IDENTITY, /* 7bit, 8bit, binary and whatever is unknown */
    TRANSFER_BASE64,
    TRANSFER_QUOTED_PRINTABLE,
    TRANSFER_UUENCODE,
} Transfer;

/* The encoding that a Content-Transfer-Encoding value names (any case, comments and junk behind).
 */
Transfer transfer_from_name (const char *value);

/* Appends the decoded bytes of data. Never fails, linear:
 * base64   junk is skipped; after padding it goes on only when the next line is base64 again, so a
 *          footer that a list appended is not decoded;
 * quoted-printable   soft breaks with blanks behind the "=", blanks at line ends and lower case
 *          are as RFC 2045 wants them; a "=" that begins nothing stays a "=";
 * uuencode from the first "begin" line (or the first line, when there is none) to "end". */
void transfer_decode (Transfer transfer, const char *data, gsize len, GString *out);

/* The number of bytes that transfer_decode would append, at less cost. */
gsize transfer_size (Transfer transfer, const char *data, gsize len);

/* Whether a line is "begin MODE NAME"; *ret_name borrows from it (not NUL-terminated). */
gboolean uuencode_begin (const char *line, gsize len, const char **ret_name, gsize *ret_name_len);

/* The file name in the first "begin" line of uuencoded data, among its first lines; NULL when none
 * is there. Owned, raw bytes. */
char *uuencode_name (const char *data, gsize len);

/* Whether a line can be one of uuencoded data: its length fits what its first byte says. */
gboolean uuencode_is_data (const char *line, gsize len);

#endif
