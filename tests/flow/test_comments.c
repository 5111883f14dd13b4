/* test_comments.c - who hears of a comment, and how often: followers, once each, in bundles; at the
 * milter an answer to all that its reply address takes in. */
#include <curl/curl.h>

#include "answers.h"
#include "follow.h"
#include "letters.h"
#include "notify.h"
#include "smtp_peer.h"

#define MINUTE_MS (60 * G_GINT64_CONSTANT (1000))

typedef struct {
    PersonId person;
    PostId post;
    FollowLevel level;
} FollowJob;

static gboolean apply_follow (StoreTxn *txn, gpointer data, GError **error)
{
    const FollowJob *job = data;
    return store_follow_set (txn, job->person, job->post, job->level, error);
}

static void follow (World *world, const char *local, PostId post, FollowLevel level)
{
    FollowJob job = {person_of (world, local), post, level};
    WORLD_WRITE (world, apply_follow, &job);
}

static gboolean apply_suppress (StoreTxn *txn, gpointer data, GError **error)
{
    return store_person_suppress (txn, *(const PersonId *)data, TRUE, NULL, error);
}

/* Author, must-read readers and who wrote; not its own author. Bob stands in Cc: he follows once he
 * has written. */
static void test_followers (void)
{
    g_autoptr (World) world = world_new ("bundle_seconds = 0");
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    comment_as (world, "bob", post, "b1@x.test", "I do.");
    g_assert_cmpuint (told (world, "gina"), ==, 1);
    g_assert_cmpuint (told (world, "anna"), ==, 1);
    g_assert_cmpuint (told (world, NULL), ==, 2);
    /* Those mails wait still, so only Bob gets a new one. */
    comment_as (world, "anna", post, "a1@x.test", "And I.");
    g_assert_cmpuint (told (world, "bob"), ==, 1);
    g_assert_cmpuint (told (world, "carl"), ==, 0);
    g_assert_cmpuint (told (world, NULL), ==, 3);
}

static void test_not_told (void)
{
    g_autoptr (World) world = world_new ("bundle_seconds = 0");
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    PersonId gina = person_of (world, "gina");
    comment_as (world, "carl", post, "c1@x.test", "Not I.");
    follow (world, "anna", post, FOLLOW_MUTE);
    follow (world, "carl", post, FOLLOW_DIGEST);
    WORLD_WRITE (world, apply_suppress, &gina);
    gint64 before = count_rows (world, "SELECT count(*) FROM notice");
    comment_as (world, "bob", post, "b1@x.test", "I do.");
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice"), ==, before);
    /* What had been waiting for them is not sent either. */
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 4 AND state = 0"),
                     ==, 0);
    follow (world, "anna", post, FOLLOW_EVERY);
    comment_as (world, "dora", post, "d1@x.test", "Neither do I.");
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 4 AND state = 0 "
                                        "AND address = 'anna@example.test'"),
                     ==, 1);
}

/* Whom a comment names is told, while these are few. */
static void test_named (void)
{
    static const struct {
        const char *cc;
        guint expected;
    } cases[] = {{"Cc: finn@example.test\r\n", 1},
                 {"Cc: finn@example.test, hugo@example.test, ida@example.test, jan@example.test, "
                  "kees@example.test\r\n",
                  0}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (World) world = world_new (NULL);
        PostId post = world_post (world, "p@example.test", "Who comes along?");
        g_autofree char *to = reply_address (world, "anna", post);
        g_autofree char *mail =
            letter_text ("anna@example.test", "n@x.test", to, cases[i].cc, "Finn, do you?");
        g_auto (Outcome) outcome = lmtp_send (world, "anna@example.test", to, mail);
        g_assert_cmpuint (told (world, "finn"), ==, cases[i].expected);
        g_assert_cmpuint (told (world, "gina"), ==, 1);
    }
}

/* A restricted thread stays so: its readers see the comment, whoever is named in it. */
static void test_restricted (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *text = mail_new ("r@example.test", "Anna <anna@example.test>",
                                      "bob@example.test, carl@example.test, dora@example.test",
                                      "[private] Salaries", NULL, "Not for everybody.");
    g_auto (Outcome) outcome =
        world_send (world, "gina@example.test", "anna bob carl dora finn", text);
    world_post (world, "other@example.test", "Makes Emil known.");
    PostId comment = comment_as (world, "bob", outcome.post, "b@x.test", "Thanks.");
    static const char *const inside[] = {"gina", "anna", "bob", "carl", "dora", "finn"};
    for (guint i = 0; i < G_N_ELEMENTS (inside); i++) {
        Viewer viewer = {.person = person_of (world, inside[i])};
        g_autoptr (Post) post = store_post_get (world->reader, comment, viewer, &error);
        g_assert_no_error (error);
    }
    Viewer emil = {.person = person_of (world, "emil")};
    g_autoptr (Post) hidden = store_post_get (world->reader, comment, emil, &error);
    g_assert_null (hidden);
    g_clear_error (&error);
    /* Someone who cannot see the thread cannot comment on it, whatever key they hold. */
    g_auto (Outcome) refusal = answer_as (world, "emil", outcome.post, "e@x.test", "Me too.");
    g_assert_cmpint (refused (world, "post-gone"), ==, 1);
    g_autofree char *to = reply_address (world, "bob", outcome.post);
    g_autofree char *mail = letter_text ("bob@example.test", "n@x.test", to,
                                         "Cc: emil@example.test\r\n", "Emil should know.");
    g_auto (Outcome) named = lmtp_send (world, "bob@example.test", to, mail);
    g_assert_cmpuint (told (world, "emil"), ==, 0);
}

