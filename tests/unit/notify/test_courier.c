/* test_courier.c - the outbox against servers that behave and that do not, by a clock that stands.
 */
#include <curl/curl.h>

#include "classify.h"
#include "message.h"
#include "notify.h"
#include "smtp_peer.h"
#include "transit.h"
#include "world.h"

#define MINUTE_MS (60 * G_GINT64_CONSTANT (1000))

typedef struct {
    SmtpPeer *peer;
    World *world;
    gint64 now_ms;
} Office;

static Office office_new (const char *settings)
{
    SmtpPeer *peer = peer_new();
    g_autofree char *all = g_strdup_printf ("smtp_url = \"%s\"\nauthor_receipt = \"never\"\n%s",
                                            peer->url, settings != NULL ? settings : "");
    return (Office){peer, world_new (all), WORLD_NOW};
}

static void office_clear (Office *office)
{
    world_free (office->world);
    g_clear_pointer (&office->peer, peer_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Office, office_clear)

static void pass_time (Office *office, gint64 ms)
{
    office->now_ms += ms;
    clock_fake_set (office->world->clock, office->now_ms);
}

static guint run (Office *office)
{
    g_autoptr (GError) error = NULL;
    World *world = office->world;
    guint sent = 0;
    gboolean ok = courier_run_once (world->conf, world->store, world->key, world->templates,
                                    world->clock, &sent, &error);
    g_assert_no_error (error);
    g_assert_true (ok);
    return sent;
}

/* The only mail in the outbox. Owned. */
static Notice *only_notice (Office *office)
{
    g_autoptr (GPtrArray) outbox = world_outbox (office->world);
    g_assert_cmpuint (outbox->len, ==, 1);
    const Notice *notice = outbox->pdata[0];
    return store_notice_get (office->world->reader, notice->id, NULL);
}

static void test_sent_once (void)
{
    g_auto (Office) office = office_new (NULL);
    world_post (office.world, "c1@example.test", "Text.");
    g_assert_cmpuint (run (&office), ==, 1);
    g_autoptr (Notice) notice = only_notice (&office);
    g_assert_cmpint (notice->state, ==, NOTICE_SENT);
    g_assert_cmpint (notice->sent_ms, ==, WORLD_NOW);
    for (guint i = 0; i < 3; i++) {
        pass_time (&office, 60 * MINUTE_MS);
        g_assert_cmpuint (run (&office), ==, 0);
    }
    g_assert_cmpuint (peer_count (office.peer), ==, 1);
    g_assert_cmpstr (peer_mail (office.peer, 0)->recipient, ==, "<anna@example.test>");
}

/* Seventy mails, more than two batches, over one connection. */
static void test_many (void)
{
    g_auto (Office) office = office_new (NULL);
    for (guint i = 0; i < 70; i++) {
        g_autofree char *id = g_strdup_printf ("many%u@example.test", i);
        world_post (office.world, id, id);
    }
    g_assert_cmpuint (run (&office), ==, 70);
    g_assert_cmpuint (peer_count (office.peer), ==, 70);
    g_assert_cmpuint (peer_connections (office.peer), ==, 1);
}

/* 4xx: again after 1, 2, 4 minutes; at the end an administrator's business. */
static void test_retry (void)
{
    g_auto (Office) office = office_new ("outbox_tries_max = 4");
    world_post (office.world, "c2@example.test", "Text.");
    peer_answer (office.peer, "RCPT", "450 4.2.1 Busy\r\n", 100);
    static const guint minutes[] = {1, 2, 4};
    for (guint i = 0; i < G_N_ELEMENTS (minutes); i++) {
        g_assert_cmpuint (run (&office), ==, 0);
        g_autoptr (Notice) notice = only_notice (&office);
        g_assert_cmpint (notice->state, ==, NOTICE_QUEUED);
        g_assert_cmpuint (notice->tries, ==, i + 1);
        g_assert_cmpint (notice->due_ms, ==, office.now_ms + minutes[i] * MINUTE_MS);
        g_assert_cmpstr (notice->last_error, ==, "450 4.2.1 Busy");
        pass_time (&office, minutes[i] * MINUTE_MS - 1);
        guint before = office.peer->commands;
        g_assert_cmpuint (run (&office), ==, 0);
        g_assert_cmpuint (office.peer->commands, ==, before);
        pass_time (&office, 1);
    }
    g_assert_cmpuint (run (&office), ==, 0);
    g_autoptr (Notice) notice = only_notice (&office);
    g_assert_cmpint (notice->state, ==, NOTICE_DEAD);
}

/* 5xx ends this mail and no other. */
static void test_refused (void)
{
    g_auto (Office) office = office_new (NULL);
    g_autofree char *mail = mail_new ("c3@example.test", "anna@example.test, bob@example.test",
                                      "team@example.test", "Two", NULL, "Text.");
    g_auto (Outcome) outcome = world_send (office.world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    guint queued = world_count (office.world, NOTICE_POST, NULL);
    g_assert_cmpuint (queued, >=, 2);
    peer_answer (office.peer, "RCPT", "550 5.1.1 No such user\r\n", 1);
    g_assert_cmpuint (run (&office), ==, queued - 1);
    g_autoptr (GPtrArray) outbox = world_outbox (office.world);
    guint dead = 0;
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        dead += notice->state == NOTICE_DEAD;
        if (notice->state == NOTICE_DEAD)
            g_assert_cmpstr (notice->last_error, ==, "550 5.1.1 No such user");
    }
    g_assert_cmpuint (dead, ==, 1);
    pass_time (&office, 600 * MINUTE_MS);
    g_assert_cmpuint (run (&office), ==, 0);
}

/* Postfix is down for a week: no mail is given up, no try is counted, all go out in the end. */
static void test_unreachable (void)
{
    g_auto (Office) office = office_new ("outbox_tries_max = 3");
    for (guint i = 0; i < 40; i++) {
        g_autofree char *id = g_strdup_printf ("down%u@example.test", i);
        world_post (office.world, id, id);
    }
    peer_answer (office.peer, "banner", "421 4.3.2 Down\r\n", 200);
    for (guint i = 0; i < 100; i++) {
        g_assert_cmpuint (run (&office), ==, 0);
        pass_time (&office, 101 * MINUTE_MS);
    }
    g_autoptr (GPtrArray) outbox = world_outbox (office.world);
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        g_assert_cmpint (notice->state, ==, NOTICE_QUEUED);
        g_assert_cmpuint (notice->tries, ==, 0);
    }
    peer_answer (office.peer, "banner", "220 Here again\r\n", 1000);
    g_ptr_array_remove_index (office.peer->rules, 0);
    pass_time (&office, 101 * MINUTE_MS);
    g_assert_cmpuint (run (&office), ==, 40);
}

