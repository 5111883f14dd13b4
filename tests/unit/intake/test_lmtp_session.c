/* test_lmtp_session.c - dialogues, without sockets. */
#include <glib.h>
#include <string.h>

#include "talk.h"
#include "lmtp_session.h"

static Talk *talk_new (void)
{
    return talk_open (&lmtp_protocol, 1000);
}

static void talk_say (Talk *talk, const char *text)
{
    talk_feed (talk, text, strlen (text), strlen (text));
}

/* The codes of all replies so far: "220 250 250". Lines of one reply count once. */
static char *talk_codes (Talk *talk)
{
    GString *codes = g_string_new (NULL);
    g_byte_array_append (talk->out, (const guint8 *)"", 1);
    g_auto (GStrv) lines = g_strsplit ((const char *)talk->out->data, "\r\n", -1);
    for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
        if (lines[i][3] != '-')
            g_string_append_printf (codes, "%s%.3s", codes->len > 0 ? " " : "", lines[i]);
    g_byte_array_set_size (talk->out, 0);
    return g_string_free (codes, FALSE);
}

static void assert_codes (Talk *talk, const char *expected)
{
    g_autofree char *codes = talk_codes (talk);
    g_assert_cmpstr (codes, ==, expected);
}

#define START "LHLO client.example.test\r\n"
#define MAIL "MAIL FROM:<anna@example.test>\r\n"
#define RCPT "RCPT TO:<new@posts.example.test>\r\n"
#define TEXT "Subject: Hello\r\n\r\nGood day.\r\n"
#define WHOLE MAIL RCPT "DATA\r\n" TEXT ".\r\n"

