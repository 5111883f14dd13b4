/* test_effects.c - what `stats` counts, and by which queue id an administrator finds a message. */
#include "answers.h"

static StatsWeek effects (World *world)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GArray) weeks = store_stats (world->reader, 0, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (weeks->len, ==, 1);
    return g_array_index (weeks, StatsWeek, 0);
}

/* The same message twice, then a part with people who were not in the first: one post, and each
 * copy and notice once. */
static void test_repeated (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail = mail_new ("r1@example.test", "Anna <anna@example.test>",
                                      "team@example.test", "Twice", NULL, "Text.");
    for (guint i = 0; i < 2; i++) {
        g_auto (Outcome) outcome =
            world_send (world, "gina@example.test", "anna bob carl dora", mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
        StatsWeek week = effects (world);
        g_assert_cmpuint (week.messages, ==, i + 1);
        g_assert_cmpuint (week.posts, ==, 1);
        g_assert_cmpuint (week.deliveries_avoided, ==, 4);
        g_assert_cmpuint (week.bytes_avoided, ==, 4 * strlen (mail));
        g_assert_cmpuint (week.notices, ==, 1);
    }
    g_auto (Outcome) part = world_send (world, "gina@example.test", "emil fred hans ina", mail);
    StatsWeek week = effects (world);
    g_assert_cmpuint (week.posts, ==, 1);
    g_assert_cmpuint (week.deliveries_avoided, ==, 8);
    g_autoptr (GPtrArray) log = store_verdict_list (world->reader, "r1@example.test", 10, NULL);
    g_assert_cmpuint (log->len, ==, 3); /* each transaction can be found */
}

/* Over LMTP, Postfix says its queue id by XFORWARD, or its Received on top does. */
static void test_queue_id (void)
{
    static const struct {
        const char *told, *received, *found;
    } cases[] = {
        {"4TOLD", "Received: by gw.example.test (Postfix) with ESMTP id 4WRITTEN; x\r\n", "4TOLD"},
        {NULL, "Received: by gw.example.test (Postfix) with ESMTP id 4WRITTEN; x\r\n", "4WRITTEN"},
        {"", "Received: by gw.example.test (Postfix, from userid 0)\r\n\tid 4WRITTEN; x\r\n",
         "4WRITTEN"},
        {NULL, "", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (World) world = world_new (NULL);
        g_autofree char *mail = g_strdup_printf (
            "%sFrom: gina@example.test\r\nTo: new@posts.example.test\r\nSubject: Hello\r\n"
            "Message-ID: <q@x.test>\r\n\r\nText.\r\n",
            cases[i].received);
        g_autoptr (FlowSession) session = flow_session_new (world->flow, FRONT_LMTP);
        Envelope *envelope = flow_session_envelope (session);
        envelope->queue_id = g_strdup (cases[i].told);
        envelope->sender = g_strdup ("<gina@example.test>");
        g_ptr_array_add (envelope->recipients, g_strdup ("<new@posts.example.test>"));
        g_assert_true (flow_append (session, mail, strlen (mail), NULL));
        g_auto (Outcome) outcome = outcome_of (session);
        g_autoptr (GPtrArray) found = store_post_find (world->reader, "q@x.test", ADMIN, NULL);
        g_assert_cmpuint (found->len, ==, 1);
        g_assert_cmpstr (((const Post *)found->pdata[0])->queue_id, ==, cases[i].found);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/effects/repeated", test_repeated);
    g_test_add_func ("/flow/effects/queue-id", test_queue_id);
    return g_test_run();
}