/* The connection breaks in the middle of a text: sent again, with the same Message-ID. */
static void test_hangup (void)
{
    static const char *const verbs[] = {"DATA", "."};
    static const char *const replies[] = {PEER_HANGUP, PEER_CLOSE};
    for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
        g_auto (Office) office = office_new (NULL);
        world_post (office.world, "c4@example.test", "Text.");
        peer_answer (office.peer, verbs[i], replies[i], 1);
        g_assert_cmpuint (run (&office), ==, 0);
        pass_time (&office, MINUTE_MS);
        g_assert_cmpuint (run (&office), ==, 1);
        g_assert_cmpuint (peer_count (office.peer), ==, 1);
    }
}

static gboolean apply_claim (StoreTxn *txn, gpointer data, GError **error)
{
    g_autoptr (GPtrArray) claimed = NULL;
    Office *office = data;
    return store_notice_claim (txn, office->now_ms, 5 * MINUTE_MS, 10, &claimed, error) &&
           claimed->len == 1;
}

/* Somebody claimed it and died: it is sent when the lease has run out, not before. */
static void test_lease (void)
{
    g_auto (Office) office = office_new (NULL);
    world_post (office.world, "c5@example.test", "Text.");
    WORLD_WRITE (office.world, apply_claim, &office);
    g_assert_cmpuint (run (&office), ==, 0);
    pass_time (&office, 5 * MINUTE_MS - 1);
    g_assert_cmpuint (run (&office), ==, 0);
    pass_time (&office, 2);
    g_assert_cmpuint (run (&office), ==, 1);
}

static gboolean apply_release (StoreTxn *txn, gpointer data, GError **error)
{
    guint count = 0;
    const PostId *post = data;
    return store_release (txn, *post, "gina@example.test", &count, error);
}

