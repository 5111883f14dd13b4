/* test_smtp.c - one mail to one recipient, with servers that behave and that do not. */
#include "smtp.h"

#include <curl/curl.h>

#include "smtp_peer.h"

#define MAIL "Subject: x\r\n\r\nHello.\r\n"

static Smtp *client (const SmtpPeer *peer)
{
    g_autoptr (GError) error = NULL;
    Smtp *smtp = smtp_new (peer->url, "gw.example.test", &error);
    g_assert_no_error (error);
    smtp_set_patience (smtp, 2);
    return smtp;
}

static SmtpResult send_text (Smtp *smtp, const char *text, gsize len, char **ret_text)
{
    g_autoptr (GBytes) mail = g_bytes_new (text, len);
    return smtp_send (smtp, "a@example.test", "b@example.test", mail, ret_text);
}

static void test_sent (void)
{
    g_autoptr (SmtpPeer) peer = peer_new();
    Smtp *smtp = client (peer);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *text = NULL;
        g_assert_cmpint (send_text (smtp, MAIL, strlen (MAIL), &text), ==, SMTP_SENT);
        g_assert_true (g_str_has_prefix (text, "250 "));
    }
    g_autofree char *text = NULL;
    g_autoptr (GBytes) mail = g_bytes_new (MAIL, strlen (MAIL));
    g_assert_cmpint (smtp_send (smtp, "", "b@example.test", mail, &text), ==, SMTP_SENT);
    smtp_free (smtp);
    g_assert_cmpuint (peer_count (peer), ==, 4);
    g_assert_cmpuint (peer_connections (peer), ==, 1);
    g_assert_cmpstr (peer_mail (peer, 0)->sender, ==, "<a@example.test>");
    g_assert_cmpstr (peer_mail (peer, 0)->recipient, ==, "<b@example.test>");
    g_assert_cmpstr (peer_mail (peer, 0)->text->str, ==, MAIL);
    g_assert_cmpstr (peer_mail (peer, 3)->sender, ==, "<>");
}

static void test_outcomes (void)
{
    static const struct {
        const char *verb, *reply;
        SmtpResult result;
        const char *text; /* within what is told */
    } cases[] = {
        {"banner", "554 5.3.2 No service\r\n", SMTP_UNREACHABLE, NULL},
        {"banner", "421 Too busy\r\n", SMTP_UNREACHABLE, NULL},
        {"banner", "450 Later\r\n", SMTP_UNREACHABLE, NULL},
        {"banner", "HTTP/1.1 400 Bad\r\n", SMTP_UNREACHABLE, NULL},
        {"banner", PEER_CLOSE, SMTP_UNREACHABLE, NULL},
        {"banner", PEER_SILENT, SMTP_UNREACHABLE, NULL},
        {"EHLO", PEER_CLOSE, SMTP_UNREACHABLE, NULL},
        {"EHLO", "421 4.3.2 Going down\r\n", SMTP_UNREACHABLE, NULL},
        {"MAIL", "451 4.3.0 Later\r\n", SMTP_RETRY, "451 4.3.0 Later"},
        {"MAIL", "550 5.7.1 Not you\r\n", SMTP_REFUSED, "550 5.7.1 Not you"},
        {"MAIL", "421 4.3.2 Going down\r\n", SMTP_UNREACHABLE, NULL},
        {"RCPT", "450 4.2.1 Mailbox busy\r\n", SMTP_RETRY, "450 4.2.1 Mailbox busy"},
        {"RCPT", "550 5.1.1 No such user\r\n", SMTP_REFUSED, "550 5.1.1 No such user"},
        {"RCPT", "550-5.1.1 No such user\r\n550 5.1.1 Ask the postmaster\r\n", SMTP_REFUSED,
         "Ask the postmaster"},
        {"RCPT", PEER_CLOSE, SMTP_UNREACHABLE, NULL},
        {"RCPT", PEER_SILENT, SMTP_UNREACHABLE, NULL},
        {"DATA", "451 4.3.0 Queue trouble\r\n", SMTP_RETRY, "Queue trouble"},
        {"DATA", "554 5.5.1 No\r\n", SMTP_REFUSED, "554 5.5.1 No"},
        {"DATA", PEER_HANGUP, SMTP_UNREACHABLE, NULL},
        {".", "452 4.3.1 Disk full\r\n", SMTP_RETRY, "Disk full"},
        {".", "550 5.6.0 Virus\r\n", SMTP_REFUSED, "Virus"},
        {".", "552-5.2.2 One\r\n552-5.2.2 Two\r\n552 5.2.2 Three\r\n", SMTP_REFUSED, "Three"},
        {".", "421 4.3.2 Going down\r\n", SMTP_UNREACHABLE, NULL},
        {".", PEER_CLOSE, SMTP_UNREACHABLE, NULL},
        {".", PEER_SILENT, SMTP_UNREACHABLE, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (SmtpPeer) peer = peer_new();
        g_autofree char *text = NULL, *again = NULL;
        Smtp *smtp = client (peer);
        peer_answer (peer, cases[i].verb, cases[i].reply, 1);
        SmtpResult result = send_text (smtp, MAIL, strlen (MAIL), &text);
        g_test_message ("%s: %.20s -> %d %s", cases[i].verb, cases[i].reply, (int)result, text);
        g_assert_cmpint (result, ==, cases[i].result);
        g_assert_nonnull (text);
        g_assert_null (strpbrk (text, "\r\n"));
        if (cases[i].text != NULL)
            g_assert_nonnull (strstr (text, cases[i].text));
        g_assert_cmpuint (peer_count (peer), ==, 0);
        /* Whatever it was, the next mail goes out. */
        g_assert_cmpint (send_text (smtp, MAIL, strlen (MAIL), &again), ==, SMTP_SENT);
        smtp_free (smtp);
        g_assert_cmpuint (peer_count (peer), ==, 1);
    }
}

static void test_nobody_there (void)
{
    SmtpPeer *peer = peer_new();
    Smtp *smtp = client (peer);
    g_autofree char *text = NULL;
    peer_free (peer);
    g_assert_cmpint (send_text (smtp, MAIL, strlen (MAIL), &text), ==, SMTP_UNREACHABLE);
    g_assert_nonnull (text);
    smtp_free (smtp);
}

/* Byte for byte, but for line ends and the dots that SMTP adds. */
static void test_bytes (void)
{
    static const struct {
        const char *mail, *wire;
    } cases[] = {
        {"a\nb\n", "a\r\nb\r\n"},
        {"a\r\nb\r\n", "a\r\nb\r\n"},
        {".\n..\n.a\na.b\n", "..\r\n...\r\n..a\r\na.b\r\n"},
        {"\r\n.\r\nMAIL FROM:<x@y>\r\n", "\r\n..\r\nMAIL FROM:<x@y>\r\n"},
        {"x\n.\nQUIT\n", "x\r\n..\r\nQUIT\r\n"},
        {"no end", "no end\r\n"},
        {"blank lines\n\n\n", "blank lines\r\n\r\n\r\n"},
        {"8 bit \xc3\xa9 \xff\n", "8 bit \xc3\xa9 \xff\r\n"},
        {"mixed\r\nends\n", "mixed\r\nends\r\n"},
    };
    g_autoptr (SmtpPeer) peer = peer_new();
    Smtp *smtp = client (peer);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = NULL;
        g_assert_cmpint (send_text (smtp, cases[i].mail, strlen (cases[i].mail), &text), ==,
                         SMTP_SENT);
        g_assert_cmpstr (peer_mail (peer, i)->text->str, ==, cases[i].wire);
    }
    smtp_free (smtp);
}

