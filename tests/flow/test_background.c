/* test_background.c - what happens after the answer: index, verdict log, fresh snapshots; and what
 * a crash in the middle of a message leaves behind. The linker puts __wrap_message_parse in the
 * place of message_parse. */
#include <sys/wait.h>
#include <unistd.h>

#include "follow.h"
#include "answers.h"
#include "letters.h"

#define DEADLY "This one kills"

Message *__real_message_parse (GBytes *raw, const MessageLimits *limits);
Message *__wrap_message_parse (GBytes *raw, const MessageLimits *limits);
Message *__wrap_message_parse (GBytes *raw, const MessageLimits *limits)
{
    if (g_strstr_len (g_bytes_get_data (raw, NULL), (gssize)g_bytes_get_size (raw), DEADLY))
        _exit (42);
    return __real_message_parse (raw, limits);
}

static void start (World *world)
{
    g_autoptr (GError) error = NULL;
    gboolean ok = flow_start (world->flow, &error);
    g_assert_no_error (error);
    g_assert_true (ok);
}

/* Ends the pipeline, which writes what the background thread still has, and begins it anew. */
static void restart (World *world)
{
    g_clear_pointer (&world->flow, flow_free);
    world_open_flow (world);
}

static guint hits (World *world, const char *word)
{
    g_autoptr (GError) error = NULL;
    const char *const words[] = {word, NULL};
    g_autoptr (GPtrArray) posts =
        store_search (world->reader, ADMIN, words, (PostId){0}, 1000, &error);
    g_assert_no_error (error);
    return posts->len;
}

static void test_index (void)
{
    g_autoptr (World) world = world_new (NULL);
    world_post (world, "i1@example.test",
                "The Zürich contract is signed.\r\n\r\nOn Fri, 21 Nov 2025, Bob wrote:\r\n"
                "> What about the moonlight clause?\r\n");
    g_assert_cmpuint (hits (world, "contract"), ==, 0);
    start (world);
    restart (world);
    g_assert_cmpuint (hits (world, "contract"), ==, 1);
    g_assert_cmpuint (hits (world, "zurich"), ==, 1);
    g_assert_cmpuint (hits (world, "contr*"), ==, 1);
    g_assert_cmpuint (hits (world, "lunch"), ==, 1);
    g_assert_cmpuint (hits (world, "moonlight"), ==, 0);
}

/* Without ending it: the bell of the commit wakes the thread. */
static void test_index_is_woken (void)
{
    g_autoptr (World) world = world_new (NULL);
    start (world);
    world_post (world, "i2@example.test", "A lighthouse.");
    for (guint i = 0; i < 100 && hits (world, "lighthouse") == 0; i++)
        g_usleep (20 * 1000);
    g_assert_cmpuint (hits (world, "lighthouse"), ==, 1);
}

/* More than one batch, and names of attachments. */
static void test_index_many (void)
{
    g_autoptr (World) world = world_new (NULL);
    for (guint i = 0; i < 70; i++) {
        g_autofree char *id = g_strdup_printf ("many%u@example.test", i);
        g_autofree char *body = g_strdup_printf ("Number word%u and harbour.", i);
        world_post (world, id, body);
    }
    g_autofree char *mail = mail_new (
        "att@example.test", "Anna <anna@example.test>", "team@example.test", "Files",
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
        "--b\r\n\r\nSee there.\r\n--b\r\nContent-Type: application/pdf; name=\"budgetplan.pdf\"\r\n"
        "Content-Disposition: attachment; filename=\"budgetplan.pdf\"\r\n\r\nx\r\n--b--");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    start (world);
    restart (world);
    g_assert_cmpuint (hits (world, "harbour"), ==, 70);
    g_assert_cmpuint (hits (world, "word69"), ==, 1);
    g_assert_cmpuint (hits (world, "budgetplan"), ==, 1);
}