/* A release, to exactly those who did not get it, once, byte for byte. */
static void test_release (void)
{
    g_auto (Office) office = office_new (NULL);
    g_autofree char *mail = mail_new ("c7@example.test", FIVE_TO, "eve@elsewhere.test", "As it was",
                                      NULL, ".one dot\r\n..two\r\nlast");
    g_auto (Outcome) outcome =
        world_send (office.world, "gina@example.test", FIVE " eve@elsewhere.test", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_DROP);
    guint notices = run (&office);
    WORLD_WRITE (office.world, apply_release, &outcome.post);
    WORLD_WRITE (office.world, apply_release, &outcome.post);
    g_assert_cmpuint (run (&office), ==, 5);
    g_assert_cmpuint (peer_count (office.peer), ==, notices + 5);
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    g_auto (GStrv) parts = g_strsplit (mail, "\r\n.", -1);
    g_autofree char *wire = g_strjoinv ("\r\n..", parts);
    for (guint i = notices; i < notices + 5; i++) {
        const PeerMail *got = peer_mail (office.peer, i);
        g_assert_cmpstr (got->text->str, ==, wire);
        g_assert_cmpstr (got->sender, ==, "<gina@example.test>");
        g_assert_true (g_hash_table_add (seen, got->recipient));
    }
    g_assert_true (g_hash_table_contains (seen, "<anna@example.test>"));
    g_assert_true (g_hash_table_contains (seen, "<emil@example.test>"));
    g_assert_false (g_hash_table_contains (seen, "<eve@elsewhere.test>"));
}

/* The thread: woken by the commit, not by its period alone; stops in time though the server hangs.
 */
static void test_thread (void)
{
    g_auto (Office) office = office_new (NULL);
    g_autoptr (GError) error = NULL;
    World *world = office.world;
    Courier *courier = courier_start (world->conf, world->store, world->key, world->templates,
                                      world->clock, &error);
    g_assert_no_error (error);
    world_post (world, "c8@example.test", "Text.");
    for (guint i = 0; i < 300 && peer_count (office.peer) == 0; i++)
        g_usleep (10 * 1000);
    g_assert_cmpuint (peer_count (office.peer), ==, 1);
    peer_answer (office.peer, "MAIL", PEER_SILENT, 10);
    world_post (world, "c9@example.test", "Text.");
    g_usleep (200 * 1000);
    gint64 before_ms = clock_monotonic_ms();
    courier_stop (courier);
    g_assert_cmpint (clock_monotonic_ms() - before_ms, <, 9000);
    g_assert_cmpuint (peer_count (office.peer), ==, 1);
}

static gboolean apply_again (StoreTxn *txn, gpointer data, GError **error)
{
    const Notice *notice = data;
    return store_notice_again (txn, notice->id, error);
}

static gboolean apply_transit (StoreTxn *txn, gpointer data, GError **error)
{
    static const char *const recipients[] = {"anna@example.test", "pat@customer.test", NULL};
    return store_transit_add (txn, "gina@example.test", recipients, data, error);
}

/* A report about somebody's mail that could not be delivered. */
static gboolean apply_orphan (StoreTxn *txn, gpointer data, GError **error)
{
    static const char *const recipients[] = {"anna@example.test", NULL};
    return store_transit_add (txn, "", recipients, data, error);
}

static guint count_state (World *world, NoticeKind kind, NoticeState state)
{
    g_autoptr (GPtrArray) outbox = world_outbox (world);
    guint count = 0;
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        count += notice->kind == kind && notice->state == state;
    }
    return count;
}

/* The mail that the peer accepted last: a report to Gina that says this. */
static void assert_report (const Office *office, const char *status, const char *about,
                           const char *returned)
{
    g_assert_cmpuint (peer_count (office->peer), >, 0);
    const PeerMail *got = peer_mail (office->peer, peer_count (office->peer) - 1);
    g_assert_cmpstr (got->sender, ==, "<>");
    g_assert_cmpstr (got->recipient, ==, "<gina@example.test>");
    g_autoptr (GBytes) raw = g_bytes_new (got->text->str, got->text->len);
    g_autoptr (Message) message = message_parse (raw, NULL);
    g_assert_true (classify_message (message, "").is_auto);
    g_assert_cmpint (classify_message (message, "").class, ==, CLASS_BOUNCE);
    g_assert_nonnull (strstr (got->text->str, "report-type=delivery-status"));
    g_assert_nonnull (strstr (got->text->str, status));
    g_assert_nonnull (strstr (got->text->str, about));
    g_assert_nonnull (strstr (got->text->str, returned));
}

