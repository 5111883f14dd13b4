/* lmtp_data.c - see lmtp_data.h.
 *
 *              '.'            CR              LF
 *   LINE_START ---> DOT ------------> DOT_CR ----> end
 *     |    ^         | other: the dot  | other: a CR that is text
 *     v    | CRLF    v was stuffed     v
 *     '-> TEXT <-----'<----------------'
 *
 * (I1) Bytes go to the sink in the largest pieces that need no change. */
#include "lmtp_data.h"

#include <string.h>

/* Walks over text up to the end of its line; the first byte behind what it took. */
static const guint8 *read_text (LmtpData *data, const guint8 *at, const guint8 *end)
{
    const guint8 *lf = memchr (at, '\n', (gsize)(end - at));
    const guint8 *next = lf != NULL ? lf + 1 : end;
    const guint8 *before = lf != NULL ? lf : end;
    gboolean has_cr = before > at ? before[-1] == '\r' : data->ends_in_cr;
    data->ends_in_cr = lf == NULL && has_cr;
    if (lf != NULL && has_cr)
        data->state = DATA_LINE_START;
    else if (lf != NULL)
        data->has_bare_lf = TRUE;
    return next;
}

gboolean lmtp_data_read (LmtpData *data, const guint8 *bytes, gsize size, gsize *ret_used,
                         LmtpSink sink, gpointer sink_data)
{
    const guint8 *at = bytes, *end = bytes + size;
    const guint8 *piece = at; /* not given to the sink yet */
    *ret_used = size;
    while (at < end) {
        if (data->state == DATA_TEXT) {
            at = read_text (data, at, end);
        } else if (data->state == DATA_LINE_START && *at == '.') {
            if (at > piece)
                sink (sink_data, piece, (gsize)(at - piece));
            piece = ++at;
            data->state = DATA_DOT;
        } else if (data->state == DATA_DOT && *at == '\r') {
            piece = ++at;
            data->state = DATA_DOT_CR;
        } else if (data->state == DATA_DOT_CR && *at == '\n') {
            *data = (LmtpData){.has_bare_lf = data->has_bare_lf};
            *ret_used = (gsize)(at + 1 - bytes);
            return TRUE;
        } else {
            if (data->state == DATA_DOT_CR)
                sink (sink_data, "\r", 1);
            data->ends_in_cr = data->state == DATA_DOT_CR;
            data->state = DATA_TEXT;
        }
    }
    if (at > piece)
        sink (sink_data, piece, (gsize)(at - piece));
    return FALSE;
}
