/* hop.c - the signed header by which our own mails are known again. It signs the Message-ID: copied
 * onto another mail it is worth nothing, and one that nobody signed is ignored. */
#include "policy_data.h"

#include <string.h>

#define HOP_PURPOSE "hop"
#define HOP_COPIES_MAX 20

char *policy_hop_value (const TokenKey *key, const char *message_id)
{
    return token_sign (key, HOP_PURPOSE, message_id);
}

gboolean hop_is_ours (const TokenKey *key, const Message *message)
{
    if (key == NULL || message->message_id == NULL)
        return FALSE;
    guint looked_at = 0;
    for (guint i = 0; i < message->headers->len && looked_at < HOP_COPIES_MAX; i++) {
        const Header *header = message->headers->pdata[i];
        if (g_ascii_strcasecmp (header->name, HOP_HEADER) != 0)
            continue;
        looked_at++;
        g_autofree char *value = g_strdup (header->value);
        if (token_verify (key, HOP_PURPOSE, message->message_id, g_strstrip (value)))
            return TRUE;
    }
    return FALSE;
}
