/* fuzz_parse.c - any bytes as a message: the invariants of Message hold, and every part decodes to
 * the size that was told. */
#include <stdint.h>
#include <string.h>

#include "message.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_text (const char *text, gboolean is_one_line)
{
    g_assert (text != NULL && g_utf8_validate (text, -1, NULL));
    for (; *text != '\0'; text++)
        g_assert ((guchar)*text >= ' ' || (!is_one_line && strchr ("\t\n", *text) != NULL));
}

static void check_addresses (const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        const Address *address = list->pdata[i];
        check_text (address->name, TRUE);
        check_text (address->addr, TRUE);
        g_assert (address->name[0] != '\0' || address->addr[0] != '\0');
    }
}

static void check_parts (const Message *message, size_t size)
{
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        check_text (part->type, TRUE);
        if (part->name != NULL)
            check_text (part->name, TRUE);
        g_assert (part->raw_offset <= size && part->raw_size <= size - part->raw_offset);
        if (part->role == PART_MULTIPART || i > 20)
            continue;
        g_autoptr (GBytes) bytes = message_part_decode (message, part);
        g_assert (g_bytes_get_size (bytes) == part->size);
    }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GBytes) raw = g_bytes_new_static (data, size);
    g_autoptr (Message) message = message_parse (raw, NULL);
    check_text (message->subject, TRUE);
    check_text (message->text, FALSE);
    if (message->html != NULL)
        check_text (message->html, FALSE);
    if (message->message_id != NULL)
        check_text (message->message_id, TRUE);
    check_addresses (message->from);
    check_addresses (message->to);
    check_addresses (message->cc);
    check_parts (message, size);
    for (guint i = 0; i < message->headers->len; i++) {
        const Header *header = message->headers->pdata[i];
        check_text (header->value, TRUE);
        g_autofree char *decoded = header_decode (header->value);
        check_text (decoded, TRUE);
    }
    g_autofree char *date = message_date_text (message);
    check_text (date, TRUE);
    return 0;
}
