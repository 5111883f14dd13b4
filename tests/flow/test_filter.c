/* test_filter.c - as Postfix' content_filter: what is replaced becomes a post, everything else goes
 * back through the outbox as it came, and nothing is answered before it is on disk. */
#include "answers.h"
#include "transit.h"

#define FILTER "lmtp_filter = yes"

/* The recipients to whom mail goes back, sorted, with blanks between. Owned. */
static char *going_back (World *world)
{
    g_autoptr (GPtrArray) notices = world_outbox (world);
    g_autoptr (GPtrArray) addresses = g_ptr_array_new();
    for (guint i = notices->len; i > 0; i--) {
        const Notice *notice = notices->pdata[i - 1];
        if (notice->kind == NOTICE_TRANSIT)
            g_ptr_array_add (addresses, notice->address);
    }
    g_ptr_array_add (addresses, NULL);
    return g_strjoinv (" ", (char **)addresses->pdata);
}

static void assert_untouched (World *world, const char *mail, const char *sender)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) notices = world_outbox (world);
    for (guint i = 0; i < notices->len; i++) {
        const Notice *notice = notices->pdata[i];
        g_autoptr (GBytes) raw = NULL;
        g_autofree char *from = NULL;
        if (notice->kind != NOTICE_TRANSIT)
            continue;
        g_assert_true (store_transit_get (world->reader, notice->id, &from, &raw, &error));
        g_assert_no_error (error);
        g_assert_cmpstr (from, ==, sender);
        assert_bytes (raw, mail, strlen (mail));
    }
}

static const struct {
    const char *name, *recipients, *headers, *back;
    guint posts;
} cases[] = {
    {"few", "anna@example.test bob@example.test", NULL, "anna@example.test bob@example.test", 0},
    {"many",
     "anna@example.test bob@example.test carl@example.test dora@example.test emil@example.test",
     NULL, "", 1},
    {"outsider",
     "anna@example.test bob@example.test carl@example.test dora@example.test pat@customer.test",
     NULL, "pat@customer.test", 1},
    {"never-taken", "anna@example.test bob@example.test carl@example.test dora@example.test",
     "List-Id: <news.example.test>\r\n",
     "anna@example.test bob@example.test carl@example.test dora@example.test", 0},
    {"quoted-local-part", "\"odd\\ one\"@customer.test", NULL, "\"odd\\ one\"@customer.test", 0},
};

static void test_case (gconstpointer data)
{
    guint at = GPOINTER_TO_UINT (data);
    g_autoptr (World) world = world_new (FILTER);
    g_autofree char *mail = mail_new ("c1@example.test", FIVE_TO, NULL, "Through the filter",
                                      cases[at].headers, "Text.\r\n.dot\r\n\xe9");
    g_autoptr (FlowSession) session = flow_session_new (world->flow, FRONT_LMTP);
    Envelope *envelope = flow_session_envelope (session);
    envelope->sender = g_strdup ("<gina@example.test>");
    if (strchr (cases[at].recipients, '"') != NULL) {
        g_ptr_array_add (envelope->recipients, g_strdup_printf ("<%s>", cases[at].recipients));
    } else {
        g_auto (GStrv) words = g_strsplit (cases[at].recipients, " ", -1);
        for (char **word = words; *word != NULL; word++)
            g_ptr_array_add (envelope->recipients, g_strdup_printf ("<%s>", *word));
    }
    g_assert_cmpint (flow_recipients_done (session), ==, FLOW_STEP_WANT_BODY);
    g_assert_true (flow_append (session, mail, strlen (mail), NULL));
    g_auto (Outcome) outcome = outcome_of (session);
    g_autofree char *back = going_back (world);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_assert_cmpstr (back, ==, cases[at].back);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, cases[at].posts);
    assert_untouched (world, mail, "gina@example.test");
}

