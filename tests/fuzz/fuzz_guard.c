/* fuzz_guard.c - with bounds as small as can be, none is ever passed, and what is past a bound is
 * opaque rather than half read. */
#include <stdint.h>

#include "message.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const MessageLimits limits = {
        .header_bytes = 100,
        .header_count = 5,
        .nesting = 2,
        .parts = 4,
        .text_bytes = 50,
        .addresses = 3,
    };
    g_autoptr (GBytes) raw = g_bytes_new_static (data, size);
    g_autoptr (Message) message = message_parse (raw, &limits);
    g_assert (message->is_opaque == (message->opaque_reason != NULL));
    g_assert (message->headers->len <= limits.header_count);
    g_assert (message->to->len <= limits.addresses);
    guint of_message = 0;
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        g_assert (part->depth <= limits.nesting + 1);
        of_message += part->outer < 0 ? 1 : 0;
    }
    g_assert (of_message <= limits.parts);
    if (message->is_opaque)
        g_assert (message->parts->len == 0 && message->text[0] == '\0' && message->html == NULL);
    return 0;
}