/* ------------------------------------------------------------------ sending */

typedef struct {
    SmtpPeer *peer;
    World *world;
} Office;

static Office office_new (void)
{
    SmtpPeer *peer = peer_new();
    g_autofree char *settings =
        g_strdup_printf ("smtp_url = \"%s\"\nauthor_receipt = \"never\"", peer->url);
    return (Office){peer, world_new (settings)};
}

static void office_clear (Office *office)
{
    world_free (office->world);
    g_clear_pointer (&office->peer, peer_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Office, office_clear)

static void send_at (Office *office, gint64 minute)
{
    World *world = office->world;
    g_autoptr (GError) error = NULL;
    guint sent = 0;
    clock_fake_set (world->clock, WORLD_NOW + minute * MINUTE_MS);
    gboolean ok = courier_run_once (world->conf, world->store, world->key, world->templates,
                                    world->clock, &sent, &error);
    g_assert_no_error (error);
    g_assert_true (ok);
}

/* In how many mails that were accepted for this person these words stand. */
static guint heard (Office *office, const char *local, const char *words)
{
    g_autofree char *path = g_strdup_printf ("<%s@example.test>", local);
    g_autofree char *line = g_strdup_printf ("\n%s", words); /* of the text part */
    guint count = 0;
    for (guint i = 0; i < peer_count (office->peer); i++) {
        const PeerMail *mail = peer_mail (office->peer, i);
        count += strcmp (mail->recipient, path) == 0 && strstr (mail->text->str, line) != NULL;
    }
    return count;
}

static guint mails_to (Office *office, const char *local)
{
    return heard (office, local, "");
}

/* Two within bundle_seconds are one mail; the next is another. */
static void test_bundle (void)
{
    g_auto (Office) office = office_new();
    PostId post = world_post (office.world, "p@example.test", "Who comes along?");
    send_at (&office, 0);
    comment_as (office.world, "bob", post, "b1@x.test", "First words.");
    clock_fake_set (office.world->clock, WORLD_NOW + 2 * MINUTE_MS);
    comment_as (office.world, "carl", post, "c1@x.test", "Second words.");
    send_at (&office, 4);
    g_assert_cmpuint (mails_to (&office, "gina"), ==, 0);
    send_at (&office, 5);
    g_assert_cmpuint (mails_to (&office, "gina"), ==, 1);
    g_assert_cmpuint (heard (&office, "gina", "First words."), ==, 1);
    g_assert_cmpuint (heard (&office, "gina", "Second words."), ==, 1);
    /* Bob hears of Carl's, and not of his own. */
    send_at (&office, 8);
    g_assert_cmpuint (heard (&office, "bob", "Second words."), ==, 1);
    g_assert_cmpuint (heard (&office, "bob", "First words."), ==, 0);
    comment_as (office.world, "dora", post, "d1@x.test", "Third words.");
    send_at (&office, 20);
    g_assert_cmpuint (mails_to (&office, "gina"), ==, 2);
    g_assert_cmpuint (heard (&office, "gina", "Third words."), ==, 1);
    g_assert_cmpuint (heard (&office, "gina", "First words."), ==, 1);
}

typedef struct {
    gint64 now_ms;
    GPtrArray *claimed;
} Claim;

static gboolean apply_claim (StoreTxn *txn, gpointer data, GError **error)
{
    Claim *claim = data;
    g_clear_pointer (&claim->claimed, g_ptr_array_unref);
    return store_notice_claim (txn, claim->now_ms, MINUTE_MS, 32, &claim->claimed, error);
}

/* A comment that comes while a mail about others is being sent is told once, whether that mail was
 * composed before or after it (C1). */
static void test_while_sending (void)
{
    g_auto (Office) office = office_new();
    PostId post = world_post (office.world, "p@example.test", "Who comes along?");
    send_at (&office, 0);
    comment_as (office.world, "bob", post, "b1@x.test", "First words.");
    Claim claim = {.now_ms = WORLD_NOW + 6 * MINUTE_MS};
    WORLD_WRITE (office.world, apply_claim, &claim); /* a courier that dies here */
    comment_as (office.world, "carl", post, "c1@x.test", "Second words.");
    g_ptr_array_unref (claim.claimed);
    send_at (&office, 10);
    send_at (&office, 20);
    g_assert_cmpuint (heard (&office, "gina", "First words."), ==, 1);
    g_assert_cmpuint (heard (&office, "gina", "Second words."), ==, 1);
    g_assert_cmpuint (mails_to (&office, "gina"), ==, 2);
}

/* An old mail that is tried again and again does not swallow what comes meanwhile. */
static void test_while_retrying (void)
{
    g_auto (Office) office = office_new();
    World *world = office.world;
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    follow (world, "anna", post, FOLLOW_MUTE);
    send_at (&office, 0);
    comment_as (world, "anna", post, "b1@x.test", "First words.");
    Claim claim = {.now_ms = WORLD_NOW + 6 * MINUTE_MS};
    clock_fake_set (world->clock, claim.now_ms);
    WORLD_WRITE (world, apply_claim, &claim);
    comment_as (world, "anna", post, "c1@x.test", "Second words.");
    g_ptr_array_unref (claim.claimed);
    /* The first fails for now, the second goes out, and then comes a third. */
    peer_answer (office.peer, "RCPT", "450 4.2.1 Later\r\n", 2);
    send_at (&office, 8);
    send_at (&office, 10);
    send_at (&office, 11);
    g_assert_cmpuint (heard (&office, "gina", "Second words."), ==, 1);
    g_assert_cmpuint (heard (&office, "gina", "First words."), ==, 0);
    comment_as (world, "anna", post, "d1@x.test", "Third words.");
    send_at (&office, 100);
    send_at (&office, 200);
    g_assert_cmpuint (heard (&office, "gina", "First words."), ==, 1);
    g_assert_cmpuint (heard (&office, "gina", "Second words."), ==, 1);
    g_assert_cmpuint (heard (&office, "gina", "Third words."), ==, 1);
}

/* A comment that is withdrawn does not take those with it that its mail would have told. */
typedef struct {
    PostId post;
} WithdrawJob;

static gboolean apply_withdraw (StoreTxn *txn, gpointer data, GError **error)
{
    return store_post_withdraw (txn, ((const WithdrawJob *)data)->post, "admin:test", error);
}

static void test_withdrawn_comment (void)
{
    g_auto (Office) office = office_new();
    PostId post = world_post (office.world, "p@example.test", "Who comes along?");
    send_at (&office, 0);
    PostId comment = comment_as (office.world, "bob", post, "b1@x.test", "First words.");
    comment_as (office.world, "bob", post, "b2@x.test", "Second words.");
    WithdrawJob job = {comment};
    WORLD_WRITE (office.world, apply_withdraw, &job);
    send_at (&office, 10);
    g_assert_cmpuint (heard (&office, "gina", "First words."), ==, 0);
    g_assert_cmpuint (heard (&office, "gina", "Second words."), ==, 1);
}

/* A post is withdrawn: mail about its comments that waits is not sent, and no answer is taken. */
static void test_withdrawn_post (void)
{
    g_auto (Office) office = office_new();
    PostId post = world_post (office.world, "p@example.test", "Who comes along?");
    send_at (&office, 0);
    comment_as (office.world, "bob", post, "b1@x.test", "First words.");
    WithdrawJob job = {post};
    WORLD_WRITE (office.world, apply_withdraw, &job);
    send_at (&office, 10);
    g_assert_cmpuint (heard (&office, "gina", "First words."), ==, 0);
    g_autoptr (GPtrArray) outbox = world_outbox (office.world);
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        g_assert_true (notice->kind != NOTICE_COMMENT ||
                       g_str_equal (notice->last_error, "withdrawn"));
    }
}

