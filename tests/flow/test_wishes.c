/* test_wishes.c - one word as an answer, mail to alerts@, digest@, help@, new@ and topics, and our
 * own mail that comes back. */
#include "answers.h"
#include "follow.h"
#include "letters.h"

static PostId lunch (World *world)
{
    return world_post (world, "p@example.test", "Who comes along?");
}

/* Answers of this text are commands, or words of a person. */
static void test_words (void)
{
    static const struct {
        const char *text;
        const char *done; /* a query that then is 1; NULL: it is a comment */
    } cases[] = {
        {"mute", "SELECT count(*) FROM follow WHERE level = 2"},
        {"Mute.", "SELECT count(*) FROM follow WHERE level = 2"},
        {"demp", "SELECT count(*) FROM follow WHERE level = 2"},
        {"DEMPEN!", "SELECT count(*) FROM follow WHERE level = 2"},
        {"follow", "SELECT count(*) FROM follow WHERE level = 0"},
        {"Unsubscribe", "SELECT count(*) FROM follow WHERE level = 2"},
        {"afmelden", "SELECT count(*) FROM follow WHERE level = 2"},
        {"unmute", "SELECT count(*) FROM follow WHERE level = 0"},
        {"unsubscribe me from the list of the choir", NULL},
        {"volg", "SELECT count(*) FROM follow WHERE level = 0"},
        {"mail", "SELECT count(*) FROM notice WHERE kind = 3"},
        {"+1", "SELECT count(*) FROM plus"},
        {"+1\r\n\r\nOn Fri, Gina Groot wrote:\r\n> Who comes along?", "SELECT count(*) FROM plus"},
        {"mute\r\n\r\n-- \r\nAnna Jansen\r\nAcme", "SELECT count(*) FROM follow WHERE level = 2"},
        {"mute\r\n\r\nSent from my iPhone", "SELECT count(*) FROM follow WHERE level = 2"},
        {"mute the microphone please", NULL},
        {"I'll mail you", NULL},
        {"+1 for the second place", NULL},
        {"mail\r\nis what I wanted to say", NULL},
        {"withdraw", NULL}, /* she is not the author */
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (World) world = world_new (NULL);
        PostId post = lunch (world);
        g_auto (Outcome) outcome = answer_as (world, "anna", post, "w@x.test", cases[i].text);
        g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
        g_assert_cmpint (count_rows (world, "SELECT count(*) FROM refused"), ==, 0);
        g_assert_cmpuint (comments_of (world, post), ==, cases[i].done == NULL);
        if (cases[i].done != NULL)
            g_assert_cmpint (count_rows (world, cases[i].done), ==, 1);
        /* Nothing was done to the post that she may not do. */
        g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post WHERE visibility = 2"), ==,
                         0);
    }
}

/* Phones and Outlook may send HTML alone, with the notice below. */
static void test_word_in_html (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = lunch (world);
    g_autofree char *to = reply_address (world, "anna", post);
    g_autofree char *mail =
        letter_text ("anna@example.test", "h@x.test", to,
                     "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n",
                     "<div dir=\"ltr\">mute</div><br><div class=\"gmail_quote\"><div "
                     "class=\"gmail_attr\">On Fri, "
                     "Gina Groot wrote:<br></div><blockquote class=\"gmail_quote\">Who comes along?"
                     "</blockquote></div>");
    g_auto (Outcome) outcome = lmtp_send (world, "anna@example.test", to, mail);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM follow WHERE level = 2"), ==, 1);
    g_assert_cmpuint (comments_of (world, post), ==, 0);
}

static void test_mute_and_follow (void)
{
    g_autoptr (World) world = world_new ("bundle_seconds = 0");
    PostId post = lunch (world);
    g_auto (Outcome) mute = answer_as (world, "anna", post, "m@x.test", "mute");
    comment_as (world, "bob", post, "b@x.test", "First.");
    g_assert_cmpuint (told (world, "anna"), ==, 0);
    g_auto (Outcome) back = answer_as (world, "anna", post, "f@x.test", "follow");
    comment_as (world, "bob", post, "b2@x.test", "Second.");
    g_assert_cmpuint (told (world, "anna"), ==, 1);
}

static guint released (World *world, const char *local)
{
    g_autofree char *address = local != NULL ? g_strdup_printf ("%s@example.test", local) : NULL;
    return world_count (world, NOTICE_RELEASE, address);
}

