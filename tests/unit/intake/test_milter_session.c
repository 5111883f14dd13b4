/* test_milter_session.c - the table of states, without sockets: bytes in, answers out. */
#include <glib.h>
#include <string.h>

#include "fake_mta.h"
#include "milter_session.h"
#include "milter_wire.h"
#include "talk.h"

static Talk *talk_new (void)
{
    return talk_open (&milter_protocol, 1000000);
}

static void talk_script (Talk *talk, const char *letters)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_script (bytes, letters);
    talk_feed (talk, bytes->data, bytes->len, bytes->len);
}

static char *talk_answers (Talk *talk)
{
    char *answers = mta_answers (talk->out->data, talk->out->len);
    g_byte_array_set_size (talk->out, 0);
    return answers;
}

static void assert_answers (Talk *talk, const char *expected)
{
    g_autofree char *answers = talk_answers (talk);
    g_assert_cmpstr (answers, ==, expected);
}

static void test_options (void)
{
    static const struct {
        guint32 version, actions, protocol;             /* offered */
        guint32 version_got, actions_got, protocol_got; /* agreed */
        gboolean has_macros;
    } cases[] = {
        {6, 0x1ff, 0x1fffff, 6, 0x108, 0x1ef1c3, TRUE},
        {6, 0x1ff, 0, 6, 0x108, 0, TRUE},
        {9, 0x3ff, 0x7fffffff, 6, 0x108, 0x1ef1c3, TRUE},
        {6, 0x0ff, 0x1fffff, 6, 0x008, 0x1ef1c3, FALSE},
        {2, 0x03f, 0x7f, 2, 0x008, 0x43, FALSE},
        {3, 0x001, 0x01, 3, 0, 0x01, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Talk) talk = talk_new();
        g_autoptr (GByteArray) bytes = g_byte_array_new();
        mta_options (bytes, cases[i].version, cases[i].actions, cases[i].protocol);
        talk_feed (talk, bytes->data, bytes->len, 1);
        MilterPacket packet;
        gsize used;
        g_assert_cmpint (milter_wire_read (talk->out->data, talk->out->len, &packet, &used), ==,
                         MILTER_WHOLE);
        g_assert_cmpuint (used, ==, talk->out->len);
        MilterOptions options;
        g_assert_true (milter_wire_read_options (&packet, &options));
        g_assert_cmphex (options.version, ==, cases[i].version_got);
        g_assert_cmphex (options.actions, ==, cases[i].actions_got);
        g_assert_cmphex (options.protocol, ==, cases[i].protocol_got);
        g_assert_true ((packet.size > 12) == cases[i].has_macros);
    }
}

static void test_few_pass_at_data (void)
{
    g_autoptr (Talk) talk = talk_new();
    fake_flow_orders (talk->flow)->step = FLOW_STEP_PASS;
    talk_script (talk, "ODMRRT");
    assert_answers (talk, "O a");
    g_assert_cmpuint (fake_flow_seen (talk->flow)->freed, ==, 1);
    g_assert_true (milter_protocol.is_idle (talk->session));
    talk_script (talk, "ADMRT"); /* the connection stays usable */
    talk_script (talk, "DMRT");  /* also without ABORT between */
    assert_answers (talk, "a a");
    talk_script (talk, "MRTLNBE"); /* an MTA that sends it all the same */
    assert_answers (talk, "a a");
    g_assert_cmpuint (fake_flow_seen (talk->flow)->decided, ==, 4);
    g_assert_cmpuint (fake_flow_seen (talk->flow)->finished, ==, 0);
}

static const char message[] = "Received: from a\r\n\tby b;\r\n\tMon, 1 Jan 2024 00:00:00 +0000\r\n"
                              "Subject:No blank\r\n"
                              "X-Empty:\r\n"
                              "To:  two blanks\r\n"
                              "\r\n"
                              "Line one\r\n.\r\n\r\nline without an end";

static void put_message (GByteArray *bytes)
{
    mta_macros (bytes, 'C', "j", "mx", "{client_addr}", "192.0.2.7", NULL);
    mta_macros (bytes, 'M', "{mail_addr}", "anna@example.test", "{auth_authen}", "anna", NULL);
    mta_strings (bytes, 'M', "<Anna@example.test>", "SIZE=100", "BODY=8BITMIME", NULL);
    mta_strings (bytes, 'R', "<bob@example.test>", NULL);
    mta_macros (bytes, 'R', "i", "4XyZ", NULL);
    mta_strings (bytes, 'R', "carol+x@EXAMPLE.test", "ORCPT=rfc822;c@example.test", NULL);
    mta_macros (bytes, 'T', "i", "4XyZ", NULL);
    mta_packet (bytes, 'T', NULL, 0);
    mta_strings (bytes, 'L', "Received", " from a\n\tby b;\n\tMon, 1 Jan 2024 00:00:00 +0000",
                 NULL);
    mta_strings (bytes, 'L', "Subject", "No blank", NULL);
    mta_strings (bytes, 'L', "X-Empty", "", NULL);
    mta_strings (bytes, 'L', "To", "  two blanks", NULL);
    mta_packet (bytes, 'B', "Line one\r\n.\r\n", 13);
    mta_packet (bytes, 'B', "\r\nline without", 14);
    mta_packet (bytes, 'E', " an end", 7);
}

