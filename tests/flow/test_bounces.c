/* test_bounces.c - notices that come back without a report: the key says whose address failed; what
 * may pass suppresses on the third day only. */
#include "answers.h"
#include "letters.h"

static PostId lunch (World *world)
{
    return world_post (world, "p1@example.test", "Who comes?");
}

static gint64 suppressed (const World *world)
{
    return count_rows (world, "SELECT count(*) FROM person WHERE is_suppressed");
}

static void come_back (World *world, const char *sender, const char *to, const char *head,
                       const char *text)
{
    g_autofree char *mail = g_strdup_printf ("%s\r\nTo: %s\r\n\r\n%s\r\n", head, to, text);
    g_auto (Outcome) outcome = lmtp_send (world, sender, to, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
}

#define EXIM                                                                                       \
    "From: Mail Delivery System <Mailer-Daemon@mx.example.test>\r\n"                               \
    "Subject: Mail delivery failed: returning message to sender"
#define NOBODY                                                                                     \
    "This message was created automatically by mail delivery software.\r\n\r\n"                    \
    "  gina@example.test\r\n    550 no such user\r\n"
#define FULL                                                                                       \
    "This message was created automatically by mail delivery software.\r\n\r\n"                    \
    "  anna@example.test\r\n    mailbox is full\r\n"

/* The words name Gina, the key is Anna's: it was Anna's notice. */
static void test_key_says_who (void)
{
    g_autoptr (World) world = world_new ("administrator = \"root@example.test\"");
    g_autofree char *to = bounce_address (world, "anna", lunch (world));
    come_back (world, "", "digest@posts.example.test", EXIM, NOBODY);
    g_assert_cmpint (suppressed (world), ==, 0);
    come_back (world, "", to, EXIM, NOBODY);
    g_assert_cmpint (count_rows (world, "SELECT count(*) FROM person WHERE is_suppressed AND "
                                        "address = 'anna@example.test'"),
                     ==, 1);
    g_assert_cmpint (suppressed (world), ==, 1);
    g_assert_cmpint (answers (world, "bounce"), ==, 1);
}

/* Systems that put themselves in the envelope. */
static void test_with_sender (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *to = bounce_address (world, "anna", lunch (world));
    come_back (world, "postmaster@mx.example.test", to,
               "From: postmaster@mx.example.test\r\nSubject: Undeliverable: Lunch",
               "Your message could not be delivered to anna@example.test: user unknown");
    g_assert_cmpint (suppressed (world), ==, 1);
}

static gboolean apply_resume (StoreTxn *txn, gpointer data, GError **error)
{
    return store_person_suppress (txn, *(const PersonId *)data, FALSE, NULL, error);
}

/* Who gets Anna's answer sees where it goes, and forges a report to there. */
static void test_reply_key (void)
{
    g_autoptr (World) world = world_new ("administrator = \"root@example.test\"");
    g_autofree char *to = reply_address (world, "anna", lunch (world));
    come_back (world, "", to, EXIM, NOBODY);
    g_assert_cmpint (suppressed (world), ==, 0);
    g_assert_cmpint (answers (world, "bounce"), ==, 0);
}

static void test_passing (void)
{
    static const struct {
        guint wait_days;
        gint64 suppressed;
    } rounds[] = {{0, 0}, {0, 0}, {1, 0}, {15, 0}, {14, 0}, {2, 1}};
    g_autoptr (World) world = world_new ("administrator = \"root@example.test\"");
    g_autofree char *to = bounce_address (world, "anna", lunch (world));
    for (guint i = 0; i < G_N_ELEMENTS (rounds); i++) {
        clock_fake_set (world->clock, clock_now_ms (world->clock) + rounds[i].wait_days * DAY_MS);
        come_back (world, "", to, EXIM, FULL);
        g_assert_cmpint (suppressed (world), ==, rounds[i].suppressed);
        g_assert_cmpint (answers (world, "bounce"), ==, rounds[i].suppressed);
    }
    /* Taken back by an administrator, they begin anew. */
    PersonId anna = person_of (world, "anna");
    WORLD_WRITE (world, apply_resume, &anna);
    clock_fake_set (world->clock, clock_now_ms (world->clock) + DAY_MS);
    come_back (world, "", to, EXIM, FULL);
    g_assert_cmpint (suppressed (world), ==, 0);
}

/* A late mail, an absence note and a person's question about a bounce do nothing to the address. */
static void test_others (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *to = bounce_address (world, "anna", lunch (world));
    for (guint i = 0; i < 4; i++) {
        clock_fake_set (world->clock, clock_now_ms (world->clock) + DAY_MS);
        come_back (world, "", to,
                   "From: Mailer-Daemon@mx.example.test\r\nSubject: Warning: message delayed",
                   "A message that you sent has not yet been delivered");
        come_back (world, "", to, "From: anna@example.test\r\nSubject: Automatic reply: Lunch",
                   "I am away until 550 days have passed");
    }
    g_assert_cmpint (suppressed (world), ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/bounces/key-says-who", test_key_says_who);
    g_test_add_func ("/flow/bounces/with-sender", test_with_sender);
    g_test_add_func ("/flow/bounces/reply-key", test_reply_key);
    g_test_add_func ("/flow/bounces/passing", test_passing);
    g_test_add_func ("/flow/bounces/others", test_others);
    return g_test_run();
}
