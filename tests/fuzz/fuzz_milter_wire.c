/* fuzz_milter_wire.c - packets, strings, options and headers stay within the bytes given. */
#include <stdint.h>
#include <string.h>

#include "milter_header.h"
#include "milter_wire.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GString) line = g_string_new (NULL);
    MilterPacket packet;
    gsize used;
    while (milter_wire_read (data, size, &packet, &used) == MILTER_WHOLE) {
        g_assert (used <= size && packet.size + 5 == used);
        gsize offset = 0, before = 0;
        const char *last = "", *text;
        while ((text = milter_wire_string (&packet, &offset)) != NULL) {
            g_assert (offset > before && offset <= packet.size);
            g_assert (text + strlen (text) + 1 == packet.data + offset);
            milter_header_line (line, last, text, before % 2 == 0);
            g_assert (g_str_has_suffix (line->str, "\r\n"));
            before = offset;
            last = text;
        }
        MilterOptions options;
        if (milter_wire_read_options (&packet, &options)) {
            g_autoptr (GByteArray) out = g_byte_array_new();
            milter_wire_put_options (out, &options, NULL, 0);
            g_assert (memcmp (out->data + 5, packet.data, 12) == 0);
        }
        data += used;
        size -= used;
    }
    return 0;
}
