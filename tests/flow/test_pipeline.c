/* test_pipeline.c - one message from envelope to archive: what is answered, and what is then in the
 * archive, the outbox and the verdict log. */
#include <sqlite3.h>

#include "world.h"

static void run_sql (const World *world, const char *sql)
{
    sqlite3 *db = NULL;
    g_assert_cmpint (sqlite3_open (world->conf->database, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_busy_timeout (db, 5000), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
}

static GPtrArray *verdicts (World *world)
{
    g_autoptr (GError) error = NULL;
    GPtrArray *entries = store_verdict_list (world->reader, NULL, 100, &error);
    g_assert_no_error (error);
    return entries;
}

static guint post_count (World *world)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) posts = store_post_walk (world->reader, (PostId){0}, 1000, &error);
    g_assert_no_error (error);
    return posts->len;
}

static void test_four_become_a_post (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *mail = mail_new ("m1@example.test", "Anna <anna@example.test>",
                                      "bob@example.test, carl@example.test, dora@example.test",
                                      "Lunch", NULL, "Who comes along?");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", "anna bob carl dora", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_assert_cmpstr (outcome.reason, ==, "persons");
    g_assert_cmpint (outcome.post.value, >, 0);
    g_autoptr (Post) post = store_post_get (world->reader, outcome.post, ADMIN, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (post->subject, ==, "Lunch");
    g_assert_cmpstr (post->author_address, ==, "gina@example.test");
    g_assert_cmpstr (post->author_name, ==, "Gina Groot");
    g_assert_cmpstr (post->preview, ==, "Who comes along?");
    g_assert_cmpstr (post->queue_id, ==, "4QUEUEID");
    g_autoptr (GBytes) raw = store_post_raw (world->reader, outcome.post, &error);
    g_assert_no_error (error);
    assert_bytes (raw, mail, strlen (mail));
    g_assert_cmpuint (world_count (world, NOTICE_POST, NULL), ==, 1);
    g_assert_cmpuint (world_count (world, NOTICE_POST, "anna@example.test"), ==, 1);
    g_autoptr (GPtrArray) entries = verdicts (world);
    g_assert_cmpuint (entries->len, ==, 1);
    const VerdictEntry *entry = entries->pdata[0];
    g_assert_cmpstr (entry->verdict, ==, "post");
    g_assert_cmpuint (entry->persons, ==, 4);
    g_assert_cmpuint (entry->deliveries_avoided, ==, 4);
    g_assert_cmpuint (entry->notices, ==, 1);
    g_assert_cmpuint (entry->bytes_avoided, ==, 4 * strlen (mail));
    g_assert_cmpint (entry->post.value, ==, outcome.post.value);
}

static void test_three_pass_early (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", "anna bob carl", "");
    g_assert_true (outcome.is_early);
    /* The sender does not count, and one person in two spellings is one. */
    g_auto (Outcome) folded =
        world_send (world, "gina@example.test", "gina anna ANNA+x@Example.TEST bob carl", "");
    g_assert_true (folded.is_early);
    g_assert_cmpuint (post_count (world), ==, 0);
}

static void test_split (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail = mail_new ("m2@example.test", FIVE_TO, "eve@elsewhere.test", "Offer",
                                      NULL, "The offer is attached.");
    g_auto (Outcome) outcome =
        world_send (world, "gina@example.test", FIVE " eve@elsewhere.test", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_DROP);
    g_assert_cmpstr (outcome.drop, ==,
                     "<anna@example.test> <bob@example.test> <carl@example.test> "
                     "<dora@example.test> <emil@example.test>");
    g_assert_cmpuint (world_count (world, NOTICE_POST, "eve@elsewhere.test"), ==, 0);
}

static void test_group_counts (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail =
        mail_new ("m3@example.test", "team@example.test", NULL, "All", NULL, "To all of you.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", "team", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_assert_cmpstr (outcome.drop, ==, "<team@example.test>");
    g_auto (Outcome) small = world_send (world, "gina@example.test", "board", "");
    g_assert_true (small.is_early);
}

/* The same mail comes again: nothing new but for people who were not there. */
static void test_repeated_widens_only (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *mail = mail_new ("m4@example.test", "Anna <anna@example.test>",
                                      "team@example.test", "Twice", NULL, "Once is enough.");
    g_auto (Outcome) first = world_send (world, "gina@example.test", FIVE, mail);
    g_auto (Outcome) again = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (again.kind, ==, FLOW_TAKEN);
    g_assert_cmpint (again.post.value, ==, first.post.value);
    g_assert_cmpuint (post_count (world), ==, 1);
    g_assert_cmpuint (world_count (world, NOTICE_POST, NULL), ==, 1);
    g_assert_cmpuint (world_count (world, NOTICE_RECEIPT, NULL), ==, 1);
    /* A second transaction of the same mail, to others. Another hop, other line ends. */
    g_auto (GStrv) lines = g_strsplit (mail, "\r\n", -1);
    g_autofree char *joined = g_strjoinv ("\n", lines);
    g_autofree char *other = g_strconcat ("Received: by another hop\n", joined, NULL);
    g_auto (Outcome) second = world_send (world, "gina@example.test", "finn hugo ida jan", other);
    g_assert_cmpint (second.kind, ==, FLOW_TAKEN);
    g_assert_cmpint (second.post.value, ==, first.post.value);
    g_autoptr (GPtrArray) readers = store_post_readers (world->reader, first.post, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (readers->len, ==, 9);
    g_autoptr (GBytes) raw = store_post_raw (world->reader, first.post, &error);
    assert_bytes (raw, mail, strlen (mail));
}

/* The same Message-ID with other content, or of another author, is another post. */
static void test_same_id_other_mail (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId first = world_post (world, "same@example.test", "The first text.");
    PostId second = world_post (world, "same@example.test", "Quite another text.");
    g_assert_cmpint (first.value, !=, second.value);
    g_assert_cmpuint (post_count (world), ==, 2);
}

static void test_observe (void)
{
    g_autoptr (World) world = world_new ("mode = \"observe\"");
    g_autofree char *mail = mail_new ("m5@example.test", FIVE_TO, NULL, "Seen", NULL, "Only seen.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_PASS);
    g_assert_false (outcome.is_early);
    g_assert_cmpuint (post_count (world), ==, 0);
}

static void test_pilot (void)
{
    g_autoptr (World) world = world_new ("pilot = \"board@example.test\"");
    g_autofree char *mail = mail_new ("m6@example.test", FIVE_TO, NULL, "Pilot", NULL, "Hello.");
    g_auto (Outcome) outsider = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outsider.kind, ==, FLOW_PASS);
    g_assert_cmpstr (outsider.reason, ==, "pilot");
    g_autofree char *of_bob =
        g_strdup_printf ("From: bob@example.test\r\n%s", strstr (mail, "To:"));
    g_auto (Outcome) member = world_send (world, "bob@example.test", FIVE " finn", of_bob);
    g_assert_cmpint (member.kind, ==, FLOW_TAKEN);
}

static void test_store_fails (void)
{
    static const struct {
        const char *settings;
        FlowKind kind;
    } cases[] = {{"on_failure = \"pass\"", FLOW_PASS}, {"on_failure = \"defer\"", FLOW_DEFER}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (World) world = world_new (cases[i].settings);
        run_sql (world, "CREATE TRIGGER broken BEFORE INSERT ON reader BEGIN "
                        "SELECT RAISE (ABORT, 'no'); END");
        g_autofree char *mail = mail_new ("m7@example.test", FIVE_TO, NULL, "Lost?", NULL, "No.");
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (outcome.kind, ==, cases[i].kind);
        g_assert_cmpstr (outcome.reason, ==, "store");
        g_assert_cmpstr (outcome.drop, ==, "");
        if (outcome.kind == FLOW_DEFER)
            g_assert_true (g_str_has_prefix (outcome.text, "4.3.0 "));
        g_assert_cmpuint (post_count (world), ==, 0);
        g_assert_cmpuint (world_count (world, NOTICE_POST, NULL), ==, 0);
        run_sql (world, "DROP TRIGGER broken");
        g_auto (Outcome) again = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (again.kind, ==, FLOW_TAKEN);
    }
}

/* A whole post or none: a receipt that cannot be written takes the post back. */
static void test_one_transaction (void)
{
    g_autoptr (World) world = world_new (NULL);
    run_sql (world, "CREATE TRIGGER broken BEFORE INSERT ON verdict BEGIN "
                    "SELECT RAISE (ABORT, 'no'); END");
    g_autofree char *mail = mail_new ("m8@example.test", FIVE_TO, NULL, "Whole", NULL, "Or not.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_PASS);
    g_assert_cmpuint (post_count (world), ==, 0);
    g_autoptr (GPtrArray) outbox = world_outbox (world);
    g_assert_cmpuint (outbox->len, ==, 0);
}

static void test_receipts (void)
{
    static const struct {
        const char *settings;
        guint receipts;
    } cases[] = {{"author_receipt_count = 2", 2},
                 {"author_receipt = \"always\"", 4},
                 {"author_receipt = \"never\"", 0}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (World) world = world_new (cases[i].settings);
        for (guint k = 0; k < 4; k++) {
            g_autofree char *id = g_strdup_printf ("r%u@example.test", k);
            world_post (world, id, "Receipt?");
        }
        g_assert_cmpuint (world_count (world, NOTICE_RECEIPT, "gina@example.test"), ==,
                          cases[i].receipts);
        g_assert_cmpuint (world_count (world, NOTICE_RECEIPT, NULL), ==, cases[i].receipts);
    }
}

static void test_bcc (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *mail =
        mail_new ("m9@example.test", FIVE_TO, NULL, "Quiet", NULL, "Somebody listens.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE " hugo", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (GPtrArray) outbox = world_outbox (world);
    gboolean has_hugo = FALSE;
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        if (g_str_equal (notice->address, "hugo@example.test")) {
            g_assert_cmpstr (notice->reason, ==, "bcc");
            has_hugo = TRUE;
        }
    }
    g_assert_true (has_hugo);
    g_autoptr (GPtrArray) shown = store_post_shown (world->reader, outcome.post, &error);
    for (guint i = 0; i < shown->len; i++)
        g_assert_cmpstr (((const PostShown *)shown->pdata[i])->address, !=, "hugo@example.test");
}

/* Over what memory holds: through a file, byte for byte. */
static void test_large (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) body = g_string_new (NULL);
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf (body, "Line %u of a long message.\r\n", i);
    g_autofree char *mail = mail_new ("big@example.test", FIVE_TO, NULL, "Long", NULL, body->str);
    gsize len = strlen (mail);
    g_autoptr (FlowSession) session = world_session (world, "gina@example.test", FIVE);
    g_assert_cmpint (flow_recipients_done (session), ==, FLOW_STEP_WANT_BODY);
    for (gsize at = 0; at < len; at += 60000) {
        gboolean ok = flow_append (session, mail + at, MIN (60000, len - at), &error);
        g_assert_no_error (error);
        g_assert_true (ok);
    }
    g_auto (Outcome) outcome = outcome_of (session);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (GBytes) raw = store_post_raw (world->reader, outcome.post, &error);
    g_assert_no_error (error);
    assert_bytes (raw, mail, len);
}

static void test_too_large (void)
{
    static const struct {
        const char *settings;
        FlowKind kind;
    } cases[] = {{"message_size_max = 65536", FLOW_PASS},
                 {"message_size_max = 65536\non_failure = \"defer\"", FLOW_DEFER}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (World) world = world_new (cases[i].settings);
        g_autofree char *body = g_strnfill (70000, 'x');
        g_autofree char *mail = mail_new ("huge@example.test", FIVE_TO, NULL, "Huge", NULL, body);
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (outcome.kind, ==, cases[i].kind);
        g_assert_cmpuint (post_count (world), ==, 0);
    }
}

/* A peer that vanishes at any step. */
static void test_freed_half_way (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *body = g_strnfill (300000, 'x');
    flow_session_free (NULL);
    flow_session_free (flow_session_new (world->flow, FRONT_LMTP));
    FlowSession *session = world_session (world, "gina@example.test", FIVE);
    g_assert_cmpint (flow_recipients_done (session), ==, FLOW_STEP_WANT_BODY);
    flow_session_free (session);
    session = world_session (world, "gina@example.test", FIVE);
    g_assert_cmpint (flow_recipients_done (session), ==, FLOW_STEP_WANT_BODY);
    g_assert_true (flow_append (session, body, strlen (body), NULL));
    flow_session_free (session);
    g_assert_cmpuint (post_count (world), ==, 0);
    /* No byte came at all. */
    session = world_session (world, "gina@example.test", FIVE);
    g_auto (Outcome) outcome = outcome_of (session);
    g_assert_cmpint (outcome.kind, ==, FLOW_PASS);
    flow_session_free (session);
}

/* What is not for us, once the message is seen. */
static void test_never_taken (void)
{
    static const struct {
        const char *subject, *headers;
    } cases[] = {
        {"Out of office", "Auto-Submitted: auto-replied\r\n"},
        {"News", "List-Id: <news.example.test>\r\n"},
        {"Secret", "Sensitivity: Private\r\n"},
        {"[mail] Please", NULL},
        {"Meeting", "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n"},
    };
    g_autoptr (World) world = world_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *mail = mail_new ("n@example.test", FIVE_TO, NULL, cases[i].subject,
                                          cases[i].headers, "BEGIN:VCALENDAR");
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_PASS);
        g_assert_cmpstr (outcome.reason, !=, "store");
        g_assert_nonnull (policy_reason_text (outcome.reason));
    }
    g_assert_cmpuint (post_count (world), ==, 0);
}

/* Explaining does nothing. */
static void test_explain (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail = mail_new ("x@example.test", FIVE_TO, NULL, "Why", NULL, "Anna, look.");
    g_autoptr (FlowSession) session = world_session (world, "gina@example.test", FIVE);
    g_autoptr (GBytes) raw = g_bytes_new (mail, strlen (mail));
    g_autoptr (Message) message = message_parse (raw, NULL);
    g_autoptr (Verdict) verdict =
        flow_explain (world->flow, flow_session_envelope (session), message);
    g_assert_cmpint (verdict->kind, ==, VERDICT_POST);
    g_assert_cmpuint (verdict->persons, ==, 5);
    g_assert_cmpuint (post_count (world), ==, 0);
    g_autoptr (GPtrArray) entries = verdicts (world);
    g_assert_cmpuint (entries->len, ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/four-people-become-a-post", test_four_become_a_post);
    g_test_add_func ("/flow/three-people-pass-early", test_three_pass_early);
    g_test_add_func ("/flow/split-keeps-outsiders", test_split);
    g_test_add_func ("/flow/group-counts-its-members", test_group_counts);
    g_test_add_func ("/flow/repeated-mail-widens-only", test_repeated_widens_only);
    g_test_add_func ("/flow/same-id-other-mail", test_same_id_other_mail);
    g_test_add_func ("/flow/observe", test_observe);
    g_test_add_func ("/flow/pilot", test_pilot);
    g_test_add_func ("/flow/store-fails", test_store_fails);
    g_test_add_func ("/flow/one-transaction", test_one_transaction);
    g_test_add_func ("/flow/receipts", test_receipts);
    g_test_add_func ("/flow/bcc", test_bcc);
    g_test_add_func ("/flow/large", test_large);
    g_test_add_func ("/flow/too-large", test_too_large);
    g_test_add_func ("/flow/freed-half-way", test_freed_half_way);
    g_test_add_func ("/flow/never-taken", test_never_taken);
    g_test_add_func ("/flow/explain", test_explain);
    return g_test_run();
}
