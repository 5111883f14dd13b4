/* searchable.c - see searchable.h. */
#include "searchable.h"

#include "quote.h"
#include "token.h"

char *searchable_text (const Message *message)
{
    g_autoptr (Quote) quote = quote_split_message (message);
    return token_hide (quote->kept);
}

char *searchable_names (const Message *message)
{
    GString *names = g_string_new (NULL);
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (message_is_file (part) && part->name != NULL)
            g_string_append_printf (names, "%s\n", part->name);
    }
    return g_string_free (names, FALSE);
}