static void test_codes (void)
{
    static const struct {
        const char *in, *codes;
    } cases[] = {
        {"", "220"},
        {START, "220 250"},
        {START WHOLE "QUIT\r\n", "220 250 250 250 354 250 221"},
        {START MAIL RCPT RCPT RCPT "DATA\r\n" TEXT ".\r\n",
         "220 250 250 250 250 250 354 250 250 250"},
        {START WHOLE WHOLE, "220 250 250 250 354 250 250 250 354 250"},
        {START MAIL RCPT "RSET\r\nDATA\r\n", "220 250 250 250 250 503"},
        {START MAIL MAIL, "220 250 250 503"},
        {START MAIL "DATA\r\n", "220 250 250 503"},
        {START RCPT, "220 250 503"},
        {START "DATA\r\n", "220 250 503"},
        {START MAIL RCPT START RCPT, "220 250 250 250 250 503"},
        {"NOOP\r\nRSET\r\nNOOP x\r\nQUIT\r\n", "220 250 250 250 221"},
        {MAIL, "220 503"},
        {"VRFY a\r\n" START "VRFY a\r\n", "220 503 250 252"},
        {"HELO x\r\nEHLO x\r\nLHLO\r\nXYZZY\r\n\r\n", "220 500 500 501 500 500"},
        {START MAIL RCPT "DATA x\r\n", "220 250 250 250 501"},
        {START "MAIL FROM:<>\r\n", "220 250 250"},
        {START "MAIL FROM:anna@example.test\r\n", "220 250 501"},
        {START "MAIL FROM:<a@b.test> SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=x\r\n",
         "220 250 250"},
        {START "MAIL FROM:<a@b.test> size=1001\r\n", "220 250 552"},
        {START "MAIL FROM:<a@b.test> SIZE=x\r\n", "220 250 501"},
        {START "MAIL FROM:<a@b.test> SIZE\r\n", "220 250 501"},
        {START "MAIL FROM:<a@b.test> BODY=BINARYMIME\r\n", "220 250 501"},
        {START "MAIL FROM:<a@b.test> SMTPUTF8=1\r\n", "220 250 501"},
        {START "MAIL FROM:<a@b.test> XYZZY=1\r\n", "220 250 555"},
        {START "MAIL FROM:<j\xc3\xbcrgen@b.test>\r\n", "220 250 553"},
        {START "MAIL FROM:<j\xc3\xbcrgen@b.test> SMTPUTF8\r\nRCPT TO:<\xc3\xa9@b.test>\r\n",
         "220 250 250 250"},
        {START MAIL "RCPT TO:<\xc3\xa9@b.test>\r\n", "220 250 250 553"},
        {START MAIL "RCPT TO:<>\r\n", "220 250 250 501"},
        {START MAIL "RCPT TO:<a@b.test> ORCPT=rfc822;team@b.test NOTIFY=NEVER\r\n",
         "220 250 250 250"},
        {START MAIL "RCPT TO:<a@b.test> SIZE=3\r\n", "220 250 250 555"},
        {START "NOOP\nNOOP\r\n", "220 250 500 250"},
        {START "NOOP\rNOOP\r\n", "220 250 500"},
        {START "XFORWARD IDENT=4XyZ ADDR=192.0.2.1\r\n" MAIL "XFORWARD IDENT=x\r\n",
         "220 250 250 250 503"},
        {START "XFORWARD NAME=x\r\nXFORWARD IDENT\r\nXFORWARD IDENT=+4\r\nXFORWARD IDENT=+0A\r\n",
         "220 250 501 501 501 501"},
        {START MAIL RCPT "DATA\r\na\nb\r\n.\r\nNOOP\r\n", "220 250 250 250 354 550 250"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        gsize size = strlen (cases[i].in);
        for (gsize step = 1; step <= size + 1; step += step == 1 ? 6 : size) {
            g_autoptr (Talk) talk = talk_new();
            g_test_message ("step %u: %s", (guint)step, cases[i].in);
            talk_feed (talk, cases[i].in, size, step);
            assert_codes (talk, cases[i].codes);
        }
    }
}

static void test_message (void)
{
    g_autoptr (Talk) talk = talk_new();
    talk_say (talk, START "XFORWARD IDENT=4Xy+2BZ ADDR=192.0.2.1\r\n"
                          "MAIL FROM:<Anna@example.test> SIZE=10\r\n"
                          "RCPT TO:<new@posts.example.test> ORCPT=rfc822;x@y.test\r\n"
                          "RCPT TO:<acme@posts.example.test>\r\nDATA\r\n"
                          "Subject: x\r\n\r\n..dot\r\n.\r\n");
    const FakeSeen *seen = fake_flow_seen (talk->flow);
    g_assert_cmpstr (seen->sender, ==, "<Anna@example.test>");
    g_assert_cmpstr (seen->queue_id, ==, "4Xy+Z");
    g_assert_cmpstr (seen->client, ==, "192.0.2.1");
    g_assert_cmpstr (seen->recipients[0], ==, "<new@posts.example.test>");
    g_assert_cmpstr (seen->recipients[1], ==, "<acme@posts.example.test>");
    const char *expected = "Subject: x\r\n\r\n.dot\r\n";
    g_assert_cmpmem (seen->bytes->data, seen->bytes->len, expected, (int)strlen (expected));
    talk_say (talk, WHOLE);
    g_assert_null (seen->queue_id); /* belongs to one message */
}

static void test_step_is_not_asked (void)
{
    g_autoptr (Talk) talk = talk_new();
    fake_flow_orders (talk->flow)->step = FLOW_STEP_PASS;
    talk_say (talk, START WHOLE);
    g_assert_cmpuint (fake_flow_seen (talk->flow)->finished, ==, 1);
}

static void test_answers (void)
{
    static const struct {
        FlowKind kind;
        guint drop; /* this many of two are done */
        const char *text, *codes;
    } cases[] = {
        {FLOW_TAKEN, 1, NULL, "250 250"},          {FLOW_PASS, 0, NULL, "451 451"},
        {FLOW_DROP, 1, NULL, "250 451"},           {FLOW_DEFER, 0, "4.3.1 Later", "451 451"},
        {FLOW_DEFER, 1, "4.3.1 Later", "250 451"}, {FLOW_REFUSE, 0, "5.1.1 No", "550 550"},
        {FLOW_REFUSE, 1, "5.1.1 No", "250 550"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Talk) talk = talk_new();
        fake_flow_orders (talk->flow)->kind = cases[i].kind;
        fake_flow_orders (talk->flow)->text = cases[i].text;
        fake_flow_orders (talk->flow)->drop = cases[i].drop;
        talk_say (talk, START MAIL RCPT "RCPT TO:<acme@posts.example.test>\r\nDATA\r\n");
        g_byte_array_set_size (talk->out, 0);
        talk_say (talk, TEXT ".\r\n");
        if (cases[i].text != NULL) {
            g_byte_array_append (talk->out, (const guint8 *)"", 1);
            g_assert_nonnull (strstr ((const char *)talk->out->data, cases[i].text));
            g_byte_array_set_size (talk->out, talk->out->len - 1);
        }
        assert_codes (talk, cases[i].codes);
    }
}

static void test_too_big (void)
{
    g_autoptr (Talk) talk = talk_new();
    fake_flow_orders (talk->flow)->size_max = 10;
    talk_say (talk, START MAIL RCPT RCPT "DATA\r\n" TEXT TEXT ".\r\nNOOP\r\n");
    assert_codes (talk, "220 250 250 250 250 354 550 550 250");
    g_assert_cmpuint (fake_flow_seen (talk->flow)->finished, ==, 0);
}

static void test_pipelined_behind_text (void)
{
    g_autoptr (Talk) talk = talk_new();
    talk->is_slow = TRUE;
    talk_say (talk, START WHOLE WHOLE "QUIT\r\n");
    assert_codes (talk, "220 250 250 250 354");
    g_assert_cmpint (talk->want, ==, SESSION_WAITS);
    talk_finish (talk);
    assert_codes (talk, "250");
    talk->is_slow = FALSE;
    talk_say (talk, "NOOP\r\n"); /* wakes it */
    assert_codes (talk, "250 250 354 250 221");
    g_assert_cmpint (talk->want, ==, SESSION_ENDS);
}

static void test_long_lines (void)
{
    g_autoptr (Talk) talk = talk_new();
    g_autofree char *filler = g_strnfill (100000, 'x');
    talk_say (talk, START "NOOP ");
    talk_feed (talk, filler, 100000, 777);
    talk_say (talk, "\r\nNOOP\r\n");
    assert_codes (talk, "220 250 500 250");
    g_assert_cmpuint (talk->in->len, ==, 0);
    talk_say (talk, MAIL RCPT "DATA\r\n"); /* but the lines of text may be long */
    talk_feed (talk, filler, 100000, 777);
    talk_say (talk, "\r\n.\r\n");
    assert_codes (talk, "250 250 354 250");
    talk_feed (talk, "NO\0OP\r\n", 7, 7);
    assert_codes (talk, "500");
}

static void test_too_many (void)
{
    g_autoptr (Talk) talk = talk_new();
    talk_say (talk, START MAIL);
    for (guint i = 0; i < LMTP_RECIPIENTS_MAX; i++)
        talk_say (talk, RCPT);
    g_byte_array_set_size (talk->out, 0);
    talk_say (talk, RCPT "DATA\r\n");
    assert_codes (talk, "452 354");

    g_autoptr (Talk) wrong = talk_new();
    for (guint i = 0; i < LMTP_ERRORS_MAX; i++) {
        g_assert_cmpint (wrong->want, ==, SESSION_READS);
        talk_say (wrong, "XYZZY\r\n");
    }
    g_assert_cmpint (wrong->want, ==, SESSION_ENDS);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    log_init (LOG_ERROR);
    g_test_add_func ("/intake/lmtp-session/codes", test_codes);
    g_test_add_func ("/intake/lmtp-session/message", test_message);
    g_test_add_func ("/intake/lmtp-session/step-is-not-asked", test_step_is_not_asked);
    g_test_add_func ("/intake/lmtp-session/answers", test_answers);
    g_test_add_func ("/intake/lmtp-session/too-big", test_too_big);
    g_test_add_func ("/intake/lmtp-session/pipelined", test_pipelined_behind_text);
    g_test_add_func ("/intake/lmtp-session/long-lines", test_long_lines);
    g_test_add_func ("/intake/lmtp-session/too-many", test_too_many);
    return g_test_run();
}
