/* files.c - the parts of a message that are files. */
#include "message.h"

gboolean message_is_file (const Part *part)
{
    return part->role == PART_ATTACHMENT || part->role == PART_INLINE_IMAGE;
}

const Part *message_file (const Message *message, guint number)
{
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (message_is_file (part) && number-- == 0)
            return part;
    }
    return NULL;
}