/* ------------------------------------------------------------------ at the milter */

/* Anna answers her notice to all: colleagues' copies are dropped, outsiders keep theirs, and over
 * LMTP it is a comment, once. */
static void test_reply_all (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *to = reply_address (world, "anna", post);
    g_autofree char *all =
        g_strdup_printf ("%s bob@example.test carl@example.test eve@elsewhere.test", to);
    g_autofree char *mail =
        letter_text ("anna@example.test", "ra@x.test", to,
                     "Cc: bob@example.test, carl@example.test, eve@elsewhere.test\r\n", "I do.");
    g_auto (Outcome) milter = world_send (world, "anna@example.test", all, mail);
    g_assert_cmpint (milter.kind, ==, FLOW_DROP);
    g_assert_cmpstr (milter.drop, ==, "<bob@example.test> <carl@example.test>");
    g_assert_cmpuint (comments_of (world, post), ==, 0);
    g_auto (Outcome) lmtp = lmtp_send (world, "anna@example.test", to, mail);
    g_assert_cmpint (lmtp.kind, ==, FLOW_TAKEN);
    g_assert_cmpuint (comments_of (world, post), ==, 1);
    g_assert_cmpuint (told (world, "gina"), ==, 1);
    g_assert_cmpuint (told (world, "eve"), ==, 0);
    /* With more than three colleagues too. */
    g_autofree char *many = g_strdup_printf ("%s bob carl dora emil finn", to);
    g_autofree char *crowd = letter_text ("anna@example.test", "rb@x.test", to, NULL, "All.");
    g_auto (Outcome) dropped = world_send (world, "anna@example.test", many, crowd);
    g_assert_cmpint (dropped.kind, ==, FLOW_DROP);
    g_assert_cmpuint (comments_of (world, post), ==, 1);
}