/* More than one turn: the thread goes on by itself, without another bell. */
static void test_index_backlog (void)
{
    g_autoptr (World) world = world_new (NULL);
    for (guint i = 0; i < 600; i++) {
        g_autofree char *id = g_strdup_printf ("log%u@example.test", i);
        g_autofree char *body = g_strdup_printf ("Backlog entry%u.", i);
        world_post (world, id, body);
    }
    start (world);
    for (guint i = 0; i < 1500 && hits (world, "backlog") < 600; i++)
        g_usleep (20 * 1000);
    g_assert_cmpuint (hits (world, "backlog"), ==, 600);
}

static void test_ledger (void)
{
    g_autoptr (World) world = world_new ("mode = \"observe\"");
    g_autoptr (GError) error = NULL;
    start (world);
    g_autofree char *mail =
        mail_new ("l1@example.test", FIVE_TO, NULL, "Observed", NULL, "Only looked at.");
    g_autofree char *list = mail_new ("l2@example.test", FIVE_TO, NULL, "News",
                                      "List-Id: <news.example.test>\r\n", "Nothing.");
    g_auto (Outcome) observed = world_send (world, "gina@example.test", FIVE, mail);
    g_auto (Outcome) passed = world_send (world, "gina@example.test", FIVE, list);
    g_assert_cmpint (observed.kind, ==, FLOW_PASS);
    g_assert_cmpint (passed.kind, ==, FLOW_PASS);
    restart (world);
    g_autoptr (GPtrArray) entries = store_verdict_list (world->reader, NULL, 10, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (entries->len, ==, 2);
    g_autoptr (GPtrArray) found = store_verdict_list (world->reader, "l1@example.test", 10, &error);
    g_assert_cmpuint (found->len, ==, 1);
    const VerdictEntry *entry = found->pdata[0];
    g_assert_cmpstr (entry->verdict, ==, "observe");
    g_assert_cmpuint (entry->deliveries_avoided, ==, 5);
    g_assert_cmpuint (entry->notices, >, 0);
    g_assert_cmpint (entry->post.value, ==, 0);
    g_autoptr (GPtrArray) other = store_verdict_list (world->reader, "l2@example.test", 10, &error);
    entry = other->pdata[0];
    g_assert_cmpstr (entry->verdict, ==, "pass");
    g_assert_cmpuint (entry->deliveries_avoided, ==, 0);
    g_assert_cmpstr (entry->sender, ==, "gina@example.test");
}

/* Sender, recipients as addressed and as they are. */
static void test_found_by_person (void)
{
    static const struct {
        const char *about;
        guint count;
    } questions[] = {{"gina@example.test", 2},  {"anna@example.test", 2}, {"team@example.test", 1},
                     {"emil@example.test", 2},  {"pat@customer.test", 1}, {"4QUEUEID", 2},
                     {"nobody@example.test", 0}};
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail =
        mail_new ("p1@example.test", "team@example.test", NULL, "To a group", NULL, "Hello.");
    g_auto (Outcome) one =
        world_send (world, "Gina+x@EXAMPLE.test", "Team pat@customer.test", mail);
    g_assert_cmpint (one.kind, ==, FLOW_DROP);
    world_post (world, "p2@example.test", "Hello again.");
    for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
        g_autoptr (GPtrArray) found =
            store_verdict_list (world->reader, questions[i].about, 10, NULL);
        g_assert_cmpuint (found->len, ==, questions[i].count);
    }
}

static guint verdicts_left (World *world)
{
    g_autoptr (GPtrArray) entries = store_verdict_list (world->reader, NULL, 1000, NULL);
    return entries->len;
}

/* A day after the last day it is gone; with 0 it stays for ever. */
static void test_forgetting (gconstpointer data)
{
    static const gint64 day_ms = G_GINT64_CONSTANT (86400000);
    gboolean is_kept = g_str_equal (data, "verdict_days = 0");
    g_autoptr (World) world = world_new (data);
    world_post (world, "f1@example.test", "Hello.");
    clock_fake_set (world->clock, WORLD_NOW + 10 * day_ms - 1);
    start (world);
    restart (world);
    g_assert_cmpuint (verdicts_left (world), ==, 1);
    clock_fake_set (world->clock, WORLD_NOW + 10 * day_ms + 1);
    start (world);
    restart (world);
    g_assert_cmpuint (verdicts_left (world), ==, is_kept ? 1 : 0);
}