/* Ordinary mail: forgotten when Postfix has it; what is refused goes back to its sender. */
static void test_transit (void)
{
    g_auto (Office) office = office_new ("administrator = \"admin@example.test\"");
    World *world = office.world;
    g_autoptr (GBytes) raw = g_bytes_new_static ("Subject: x\r\n\r\n.dot\r\n", 20);
    WORLD_WRITE (world, apply_transit, raw);
    peer_answer (office.peer, "RCPT", "550 5.1.1 Nobody\r\n", 1);
    run (&office);
    run (&office);
    g_assert_cmpuint (peer_count (office.peer), ==, 2);
    g_assert_cmpstr (peer_mail (office.peer, 0)->recipient, ==, "<pat@customer.test>");
    assert_report (&office, "\r\nStatus: 5.1.1\r\n",
                   "\r\nFinal-Recipient: rfc822; anna@example.test\r\nAction: failed\r\n",
                   "\r\nSubject: x\r\n\r\n..dot\r\n");
    g_assert_cmpuint (world_count (world, NOTICE_TRANSIT, NULL), ==, 0);
    g_assert_cmpuint (world_count (world, NOTICE_ANSWER, NULL), ==, 0);
}

/* Try after try for five days, however many there are; then its sender hears of it. */
static void test_transit_expires (void)
{
    g_auto (Office) office = office_new ("outbox_tries_max = 3");
    g_autoptr (GBytes) raw = g_bytes_new_static ("Subject: x\r\n\r\nHello\r\n", 21);
    WORLD_WRITE (office.world, apply_transit, raw);
    peer_answer (office.peer, "RCPT", "452 4.3.1 Disk full\r\n", 100000);
    for (guint hours = 0; hours < 5 * 24; hours++) {
        run (&office);
        g_assert_cmpuint (count_state (office.world, NOTICE_TRANSIT, NOTICE_QUEUED), ==, 2);
        pass_time (&office, 60 * MINUTE_MS);
    }
    run (&office);
    pass_time (&office, 60 * MINUTE_MS);
    run (&office);
    /* Two reports wait now, in the place of two mails. */
    g_assert_cmpuint (world_count (office.world, NOTICE_TRANSIT, "gina@example.test"), ==, 2);
    g_assert_cmpuint (world_count (office.world, NOTICE_TRANSIT, NULL), ==, 2);
    peer_forgive (office.peer);
    pass_time (&office, 120 * MINUTE_MS);
    run (&office);
    assert_report (&office, "\r\nStatus: 4.3.1\r\n", "smtp; 452 4.3.1 Disk full\r\n",
                   "\r\nSubject: x\r\n\r\nHello\r\n");
    g_assert_cmpuint (world_count (office.world, NOTICE_TRANSIT, NULL), ==, 0);
}

/* What has no sender is kept, and the administrator told. */
static void test_transit_orphan (void)
{
    g_auto (Office) office = office_new ("administrator = \"admin@example.test\"");
    World *world = office.world;
    g_autoptr (GBytes) raw = g_bytes_new_static ("Subject: x\r\n\r\n.dot\r\n", 20);
    WORLD_WRITE (world, apply_orphan, raw);
    peer_answer (office.peer, "RCPT", "550 5.1.1 Nobody\r\n", 1);
    run (&office);
    g_assert_cmpuint (count_state (world, NOTICE_TRANSIT, NOTICE_DEAD), ==, 1);
    g_assert_cmpuint (world_count (world, NOTICE_TRANSIT, NULL), ==, 1);
    g_assert_cmpuint (world_count (world, NOTICE_ANSWER, "admin@example.test"), ==, 1);
    run (&office);
    g_assert_cmpuint (count_state (world, NOTICE_ANSWER, NOTICE_SENT), ==, 1);
    /* Once it is sent after all, nothing is left of it. */
    g_autoptr (GPtrArray) outbox = world_outbox (world);
    for (guint i = 0; i < outbox->len; i++) {
        Notice *notice = outbox->pdata[i];
        if (notice->kind == NOTICE_TRANSIT)
            WORLD_WRITE (world, apply_again, notice);
    }
    run (&office);
    g_assert_cmpuint (world_count (world, NOTICE_TRANSIT, NULL), ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_test_add_func ("/notify/courier/sent-once", test_sent_once);
    g_test_add_func ("/notify/courier/many", test_many);
    g_test_add_func ("/notify/courier/retry", test_retry);
    g_test_add_func ("/notify/courier/refused", test_refused);
    g_test_add_func ("/notify/courier/transit", test_transit);
    g_test_add_func ("/notify/courier/transit-expires", test_transit_expires);
    g_test_add_func ("/notify/courier/transit-orphan", test_transit_orphan);
    g_test_add_func ("/notify/courier/unreachable", test_unreachable);
    g_test_add_func ("/notify/courier/hangup", test_hangup);
    g_test_add_func ("/notify/courier/lease", test_lease);
    g_test_add_func ("/notify/courier/release", test_release);
    g_test_add_func ("/notify/courier/thread", test_thread);
    return g_test_run();
}
