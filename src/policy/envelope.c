/* envelope.c - what SMTP said about a message. */
#include "policy.h"

Envelope *envelope_new (Front front)
{
    Envelope *envelope = g_new0 (Envelope, 1);
    envelope->front = front;
    envelope->recipients = g_ptr_array_new_with_free_func (g_free);
    return envelope;
}

void envelope_free (Envelope *envelope)
{
    if (envelope == NULL)
        return;
    g_free (envelope->queue_id);
    g_free (envelope->sender);
    g_free (envelope->authenticated);
    g_free (envelope->client);
    g_ptr_array_unref (envelope->recipients);
    g_free (envelope);
}
