/* milter_wire.c - see milter_wire.h. The protocol has no standard; the numbers are those of
 * Sendmail's libmilter, which every MTA follows. */
#include "milter_wire.h"

#include <string.h>

static guint32 get_32 (const void *bytes)
{
    guint32 network;
    memcpy (&network, bytes, sizeof network);
    return GUINT32_FROM_BE (network);
}

static void put_32 (GByteArray *out, guint32 value)
{
    guint32 network = GUINT32_TO_BE (value);
    g_byte_array_append (out, (const guint8 *)&network, sizeof network);
}

static void put_start (GByteArray *out, char command, gsize data_size)
{
    put_32 (out, (guint32)(data_size + 1));
    g_byte_array_append (out, (const guint8 *)&command, 1);
}

MilterRead milter_wire_read (const guint8 *bytes, gsize size, MilterPacket *ret_packet,
                             gsize *ret_used)
{
    if (size < 4)
        return MILTER_PARTIAL;
    gsize length = get_32 (bytes);
    if (length == 0 || length > MILTER_DATA_MAX + 1)
        return MILTER_BAD;
    if (size - 4 < length)
        return MILTER_PARTIAL;
    *ret_packet = (MilterPacket){(char)bytes[4], (const char *)bytes + 5, length - 1};
    *ret_used = 4 + length;
    return MILTER_WHOLE;
}

const char *milter_wire_string (const MilterPacket *packet, gsize *offset)
{
    if (*offset >= packet->size)
        return NULL;
    const char *text = packet->data + *offset;
    const char *end = memchr (text, '\0', packet->size - *offset);
    if (end == NULL)
        return NULL;
    *offset = (gsize)(end - packet->data) + 1;
    return text;
}

gboolean milter_wire_read_options (const MilterPacket *packet, MilterOptions *ret_options)
{
    if (packet->size < 12)
        return FALSE;
    *ret_options = (MilterOptions){
        .version = get_32 (packet->data),
        .actions = get_32 (packet->data + 4),
        .protocol = get_32 (packet->data + 8),
    };
    return TRUE;
}

void milter_wire_put (GByteArray *out, char command, const void *data, gsize size)
{
    put_start (out, command, size);
    if (size > 0)
        g_byte_array_append (out, data, (guint)size);
}

void milter_wire_put_text (GByteArray *out, char command, const char *text)
{
    milter_wire_put (out, command, text, strlen (text) + 1);
}

void milter_wire_put_options (GByteArray *out, const MilterOptions *options,
                              const MilterMacros *macros, gsize macro_count)
{
    gsize size = 12;
    for (gsize i = 0; i < macro_count; i++)
        size += 4 + strlen (macros[i].names) + 1;
    put_start (out, MILTER_OPTIONS, size);
    put_32 (out, options->version);
    put_32 (out, options->actions);
    put_32 (out, options->protocol);
    for (gsize i = 0; i < macro_count; i++) {
        put_32 (out, macros[i].stage);
        g_byte_array_append (out, (const guint8 *)macros[i].names,
                             (guint)strlen (macros[i].names) + 1);
    }
}
