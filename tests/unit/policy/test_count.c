/* Counting: PRODUCT.md 2, and the early answer at DATA. */
#include "count.h"
#include "policy_test.h"

typedef struct {
    const char *title;
    const char *sender;     /* "" = null sender */
    const char *recipients; /* names of example.test, or whole addresses */
    guint persons;
    const char *early; /* reason to pass at DATA, or NULL: wanted */
} CountCase;

static const CountCase cases[] = {
    {"two-persons", "gina", "anna bob", 2, "few"},
    {"three-persons-are-few", "gina", "anna bob carl", 3, "few"},
    {"four-persons-are-many", "gina", "anna bob carl dora", 4, NULL},
    {"case-folds", "gina", "anna ANNA@example.test anna@EXAMPLE.TEST bob carl", 3, "few"},
    {"subaddress-folds", "gina", "anna+a@example.test anna+b@example.test anna bob carl", 3, "few"},
    {"alias-folds", "gina", "anna a.devries anna@branch.test info bob carl", 3, "few"},
    {"moved-domain-folds", "gina", "anna anna@old.test bob carl", 3, "few"},
    {"group-counts-its-members", "gina", "team", 4, NULL},
    {"nested-group", "gina", "nested", 5, NULL},
    {"cyclic-groups", "gina", "ring-a ring-b", 2, "few"},
    {"groups-overlap", "gina", "team nested anna", 5, NULL},
    {"group-of-ours", "gina", "board", 2, "few"},
    {"virtual-group", "gina", "sales bob carl", 4, NULL},
    {"sender-does-not-count", "anna", "anna bob carl dora", 3, "few"},
    {"sender-by-alias", "anna", "a.devries bob carl dora", 3, "few"},
    {"sender-writes-from-an-alias", "a.devries", "anna bob carl dora", 3, "few"},
    {"sender-writes-from-a-subaddress", "anna+news@example.test", "anna bob carl dora", 3, "few"},
    {"sender-in-a-group", "anna", "team", 3, "few"},
    {"sender-from-a-mailbox-with-copies", "shared", "shared bob carl dora", 4, NULL},
    {"outsiders-do-not-count", "gina", "anna bob carl x@outside.test y@outside.test", 3, "few"},
    {"outsider-behind-an-alias", "gina", "anna bob carl supplier", 3, "few"},
    {"outsiders-in-a-group", "gina", "mixed", 4, NULL},
    {"own-addresses-do-not-count", "gina", "anna bob carl acme@posts.example.test", 3, "few"},
    {"always-do-not-count", "gina", "anna bob carl printer m1@machines.example.test", 3, "few"},
    {"always-behind-an-alias", "gina", "anna bob carl archive", 3, "few"},
    {"owner-of-a-list-does-not-count", "gina", "anna bob carl owner-team team-request", 3, "few"},
    {"nonsense-does-not-count", "gina", "anna bob carl <> <@>", 3, "few"},
    {"only-outsiders", "gina", "x@outside.test", 0, "few"},
    {"only-own", "gina", "acme@posts.example.test new@posts.example.test", 0, "own-address"},
    {"own-and-outsider", "gina", "acme@posts.example.test x@outside.test", 0, "few"},
    {"nobody", "gina", "", 0, "few"},
    {"sender-only", "gina", "gina", 0, "few"},
    {"null-sender", "", "anna bob carl dora", 4, "null-sender"},
    {"outside-sender", "x@outside.test", "anna bob carl dora", 4, "external"},
    {"sender-is-a-group", "team", "anna bob carl dora", 4, NULL},
    {"sender-at-an-alias-domain", "anna@old.test", "anna bob carl dora", 3, "few"},
    {"sender-is-a-role-mailbox", "printer", "anna bob carl dora", 4, NULL},
    {"our-own-notices", "reply+x@posts.example.test", "anna bob carl dora", 4, "own-mail"},
    {"sender-is-nonsense", "@", "anna bob carl dora", 4, "external"},
};

typedef struct {
    Config *conf;
    Directory *directory;
    Policy *policy;
} World;

static World world_new (const char *more)
{
    g_autoptr (GError) error = NULL;
    World world = {world_config (more), NULL, NULL};
    world.directory = world_directory (world.conf);
    world.policy = policy_new (world.conf, NULL, &error);
    g_assert_no_error (error);
    return world;
}

static void world_clear (World *world)
{
    policy_unref (world->policy);
    directory_unref (world->directory);
    conf_unref (world->conf);
}

static void test_count (gconstpointer data)
{
    const CountCase *want = data;
    World world = world_new ("");
    g_autoptr (Envelope) envelope = envelope_of (want->sender, want->recipients);
    g_auto (Count) count = {0};
    count_init (&count, world.directory, envelope);
    count_run (&count, envelope, G_MAXUINT - 1);
    g_assert_cmpuint (count.found->len, ==, want->persons);
    const char *reason = NULL;
    gboolean is_passed = policy_early (world.policy, world.directory, envelope, &reason);
    g_assert_cmpstr (reason, ==, want->early);
    g_assert_cmpint (is_passed, ==, want->early != NULL);
    world_clear (&world);
}

