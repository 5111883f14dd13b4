/* lmtp_map.c - see lmtp_map.h. */
#include "lmtp_map.h"

#include <string.h>

#include "reply_text.h"

typedef struct {
    const char *code, *fallback;
    gboolean has_text; /* the flow's own words are used */
} Answer;

static const Answer archived = {"250", "2.0.0 Archived", FALSE};
static const Answer not_here = {"451", "4.3.5 This server does not deliver such mail onwards",
                                FALSE};

static const Answer *const answers[] = {
    [FLOW_PASS] = &not_here,
    [FLOW_TAKEN] = &archived,
    [FLOW_DROP] = &not_here, /* but those that were archived, see below */
    [FLOW_DEFER] = &(const Answer){"451", "4.3.0 Please try again later", TRUE},
    [FLOW_REFUSE] = &(const Answer){"550", "5.7.1 Message refused", TRUE},
};

/* The texts of `drop`, which the flow is done with, so that many recipients stay linear. */
static GHashTable *archived_recipients (const FlowReply *reply)
{
    GHashTable *set = g_hash_table_new (g_str_hash, g_str_equal);
    if (reply->drop != NULL)
        for (guint i = 0; i < reply->drop->len; i++)
            g_hash_table_add (set, reply->drop->pdata[i]);
    return set;
}

void lmtp_answer (const FlowReply *reply, const GPtrArray *recipients, GByteArray *out)
{
    g_assert (reply->kind < G_N_ELEMENTS (answers));
    g_autoptr (GHashTable) done = archived_recipients (reply);
    g_autoptr (GString) line = g_string_new (NULL);
    for (guint i = 0; i < recipients->len; i++) {
        const Answer *answer =
            g_hash_table_contains (done, recipients->pdata[i]) ? &archived : answers[reply->kind];
        g_string_truncate (line, 0);
        reply_text_append (line, answer->code, answer->has_text ? reply->text : NULL,
                           answer->fallback);
        g_string_append (line, "\r\n");
        g_byte_array_append (out, (const guint8 *)line->str, (guint)line->len);
    }
}