static void test_mail (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = lunch (world);
    for (guint i = 0; i < 2; i++) { /* of a reader: to them alone, once */
        g_autofree char *id = g_strdup_printf ("m%u@x.test", i);
        g_auto (Outcome) outcome = answer_as (world, "bob", post, id, "mail");
        g_assert_cmpuint (released (world, "bob"), ==, 1);
        g_assert_cmpuint (released (world, NULL), ==, 1);
    }
    for (guint i = 0; i < 2; i++) { /* of the author: to everybody who has not had it */
        g_autofree char *id = g_strdup_printf ("g%u@x.test", i);
        g_auto (Outcome) outcome = answer_as (world, "gina", post, id, "mail");
        g_assert_cmpuint (released (world, "bob"), ==, 1);
        g_assert_cmpuint (released (world, "anna"), ==, 1);
        g_assert_cmpuint (released (world, NULL), ==, 5);
    }
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM audit WHERE act = 'release' AND "
                                        "actor = 'bob@example.test' AND "
                                        "subject = 'post 1 to bob@example.test'"),
                     ==, 2);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM audit WHERE act = 'release' AND "
                                        "actor = 'gina@example.test'"),
                     >=, 1);
}

/* Who asked for the original does not get it once more behind a group or under another address; the
 * others of the group get it, also those who ask later, on their own wish. */
static void test_mail_then_release (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail =
        mail_new ("t@example.test", "team@example.test", NULL, "To the team", NULL, "All of you.");
    AliasJob alias = {"finn@example.test", "f.hansen@example.test"};
    WORLD_WRITE (world, apply_alias, &alias);
    g_assert_true (flow_reload (world->flow, world->conf, NULL));
    g_auto (Outcome) outcome =
        world_send (world, "gina@example.test", "team board f.hansen hugo", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_auto (Outcome) bob = answer_as (world, "bob", outcome.post, "b@x.test", "mail");
    g_auto (Outcome) finn = answer_as (world, "finn", outcome.post, "f@x.test", "mail");
    static const struct {
        const char *local;
        guint count;
    } expected[] = {{"team", 0}, {"board", 0}, {"bob", 1},  {"anna", 1},
                    {"carl", 1}, {"dora", 1},  {"emil", 1}, {"f.hansen", 0},
                    {"finn", 1}, {"hugo", 1},  {NULL, 7}};
    for (guint round = 0; round < 2; round++) {
        g_autofree char *id = g_strdup_printf ("g%u@x.test", round);
        g_auto (Outcome) author = answer_as (world, "gina", outcome.post, id, "mail");
        for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
            g_test_message ("round %u: %s", round, expected[i].local);
            g_assert_cmpuint (released (world, expected[i].local), ==, expected[i].count);
        }
    }
}

/* What went to a group goes to it once, whoever of them asks for another copy afterwards. */
static void test_release_then_mail (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail =
        mail_new ("t@example.test", "team@example.test", NULL, "To the team", NULL, "All of you.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", "team", mail);
    g_auto (Outcome) first = answer_as (world, "gina", outcome.post, "g1@x.test", "mail");
    g_assert_cmpuint (released (world, "team"), ==, 1);
    g_auto (Outcome) bob = answer_as (world, "bob", outcome.post, "b@x.test", "mail");
    g_auto (Outcome) again = answer_as (world, "gina", outcome.post, "g2@x.test", "mail");
    g_assert_cmpuint (released (world, NULL), ==, 2);
}

static void test_plus_once (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = lunch (world);
    g_auto (Outcome) first = answer_as (world, "anna", post, "1@x.test", "+1");
    g_auto (Outcome) again = answer_as (world, "anna", post, "2@x.test", "+1");
    g_auto (Outcome) bobs = answer_as (world, "bob", post, "3@x.test", "+1");
    g_assert_cmpuint (store_plus_count (world->reader, post), ==, 2);
}