/* A key that takes nothing in drops no copy: of somebody else, forged, or of a post that is gone.
 */
static void test_reply_all_refused (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *of_bob = reply_address (world, "bob", post);
    g_autofree char *gone = reply_address (world, "anna", (PostId){999});
    const char *const addresses[] = {of_bob, gone, "reply+aaaa@posts.example.test"};
    for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
        g_autofree char *all =
            g_strdup_printf ("%s bob@example.test carl@example.test", addresses[i]);
        g_autofree char *mail =
            letter_text ("anna@example.test", "rr@x.test", addresses[i], NULL, "I do.");
        g_auto (Outcome) outcome = world_send (world, "anna@example.test", all, mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_PASS);
    }
}

/* An ordinary answer to more than three that refers to a post is its comment; who follows the
 * thread hears of it, each once. */
static void test_refers (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *mail =
        letter_text ("bob@example.test", "ref@x.test", "carl@example.test, dora@example.test",
                     "In-Reply-To: <p@example.test>\r\n", "Ask the others.");
    g_auto (Outcome) outcome =
        world_send (world, "bob@example.test", "carl dora emil finn hugo", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_assert_cmpuint (comments_of (world, post), ==, 1);
    g_assert_cmpuint (told (world, "gina"), ==, 1);
    g_assert_cmpuint (told (world, "anna"), ==, 1);
    g_assert_cmpuint (told (world, "carl"), ==, 0);
    g_assert_cmpuint (world_count (world, NOTICE_POST, "carl@example.test"), ==, 1);
    g_assert_cmpuint (world_count (world, NOTICE_POST, "gina@example.test"), ==, 0);
    g_auto (Outcome) again =
        world_send (world, "bob@example.test", "carl dora emil finn hugo", mail);
    g_assert_cmpuint (told (world, NULL), ==, 2);
    /* A first post tells nobody of itself. */
    world_post (world, "new@example.test", "Something else.");
    g_assert_cmpuint (told (world, NULL), ==, 2);
}

/* Who had a notice of a comment is not told it again by the mail that tells the next. */
static void test_one_route (void)
{
    g_auto (Office) office = office_new();
    World *world = office.world;
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    send_at (&office, 0);
    comment_as (world, "dora", post, "d@x.test", "First words.");
    g_autofree char *mail = letter_text ("bob@example.test", "ref@x.test", "anna@example.test",
                                         "In-Reply-To: <p@example.test>\r\n", "Second words.");
    g_auto (Outcome) outcome =
        world_send (world, "bob@example.test", "anna carl dora emil finn", mail);
    comment_as (world, "dora", post, "d2@x.test", "Third words.");
    send_at (&office, 10);
    send_at (&office, 20);
    g_assert_cmpuint (heard (&office, "anna", "First words."), ==, 1);
    g_assert_cmpuint (heard (&office, "anna", "Second words."), ==, 1);
    g_assert_cmpuint (heard (&office, "anna", "Third words."), ==, 1);
}

int main (int argc, char **argv)
{
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/comments/followers", test_followers);
    g_test_add_func ("/flow/comments/not-told", test_not_told);
    g_test_add_func ("/flow/comments/named", test_named);
    g_test_add_func ("/flow/comments/restricted", test_restricted);
    g_test_add_func ("/flow/comments/bundle", test_bundle);
    g_test_add_func ("/flow/comments/while-sending", test_while_sending);
    g_test_add_func ("/flow/comments/while-retrying", test_while_retrying);
    g_test_add_func ("/flow/comments/withdrawn-comment", test_withdrawn_comment);
    g_test_add_func ("/flow/comments/withdrawn-post", test_withdrawn_post);
    g_test_add_func ("/flow/comments/reply-all", test_reply_all);
    g_test_add_func ("/flow/comments/reply-all-refused", test_reply_all_refused);
    g_test_add_func ("/flow/comments/refers", test_refers);
    g_test_add_func ("/flow/comments/one-route", test_one_route);
    return g_test_run();
}