static gboolean apply_people (StoreTxn *txn, gpointer data, GError **error)
{
    PersonId id;
    (void)data;
    return store_person_ensure (txn, "anna@example.test", "Anna", &id, error) &&
           store_person_alias (txn, id, "annie@example.test", TRUE, error) &&
           store_group_member (txn, "choir@example.test", "anna@example.test", TRUE, error) &&
           store_group_member (txn, "choir@example.test", "bob@example.test", TRUE, error);
}

/* Another process adds people: counting follows without a restart. */
static void test_snapshot (void)
{
    g_autoptr (World) world = world_new (NULL);
    start (world);
    g_autoptr (Directory) before = flow_directory (world->flow);
    WORLD_WRITE (world, apply_people, NULL);
    gboolean is_group = FALSE;
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    for (guint i = 0; i < 100 && !is_group; i++) {
        g_autoptr (Directory) now = flow_directory (world->flow);
        is_group = directory_find (now, "choir@example.test", scratch).kind == WHO_GROUP;
        g_usleep (20 * 1000);
    }
    g_assert_true (is_group);
    g_autoptr (Directory) now = flow_directory (world->flow);
    Who who = directory_find (now, "annie@example.test", scratch);
    g_assert_cmpstr (who.canonical, ==, "anna@example.test");
    /* What somebody holds does not change under their hands. */
    who = directory_find (before, "choir@example.test", scratch);
    g_assert_cmpint (who.kind, ==, WHO_PERSON);
    g_auto (Outcome) folded = world_send (world, "gina@example.test", "anna annie carl dora", "");
    g_assert_true (folded.is_early);
}

static void test_reload (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlowSession) session = world_session (world, "gina@example.test", FIVE);
    g_autoptr (Config) lax = world_configure (world, "max_recipients = 10");
    g_assert_true (flow_reload (world->flow, lax, &error));
    /* Begun before: the old limit. Begun after: the new one. */
    g_assert_cmpint (flow_recipients_done (session), ==, FLOW_STEP_WANT_BODY);
    g_auto (Outcome) later = world_send (world, "gina@example.test", FIVE, "");
    g_assert_true (later.is_early);
    g_autoptr (Config) broken = world_configure (world, "virtual_files = { \"/nowhere/at/all\" }");
    g_assert_false (flow_reload (world->flow, broken, &error));
    g_assert_nonnull (error);
    g_autoptr (Config) kept = flow_config (world->flow);
    g_assert_true (kept == lax);
}

/* A child process dies of a message. */
static void die_of_it (const char *folder, const char *mail)
{
    pid_t child = fork();
    if (child == 0) {
        World *world = world_new_in (g_strdup (folder), NULL);
        if (!flow_start (world->flow, NULL))
            _exit (1);
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        _exit (0);
    }
    int status = 0;
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, 42);
}

static void test_poison (void)
{
    g_autofree char *folder = g_dir_make_tmp ("world-XXXXXX", NULL);
    g_autoptr (GError) error = NULL;
    World first = {.folder = folder};
    world_write (&first, "aliases", "");
    g_autofree char *mail = mail_new ("p1@example.test", FIVE_TO, NULL, "Boom", NULL, DEADLY);
    die_of_it (folder, mail);
    for (guint i = 0; i < 2; i++) { /* for good, not only the next time */
        World *world = world_new_in (g_strdup (folder), NULL);
        start (world);
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_PASS);
        g_assert_cmpstr (outcome.reason, ==, "poison");
        g_autofree char *other = mail_new ("p2@example.test", FIVE_TO, NULL, "Fine", NULL, "Well.");
        g_auto (Outcome) fine = world_send (world, "gina@example.test", FIVE, other);
        g_assert_cmpint (fine.kind, ==, FLOW_TAKEN);
        g_clear_pointer (&world->flow, flow_free);
        world_open_flow (world);
        if (i == 0)
            world->folder = (g_free (world->folder), g_strdup ("/nonexistent/kept"));
        world_free (world);
    }
}

