/* test_gateways.c - two gateways behind one another: mail that one wrote passes the other, with the
 * same key and with another; copies of the signed header help nobody. */
#include <curl/curl.h>

#include "answers.h"
#include "notify.h"
#include "smtp_peer.h"

/* The notice that one gateway sends to Anna, as it goes over the wire. Owned. */
static char *notice_of (World *world, SmtpPeer *peer)
{
    g_autoptr (GError) error = NULL;
    guint sent = 0;
    world_post (world, "p@example.test", "Who comes along?");
    gboolean ok = courier_run_once (world->conf, world->store, world->key, world->templates,
                                    world->clock, &sent, &error);
    g_assert_no_error (error);
    g_assert_true (ok);
    const PeerMail *mail = peer_mail_to (peer, "anna@example.test");
    g_assert_nonnull (mail);
    return g_strdup (mail->text->str);
}

static World *gateway_new (const SmtpPeer *peer)
{
    g_autofree char *settings =
        g_strdup_printf ("smtp_url = \"%s\"\nauthor_receipt = \"never\"", peer->url);
    return world_new (settings);
}

/* From now on the second has the keys of the first. */
static void share_key (World *second, const World *first)
{
    g_autoptr (GError) error = NULL;
    flow_free (second->flow);
    token_key_unref (second->key);
    second->key = token_key_load (first->conf->key_file, FALSE, &error);
    g_assert_no_error (error);
    world_open_flow (second);
}

/* The second gateway sees the notice go to five: an alias of Anna's that is a group. */
static void test_notice_passes (void)
{
    g_autoptr (SmtpPeer) peer = peer_new();
    g_autoptr (World) first = gateway_new (peer);
    g_autoptr (World) second = gateway_new (peer);
    g_autofree char *notice = notice_of (first, peer);
    g_autofree char *sender = reply_address (first, "anna", (PostId){1});
    g_auto (Outcome) alone = world_send (second, sender, "anna", notice);
    g_assert_true (alone.is_early);
    g_auto (Outcome) own = world_send (second, sender, "team", notice);
    g_assert_cmpint (own.kind, ==, FLOW_PASS);
    /* Forwarded by a colleague's rule, it has another envelope sender. */
    g_auto (Outcome) unknown = world_send (second, "hugo@example.test", FIVE, notice);
    g_assert_cmpint (unknown.kind, ==, FLOW_PASS);
    share_key (second, first);
    g_auto (Outcome) known = world_send (second, "hugo@example.test", FIVE, notice);
    g_assert_cmpint (known.kind, ==, FLOW_PASS);
    g_assert_cmpstr (known.reason, ==, "own-mail");
    g_assert_cmpint (count_rows (second, "SELECT count(*) FROM post"), ==, 0);
}

/* Each gateway may have put its header on top; one that is ours is enough, whichever it is. */
static void test_many_headers (void)
{
    static const struct {
        guint before, after;
        gboolean is_own;
    } cases[] = {{0, 0, TRUE}, {1, 0, TRUE}, {0, 1, TRUE}, {5, 5, TRUE}, {100, 0, FALSE}};
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *ours = policy_hop_value (world->key, "h@example.test");
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GString) headers = g_string_new (NULL);
        for (guint k = 0; k < cases[i].before; k++)
            g_string_append_printf (headers, HOP_HEADER ": %064u\r\n", k);
        g_string_append_printf (headers, HOP_HEADER ": %s\r\n", ours);
        for (guint k = 0; k < cases[i].after; k++)
            g_string_append_printf (headers, HOP_HEADER ": %064u\r\n", k + 1000);
        g_autofree char *mail =
            mail_new ("h@example.test", FIVE_TO, NULL, "Hop", headers->str, "Text.");
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (outcome.kind, ==, cases[i].is_own ? FLOW_PASS : FLOW_TAKEN);
    }
}

/* A header that was copied off our mail, or made up, lets nobody past the gateway. */
static void test_copies (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (World) other = world_new (NULL);
    g_autofree char *ours = policy_hop_value (world->key, "notice.1@posts.example.test");
    g_autofree char *theirs = policy_hop_value (other->key, "c@example.test");
    const char *const values[] = {ours, theirs, "", "yes"};
    for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
        g_autofree char *header = g_strdup_printf ("%s: %s\r\n", HOP_HEADER, values[i]);
        g_autofree char *body = g_strdup_printf ("Text %u.", i);
        g_autofree char *mail = mail_new ("c@example.test", FIVE_TO, NULL, "Copy", header, body);
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    }
}

int main (int argc, char **argv)
{
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/gateways/notice-passes", test_notice_passes);
    g_test_add_func ("/flow/gateways/many-headers", test_many_headers);
    g_test_add_func ("/flow/gateways/copies", test_copies);
    return g_test_run();
}
