/* identity.c - see identity.h. */
#include "identity.h"

#include <string.h>

/* Where the body begins: behind the first empty line. */
static gsize body_offset (const char *raw, gsize len)
{
    gsize at = 0;
    while (at < len) {
        const char *end = memchr (raw + at, '\n', len - at);
        if (end == NULL)
            return len;
        gsize line = (gsize)(end - raw) - at;
        if (line == 0 || (line == 1 && raw[at] == '\r'))
            return (gsize)(end - raw) + 1;
        at = (gsize)(end - raw) + 1;
    }
    return len;
}

static gsize trimmed_len (const char *raw, gsize len)
{
    while (len > 0 && (raw[len - 1] == '\n' || raw[len - 1] == '\r'))
        len--;
    return len;
}

GBytes *identity_copy (const char *queue_id, const char *sender, const char *recipient,
                       const char *content)
{
    const char *const parts[] = {queue_id, sender, recipient, content};
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof digest;
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        g_checksum_update (sum, (const guchar *)parts[i], (gssize)strlen (parts[i]) + 1);
    g_checksum_get_digest (sum, digest, &size);
    return g_bytes_new (digest, size);
}

char *identity_digest (GBytes *raw)
{
    gsize len;
    const char *data = g_bytes_get_data (raw, &len);
    gsize at = body_offset (data, len);
    gsize end = MAX (at, trimmed_len (data, len));
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    while (at < end) {
        const char *cr = memchr (data + at, '\r', end - at);
        gsize stop = cr != NULL ? (gsize)(cr - data) : end;
        g_checksum_update (sum, (const guchar *)data + at, (gssize)(stop - at));
        at = stop;
        if (cr != NULL) {
            gboolean is_line_end = at + 1 < end && data[at + 1] == '\n';
            if (!is_line_end)
                g_checksum_update (sum, (const guchar *)"\r", 1);
            at++;
        }
    }
    return g_strdup (g_checksum_get_string (sum));
}