static void assert_message (Talk *talk)
{
    const FakeSeen *seen = fake_flow_seen (talk->flow);
    g_assert_cmpmem (seen->bytes->data, seen->bytes->len, message, (int)sizeof message - 1);
    g_assert_cmpstr (seen->sender, ==, "<Anna@example.test>");
    g_assert_cmpstr (seen->authenticated, ==, "anna");
    g_assert_cmpstr (seen->client, ==, "192.0.2.7");
    g_assert_cmpstr (seen->queue_id, ==, "4XyZ");
    g_assert_cmpuint (g_strv_length (seen->recipients), ==, 2);
    g_assert_cmpstr (seen->recipients[0], ==, "<bob@example.test>");
    g_assert_cmpstr (seen->recipients[1], ==, "carol+x@EXAMPLE.test");
}

static void test_byte_for_byte (void)
{
    static const gsize steps[] = {1, 2, 3, 5, 7, 64, 100000};
    for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
        g_autoptr (Talk) talk = talk_new();
        g_autoptr (GByteArray) bytes = g_byte_array_new();
        mta_options (bytes, 6, MTA_ALL_ACTIONS, MTA_ALL_STEPS);
        for (guint j = 0; j < 3; j++) /* three on one connection */
            put_message (bytes);
        talk_feed (talk, bytes->data, bytes->len, steps[i]);
        assert_answers (talk, "O c d c d c d");
        assert_message (talk);
        g_assert_cmpuint (fake_flow_seen (talk->flow)->finished, ==, 3);
    }
}

static void test_empty_message (void)
{
    static const struct {
        const char *script, *bytes;
    } cases[] = {
        {"OMRTE", "\r\n"},
        {"OMRTNE", "\r\n"},
        {"OMRTLE", "Subject: Hello\r\n\r\n"},
        {"OMRTLNE", "Subject: Hello\r\n\r\n"},
        {"OMRTBE", "\r\nGood day.\r\n"},
        {"OMRTLNBBE", "Subject: Hello\r\n\r\nGood day.\r\nGood day.\r\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Talk) talk = talk_new();
        talk_script (talk, cases[i].script);
        const GByteArray *bytes = fake_flow_seen (talk->flow)->bytes;
        g_assert_cmpmem (bytes->data, bytes->len, cases[i].bytes, (int)strlen (cases[i].bytes));
    }
}

static void test_answers (void)
{
    static const struct {
        FlowKind kind;
        const char *answers;
    } cases[] = {
        {FLOW_PASS, "O c a"},
        {FLOW_TAKEN, "O c d"},
        {FLOW_DROP, "O c -[<bob@example.test>] a"},
        {FLOW_DEFER, "O c y[451 4.3.2 Tell a friend]"},
        {FLOW_REFUSE, "O c y[550 5.7.1 4.3.2 Tell a friend]"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Talk) talk = talk_new();
        fake_flow_orders (talk->flow)->kind = cases[i].kind;
        fake_flow_orders (talk->flow)->text = "4.3.2 Tell a friend";
        fake_flow_orders (talk->flow)->drop = 1;
        talk_script (talk, "OMRRTLBE");
        assert_answers (talk, cases[i].answers);
        g_assert_true (milter_protocol.is_idle (talk->session));
    }
}

static void test_mta_that_waits_for_everything (void)
{
    g_autoptr (Talk) talk = talk_new();
    talk_script (talk, "oCHUMRRTLLNBE");
    assert_answers (talk, "O c c c c c c c c c c c d");
    const GByteArray *bytes = fake_flow_seen (talk->flow)->bytes;
    const char *expected = "Subject:  Hello\r\nSubject:  Hello\r\n\r\nGood day.\r\n";
    g_assert_cmpmem (bytes->data, bytes->len, expected, (int)strlen (expected));
    fake_flow_orders (talk->flow)->step = FLOW_STEP_PASS;
    talk_script (talk, "MRTLNBE");
    assert_answers (talk, "c c a a a a a");
}

static void test_mta_without_data (void)
{
    g_autoptr (Talk) talk = talk_new();
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_options (bytes, 2, 0x3f, 0x7f);
    mta_script (bytes, "CHMRLNBE");
    talk_feed (talk, bytes->data, bytes->len, 1);
    assert_answers (talk, "O c c c c c c c d");
    fake_flow_orders (talk->flow)->step = FLOW_STEP_PASS;
    talk_script (talk, "MRLNBE");
    assert_answers (talk, "c c a a a a");
    talk_script (talk, "MRE");
    assert_answers (talk, "c c a");
    g_assert_cmpuint (fake_flow_seen (talk->flow)->decided, ==, 3);
}

static void test_peer_that_forbids_deleting (void)
{
    g_autoptr (Talk) talk = talk_new();
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_options (bytes, 6, 0x1, MTA_ALL_STEPS);
    mta_script (bytes, "MRT");
    talk_feed (talk, bytes->data, bytes->len, 1);
    assert_answers (talk, "O a");
    g_assert_cmpuint (fake_flow_seen (talk->flow)->decided, ==, 0);
}

static void test_faults (void)
{
    static const char *const scripts[] = {
        "M",      "D",     "A",     "E",      "C",   "OO",    "OR",     "OT",
        "OL",     "ON",    "OB",    "OE",     "OMO", "OMTNN", "OMRTNL", "OMRTBL",
        "OMRTBN", "OMRTR", "OMRTT", "OMRTLR", "OX",  "O!",    "Ox",     "OMRTLO",
    };
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
        g_autoptr (Talk) talk = talk_new();
        g_test_message ("%s", scripts[i]);
        talk_script (talk, scripts[i]);
        g_assert_cmpint (talk->want, ==, SESSION_ENDS);
    }
    static const struct {
        char command;
        const char *data;
        gsize size;
    } packets[] = {
        {'M', "", 0},
        {'M', "no end", 6},
        {'D', "", 0},
        {'O', "\0\0\0\6", 4},
    };
    for (guint i = 0; i < G_N_ELEMENTS (packets); i++) {
        g_autoptr (Talk) talk = talk_new();
        g_autoptr (GByteArray) bytes = g_byte_array_new();
        if (packets[i].command != 'O')
            mta_script (bytes, "O");
        mta_packet (bytes, packets[i].command, packets[i].data, packets[i].size);
        talk_feed (talk, bytes->data, bytes->len, bytes->len);
        g_assert_cmpint (talk->want, ==, SESSION_ENDS);
    }
    g_autoptr (Talk) talk = talk_new();
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_options (bytes, 1, MTA_ALL_ACTIONS, MTA_ALL_STEPS);
    talk_feed (talk, bytes->data, bytes->len, 1);
    g_assert_cmpint (talk->want, ==, SESSION_ENDS);
}

