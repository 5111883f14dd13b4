/* envelope_args.c - see envelope_args.h. */
#include "envelope_args.h"

static void add_all (Envelope *envelope, const GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++) {
        const Address *address = addresses->pdata[i];
        g_ptr_array_add (envelope->recipients, g_strdup (address->addr));
    }
}

Envelope *envelope_from_args (const Message *message, const char *sender, char **recipients)
{
    Envelope *envelope = envelope_new (FRONT_MILTER);
    const Address *from = message->from->len > 0 ? message->from->pdata[0] : NULL;
    if (sender != NULL)
        envelope->sender = g_strdup (sender);
    else
        envelope->sender = g_strdup (from != NULL ? from->addr : "");
    if (recipients == NULL) {
        add_all (envelope, message->to);
        add_all (envelope, message->cc);
    }
    for (char **recipient = recipients; recipient != NULL && *recipient != NULL; recipient++)
        g_ptr_array_add (envelope->recipients, g_strdup (*recipient));
    return envelope;
}
