/* test_receive.c - who may answer a notice: keys, senders, and what people are told when they may
 * not. Nobody and nothing that is no person is ever answered. */
#include "answers.h"

static void test_valid (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    PostId comment = comment_as (world, "anna", post, "a1@example.test",
                                 "I do.\r\n\r\nOn Fri, Gina Groot wrote:\r\n> Who comes along?");
    g_autoptr (Post) found = store_post_get (world->reader, comment, ADMIN, &error);
    g_assert_no_error (error);
    g_assert_cmpint (found->thread.value, ==, post.value);
    g_assert_cmpint (found->parent.value, ==, post.value);
    g_assert_cmpstr (found->author_address, ==, "anna@example.test");
    g_assert_cmpstr (found->preview, ==, "I do.");
    g_assert_cmpuint (told (world, "gina"), ==, 1);
    g_assert_cmpuint (told (world, NULL), ==, 1);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM refused"), ==, 0);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5"), ==, 0);
}

/* What is wrong with a key, and what its sender is told. */
static void test_keys (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *expired = key_until (world, "anna", post, WORLD_NOW - DAY_MS);
    g_autofree char *of_gina = key_until (world, "gina", post, WORLD_NOW + DAY_MS);
    g_autofree char *good = key_until (world, "anna", post, WORLD_NOW + DAY_MS);
    g_autofree char *forged = g_strdup (good);
    forged[20] = forged[20] == 'a' ? 'b' : 'a';
    Token other = {
        .kind = TOKEN_UNSUBSCRIBE, .person = person_of (world, "anna").value, .id = post.value};
    g_autofree char *unsubscribe = token_seal (world->key, &other);
    Token nothing = {.kind = TOKEN_REPLY, .person = person_of (world, "anna").value, .id = 999};
    g_autofree char *gone = token_seal (world->key, &nothing);
    const struct {
        const char *key, *reason;
    } cases[] = {{expired, "key-expired"},     {of_gina, "not-you"}, {forged, "key-unknown"},
                 {unsubscribe, "key-unknown"}, {"", "key-unknown"},  {gone, "post-gone"}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *to = g_strdup_printf ("reply+%s@posts.example.test", cases[i].key);
        g_autofree char *id = g_strdup_printf ("k%u@example.test", i);
        g_autofree char *mail = letter_text ("anna@example.test", id, to, NULL, "Me.");
        gint64 before = refused (world, cases[i].reason);
        g_auto (Outcome) outcome = lmtp_send (world, "anna@example.test", to, mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
        g_assert_cmpint (refused (world, cases[i].reason), ==, before + 1);
        g_assert_cmpint (answers (world, cases[i].reason), ==, 1);
    }
    g_assert_cmpuint (comments_of (world, post), ==, 0);
}

/* The days of reply_key_days, by the notice itself. */
static void test_key_days (void)
{
    g_autoptr (World) world = world_new ("reply_key_days = 30");
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *key = key_until (world, "anna", post, WORLD_NOW + 30 * DAY_MS);
    g_autofree char *to = g_strdup_printf ("reply+%s@posts.example.test", key);
    g_autofree char *first = letter_text ("anna@example.test", "d1@x.test", to, NULL, "In time.");
    g_autofree char *second = letter_text ("anna@example.test", "d2@x.test", to, NULL, "Too late.");
    clock_fake_set (world->clock, WORLD_NOW + 30 * DAY_MS - 60000);
    g_auto (Outcome) in_time = lmtp_send (world, "anna@example.test", to, first);
    clock_fake_set (world->clock, WORLD_NOW + 30 * DAY_MS + 60000);
    g_auto (Outcome) late = lmtp_send (world, "anna@example.test", to, second);
    g_assert_cmpuint (comments_of (world, post), ==, 1);
    g_assert_cmpint (refused (world, "key-expired"), ==, 1);
}

/* Mail systems change the case of a local part; keys are rotated. */
static void test_key_survives (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *to = reply_address (world, "anna", post);
    g_autofree char *upper = g_ascii_strup (to, -1);
    g_autofree char *mail = letter_text ("anna@example.test", "u@x.test", upper, NULL, "Me.");
    g_auto (Outcome) loud = lmtp_send (world, "anna@example.test", upper, mail);
    g_assert_cmpuint (comments_of (world, post), ==, 1);
    g_autofree char *old = NULL;
    g_assert_true (g_file_get_contents (world->conf->key_file, &old, NULL, NULL));
    g_autofree char *fresh = g_strnfill (64, 'a');
    g_autofree char *both = g_strdup_printf ("%s\n%s", fresh, old);
    g_assert_true (g_file_set_contents_full (world->conf->key_file, both, -1,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    flow_free (world->flow);
    token_key_unref (world->key);
    world->key = token_key_load (world->conf->key_file, FALSE, &error);
    g_assert_no_error (error);
    world_open_flow (world);
    g_autofree char *again = letter_text ("anna@example.test", "r@x.test", to, NULL, "Still me.");
    g_auto (Outcome) rotated = lmtp_send (world, "anna@example.test", to, again);
    g_assert_cmpuint (comments_of (world, post), ==, 2);
}

static void test_alias (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    AliasJob job = {"anna@example.test", "a.jansen@example.test"};
    WORLD_WRITE (world, apply_alias, &job);
    g_assert_true (flow_reload (world->flow, world->conf, NULL));
    g_autofree char *to = reply_address (world, "anna", post);
    g_autofree char *mail = letter_text ("a.jansen@example.test", "al@x.test", to, NULL, "Me.");
    g_auto (Outcome) outcome = lmtp_send (world, "a.jansen@example.test", to, mail);
    g_assert_cmpuint (comments_of (world, post), ==, 1);
    /* A subaddress, too; somebody else's address is not hers. */
    g_autofree char *plus = letter_text ("anna+work@example.test", "pl@x.test", to, NULL, "Again.");
    g_auto (Outcome) folded = lmtp_send (world, "anna+work@example.test", to, plus);
    g_assert_cmpuint (comments_of (world, post), ==, 2);
    g_autofree char *bobs = letter_text ("bob@example.test", "bo@x.test", to, NULL, "Not me.");
    g_auto (Outcome) other = lmtp_send (world, "bob@example.test", to, bobs);
    g_assert_cmpuint (comments_of (world, post), ==, 2);
    g_assert_cmpint (refused (world, "not-you"), ==, 1);
}

/* The original bytes are kept; the sender hears of a kind of mistake once a day. */
static void test_told_once_a_day (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    for (guint day = 0; day < 2; day++) {
        clock_fake_set (world->clock, WORLD_NOW + day * DAY_MS);
        for (guint i = 0; i < 4; i++) {
            g_autofree char *id = g_strdup_printf ("e%u-%u@x.test", day, i);
            g_auto (Outcome) empty = answer_as (world, "anna", post, id, "");
            g_assert_cmpint (empty.kind, ==, FLOW_TAKEN);
        }
        g_assert_cmpint (answers (world, "empty"), ==, day + 1);
    }
    g_assert_cmpint (refused (world, "empty"), ==, 8);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM refused WHERE recipient LIKE "
                                        "'%reply+%' AND sender = 'anna@example.test' AND "
                                        "CAST(raw AS TEXT) LIKE 'From: <anna@example.test>%'"),
                     ==, 8);
    /* Another kind has its own turn. */
    g_autofree char *mail = letter_text ("anna@example.test", "x@x.test", "x", NULL, "Me.");
    g_auto (Outcome) other =
        lmtp_send (world, "anna@example.test", "reply+aaaa@posts.example.test", mail);
    g_assert_cmpint (answers (world, "key-unknown"), ==, 1);
}

static void test_outsider (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *to = reply_address (world, "anna", post);
    const char *const recipients[] = {to, "new@posts.example.test", "help@posts.example.test",
                                      "acme@posts.example.test"};
    for (guint i = 0; i < G_N_ELEMENTS (recipients); i++) {
        g_autofree char *mail =
            letter_text ("eve@elsewhere.test", "o@x.test", recipients[i], NULL, "Hello.");
        g_auto (Outcome) outcome = lmtp_send (world, "eve@elsewhere.test", recipients[i], mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_REFUSE);
        g_assert_true (g_str_has_prefix (outcome.text, "5.7.1 "));
    }
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 1);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5"), ==, 0);
}

