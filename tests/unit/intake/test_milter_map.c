/* test_milter_map.c - what each answer of the flow is in words of the protocol. */
#include <glib.h>

#include "fake_mta.h"
#include "milter_map.h"
#include "reply_text.h"

static void test_answers (void)
{
    static const char *const drop[] = {"<Bob@Example.Test>", "carol@example.test", NULL};
    static const struct {
        FlowKind kind;
        const char *text;
        const char *const *drop;
        const char *answers;
    } cases[] = {
        {FLOW_PASS, NULL, NULL, "a"},
        {FLOW_PASS, "ignored", drop, "a"},
        {FLOW_TAKEN, NULL, NULL, "d"},
        {FLOW_TAKEN, NULL, drop, "d"},
        {FLOW_DROP, NULL, drop, "-[<Bob@Example.Test>] -[carol@example.test] a"},
        {FLOW_DROP, NULL, NULL, "a"},
        {FLOW_DEFER, NULL, NULL, "y[451 4.3.0 Please try again later]"},
        {FLOW_DEFER, "4.3.1 Disk is full", NULL, "y[451 4.3.1 Disk is full]"},
        {FLOW_DEFER, "100 % full", NULL, "y[451 4.3.0 100 %% full]"},
        {FLOW_REFUSE, NULL, NULL, "y[550 5.7.1 Message refused]"},
        {FLOW_REFUSE, "5.1.1 No such topic", NULL, "y[550 5.1.1 No such topic]"},
        {FLOW_REFUSE, "4.1.1 Wrong class", NULL, "y[550 5.7.1 4.1.1 Wrong class]"},
        {FLOW_REFUSE, "5.1.1 two\r\nlines", NULL, "y[550 5.1.1 two??lines]"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GPtrArray) list = g_ptr_array_new();
        for (guint j = 0; cases[i].drop != NULL && cases[i].drop[j] != NULL; j++)
            g_ptr_array_add (list, (gpointer)cases[i].drop[j]);
        const FlowReply reply = {.kind = cases[i].kind,
                                 .text = cases[i].text,
                                 .drop = cases[i].drop != NULL ? list : NULL};
        g_autoptr (GByteArray) out = g_byte_array_new();
        milter_answer (&reply, out);
        g_autofree char *answers = mta_answers (out->data, out->len);
        g_assert_cmpstr (answers, ==, cases[i].answers);
    }
}

static void test_reply_text (void)
{
    static const struct {
        const char *text, *line;
    } cases[] = {
        {NULL, "451 4.3.0 Later"},
        {"", "451 4.3.0 Later"},
        {"4.2.1 a", "451 4.2.1 a"},
        {"4.2.1", "451 4.3.0 4.2.1"},
        {"4.2.", "451 4.3.0 4.2."},
        {"4.", "451 4.3.0 4."},
        {"4.1234.5 a", "451 4.3.0 4.1234.5 a"},
        {"4..5 a", "451 4.3.0 4..5 a"},
        {"Busy", "451 4.3.0 Busy"},
        {"caf\xc3\xa9", "451 4.3.0 caf??"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GString) line = g_string_new (NULL);
        reply_text_append (line, "451", cases[i].text, "4.3.0 Later");
        g_assert_cmpstr (line->str, ==, cases[i].line);
    }
    g_autofree char *many = g_strnfill (5000, 'x');
    g_autoptr (GString) line = g_string_new (NULL);
    reply_text_append (line, "451", many, "4.3.0 Later");
    g_assert_cmpuint (line->len, <, 500);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/intake/milter-map/answers", test_answers);
    g_test_add_func ("/intake/reply-text/append", test_reply_text);
    return g_test_run();
}
