/* test_long_run.c - a thousand rounds with mailboxes that answer by themselves: one bounces, some
 * send absence notes with and without saying so, one forwards everything back. The number of mails
 * stays bounded, and in the end there is silence. */
#include <curl/curl.h>

#include "answers.h"
#include "notify.h"
#include "smtp_peer.h"

#define ROUNDS 1000
#define ROUND_MS (5 * 60 * G_GINT64_CONSTANT (1000))

typedef enum { BOUNCES, SAYS_SO, SAYS_NOTHING, VARIES, FORWARDS, READS } Habit;

typedef struct {
    const char *local;
    Habit habit;
} Mailbox;

typedef struct {
    SmtpPeer *peer;
    World *world;
    const Mailbox *mailboxes;
    guint seen;    /* mails of ours that were looked at */
    guint answers; /* mails to us */
} Town;

static Habit habit_of (const Town *town, const char *recipient)
{
    for (const Mailbox *mailbox = town->mailboxes; mailbox->local != NULL; mailbox++) {
        g_autofree char *path = g_strdup_printf ("<%s@example.test>", mailbox->local);
        if (strcmp (path, recipient) == 0)
            return mailbox->habit;
    }
    return READS;
}

/* The address in a header, or NULL. Owned. */
static char *header_address (const char *mail, const char *name)
{
    g_autofree char *start = g_strdup_printf ("\n%s:", name);
    const char *header = g_str_has_prefix (mail, start + 1) ? mail : strstr (mail, start);
    const char *left = header != NULL ? strchr (header, '<') : NULL;
    return left != NULL ? g_strndup (left + 1, strcspn (left + 1, ">")) : NULL;
}

static char *bounce_text (const char *to, const char *of)
{
    return g_strdup_printf (
        "From: MAILER-DAEMON@mx.example.test\r\nTo: %s\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; "
        "boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\n"
        "Status: 5.1.1\r\n\r\n--b--\r\n",
        to, of);
}

/* What the mailbox sends back, or NULL. Owned. */
static char *answer_text (Town *town, Habit habit, const PeerMail *mail, const char *from,
                          const char *to)
{
    g_autofree char *id = g_strdup_printf ("auto%u@example.test", town->answers);
    g_autofree char *words =
        habit == VARIES
            ? g_strdup_printf ("I am back in %u minutes, so please wait a little.", town->answers)
            : g_strdup ("Your mail is dear to me. I shall look at it next week.");
    switch (habit) {
    case BOUNCES:
        return bounce_text (to, from);
    case SAYS_SO:
        return letter_text (from, id, to, "Auto-Submitted: auto-replied\r\n", words);
    case SAYS_NOTHING:
    case VARIES:
        return letter_text (from, id, to, NULL, words);
    case FORWARDS:
        return g_strdup (mail->text->str);
    case READS:
        break;
    }
    return NULL;
}

static void react (Town *town, const PeerMail *mail)
{
    Habit habit = habit_of (town, mail->recipient);
    g_autofree char *from = g_strndup (mail->recipient + 1, strlen (mail->recipient) - 2);
    g_autofree char *to = NULL;
    /* A bounce goes to the envelope sender, and to nobody when there is none. */
    if (habit == BOUNCES)
        to = g_strndup (mail->sender + 1, strcspn (mail->sender + 1, ">"));
    else
        to = header_address (mail->text->str, "Reply-To");
    if (to == NULL)
        to = header_address (mail->text->str, "From");
    g_assert_nonnull (to);
    if (*to == '\0')
        return;
    g_autofree char *text = answer_text (town, habit, mail, from, to);
    if (text == NULL)
        return;
    town->answers++;
    g_auto (Outcome) outcome = lmtp_send (town->world, habit == BOUNCES ? "" : from, to, text);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
}