/* Without lmtp_filter such mail is not ours: it stays where it is. */
static void test_off (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail =
        mail_new ("o1@example.test", "anna@example.test", NULL, "Astray", NULL, "Text.");
    g_auto (Outcome) outcome = lmtp_send (world, "gina@example.test", "anna@example.test", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_PASS); /* 451 in LMTP */
    g_assert_cmpuint (world_count (world, NOTICE_TRANSIT, NULL), ==, 0);
}

/* Own and other addresses in one transaction. */
static void test_mixed (void)
{
    g_autoptr (World) world = world_new (FILTER);
    g_autofree char *mail =
        mail_new ("x1@example.test", "new@posts.example.test, anna@example.test", NULL, "Mixed",
                  NULL, "A post of its own, and a copy to Anna.");
    g_auto (Outcome) outcome =
        lmtp_send (world, "gina@example.test", "new@posts.example.test anna@example.test", mail);
    g_autofree char *back = going_back (world);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_assert_cmpstr (back, ==, "anna@example.test");
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 1);
}

/* An outsider may not post, but their mail to a colleague goes on. */
static void test_mixed_refusal (void)
{
    g_autoptr (World) world = world_new (FILTER);
    static const char mail[] = "From: Pat <pat@customer.test>\r\nTo: anna@example.test\r\n"
                               "Subject: Hi\r\nMessage-ID: <r1@customer.test>\r\n\r\nHello.\r\n";
    g_auto (Outcome) outcome =
        lmtp_send (world, "pat@customer.test", "new@posts.example.test anna@example.test", mail);
    g_autofree char *back = going_back (world);
    g_assert_cmpint (outcome.kind, ==, FLOW_REFUSE);
    g_assert_cmpstr (outcome.drop, ==, "<anna@example.test>");
    g_assert_cmpstr (back, ==, "anna@example.test");
}

static void run_sql (const World *world, const char *sql)
{
    sqlite3 *db = NULL;
    g_assert_cmpint (sqlite3_open (world->conf->database, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
}

/* Whatever on_failure says, what cannot be stored stays in Postfix' queue. */
static void test_store_fails (void)
{
    g_autoptr (World) world = world_new (FILTER "\non_failure = pass");
    g_autofree char *mail =
        mail_new ("s1@example.test", FIVE_TO, NULL, "Not stored", NULL, "Text.");
    run_sql (world, "CREATE TRIGGER bad BEFORE INSERT ON transit BEGIN SELECT "
                    "RAISE (ABORT, 'bad'); END");
    g_auto (Outcome) outcome = lmtp_send (
        world, "gina@example.test",
        "anna@example.test bob@example.test carl@example.test dora@example.test pat@customer.test",
        mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_DEFER);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 0);
    g_assert_cmpuint (world_count (world, NOTICE_POST, NULL), ==, 0);
}

static void send_copy (World *world, const char *queue_id, const char *sender,
                       const char *recipients, const char *mail, FlowKind wanted)
{
    g_autoptr (FlowSession) session = flow_session_new (world->flow, FRONT_LMTP);
    Envelope *envelope = flow_session_envelope (session);
    envelope->queue_id = g_strdup (queue_id);
    envelope->sender = g_strdup_printf ("<%s>", sender);
    g_auto (GStrv) words = g_strsplit (recipients, " ", -1);
    for (char **word = words; *word != NULL; word++)
        g_ptr_array_add (envelope->recipients, g_strdup_printf ("<%s>", *word));
    g_assert_true (flow_append (session, mail, strlen (mail), NULL));
    g_auto (Outcome) outcome = outcome_of (session);
    g_assert_cmpint (outcome.kind, ==, wanted);
}

/* The answer was lost: what was taken is not taken again; whatever differs is another mail. */
static void test_repeated (void)
{
    static const struct {
        const char *queue_id, *sender, *recipients, *body;
        guint more; /* mails that go back */
    } steps[] = {
        {"4AAA", "gina@example.test", "anna@example.test bob@example.test", "Text.", 2},
        {"4AAA", "gina@example.test", "anna@example.test bob@example.test", "Text.", 0},
        {"4AAA", "gina@example.test", "bob@example.test", "Text.", 0},
        /* Postfix splits long lists: the rest of the same queue file. */
        {"4AAA", "gina@example.test", "bob@example.test carl@example.test", "Text.", 1},
        {"4BBB", "gina@example.test", "anna@example.test bob@example.test", "Text.", 2},
        {"4AAA", "gina@example.test", "anna@example.test", "Text!", 1},
        {"4AAA", "bob@example.test", "anna@example.test", "Text.", 1},
        {"4AAA", "gina@example.test", "Anna@example.test", "Text.", 1},
        /* Without queue id nobody can tell. */
        {NULL, "gina@example.test", "anna@example.test", "Text.", 1},
        {NULL, "gina@example.test", "anna@example.test", "Text.", 1},
    };
    g_autoptr (World) world = world_new (FILTER);
    guint total = 0;
    for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
        g_autofree char *mail = mail_new ("l1@example.test", "anna@example.test", NULL,
                                          "Answer lost", NULL, steps[i].body);
        send_copy (world, steps[i].queue_id, steps[i].sender, steps[i].recipients, mail,
                   FLOW_TAKEN);
        total += steps[i].more;
        g_test_message ("step %u", i);
        g_assert_cmpuint (world_count (world, NOTICE_TRANSIT, NULL), ==, total);
    }
}

