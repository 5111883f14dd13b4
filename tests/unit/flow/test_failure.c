/* test_failure.c - what a returned mail says of its address: gone, or only not reached now. */
#include "failure.h"

#include <string.h>

typedef struct {
    const char *name, *head, *text;
    Failure failure;
} Case;

#define DAEMON "From: MAILER-DAEMON@mx.example.net\n"
#define LASTING FAILURE_LASTING
#define PASSING FAILURE_PASSING

static const Case texts[] = {
    {"qmail", DAEMON "Subject: failure notice\n",
     "Hi. This is the qmail-send program at mx.example.net.\n\n<bob@example.net>:\nSorry, no "
     "mailbox "
     "here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n",
     LASTING},
    {"qmail-queue", DAEMON "Subject: failure notice\n",
     "Hi. This is the qmail-send program at mx.example.net.\n\n<bob@example.net>:\nI'm not going "
     "to "
     "try again; this message has been in the queue too long.\n",
     PASSING},
    {"postfix-before-reports", DAEMON "Subject: Undelivered Mail Returned to Sender\n",
     "This is the Postfix program at host mx.example.net.\n\n<bob@example.net>: host 192.0.2.5 "
     "said: 550 <bob@example.net>: no such person\n",
     LASTING},
    {"postfix-unreachable", DAEMON "Subject: Undelivered Mail Returned to Sender\n",
     "This is the mail system at host mx.example.net.\n\n<bob@example.net>: connect to "
     "mx.example.net: Connection refused\n",
     PASSING},
    {"exim", DAEMON "Subject: Mail delivery failed: returning message to sender\n",
     "This message was created automatically by mail delivery software.\nThis is a permanent "
     "error. "
     "The following address failed:\n  bob@example.net\n    unrouteable address\n",
     LASTING},
    {"exim-expired", DAEMON "Subject: Mail delivery failed: returning message to sender\n",
     "This message was created automatically by mail delivery software.\n  bob@example.net\n    "
     "retry timeout exceeded\n",
     PASSING},
    {"exim-delay", DAEMON "Subject: Warning: message 1aa delayed 24 hours\n",
     "A message that you sent has not yet been delivered to one or more of its recipients.\n",
     FAILURE_NONE},
    {"sendmail", DAEMON "Subject: Returned mail: User unknown\n",
     "The original message was received at Tue, 4 Feb 2014\n\n----- The following addresses had "
     "permanent fatal errors -----\n<bob@example.net>\n(reason: 553 5.3.0 nobody)\n",
     LASTING},
    {"sendmail-full", DAEMON "Subject: Returned mail\n",
     "----- The following addresses had permanent fatal errors -----\n<bob@example.net>\n"
     "(reason: 552 5.2.2 Over quota)\n",
     PASSING},
    {"exchange-2003",
     "From: System Administrator <postmaster@example.net>\n"
     "Subject: Undeliverable: Lunch\n",
     "Your message did not reach some or all of the intended recipients.\n\n  Subject: Lunch\n\n"
     "bob@example.net\n  The e-mail account does not exist. <mx.example.net #5.1.1>\n",
     LASTING},
    {"domino", "From: Postmaster@example.net\nSubject: DELIVERY FAILURE: User bob not listed\n",
     "Your message\n\n  Subject: Lunch\n\nwas not delivered to:\n\n  "
     "bob@example.net\n\nbecause:\n\n"
     "  User bob not listed in Domino Directory\n",
     LASTING},
    {"yahoo-quota", "From: MAILER-DAEMON@yahoo.example\nSubject: failure notice\n",
     "Sorry, we were unable to deliver your message to the following "
     "address.\n\n<bob@example.net>:\n"
     "Remote host said: 550 The recipient is over quota\n",
     PASSING},
    {"imail",
     "From: Postmaster <root@example.net>\nSubject: Undeliverable Mail\n"
     "X-Mailer: <SMTP32 v8>\n",
     "Unknown user: bob@example.net\n\nOriginal message follows.\n\nThe mailbox is full of roses; "
     "call 450 now.\n",
     LASTING},
    {"codes-of-the-copy", DAEMON "Subject: Mail delivery failed\n",
     "550 5.1.1 no such user\n\nReceived: from x\nSubject: 4.2.2 is out\n\nmailbox full\n",
     LASTING},
    {"no-code-but-an-ip", DAEMON "Subject: Undelivered Mail\n",
     "bob@example.net could not be delivered: mx.example.net[5.1.2.3] says no; version 4.92.3\n",
     LASTING},
    {"greylisted", DAEMON "Subject: Undelivered Mail\n",
     "<bob@example.net>: host said: 451 4.7.1 greylisted (in reply to RCPT)\n", PASSING},
    {"unknown-words-with-code", "Return-Path: <>\nFrom: Bob <bob@example.net>\nSubject: Xyzzy\n",
     "Qwerty 550 5.1.1 asdf\n", LASTING},
    {"unknown-words", "Return-Path: <>\nFrom: Bob <bob@example.net>\nSubject: Xyzzy\n",
     "Qwerty asdf\n", FAILURE_NONE},
    {"absence", "Return-Path: <>\nFrom: Bob <bob@example.net>\nSubject: Automatic reply: Lunch\n",
     "I am away until 550 days have passed.\n", FAILURE_NONE},
    {"person", "From: Bob <bob@example.net>\nSubject: Lunch\n", "550 5.1.1 is a fine number.\n",
     FAILURE_NONE},
};