static void run_round (Town *town, guint round)
{
    World *world = town->world;
    g_autoptr (GError) error = NULL;
    guint sent = 0;
    clock_fake_set (world->clock, WORLD_NOW + round * ROUND_MS);
    gboolean ok = courier_run_once (world->conf, world->store, world->key, world->templates,
                                    world->clock, &sent, &error);
    g_assert_no_error (error);
    g_assert_true (ok);
    guint count = peer_count (town->peer);
    for (; town->seen < count; town->seen++)
        react (town, peer_mail (town->peer, town->seen));
}

/* Gina writes to all of them, and they are left alone. */
static void run_town (const Mailbox *mailboxes, guint most)
{
    g_autoptr (SmtpPeer) peer = peer_new();
    g_autofree char *settings = g_strdup_printf (
        "smtp_url = \"%s\"\nmust_read = \"to\"\nmust_read_max = 20\nadministrator = "
        "\"root@example.test\"\nauthor_receipt = \"always\"",
        peer->url);
    g_autoptr (World) world = world_new (settings);
    g_autoptr (GString) to = g_string_new (NULL);
    g_autoptr (GString) recipients = g_string_new (NULL);
    Town town = {.peer = peer, .world = world, .mailboxes = mailboxes};
    for (const Mailbox *mailbox = mailboxes; mailbox->local != NULL; mailbox++) {
        g_string_append_printf (to, "%s%s@example.test", to->len > 0 ? ", " : "", mailbox->local);
        g_string_append_printf (recipients, "%s%s", recipients->len > 0 ? " " : "", mailbox->local);
    }
    g_autofree char *mail =
        mail_new ("start@example.test", to->str, NULL, "Start", NULL, "Dear all, it begins.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", recipients->str, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    guint half = 0;
    for (guint round = 0; round < ROUNDS; round++) {
        run_round (&town, round);
        if (round == ROUNDS / 2)
            half = peer_count (peer);
    }
    g_test_message ("%u mails of ours, %u answers", peer_count (peer), town.answers);
    g_assert_cmpuint (town.answers, >, 0);
    g_assert_cmpuint (peer_count (peer), <=, most);
    /* Four days at most, one letter of each kind a day, is what may come later. */
    g_assert_cmpuint (peer_count (peer) - half, <=, 20);
}

static void test_bouncing (void)
{
    static const Mailbox mailboxes[] = {{"anna", BOUNCES}, {"bob", READS},    {"carl", READS},
                                        {"dora", READS},   {"root", BOUNCES}, {NULL, READS}};
    run_town (mailboxes, 10);
}

static void test_answering (void)
{
    static const Mailbox mailboxes[] = {{"anna", SAYS_SO}, {"bob", SAYS_NOTHING}, {"carl", READS},
                                        {"dora", READS},   {"emil", FORWARDS},    {NULL, READS}};
    run_town (mailboxes, 20);
}

/* Everybody at once, the author and the administrator too. */
static void test_all (void)
{
    static const Mailbox mailboxes[] = {
        {"anna", BOUNCES},      {"bob", SAYS_SO},       {"carl", SAYS_NOTHING},
        {"dora", READS},        {"emil", FORWARDS},     {"finn", SAYS_NOTHING},
        {"gina", SAYS_NOTHING}, {"root", SAYS_NOTHING}, {NULL, READS}};
    run_town (mailboxes, 100);
}

/* Programs that never say the same twice. */
static void test_varying (void)
{
    static const Mailbox mailboxes[] = {{"anna", VARIES}, {"bob", VARIES},    {"carl", READS},
                                        {"dora", READS},  {"emil", FORWARDS}, {NULL, READS}};
    run_town (mailboxes, 700);
}

int main (int argc, char **argv)
{
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/long-run/bouncing", test_bouncing);
    g_test_add_func ("/flow/long-run/answering", test_answering);
    g_test_add_func ("/flow/long-run/all", test_all);
    g_test_add_func ("/flow/long-run/varying", test_varying);
    return g_test_run();
}
