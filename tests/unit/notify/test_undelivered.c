/* test_undelivered.c - the report to the sender of a mail that was not delivered. */
#include "undelivered.h"

#include <string.h>

#include "message.h"
#include "world.h"

typedef struct {
    const char *sender, *recipient, *answer;
    const char *status, *final; /* lines of the machine part */
} Case;

static Letter *report_about (const World *world, const char *sender, const char *recipient,
                             const char *answer, GBytes *mail)
{
    Notice notice = {.id = {7}, .kind = NOTICE_TRANSIT, .address = (char *)recipient};
    Letter original = {(char *)sender, mail};
    return undelivered_report (world->conf, world->key, &notice, &original, answer, WORLD_NOW);
}

static const char *text_of (const Letter *report)
{
    static char text[200000];
    gsize size;
    const char *data = g_bytes_get_data (report->mail, &size);
    g_assert_cmpuint (size, <, sizeof text);
    memcpy (text, data, size);
    text[size] = '\0';
    return text;
}

static void test_fields (void)
{
    static const Case cases[] = {
        {"gina@example.test", "anna@example.test", "550 5.1.1 <anna@example.test>: unknown",
         "Status: 5.1.1", "Final-Recipient: rfc822; anna@example.test"},
        {"gina@example.test", "a@b.test", "554 No", "Status: 5.0.0", "rfc822; a@b.test"},
        {"gina@example.test", "a@b.test", "450 Busy", "Status: 4.4.7", "Action: failed"},
        {"gina@example.test", "a@b.test", "550-5.7.26 DMARC", "Status: 5.7.26", "Action: failed"},
        {"gina@example.test", "a@b.test", "", "Status: 5.0.0", "Action: failed"},
        {"gina@example.test", "a@b.test", "550 --=_report", "smtp; 550 ---_report",
         "Action: failed"},
        {"zo\xc3\xab@example.test", "jos\xc3\xa9+x@b.test", "550 5.1.1 Ni\xc3\xb1o\r\nBcc: x@y",
         "Diagnostic-Code: smtp; 550 5.1.1 Nino Bcc: x@y",
         "Final-Recipient: utf-8; jos\\x{E9}\\x{2B}x@b.test"},
    };
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GBytes) mail = g_bytes_new_static ("Subject: Hi\r\n\r\nText.\r\n", 22);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Letter) report =
            report_about (world, cases[i].sender, cases[i].recipient, cases[i].answer, mail);
        const char *text = text_of (report);
        g_test_message ("case %u: %s", i, text);
        g_assert_cmpstr (report->sender, ==, cases[i].sender);
        g_assert_nonnull (strstr (text, cases[i].status));
        g_assert_nonnull (strstr (text, cases[i].final));
        g_assert_nonnull (strstr (text, "\r\n\r\nSubject: Hi\r\n\r\nText.\r\n"));
        g_assert_null (strstr (text, "\nBcc:"));
    }
}

/* Nobody hears of what has no sender; the same mail gives the same report. */
static void test_sender (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GBytes) mail = g_bytes_new_static ("Subject: Hi\r\n\r\nText.\r\n", 22);
    g_assert_null (report_about (world, "", "a@b.test", "550 No", mail));
    g_autoptr (Letter) first = report_about (world, "c@d.test", "a@b.test", "550 No", mail);
    g_autoptr (Letter) again = report_about (world, "c@d.test", "a@b.test", "550 No", mail);
    g_assert_true (g_bytes_equal (first->mail, again->mail));
}

/* Of a large mail the header goes back; what is not 7-bit as a file of exactly its bytes. */
static void test_returned (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *body = g_strnfill (60000, 'x');
    g_autofree char *large = g_strconcat ("Subject: Large\r\nTo: x\r\n\r\n", body, "\r\n", NULL);
    g_autoptr (GBytes) mail = g_bytes_new (large, strlen (large));
    g_autoptr (Letter) report = report_about (world, "c@d.test", "a@b.test", "550 No", mail);
    g_assert_nonnull (strstr (text_of (report), "Subject: Large\r\nTo: x\r\n"));
    g_assert_null (strstr (text_of (report), "xxxx"));
    g_autoptr (GBytes) eight = g_bytes_new_static ("Subject: Hi\r\n\r\n\xe9t\xe9\r\n", 20);
    g_autoptr (Letter) other = report_about (world, "c@d.test", "a@b.test", "550 No", eight);
    g_autoptr (Message) message = message_parse (other->mail, NULL);
    g_assert_cmpuint (message->parts->len, >=, 3);
    const Part *last = message->parts->pdata[message->parts->len - 1];
    g_autoptr (GBytes) bytes = message_part_decode (message, last);
    g_assert_true (g_bytes_equal (bytes, eight));
    /* No header at all, and no end of it. */
    g_autofree char *endless = g_strnfill (60000, 'y');
    g_autoptr (GBytes) odd = g_bytes_new (endless, strlen (endless));
    g_autoptr (Letter) third = report_about (world, "c@d.test", "a@b.test", "550 No", odd);
    g_assert_cmpuint (g_bytes_get_size (third->mail), <, 100000);
}

/* A returned mail cannot end the report that it is in; what only looks like that goes as a message.
 */
static void test_boundaries (void)
{
    static const struct {
        const char *line, *type;
    } cases[] = {
        {"--=_report--", "application/octet-stream"},
        {"--=_report", "application/octet-stream"},
        {"--=_alternative", "application/octet-stream"},
        {"------=_NextPart_000_0001", "message/rfc822"},
        {" --=_report--", "message/rfc822"},
    };
    static const char *const heads[] = {"", "Subject: x\r\n\r\n", "Subject: x\n\n"};
    g_autoptr (World) world = world_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases) * G_N_ELEMENTS (heads); i++) {
        const char *head = heads[i % G_N_ELEMENTS (heads)];
        guint row = i / G_N_ELEMENTS (heads);
        g_autofree char *original =
            g_strdup_printf ("%s%s\r\nContent-Type: text/html\r\n\r\nx\r\n", head, cases[row].line);
        g_autoptr (GBytes) mail = g_bytes_new (original, strlen (original));
        g_autoptr (Letter) report = report_about (world, "c@d.test", "a@b.test", "550 No", mail);
        g_autofree char *type = g_strdup_printf ("Content-Type: %s\r\n", cases[row].type);
        g_test_message ("case %u", i);
        g_assert_nonnull (strstr (text_of (report), type));
        g_autoptr (GRegex) end = g_regex_new ("^--=_report(?:--)?\r$", G_REGEX_MULTILINE, 0, NULL);
        g_auto (GStrv) pieces = g_regex_split (end, text_of (report), 0);
        g_assert_cmpuint (g_strv_length (pieces), ==, 5); /* three parts, and the end */
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/notify/undelivered/fields", test_fields);
    g_test_add_func ("/notify/undelivered/sender", test_sender);
    g_test_add_func ("/notify/undelivered/returned", test_returned);
    g_test_add_func ("/notify/undelivered/boundaries", test_boundaries);
    return g_test_run();
}
