/* lmtp_data.h - the text after DATA: finds its end and takes the stuffed dots away (RFC
 * 5321 4.5.2).
 *
 * Only CRLF "." CRLF ends a message and only CRLF ends a line. Whoever takes a bare LF for a line
 * end here, behind a server that does not, can be made to see two messages in one (SMTP smuggling),
 * so bare LF is reported. */
#ifndef LMTP_DATA_H
#define LMTP_DATA_H

#include <glib.h>

typedef enum { DATA_LINE_START, DATA_TEXT, DATA_DOT, DATA_DOT_CR } LmtpDataState;

/* All zero: at the start of a message. */
typedef struct {
    LmtpDataState state;
    gboolean ends_in_cr;  /* the last byte of DATA_TEXT so far */
    gboolean has_bare_lf; /* somewhere in the message */
} LmtpData;

/* Takes pieces of the message, in order. */
typedef void (*LmtpSink) (gpointer data, const void *bytes, gsize size);

/* Reads bytes, which may end anywhere. TRUE at the end of the message; *ret_used: how many bytes
 * belonged to it (all of them while FALSE). Pure but for the sink; linear. */
gboolean lmtp_data_read (LmtpData *data, const guint8 *bytes, gsize size, gsize *ret_used,
                         LmtpSink sink, gpointer sink_data);

#endif