/* Over LMTP, when daemons died of it this often. sender "" is the null sender. */
static Outcome send_poison (const char *sender, const char *recipients, const char *settings,
                            guint deaths, char **ret_kept, guint *ret_back)
{
    g_autoptr (World) world = world_new (settings);
    const char *body = deaths >= 2 || strchr (recipients, ' ') != NULL ? DEADLY : "Well.";
    g_autofree char *text =
        mail_new ("p@example.test", "new@posts.example.test", NULL, "Boom", NULL, body);
    g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);
    g_autoptr (GString) known = g_string_new (NULL);
    for (guint i = 0; i < deaths; i++)
        g_string_append_printf (known, "%s\n", digest);
    world_write (world, "poison", known->str);
    start (world);
    Outcome outcome = lmtp_send (world, sender, recipients, text);
    g_autoptr (GPtrArray) refused = store_refused_list (world->reader, 0, 10, NULL);
    *ret_kept = NULL;
    if (refused->len > 0) {
        const Refused *last = refused->pdata[0];
        g_autoptr (Refused) whole = store_refused_get (world->reader, last->id, NULL);
        assert_bytes (whole->raw, text, strlen (text));
        *ret_kept = g_strdup_printf ("%s %s", last->reason, last->recipient);
    }
    *ret_back = world_count (world, NOTICE_TRANSIT, NULL);
    g_clear_pointer (&world->flow, flow_free);
    world_open_flow (world);
    return outcome;
}

/* What came for us is kept and refused, but not before the second time: an answer may have been
 * under way when the daemon was killed for something else. */
static void test_poison_over_lmtp (void)
{
    static const struct {
        const char *sender, *recipients, *settings;
        guint deaths;
        FlowKind kind;
        const char *drop, *kept;
        guint back;
    } cases[] = {
        {"gina@example.test", "new@posts.example.test", NULL, 2, FLOW_REFUSE, "",
         "poison <new@posts.example.test>", 0},
        {"", "help@posts.example.test", NULL, 3, FLOW_REFUSE, "",
         "poison <help@posts.example.test>", 0},
        {"gina@example.test", "new@posts.example.test", NULL, 1, FLOW_TAKEN, "", NULL, 0},
        /* From the content filter: the others' copies go on untouched. */
        {"gina@example.test", "anna@example.test bob@example.test", "lmtp_filter = yes", 1,
         FLOW_TAKEN, "", NULL, 2},
        {"gina@example.test", "new@posts.example.test anna@example.test", "lmtp_filter = yes", 1,
         FLOW_REFUSE, "<anna@example.test>", "poison <new@posts.example.test>", 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *kept = NULL;
        guint back = 0;
        g_test_message ("case %u", i);
        g_auto (Outcome) outcome = send_poison (cases[i].sender, cases[i].recipients,
                                                cases[i].settings, cases[i].deaths, &kept, &back);
        g_assert_cmpint (outcome.kind, ==, cases[i].kind);
        g_assert_cmpstr (outcome.drop, ==, cases[i].drop);
        g_assert_cmpstr (kept, ==, cases[i].kept);
        g_assert_cmpuint (back, ==, cases[i].back);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/poison/passes-the-next-time", test_poison);
    g_test_add_func ("/flow/poison/over-lmtp", test_poison_over_lmtp);
    g_test_add_func ("/flow/background/index-new-text-only", test_index);
    g_test_add_func ("/flow/background/index-is-woken", test_index_is_woken);
    g_test_add_func ("/flow/background/index-batches", test_index_many);
    g_test_add_func ("/flow/background/index-backlog", test_index_backlog);
    g_test_add_func ("/flow/background/ledger", test_ledger);
    g_test_add_func ("/flow/background/found-by-person", test_found_by_person);
    g_test_add_data_func ("/flow/background/forgets", "verdict_days = 10", test_forgetting);
    g_test_add_data_func ("/flow/background/keeps-for-ever", "verdict_days = 0", test_forgetting);
    g_test_add_func ("/flow/background/snapshot", test_snapshot);
    g_test_add_func ("/flow/reload", test_reload);
    return g_test_run();
}