/* A colleague's name in From, from elsewhere: nothing is posted, changed or answered in it. */
static void test_forged (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *to = reply_address (world, "anna", post);
    const char *const recipients[] = {"new@posts.example.test",    "acme@posts.example.test",
                                      "alerts@posts.example.test", "digest@posts.example.test",
                                      "help@posts.example.test",   "reply+aaaa@posts.example.test"};
    for (guint i = 0; i < G_N_ELEMENTS (recipients); i++) {
        g_autofree char *mail =
            letter_text ("anna@example.test", "o@x.test", recipients[i], NULL, "off");
        g_auto (Outcome) outcome = lmtp_send (world, "eve@elsewhere.test", recipients[i], mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_REFUSE);
    }
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 1);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5"), ==, 0);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM setting"), ==, 0);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM refused"), ==, 0);
    /* Anna's own key, through a provider of hers. */
    g_autofree char *own = letter_text ("anna@example.test", "q@x.test", to, NULL, "I do.");
    g_auto (Outcome) outcome = lmtp_send (world, "anna@elsewhere.test", to, own);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 2);
}

/* Never answered, and never a comment: mail that no person wrote, whatever address it goes to. */
static void test_automatic (void)
{
    static const struct {
        const char *sender, *headers, *body;
    } cases[] = {
        {"", NULL, "The mail system could not do it."},
        {"anna@example.test", "Auto-Submitted: auto-replied\r\n", "I am away."},
        {"anna@example.test", "X-Autoreply: yes\r\n", "I am away."},
        {"anna@example.test", "Precedence: auto_reply\r\n", "I am away."},
        {"anna@example.test", "Auto-Submitted: auto-generated\r\n", "help"},
    };
    g_autoptr (World) world = world_new ("administrator = \"root@example.test\"");
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *to = reply_address (world, "anna", post);
    g_autofree char *wrong = g_strdup ("reply+aaaa@posts.example.test");
    const char *const recipients[] = {to, wrong, "help@posts.example.test",
                                      "alerts@posts.example.test", "new@posts.example.test"};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        for (guint k = 0; k < G_N_ELEMENTS (recipients); k++) {
            g_autofree char *mail = letter_text ("anna@example.test", "q@x.test", recipients[k],
                                                 cases[i].headers, cases[i].body);
            g_auto (Outcome) outcome = lmtp_send (world, cases[i].sender, recipients[k], mail);
            g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
        }
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 1);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice WHERE kind = 5"), ==, 0);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM person WHERE is_suppressed"), ==, 0);
}