static void test_withdraw (void)
{
    static const char *const words[] = {"withdraw", "Intrekken"};
    for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
        g_autoptr (World) world = world_new (NULL);
        g_autoptr (GError) error = NULL;
        PostId post = lunch (world);
        comment_as (world, "carl", post, "c@x.test", "Not I.");
        g_assert_cmpuint (world_count (world, NOTICE_POST, "anna@example.test"), ==, 1);
        g_auto (Outcome) outcome = answer_as (world, "gina", post, "w@x.test", words[i]);
        Viewer anna = {.person = person_of (world, "anna")};
        Viewer gina = {.person = person_of (world, "gina")};
        g_autoptr (Post) hidden = store_post_get (world->reader, post, anna, &error);
        g_assert_null (hidden);
        g_clear_error (&error);
        g_autoptr (Post) own = store_post_get (world->reader, post, gina, &error);
        g_assert_no_error (error);
        g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 1 AND "
                                            "state < 2"),
                         ==, 0);
        g_assert_cmpint (count_rows (world, "SELECT count(*) FROM audit WHERE act = 'withdraw' AND "
                                            "actor = 'gina@example.test'"),
                         ==, 1);
        /* Who answers it now is told so. */
        g_auto (Outcome) late = answer_as (world, "anna", post, "l@x.test", "But I like it.");
        g_assert_cmpint (refused (world, "post-gone"), ==, 1);
        g_assert_cmpint (answers (world, "post-gone"), ==, 1);
    }
}

/* ------------------------------------------------------------------ our other addresses */

static void write_to (World *world, const char *local, const char *subject, const char *body)
{
    g_autofree char *to = g_strdup_printf ("%s@posts.example.test", local);
    g_autofree char *mail = g_strdup_printf (
        "From: bob@example.test\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%u@x.test>\r\n\r\n%s\r\n",
        to, subject, g_str_hash (body) ^ g_str_hash (subject), body);
    g_auto (Outcome) outcome = lmtp_send (world, "bob@example.test", to, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
}

static char *alerts_of (World *world)
{
    g_auto (GStrv) alerts = store_alert_list (world->reader, person_of (world, "bob"));
    return g_strjoinv ("|", alerts);
}

static void test_alerts (void)
{
    g_autoptr (World) world = world_new (NULL);
    write_to (world, "alerts", "please", "watch acme\r\nWATCH \"north sea\" -wind\r\nwatch acme");
    g_autofree char *two = alerts_of (world);
    g_assert_cmpstr (two, ==, "acme|\"north sea\" -wind");
    write_to (world, "alerts", "unwatch acme", "");
    g_autofree char *one = alerts_of (world);
    g_assert_cmpstr (one, ==, "\"north sea\" -wind");
    g_assert_cmpint (answers (world, "alerts"), ==, 2);
    write_to (world, "alerts", "Re: your alerts", "list");
    g_assert_cmpint (answers (world, "alerts"), ==, 3);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5 AND text LIKE "
                                        "'%= \"north sea\" -wind%'"),
                     >=, 1);
    write_to (world, "alerts", "Hello", "What can you do?");
    g_assert_cmpint (answers (world, "help"), ==, 1);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 0);
}

static void test_digest (void)
{
    static const char *const words[] = {"weekly", "off", "daily"};
    g_autoptr (World) world = world_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
        /* In the text, and in the subject, where links in mails put it. */
        write_to (world, "digest", i == 1 ? words[i] : "Digest", i == 1 ? "" : words[i]);
        g_autofree char *value =
            store_setting_get (world->reader, person_of (world, "bob"), "digest");
        g_assert_cmpstr (value, ==, words[i]);
    }
    write_to (world, "digest", "Hello", "watch acme");
    g_autofree char *alerts = alerts_of (world);
    g_autofree char *value = store_setting_get (world->reader, person_of (world, "bob"), "digest");
    g_assert_cmpstr (value, ==, "daily");
    (void)alerts;
}

/* help@, reply@ without a key; a command to help@ is not carried out. Once a day: programs that
 * answer our help would have it for ever. */
static void test_help (void)
{
    g_autoptr (World) world = world_new (NULL);
    write_to (world, "help", "?", "watch acme");
    write_to (world, "help", "??", "How does this work?");
    write_to (world, "reply", "???", "Hello.");
    g_assert_cmpint (answers (world, "help"), ==, 1);
    g_autofree char *alerts = alerts_of (world);
    g_assert_cmpstr (alerts, ==, "");
    write_to (world, "postmaster", "Hello", "Is somebody there?");
    g_assert_cmpint (refused (world, "nobody-there"), ==, 1);
}

