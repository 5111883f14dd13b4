/* answer_limit.c - see answer_limit.h. */
#include "answer_limit.h"

#define DAY_MS ((gint64)24 * 3600 * 1000)

const char *answer_limit (StoreReader *reader, const PostDraft *draft, PersonId author)
{
    if (*draft->preview != '\0' &&
        store_answers_same (reader, draft->comment_on, author, draft->preview, draft->message_id) >=
            ANSWERS_SAME_MAX)
        return "repeated";
    gint64 since_ms = draft->received_ms - DAY_MS;
    if (store_answers_since (reader, author, since_ms, ANSWERS_DAY_MAX) >= ANSWERS_DAY_MAX)
        return "too-many";
    return NULL;
}