/* What an answer without words is worth. */
static void test_attachments_only (void)
{
    static const struct {
        const char *headers, *name;
    } cases[] = {{"MIME-Version: 1.0\r\nContent-Type: image/png; name=\"plan.png\"\r\n"
                  "Content-Disposition: attachment; filename=\"plan.png\"\r\n"
                  "Content-Transfer-Encoding: base64\r\n",
                  "named"},
                 {"MIME-Version: 1.0\r\nContent-Type: image/png\r\n"
                  "Content-Transfer-Encoding: base64\r\n",
                  "nameless"}};
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    g_autofree char *to = reply_address (world, "anna", post);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *id = g_strdup_printf ("%s@x.test", cases[i].name);
        g_autofree char *mail =
            letter_text ("anna@example.test", id, to, cases[i].headers, "iVBORw0KGgoAAAANSUhEUg==");
        g_auto (Outcome) outcome = lmtp_send (world, "anna@example.test", to, mail);
        g_assert_cmpint (refused (world, "empty"), ==, 0);
        g_assert_cmpuint (comments_of (world, post), ==, i + 1);
    }
}

/* Postfix repeats a delivery whose answer it did not hear. */
static void test_repeated (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    for (guint i = 0; i < 3; i++)
        comment_as (world, "anna", post, "same@example.test", "Once.");
    g_assert_cmpuint (comments_of (world, post), ==, 1);
    g_assert_cmpuint (told (world, "gina"), ==, 1);
    g_assert_cmpuint (told (world, NULL), ==, 1);
}

/* A store that fails has nobody to pass the mail to: it is tried again, whatever on_failure says.
 */
static void test_store_fails (void)
{
    g_autoptr (World) world = world_new ("on_failure = \"pass\"");
    PostId post = world_post (world, "p@example.test", "Who comes along?");
    count_rows (world, "SELECT 1");
    sqlite3 *db = NULL;
    g_assert_cmpint (sqlite3_open (world->conf->database, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db,
                                   "CREATE TRIGGER broken BEFORE INSERT ON notice BEGIN "
                                   "SELECT RAISE (ABORT, 'no'); END",
                                   NULL, NULL, NULL),
                     ==, SQLITE_OK);
    g_auto (Outcome) outcome = answer_as (world, "anna", post, "f@x.test", "Me.");
    g_assert_cmpint (outcome.kind, ==, FLOW_DEFER);
    g_assert_cmpuint (comments_of (world, post), ==, 0);
    g_assert_cmpint (sqlite3_exec (db, "DROP TRIGGER broken", NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
    comment_as (world, "anna", post, "f@x.test", "Me.");
    g_assert_cmpuint (told (world, "gina"), ==, 1);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/receive/valid", test_valid);
    g_test_add_func ("/flow/receive/keys", test_keys);
    g_test_add_func ("/flow/receive/key-days", test_key_days);
    g_test_add_func ("/flow/receive/key-survives-case-and-rotation", test_key_survives);
    g_test_add_func ("/flow/receive/alias", test_alias);
    g_test_add_func ("/flow/receive/told-once-a-day", test_told_once_a_day);
    g_test_add_func ("/flow/receive/outsider", test_outsider);
    g_test_add_func ("/flow/receive/forged", test_forged);
    g_test_add_func ("/flow/receive/automatic", test_automatic);
    g_test_add_func ("/flow/receive/attachments-only", test_attachments_only);
    g_test_add_func ("/flow/receive/repeated", test_repeated);
    g_test_add_func ("/flow/receive/store-fails", test_store_fails);
    return g_test_run();
}