static void test_bad_lengths (void)
{
    static const guint8 lengths[][4] = {{0, 0, 0, 0}, {0xff, 0xff, 0xff, 0xff}, {0, 2, 0, 0}};
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autoptr (Talk) talk = talk_new();
        g_autoptr (GByteArray) bytes = g_byte_array_new();
        g_byte_array_append (bytes, lengths[i], 4);
        talk_feed (talk, bytes->data, bytes->len, 1);
        g_assert_cmpint (talk->want, ==, SESSION_ENDS);
    }
}

static void test_abort_anywhere (void)
{
    static const char *const starts[] = {"",     "M",     "MR",     "MRT", "MRTL",
                                         "MRTN", "MRTLB", "MRTLBE", "K",   "MRTLK"};
    for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
        g_autoptr (Talk) talk = talk_new();
        talk_script (talk, "O");
        talk_script (talk, starts[i]);
        talk_script (talk, "AA");
        g_assert_true (milter_protocol.is_idle (talk->session));
        g_byte_array_set_size (talk->out, 0);
        talk_script (talk, "MRTLNBE");
        assert_answers (talk, "c d");
        g_assert_cmpuint (g_strv_length (fake_flow_seen (talk->flow)->recipients), ==, 1);
        talk_script (talk, "MRTLQ");
        g_assert_cmpint (talk->want, ==, SESSION_ENDS);
    }
}

static void test_abort_while_working (void)
{
    g_autoptr (Talk) talk = talk_new();
    talk->is_slow = TRUE;
    talk_script (talk, "OMRTLBE");
    g_assert_true (talk->is_working);
    assert_answers (talk, "O c");
    milter_protocol.progress (talk->session, talk->out);
    assert_answers (talk, "p");
    talk_script (talk, "A");
    g_assert_cmpint (talk->want, ==, SESSION_WAITS);
    talk_script (talk, "MRT"); /* has to wait */
    milter_protocol.progress (talk->session, talk->out);
    assert_answers (talk, "");
    talk_finish (talk);
    g_assert_cmpint (talk->want, ==, SESSION_READS);
    assert_answers (talk, "");
    talk_script (talk, "LBE");
    assert_answers (talk, "c");
    g_assert_true (talk->is_working);
    talk_finish (talk);
    assert_answers (talk, "d");
}