static Failure failure_in (const char *raw_text)
{
    g_autoptr (GBytes) raw = g_bytes_new (raw_text, strlen (raw_text));
    g_autoptr (Message) message = message_parse (raw, NULL);
    return failure_of (message, classify_message (message, NULL));
}

static void test_text (gconstpointer data)
{
    const Case *one = data;
    g_autofree char *raw =
        g_strdup_printf ("%sTo: reply+x@posts.example.test\n\n%s", one->head, one->text);
    g_assert_cmpint (failure_in (raw), ==, one->failure);
}

/* Per-recipient fields of reports (RFC 3464). */
static void test_reports (void)
{
    static const struct {
        const char *fields;
        Failure failure;
    } cases[] = {
        {"Final-Recipient: rfc822; bob@x.test\nAction: failed\nStatus: 5.1.1\n", LASTING},
        {"Action: failed\nFinal-Recipient: rfc822; bob@x.test\nStatus: 5.7.1 (refused)\n", LASTING},
        {"Final-Recipient: rfc822; bob@x.test\nAction: failed\nStatus: 5.2.2\n", PASSING},
        {"Final-Recipient: rfc822; bob@x.test\nAction: failed\nStatus: 4.4.7\n", PASSING},
        {"Final-Recipient: rfc822; bob@x.test\nAction: failed\nStatus: 5.3.4\n", PASSING},
        {"Final-Recipient: rfc822; bob@x.test\nAction: delayed\nStatus: 4.4.1\n", FAILURE_NONE},
        {"Final-Recipient: rfc822; bob@x.test\nAction: delivered\nStatus: 2.1.5\n", FAILURE_NONE},
        {"Final-Recipient: rfc822; bob@x.test\nAction: failed\nDiagnostic-Code: smtp; 550 no\n",
         LASTING},
        {"Final-Recipient: rfc822; bob@x.test\nAction: failed\nDiagnostic-Code: smtp; 450 no\n",
         PASSING},
        {"Final-Recipient: rfc822; bob@x.test\nAction: failed\n", LASTING},
        {"Final-Recipient: rfc822; a@x.test\nAction: delayed\nStatus: 4.4.1\n\n"
         "Final-Recipient: rfc822; b@x.test\nAction: failed\nStatus: 5.1.1\n",
         LASTING},
        {"Final-Recipient: rfc822; a@x.test\nAction: failed\nStatus: 5.1.1\n\n"
         "Final-Recipient: rfc822; b@x.test\nAction: failed\nStatus: 4.4.1\n",
         LASTING},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *raw = g_strdup_printf (
            DAEMON "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; "
                   "boundary=b\n\n--b\nContent-Type: text/plain\n\nThe mail system.\n--b\n"
                   "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.x.test\n\n%s\n"
                   "--b--\n",
            cases[i].fields);
        if (failure_in (raw) != cases[i].failure)
            g_error ("%s gives %d", cases[i].fields, failure_in (raw));
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autofree char *path = g_strconcat ("/flow/failure/text/", texts[i].name, NULL);
        g_test_add_data_func (path, &texts[i], test_text);
    }
    g_test_add_func ("/flow/failure/reports", test_reports);
    return g_test_run();
}