/* Larger than any buffer on the way, with dots and line ends at every offset. */
static void test_large (void)
{
    g_autoptr (SmtpPeer) peer = peer_new();
    g_autoptr (GString) mail = g_string_new (NULL);
    g_autoptr (GString) wire = g_string_new (NULL);
    for (guint i = 0; i < 20000; i++) {
        const char *const line = &"................................."[32 - i % 33];
        g_string_append_printf (mail, "%s%u\n", line, i);
        g_string_append_printf (wire, "%s%s%u\r\n", *line == '.' ? "." : "", line, i);
    }
    Smtp *smtp = client (peer);
    g_autofree char *text = NULL;
    g_assert_cmpint (send_text (smtp, mail->str, mail->len, &text), ==, SMTP_SENT);
    g_assert_true (g_string_equal (peer_mail (peer, 0)->text, wire));
    smtp_free (smtp);
}

/* Sender and recipient cannot bring commands along. */
static void test_injection (void)
{
    g_autoptr (SmtpPeer) peer = peer_new();
    Smtp *smtp = client (peer);
    g_autoptr (GBytes) mail = g_bytes_new (MAIL, strlen (MAIL));
    g_autofree char *text = NULL;
    SmtpResult result = smtp_send (smtp, "a@example.test>\r\nRCPT TO:<evil@example.test",
                                   "b@example.test", mail, &text);
    g_assert_cmpint (result, ==, SMTP_REFUSED);
    g_free (g_steal_pointer (&text));
    result = smtp_send (smtp, "a@example.test", "b@example.test>\nRCPT TO:<evil@example.test", mail,
                        &text);
    g_assert_cmpint (result, ==, SMTP_REFUSED);
    g_assert_cmpuint (peer_count (peer), ==, 0);
    smtp_free (smtp);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_test_add_func ("/notify/smtp/sent", test_sent);
    g_test_add_func ("/notify/smtp/outcomes", test_outcomes);
    g_test_add_func ("/notify/smtp/nobody-there", test_nobody_there);
    g_test_add_func ("/notify/smtp/bytes", test_bytes);
    g_test_add_func ("/notify/smtp/large", test_large);
    g_test_add_func ("/notify/smtp/injection", test_injection);
    return g_test_run();
}