/* The early answer with another configuration. */
typedef struct {
    const char *title, *conf, *sender, *recipients, *early;
} ConfCase;

static const ConfCase conf_cases[] = {
    {"limit-one", "max_recipients = 1\n", "gina", "anna bob", NULL},
    {"limit-ten", "max_recipients = 10\n", "gina", "nested finn", "few"},
    {"case-sensitive", "case_sensitive_local_part = yes\n", "gina",
     "anna ANNA@example.test bob carl", NULL},
    {"no-delimiter", "recipient_delimiter = \"\"\n", "gina", "anna anna+x@example.test bob carl",
     NULL},
    {"take-external", "take_external = yes\n", "x@outside.test", "anna bob carl dora", NULL},
    {"take-external-few", "take_external = yes\n", "x@outside.test", "anna bob carl", "few"},
    {"take-external-nonsense", "take_external = yes\n", "@", "anna bob carl dora", NULL},
    {"take-external-null", "take_external = yes\n", "", "anna bob carl dora", "null-sender"},
    {"take-external-own", "take_external = yes\n", "x@posts.example.test", "anna bob carl dora",
     "own-mail"},
};

static void test_conf (gconstpointer data)
{
    const ConfCase *want = data;
    World world = world_new (want->conf);
    g_autoptr (Envelope) envelope = envelope_of (want->sender, want->recipients);
    const char *reason = NULL;
    policy_early (world.policy, world.directory, envelope, &reason);
    g_assert_cmpstr (reason, ==, want->early);
    world_clear (&world);
}

/* The null sender as sendmail and Postfix' internal mail write it. */
static void test_empty_sender (void)
{
    World world = world_new ("");
    g_autoptr (Envelope) envelope = envelope_of ("", "anna bob carl dora");
    g_free (envelope->sender);
    envelope->sender = g_strdup ("");
    const char *reason = NULL;
    g_assert_true (policy_early (world.policy, world.directory, envelope, &reason));
    g_assert_cmpstr (reason, ==, "null-sender");
    world_clear (&world);
}

static void test_unknown_sender (void)
{
    World world = world_new ("");
    g_autoptr (Envelope) envelope = envelope_of ("", "anna bob carl dora");
    g_clear_pointer (&envelope->sender, g_free);
    const char *reason = "untouched";
    g_assert_false (policy_early (world.policy, world.directory, envelope, &reason));
    g_assert_cmpstr (reason, ==, "untouched");
    world_clear (&world);
}

/* RCPT texts as clients and sendmail write them. */
static void test_envelope_texts (void)
{
    World world = world_new ("");
    g_autoptr (Envelope) envelope = envelope_new (FRONT_MILTER);
    envelope->sender = g_strdup ("gina@example.test");
    const char *const texts[] = {"anna@example.test", "<anna@example.test>", "<Bob@Example.test>",
                                 "\"carl\"@example.test",
                                 "<dora@example.test> ORCPT=rfc822;x@y.test"};
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        g_ptr_array_add (envelope->recipients, g_strdup (texts[i]));
    g_ptr_array_add (envelope->recipients, g_strdup ("bob"));
    g_auto (Count) count = {0};
    count_init (&count, world.directory, envelope);
    count_run (&count, envelope, 100);
    g_assert_cmpuint (count.found->len, ==, 4);
    world_clear (&world);
}

/* Enough is enough: a huge group costs no more than the limit. */
static void test_stops_early (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (GString) text = g_string_new ("all: p0");
    for (guint i = 1; i < 5000; i++)
        g_string_append_printf (text, ", p%u", i);
    g_autoptr (Directory) directory = directory_of (conf, text->str, NULL);
    g_autoptr (Envelope) envelope = envelope_of ("gina", "all bob carl");
    g_auto (Count) count = {0};
    count_init (&count, directory, envelope);
    count_run (&count, envelope, 3);
    g_assert_cmpuint (count.found->len, ==, 4);
    g_assert_cmpuint (count.recipients->len, ==, 1);
}

static void test_references (void)
{
    World world = world_new ("");
    Policy *again = policy_ref (world.policy);
    Directory *same = directory_ref (world.directory);
    policy_unref (again);
    directory_unref (same);
    policy_unref (NULL);
    directory_unref (NULL);
    directory_builder_free (NULL);
    envelope_free (NULL);
    world_clear (&world);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *name = g_strconcat ("/policy/count/", cases[i].title, NULL);
        g_test_add_data_func (name, &cases[i], test_count);
    }
    for (guint i = 0; i < G_N_ELEMENTS (conf_cases); i++) {
        g_autofree char *name = g_strconcat ("/policy/early/", conf_cases[i].title, NULL);
        g_test_add_data_func (name, &conf_cases[i], test_conf);
    }
    g_test_add_func ("/policy/early/empty-sender", test_empty_sender);
    g_test_add_func ("/policy/early/unknown-sender", test_unknown_sender);
    g_test_add_func ("/policy/count/envelope-texts", test_envelope_texts);
    g_test_add_func ("/policy/count/stops-early", test_stops_early);
    g_test_add_func ("/policy/count/references", test_references);
    return g_test_run();
}