static void test_end_while_working (void)
{
    static const char *const scripts[] = {"Q", "M", "D", "O", "E"};
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
        g_autoptr (Talk) talk = talk_new();
        talk->is_slow = TRUE;
        talk_script (talk, "OMRTLBE");
        talk_script (talk, scripts[i]);
        g_assert_cmpint (talk->want, ==, SESSION_ENDS);
        g_byte_array_set_size (talk->out, 0);
        talk_finish (talk);
        assert_answers (talk, "");
    }
}

static void test_macros_belong_to_one_message (void)
{
    g_autoptr (Talk) talk = talk_new();
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_script (bytes, "O");
    put_message (bytes);
    mta_script (bytes, "MRTE");
    talk_feed (talk, bytes->data, bytes->len, bytes->len);
    const FakeSeen *seen = fake_flow_seen (talk->flow);
    g_assert_null (seen->authenticated);
    g_assert_null (seen->queue_id);
    g_assert_cmpstr (seen->client, ==, "192.0.2.7"); /* the same client */
    g_byte_array_set_size (bytes, 0);
    mta_macros (bytes, 'C', "j", "mx", NULL);
    mta_macros (bytes, 'M', "{i}", "Q2", "half", NULL);
    mta_script (bytes, "MRTE");
    talk_feed (talk, bytes->data, bytes->len, bytes->len);
    g_assert_null (seen->client);
    g_assert_cmpstr (seen->queue_id, ==, "Q2");
}

static void test_message_too_large (void)
{
    g_autoptr (Talk) talk = talk_new();
    fake_flow_orders (talk->flow)->size_max = 20;
    fake_flow_orders (talk->flow)->kind = FLOW_PASS;
    talk_script (talk, "OMRTLNBBBBE");
    assert_answers (talk, "O c a");
    g_assert_true (fake_flow_seen (talk->flow)->has_failed);
    fake_flow_orders (talk->flow)->size_max = 0;
    talk_script (talk, "MRTLNBE");
    g_assert_false (fake_flow_seen (talk->flow)->has_failed);
}

static void test_too_many_recipients (void)
{
    g_autoptr (Talk) talk = talk_new();
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_script (bytes, "OM");
    for (guint i = 0; i < MILTER_RECIPIENTS_MAX + 2; i++)
        mta_strings (bytes, 'R', "a@b.test", NULL);
    mta_script (bytes, "T");
    talk_feed (talk, bytes->data, bytes->len, 65536);
    assert_answers (talk, "O a");
    g_assert_cmpuint (fake_flow_seen (talk->flow)->decided, ==, 0);
    talk_script (talk, "MRT");
    assert_answers (talk, "c");

    g_autofree char *longest = g_strnfill (60000, 'x');
    g_byte_array_set_size (bytes, 0);
    mta_script (bytes, "AM");
    for (guint i = 0; i <= MILTER_ENVELOPE_BYTES_MAX / 60000; i++)
        mta_strings (bytes, 'R', longest, NULL);
    mta_script (bytes, "T");
    talk_feed (talk, bytes->data, bytes->len, 65536);
    assert_answers (talk, "a");
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    log_init (LOG_ERROR);
    g_test_add_func ("/intake/milter-session/options", test_options);
    g_test_add_func ("/intake/milter-session/few-pass-at-data", test_few_pass_at_data);
    g_test_add_func ("/intake/milter-session/byte-for-byte", test_byte_for_byte);
    g_test_add_func ("/intake/milter-session/empty-message", test_empty_message);
    g_test_add_func ("/intake/milter-session/answers", test_answers);
    g_test_add_func ("/intake/milter-session/mta-that-waits", test_mta_that_waits_for_everything);
    g_test_add_func ("/intake/milter-session/mta-without-data", test_mta_without_data);
    g_test_add_func ("/intake/milter-session/deleting-forbidden", test_peer_that_forbids_deleting);
    g_test_add_func ("/intake/milter-session/faults", test_faults);
    g_test_add_func ("/intake/milter-session/bad-lengths", test_bad_lengths);
    g_test_add_func ("/intake/milter-session/abort-anywhere", test_abort_anywhere);
    g_test_add_func ("/intake/milter-session/abort-while-working", test_abort_while_working);
    g_test_add_func ("/intake/milter-session/end-while-working", test_end_while_working);
    g_test_add_func ("/intake/milter-session/macros", test_macros_belong_to_one_message);
    g_test_add_func ("/intake/milter-session/too-large", test_message_too_large);
    g_test_add_func ("/intake/milter-session/too-many-recipients", test_too_many_recipients);
    return g_test_run();
}