/* A post beside an outsider's copy: both once. What could not be stored is not noted either. */
static void test_repeated_post (void)
{
    static const char recipients[] =
        "anna@example.test bob@example.test carl@example.test dora@example.test pat@customer.test";
    g_autoptr (World) world = world_new (FILTER);
    g_autofree char *mail = mail_new ("l2@example.test", FIVE_TO, NULL, "Split", NULL, "Text.");
    run_sql (world, "CREATE TRIGGER bad BEFORE INSERT ON transit BEGIN SELECT "
                    "RAISE (ABORT, 'bad'); END");
    send_copy (world, "4AAA", "gina@example.test", recipients, mail, FLOW_DEFER);
    run_sql (world, "DROP TRIGGER bad");
    for (guint i = 0; i < 2; i++) {
        send_copy (world, "4AAA", "gina@example.test", recipients, mail, FLOW_TAKEN);
        g_assert_cmpint (count_rows (world, "SELECT count(*) FROM post"), ==, 1);
        g_assert_cmpuint (world_count (world, NOTICE_TRANSIT, NULL), ==, 1);
    }
}

static gboolean apply_sent (StoreTxn *txn, gpointer data, GError **error)
{
    const Notice *notice = data;
    return store_notice_sent (txn, notice->id, WORLD_NOW, error);
}

/* With the last recipient the bytes are gone, too. */
static void test_forgotten (void)
{
    g_autoptr (World) world = world_new (FILTER);
    g_autofree char *mail =
        mail_new ("g1@example.test", "anna@example.test", NULL, "Private", NULL, "Text.");
    g_auto (Outcome) outcome =
        lmtp_send (world, "gina@example.test", "anna@example.test bob@example.test", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (GPtrArray) notices = world_outbox (world);
    g_assert_cmpuint (notices->len, ==, 2);
    WORLD_WRITE (world, apply_sent, notices->pdata[0]);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM transit"), ==, 1);
    WORLD_WRITE (world, apply_sent, notices->pdata[1]);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM transit"), ==, 0);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM notice"), ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strconcat ("/flow/filter/", cases[i].name, NULL);
        g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
    g_test_add_func ("/flow/filter/off", test_off);
    g_test_add_func ("/flow/filter/mixed", test_mixed);
    g_test_add_func ("/flow/filter/mixed-refusal", test_mixed_refusal);
    g_test_add_func ("/flow/filter/store-fails", test_store_fails);
    g_test_add_func ("/flow/filter/forgotten", test_forgotten);
    g_test_add_func ("/flow/filter/repeated", test_repeated);
    g_test_add_func ("/flow/filter/repeated-post", test_repeated_post);
    return g_test_run();
}