static void test_direct_posts (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    write_to (world, "new", "A thought", "What if we met on Mondays?");
    write_to (world, "Acme", "They called", "They want more.");
    g_autoptr (GPtrArray) posts = store_post_list (world->reader, ADMIN, (PostId){0}, 10, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (posts->len, ==, 2);
    const Post *topical = posts->pdata[0], *plain = posts->pdata[1];
    g_assert_cmpstr (topical->subject, ==, "They called");
    g_assert_cmpuint (topical->topics->len, ==, 1);
    g_assert_cmpstr (topical->topics->pdata[0], ==, "acme");
    g_assert_cmpstr (plain->author_address, ==, "bob@example.test");
    g_assert_cmpuint (plain->topics->len, ==, 0);
    g_assert_cmpuint (world_count (world, NOTICE_RECEIPT, "bob@example.test"), ==, 2);
}

/* ------------------------------------------------------------------ mail of ours that comes back
 */

static void bounce_to (World *world, const char *to, const char *action)
{
    g_autofree char *mail = g_strdup_printf (
        "From: MAILER-DAEMON@mx.example.test\r\nTo: %s\r\nSubject: Mail delivery\r\n"
        "MIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
        "mx.example.test\r\n"
        "\r\nFinal-Recipient: rfc822; anna@example.test\r\nAction: %s\r\nStatus: "
        "%s\r\n\r\n--b--\r\n",
        to, action, strcmp (action, "failed") == 0 ? "5.1.1" : "4.4.1");
    g_auto (Outcome) outcome = lmtp_send (world, "", to, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
}

static void test_bounce (void)
{
    g_autoptr (World) world =
        world_new ("administrator = \"root@example.test\"\nbundle_seconds = 0");
    PostId post = lunch (world);
    g_autofree char *to = bounce_address (world, "anna", post);
    bounce_to (world, to, "delayed");
    bounce_to (world, to, "delivered");
    bounce_to (world, to, "relayed");
    bounce_to (world, "reply+aaaa@posts.example.test", "failed");
    bounce_to (world, "help@posts.example.test", "failed");
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM person WHERE is_suppressed"), ==, 0);
    for (guint i = 0; i < 3; i++)
        bounce_to (world, to, "failed");
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM person WHERE is_suppressed AND "
                                        "address = 'anna@example.test'"),
                     ==, 1);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5 AND "
                                        "address = 'root@example.test' AND reason = 'bounce'"),
                     ==, 1);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5"), ==, 1);
    /* What waits for her is given up, and nothing more is queued: no post, comment, answer,
     * receipt. */
    comment_as (world, "bob", post, "b@x.test", "First.");
    world_post (world, "p2@example.test", "Another.");
    g_auto (Outcome) empty = answer_as (world, "anna", post, "e@x.test", "");
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE state < 2 AND "
                                        "address = 'anna@example.test'"),
                     ==, 0);
}

/* A mailbox that forwards to us: our own mail, known by its signed header, is taken and dropped. */
static void test_own_mail_back (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = lunch (world);
    g_autofree char *to = reply_address (world, "anna", post);
    g_autofree char *ours = policy_hop_value (world->key, "notice.1@posts.example.test");
    const struct {
        const char *headers;
        guint comments;
    } cases[] = {{ours, 0}, {"unsigned", 1}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *header = g_strdup_printf ("%s: %s\r\n", HOP_HEADER, cases[i].headers);
        g_autofree char *mail = letter_text ("anna@example.test", "notice.1@posts.example.test", to,
                                             header, "Who comes along?");
        g_auto (Outcome) outcome = lmtp_send (world, "anna@example.test", to, mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
        g_assert_cmpuint (comments_of (world, post), ==, cases[i].comments);
        g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5"), ==, 0);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/wishes/words", test_words);
    g_test_add_func ("/flow/wishes/word-in-html", test_word_in_html);
    g_test_add_func ("/flow/wishes/mute-and-follow", test_mute_and_follow);
    g_test_add_func ("/flow/wishes/mail", test_mail);
    g_test_add_func ("/flow/wishes/mail-then-release", test_mail_then_release);
    g_test_add_func ("/flow/wishes/release-then-mail", test_release_then_mail);
    g_test_add_func ("/flow/wishes/plus-once", test_plus_once);
    g_test_add_func ("/flow/wishes/withdraw", test_withdraw);
    g_test_add_func ("/flow/wishes/alerts", test_alerts);
    g_test_add_func ("/flow/wishes/digest", test_digest);
    g_test_add_func ("/flow/wishes/help", test_help);
    g_test_add_func ("/flow/wishes/direct-posts", test_direct_posts);
    g_test_add_func ("/flow/wishes/bounce", test_bounce);
    g_test_add_func ("/flow/wishes/own-mail-back", test_own_mail_back);
    return g_test_run();
}
