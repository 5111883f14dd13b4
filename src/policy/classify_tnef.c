/* classify_tnef.c - see classify_tnef.h.
 *
 * A TNEF stream (MS-OXTNEF 2.1.3) is a signature, a key, and attributes: level (1 byte), id (4),
 * length (4), data, checksum (2), all little-endian. attMessageClass tells the kind of message. */
#include "classify_tnef.h"

#include <string.h>

#define TNEF_SIGNATURE 0x223e9f78u
#define TNEF_HEAD 6
#define ATTRIBUTE_HEAD 9
#define CHECKSUM 2
#define ATT_MESSAGE_CLASS 0x00078008u
#define LEVEL_MESSAGE 1
#define LEVEL_ATTACHMENT 2

static guint32 read_u32 (const guint8 *p)
{
    return (guint32)p[0] | (guint32)p[1] << 8 | (guint32)p[2] << 16 | (guint32)p[3] << 24;
}

static void copy_class (char *class, const guint8 *data, gsize length)
{
    gsize n = MIN (strnlen ((const char *)data, length), TNEF_CLASS_MAX - 1);
    for (gsize i = 0; i < n; i++)
        class[i] = g_ascii_tolower ((gchar)data[i]);
    class[n] = '\0';
}

gboolean tnef_class (const guint8 *bytes, gsize size, char class[TNEF_CLASS_MAX])
{
    class[0] = '\0';
    if (size < TNEF_HEAD + ATTRIBUTE_HEAD || read_u32 (bytes) != TNEF_SIGNATURE)
        return FALSE;
    gsize at = TNEF_HEAD;
    while (size - at >= ATTRIBUTE_HEAD) {
        guint8 level = bytes[at];
        guint32 id = read_u32 (bytes + at + 1), length = read_u32 (bytes + at + 5);
        if (level != LEVEL_MESSAGE && level != LEVEL_ATTACHMENT)
            return FALSE;
        at += ATTRIBUTE_HEAD;
        if (length > size - at || size - at - length < CHECKSUM)
            return FALSE;
        if (id == ATT_MESSAGE_CLASS) {
            copy_class (class, bytes + at, length);
            return TRUE;
        }
        at += length + CHECKSUM;
    }
    return TRUE;
}
