/* What a policy is made with: the key that signs hop headers, and rules that do not load. */
#include "policy_mail.h"

/* ------------------------------------------------------------------ the hop header */

typedef struct {
    const char *title;
    const char *message_id; /* of the mail that carries the header */
    gboolean is_signed;     /* by us, for id@example.test */
    gboolean has_key;
    guint forged; /* copies before it */
    const char *reason;
} HopCase;

static const HopCase hop_cases[] = {
    {"signed", "id@example.test", TRUE, TRUE, 0, "own-mail"},
    {"signed-behind-forged-ones", "id@example.test", TRUE, TRUE, 3, "own-mail"},
    {"unsigned-is-ignored", "id@example.test", FALSE, TRUE, 2, "persons"},
    {"copied-to-another-mail", "other@example.test", TRUE, TRUE, 0, "persons"},
    {"no-message-id", NULL, TRUE, TRUE, 0, "persons"},
    {"no-key", "id@example.test", TRUE, FALSE, 0, "persons"},
    {"too-many-copies", "id@example.test", TRUE, TRUE, 50, "persons"},
};

static void test_hop (gconstpointer data)
{
    const HopCase *want = data;
    g_autoptr (GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp ("carbonless-test-XXXXXX", &error);
    g_autofree char *path = g_build_filename (dir, "key", NULL);
    g_autoptr (TokenKey) key = token_key_load (path, TRUE, &error);
    g_assert_no_error (error);
    (void)unlink (path);
    (void)rmdir (dir);
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, want->has_key ? key : NULL, &error);
    g_autoptr (Envelope) envelope = envelope_of ("gina", "team");
    MailSpec spec = {.message_id = want->message_id, .headers = "Subject: x"};
    g_autoptr (Mail) mail = mail_of (&spec);
    for (guint i = 0; i < want->forged; i++)
        mail_add_header (mail, "x-carbonless-hop: 0123456789abcdef");
    g_autofree char *value = policy_hop_value (key, "id@example.test");
    g_autofree char *line = g_strconcat (HOP_HEADER, ":  ", value, NULL);
    if (want->is_signed)
        mail_add_header (mail, line);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_assert_cmpstr (verdict->reason, ==, want->reason);
}

/* ------------------------------------------------------------------ rules that do not load */

typedef struct {
    const char *title;
    ConfRule rule;
    const char *error;
} RuleErrorCase;

static const RuleErrorCase rule_errors[] = {
    {"pattern",
     {.name = (char *)"r", .sender = (char *)"a(b", .line = 7},
     "test.conf:7: rule r: pattern for sender: missing closing parenthesis at character 4"},
    {"header-without-name",
     {.name = (char *)"r", .header = (char *)": x", .line = 8},
     "test.conf:8: rule r: header must be \"Name: pattern\""},
    {"header-without-colon",
     {.name = (char *)"r", .header = (char *)"x", .line = 8},
     "test.conf:8: rule r: header must be \"Name: pattern\""},
    {"header-pattern",
     {.name = (char *)"r", .header = (char *)"X: [", .line = 9},
     "test.conf:9: rule r: pattern for header: missing terminating ] for character class at "
     "character 2"},
    {"verdict",
     {.name = (char *)"r", .verdict = (char *)"keep", .line = 1},
     "test.conf:1: rule r: verdict must be post, pass or observe, not \"keep\""},
    {"visibility",
     {.name = (char *)"r", .visibility = (char *)"some", .line = 1},
     "test.conf:1: rule r: visibility must be everyone or recipients, not \"some\""},
};

static void test_rule_error (gconstpointer data)
{
    const RuleErrorCase *want = data;
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = world_config ("");
    /* the parser refuses some of these before: fill them in behind its back */
    g_autoptr (GPtrArray) kept = conf->rules;
    conf->rules = g_ptr_array_new();
    g_ptr_array_add (conf->rules, (gpointer)&want->rule);
    g_assert_null (policy_new (conf, NULL, &error));
    g_assert_error (error, ERROR_DOMAIN, ERR_REFUSED);
    g_assert_cmpstr (error->message, ==, want->error);
    g_clear_error (&error);
    g_autofree char *path = g_steal_pointer (&conf->path);
    g_assert_null (policy_new (conf, NULL, &error));
    g_assert_true (g_str_has_prefix (error->message, "-:"));
    g_ptr_array_unref (conf->rules);
    conf->rules = g_ptr_array_ref (kept);
}

#define ADD_CASES(path, list, test)                                                                \
    for (guint i = 0; i < G_N_ELEMENTS (list); i++) {                                              \
        g_autofree char *name = g_strconcat (path, (list)[i].title, NULL);                         \
        g_test_add_data_func (name, &(list)[i], test);                                             \
    }

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    ADD_CASES ("/policy/hop/", hop_cases, test_hop)
    ADD_CASES ("/policy/rules/error/", rule_errors, test_rule_error)
    return g_test_run();
}
