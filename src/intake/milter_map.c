/* milter_map.c - see milter_map.h. One row of the table for each FlowKind. */
#include "milter_map.h"

#include "milter_wire.h"
#include "reply_text.h"

static const struct {
    char command;
    const char *code, *fallback; /* for a reply of our own words */
} answers[] = {
    [FLOW_PASS] = {MILTER_ACCEPT, NULL, NULL},
    [FLOW_TAKEN] = {MILTER_DISCARD, NULL, NULL},
    [FLOW_DROP] = {MILTER_ACCEPT, NULL, NULL},
    [FLOW_DEFER] = {MILTER_REPLY_CODE, "451", "4.3.0 Please try again later"},
    [FLOW_REFUSE] = {MILTER_REPLY_CODE, "550", "5.7.1 Message refused"},
};

/* In a reply code Sendmail and Postfix read "%%" as one percent sign. */
static void put_reply_code (GByteArray *out, const char *code, const char *text,
                            const char *fallback)
{
    g_autoptr (GString) line = g_string_new (NULL);
    reply_text_append (line, code, text, fallback);
    g_string_replace (line, "%", "%%", 0);
    milter_wire_put_text (out, MILTER_REPLY_CODE, line->str);
}

void milter_answer (const FlowReply *reply, GByteArray *out)
{
    g_assert (reply->kind < G_N_ELEMENTS (answers));
    if (reply->kind == FLOW_DROP && reply->drop != NULL)
        for (guint i = 0; i < reply->drop->len; i++)
            milter_wire_put_text (out, MILTER_DELETE_RECIPIENT, reply->drop->pdata[i]);
    if (answers[reply->kind].code != NULL)
        put_reply_code (out, answers[reply->kind].code, reply->text, answers[reply->kind].fallback);
    else
        milter_wire_put (out, answers[reply->kind].command, NULL, 0);
}
