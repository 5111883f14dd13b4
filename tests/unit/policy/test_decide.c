/* The full decision: verdicts, reasons, what is deleted and what stays. */
#include "policy_mail.h"

typedef struct {
    const char *title;
    const char *conf;   /* more lines of configuration, or NULL */
    const char *sender; /* NULL: gina */
    const char *recipients;
    MailSpec mail;
    VerdictKind kind;
    const char *reason;
    const char *drop; /* RCPT texts without <>, names of example.test; NULL: none */
    guint outsiders, kept, deliveries;
    const char *rule;
    const char *topics; /* NULL: none */
    Visibility visibility;
} DecideCase;

#define RULE(name, lines) "rule " name " {\n" lines "\n}\n"

static const DecideCase cases[] = {
    {"post", .recipients = "anna bob carl dora", .kind = VERDICT_POST, .reason = "persons",
     .drop = "anna bob carl dora", .deliveries = 4},
    {"few-pass", .recipients = "anna bob carl", .kind = VERDICT_PASS, .reason = "few", .kept = 3},
    {"spellings-are-deleted-as-they-came",
     .recipients = "Anna+x@Example.TEST a.devries@example.test bob carl dora emma",
     .kind = VERDICT_POST, .reason = "persons",
     .drop = "Anna+x@Example.TEST a.devries@example.test bob carl dora emma", .deliveries = 5},
    {"group", .recipients = "team", .kind = VERDICT_POST, .reason = "persons", .drop = "team",
     .deliveries = 4},
    {"split-outsider", .recipients = "anna bob carl dora x@outside.test", .kind = VERDICT_SPLIT,
     .reason = "persons", .drop = "anna bob carl dora", .outsiders = 1, .kept = 1, .deliveries = 4},
    {"split-outsider-alias", .recipients = "supplier team", .kind = VERDICT_SPLIT,
     .reason = "persons", .drop = "team", .outsiders = 1, .kept = 1, .deliveries = 4},
    {"split-always", .recipients = "anna printer bob carl dora m1@machines.example.test archive",
     .kind = VERDICT_SPLIT, .reason = "persons", .drop = "anna bob carl dora", .kept = 3,
     .deliveries = 4},
    {"split-own-address", .recipients = "team acme@posts.example.test", .kind = VERDICT_SPLIT,
     .reason = "persons", .drop = "team", .kept = 1, .deliveries = 4, .topics = "acme"},
    {"nonsense-stays", .recipients = "team <@>", .kind = VERDICT_SPLIT, .reason = "persons",
     .drop = "team", .kept = 1, .deliveries = 4},
    {"mixed-group-stays", .recipients = "mixed emma finn", .kind = VERDICT_SPLIT,
     .reason = "persons", .drop = "emma finn", .kept = 1, .deliveries = 2},
    {"group-with-a-command-stays", .recipients = "filed anna bob dora", .kind = VERDICT_SPLIT,
     .reason = "persons", .drop = "anna bob dora", .kept = 1, .deliveries = 3},
    {"empty-group-stays", .recipients = "team void-a", .kind = VERDICT_SPLIT, .reason = "persons",
     .drop = "team", .kept = 1, .deliveries = 4},
    {"only-mixed-groups-pass", .recipients = "mixed", .kind = VERDICT_PASS, .reason = "mixed-group",
     .kept = 1},
    {"members-of-a-mixed-group-by-name-too", .recipients = "mixed anna bob", .kind = VERDICT_PASS,
     .reason = "mixed-group", .kept = 3},
    {"sender-among-the-recipients", .recipients = "gina anna bob carl dora", .kind = VERDICT_POST,
     .reason = "persons", .drop = "gina anna bob carl dora", .deliveries = 5},
    {"sender-in-a-group", .sender = "anna", .mail = {.from = "anna"}, .recipients = "nested",
     .kind = VERDICT_POST, .reason = "persons", .drop = "nested", .deliveries = 5},
    {"sender-gets-a-copy-by-a-mixed-group", .sender = "anna", .mail = {.from = "anna"},
     .recipients = "mixed emma", .kind = VERDICT_SPLIT, .reason = "persons", .drop = "emma",
     .kept = 1, .deliveries = 1},

    /* never taken */
    {"null-sender", .sender = "", .recipients = "team", .kind = VERDICT_PASS,
     .reason = "null-sender", .kept = 1},
    {"outside-sender", .sender = "x@outside.test", .recipients = "team", .kind = VERDICT_PASS,
     .reason = "external", .kept = 1},
    {"outside-author", .mail = {.from = "x@outside.test"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "external", .kept = 1},
    {"external-taken", .conf = "take_external = yes\n", .sender = "x@outside.test",
     .mail = {.from = "Xaver <x@outside.test>"}, .recipients = "team", .kind = VERDICT_POST,
     .reason = "persons", .drop = "team", .deliveries = 4},
    {"our-own-envelope", .sender = "reply+x@posts.example.test", .recipients = "team",
     .kind = VERDICT_PASS, .reason = "own-mail", .kept = 1},
    {"our-own-from", .mail = {.from = "reply+x@posts.example.test"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "own-mail", .kept = 1},
    {"only-own-addresses", .recipients = "acme@posts.example.test", .kind = VERDICT_PASS,
     .reason = "own-address", .kept = 1},
    {"class-list", .mail = {.headers = "List-Id: <x.lists.test>"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "list", .kept = 1},
    {"class-automatic", .mail = {.headers = "Auto-Submitted: auto-replied"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "auto-submitted", .kept = 1},
    {"class-sensitivity", .mail = {.headers = "Sensitivity: Private"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "sensitivity", .kept = 1},
    {"class-before-rules", .conf = RULE ("all", "verdict = post"),
     .mail = {.headers = "Sensitivity: Private"}, .recipients = "team", .kind = VERDICT_PASS,
     .reason = "sensitivity", .kept = 1},
    {"keep-tag", .mail = {.subject = "Re: [Mail] lunch"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "keep-tag", .kept = 1},
    {"keep-tag-changed", .conf = "keep_tag = \"!m\"\n", .mail = {.subject = "[mail] now !M"},
     .recipients = "team", .kind = VERDICT_PASS, .reason = "keep-tag", .kept = 1},
    {"keep-tag-switched-off", .conf = "keep_tag = \"\"\n", .mail = {.subject = "[mail] lunch"},
     .recipients = "team", .kind = VERDICT_POST, .reason = "persons", .drop = "team",
     .deliveries = 4, .topics = "mail"},

    /* mode and pilot */
    {"observe", .conf = "mode = observe\n", .recipients = "team x@outside.test",
     .kind = VERDICT_OBSERVE, .reason = "mode", .outsiders = 1, .deliveries = 4},
    {"observe-passes-what-passes", .conf = "mode = observe\n", .recipients = "anna bob",
     .kind = VERDICT_PASS, .reason = "few", .kept = 2},
    {"pilot-member", .conf = "pilot = \"pilots@example.test\"\n", .sender = "emma",
     .mail = {.from = "emma"}, .recipients = "team", .kind = VERDICT_POST, .reason = "persons",
     .drop = "team", .deliveries = 4},
    {"pilot-stranger", .conf = "pilot = \"pilots@example.test\"\n", .recipients = "team",
     .kind = VERDICT_OBSERVE, .reason = "pilot", .deliveries = 4},
    {"pilot-of-one", .conf = "pilot = \"Gina+p@example.test\"\n", .recipients = "team",
     .kind = VERDICT_POST, .reason = "persons", .drop = "team", .deliveries = 4},
    {"pilot-in-observe-mode", .conf = "pilot = \"gina@example.test\"\nmode = observe\n",
     .recipients = "team", .kind = VERDICT_OBSERVE, .reason = "mode", .deliveries = 4},

    /* rules */
    {"rule-pass-sender", .conf = RULE ("robot", "sender = \"^gina@\"\nverdict = pass"),
     .recipients = "team", .kind = VERDICT_PASS, .reason = "rule", .rule = "robot", .kept = 1},
    {"rule-pass-from", .conf = RULE ("robot", "sender = \"^EMMA@\"\nverdict = pass"),
     .mail = {.from = "bob, emma"}, .recipients = "team", .kind = VERDICT_PASS, .reason = "rule",
     .rule = "robot", .kept = 1},
    {"rule-pass-recipient", .conf = RULE ("desk", "recipient = \"^helpdesk@\"\nverdict = pass"),
     .recipients = "team helpdesk+x helpdesk <@>", .kind = VERDICT_PASS, .reason = "rule",
     .rule = "desk", .kept = 4},
    {"rule-pass-subject", .conf = RULE ("alarm", "subject = \"\\\\bÄRGER\\\\b\"\nverdict = pass"),
     .mail = {.subject = "viel ärger!"}, .recipients = "team", .kind = VERDICT_PASS,
     .reason = "rule", .rule = "alarm", .kept = 1},
    {"rule-pass-header", .conf = RULE ("h", "header = \"X-Robot:  yes\"\nverdict = pass"),
     .mail = {.headers = "X-Other: yes\nx-robot: no\nX-Robot: Yes"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "rule", .rule = "h", .kept = 1},
    {"rule-header-elsewhere", .conf = RULE ("h", "header = \"X-Robot: yes\"\nverdict = pass"),
     .mail = {.headers = "X-Other: yes"}, .recipients = "team", .kind = VERDICT_POST,
     .reason = "persons", .drop = "team", .deliveries = 4},
    {"rule-needs-all-patterns",
     .conf = RULE ("both", "sender = \"gina\"\nsubject = \"red\"\nverdict = pass"),
     .mail = {.subject = "blue"}, .recipients = "team", .kind = VERDICT_POST, .reason = "persons",
     .drop = "team", .deliveries = 4},
    {"rule-without-pattern-matches-all", .conf = RULE ("all", "verdict = pass"),
     .recipients = "team", .kind = VERDICT_PASS, .reason = "rule", .rule = "all", .kept = 1},
    {"first-match-wins",
     .conf = RULE ("one", "subject = \"red\"\nverdict = post") RULE ("two", "verdict = pass"),
     .mail = {.subject = "red"}, .recipients = "team", .kind = VERDICT_POST, .reason = "persons",
     .drop = "team", .deliveries = 4, .rule = "one"},
    {"first-match-wins-else-the-next",
     .conf = RULE ("one", "subject = \"red\"\nverdict = post") RULE ("two", "verdict = pass"),
     .mail = {.subject = "blue"}, .recipients = "team", .kind = VERDICT_PASS, .reason = "rule",
     .rule = "two", .kept = 1},
    {"rule-observe", .conf = RULE ("try", "verdict = observe\ntopic = \"#Trial\""),
     .recipients = "team", .kind = VERDICT_OBSERVE, .reason = "rule", .rule = "try",
     .deliveries = 4, .topics = "trial"},
    {"rule-post-does-not-enforce", .conf = "mode = observe\n" RULE ("p", "verdict = post"),
     .recipients = "team", .kind = VERDICT_OBSERVE, .reason = "mode", .rule = "p", .deliveries = 4},
    {"rule-post-takes-no-few", .conf = RULE ("p", "verdict = post"), .recipients = "anna bob",
     .kind = VERDICT_PASS, .reason = "few", .kept = 2},
    {"rule-sets-visibility-and-topic",
     .conf = RULE ("hr", "sender = gina\nvisibility = recipients\ntopic = people"),
     .recipients = "team", .kind = VERDICT_POST, .reason = "persons", .rule = "hr", .drop = "team",
     .deliveries = 4, .topics = "people", .visibility = VISIBLE_RECIPIENTS},
    {"rule-too-hard", .conf = RULE ("slow", "subject = \"^(a+)+$\"\nverdict = post"),
     .mail = {.subject = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}, .recipients = "team",
     .kind = VERDICT_PASS, .reason = "rule-limit", .rule = "slow", .kept = 1},
    {"rule-too-hard-but-other-pattern-fails",
     .conf = RULE ("slow", "subject = \"^(a+)+$\"\nheader = \"X-A: b\"\nverdict = pass"),
     .mail = {.subject = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}, .recipients = "team",
     .kind = VERDICT_POST, .reason = "persons", .drop = "team", .deliveries = 4},

    /* labels */
    {"topics", .mail = {.subject = "Re: [acme] the #Offer for [Beta-2]", .text = "see #gamma"},
     .recipients = "team", .kind = VERDICT_POST, .reason = "persons", .drop = "team",
     .deliveries = 4, .topics = "acme beta-2 offer gamma"},
    {"topics-not-of-quotes", .mail = {.text = "new\n\nOn 3 May 2024, Bob wrote:\n> see #gamma\n"},
     .recipients = "team", .kind = VERDICT_POST, .reason = "persons", .drop = "team",
     .deliveries = 4},
    {"private-tag", .mail = {.subject = "[Private] [acme] pay"}, .recipients = "team",
     .kind = VERDICT_POST, .reason = "persons", .drop = "team", .deliveries = 4, .topics = "acme",
     .visibility = VISIBLE_RECIPIENTS},
    {"private-tag-beats-a-rule",
     .conf = "visibility = recipients\n" RULE ("open", "visibility = everyone"),
     .mail = {.subject = "[private] pay"}, .recipients = "team", .kind = VERDICT_POST,
     .reason = "persons", .rule = "open", .drop = "team", .deliveries = 4,
     .visibility = VISIBLE_RECIPIENTS},
    {"rule-opens", .conf = "visibility = recipients\n" RULE ("open", "visibility = everyone"),
     .recipients = "team", .kind = VERDICT_POST, .reason = "persons", .rule = "open",
     .drop = "team", .deliveries = 4, .visibility = VISIBLE_EVERYONE},
    {"visibility-of-the-configuration", .conf = "visibility = recipients\n", .recipients = "team",
     .kind = VERDICT_POST, .reason = "persons", .drop = "team", .deliveries = 4,
     .visibility = VISIBLE_RECIPIENTS},
};

/* Joined RCPT texts in the form of `drop` in the table. Owned. */
static char *drop_of (const char *words)
{
    g_auto (GStrv) list = addresses_of (words != NULL ? words : "");
    g_autoptr (GString) out = g_string_new ("");
    for (char **word = list; *word != NULL; word++)
        g_string_append_printf (out, "%s<%s>", out->len > 0 ? " " : "", *word);
    return g_strdup (out->str);
}

static void test_decide (gconstpointer data)
{
    const DecideCase *want = data;
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = world_config (want->conf != NULL ? want->conf : "");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, &error);
    g_assert_no_error (error);
    g_autoptr (Envelope) envelope =
        envelope_of (want->sender != NULL ? want->sender : "gina", want->recipients);
    g_autoptr (Mail) mail = mail_of (&want->mail);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_assert_cmpstr (verdict->reason, ==, want->reason);
    g_assert_cmpstr (verdict_name (verdict->kind), ==, verdict_name (want->kind));
    g_autofree char *drop = join_texts (verdict->drop);
    g_autofree char *wanted_drop = drop_of (want->drop);
    g_assert_cmpstr (drop, ==, wanted_drop);
    g_assert_cmpuint (verdict->kept, ==, want->kept);
    g_assert_cmpuint (verdict->deliveries, ==, want->deliveries);
    g_assert_cmpstr (verdict->rule, ==, want->rule);
    g_autofree char *topics = join_texts (verdict->topics);
    g_assert_cmpstr (topics, ==, want->topics != NULL ? want->topics : "");
    g_assert_cmpint (verdict->visibility, ==, want->visibility);
    if (want->outsiders > 0)
        g_assert_cmpuint (verdict->outsiders, ==, want->outsiders);
    g_assert_nonnull (policy_reason_text (verdict->reason));
    g_assert_cmpint (verdict->readers->len > 0, ==, want->kind != VERDICT_PASS);
    g_assert_cmpint (verdict->written != NULL, ==, want->kind != VERDICT_PASS);
}

/* ------------------------------------------------------------------ the author */

typedef struct {
    const char *title, *sender, *from;
    const char *author, *name;
} AuthorCase;

static const AuthorCase author_cases[] = {
    {"canonical", "gina", "A de V <a.devries@example.test>", "anna@example.test", "A de V"},
    {"name-of-the-directory", "gina", "bob", "bob@example.test", "Bob Smit"},
    {"several-from-the-sender", "emma", "bob, Emma <emma@example.test>, anna", "emma@example.test",
     "Emma"},
    {"several-from-the-first", "gina", "bob, emma", "bob@example.test", "Bob Smit"},
    {"no-from", "bob", "", "bob@example.test", "Bob Smit"},
    {"a-group", "gina", "team", "team@example.test", ""},
    {"an-outsider", "gina", "Xaver <X@outside.test>", "X@outside.test", "Xaver"},
    {"nobody", "@", "", "", ""},
};

static void test_author (gconstpointer data)
{
    const AuthorCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope = envelope_of (want->sender, "team");
    MailSpec spec = {.from = want->from};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_assert_cmpstr (verdict->author, ==, want->author);
    g_assert_cmpstr (verdict->author_name, ==, want->name);
    g_autofree char *alone = policy_author (directory, envelope, &mail->message);
    g_assert_cmpstr (alone, ==, want->author);
}

static void test_author_of_sender_header (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Envelope) envelope = envelope_of ("gina", "team");
    MailSpec spec = {.from = ""};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_ptr_array_add (mail->message.sender, address_new ("Bob", "bob@example.test"));
    g_autofree char *author = policy_author (directory, envelope, &mail->message);
    g_assert_cmpstr (author, ==, "bob@example.test");
}

/* ------------------------------------------------------------------ explain */

static void test_explained (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope = envelope_of (
        "gina", "anna team anna+x@example.test gina x@outside.test printer mixed void-a "
                "acme@posts.example.test <@>");
    MailSpec spec = {0};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    static const char *const counted[][3] = {
        {"anna@example.test", NULL, "<anna@example.test>"},
        {"bob@example.test", "team@example.test", "<team@example.test>"},
        {"carl@example.test", "team@example.test", "<team@example.test>"},
        {"dora@example.test", "team@example.test", "<team@example.test>"},
    };
    g_assert_cmpuint (verdict->persons, ==, G_N_ELEMENTS (counted));
    g_assert_cmpuint (verdict->counted->len, ==, G_N_ELEMENTS (counted));
    for (guint i = 0; i < G_N_ELEMENTS (counted); i++) {
        const Counted *person = verdict->counted->pdata[i];
        g_assert_cmpstr (person->address, ==, counted[i][0]);
        g_assert_cmpstr (person->via, ==, counted[i][1]);
        g_assert_cmpstr (person->recipient, ==, counted[i][2]);
    }
    static const struct {
        const char *recipient;
        WhoKind kind;
        const char *canonical, *reason;
    } others[] = {
        {"<anna+x@example.test>", WHO_PERSON, "anna@example.test", "repeated"},
        {"<gina@example.test>", WHO_PERSON, "gina@example.test", "sender"},
        {"<x@outside.test>", WHO_OUTSIDER, "x@outside.test", "outsider"},
        {"<printer@example.test>", WHO_ALWAYS, "printer@example.test", "always-deliver"},
        {"<mixed@example.test>", WHO_GROUP, "mixed@example.test", "mixed-group"},
        {"<void-a@example.test>", WHO_GROUP, "void-a@example.test", "empty-group"},
        {"<acme@posts.example.test>", WHO_OWN, "acme@posts.example.test", "own-address"},
        {"<@>", WHO_OUTSIDER, "", "invalid"},
    };
    g_assert_cmpuint (verdict->uncounted->len, ==, G_N_ELEMENTS (others));
    for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
        const Uncounted *other = verdict->uncounted->pdata[i];
        g_assert_cmpstr (other->recipient, ==, others[i].recipient);
        g_assert_cmpint (other->kind, ==, others[i].kind);
        g_assert_cmpstr (other->canonical, ==, others[i].canonical);
        g_assert_cmpstr (other->reason, ==, others[i].reason);
        g_assert_nonnull (policy_reason_text (other->reason));
    }
}

typedef struct {
    const char *title, *sender, *recipients;
    const char *repeated; /* RCPTs that name nobody new */
} RepeatedCase;

static const RepeatedCase repeated_cases[] = {
    {"group-within-another", "gina", "nested team", "<team@example.test>"},
    {"group-with-one-more", "gina", "dora team", ""},
    {"group-of-sender-and-known", "emma", "finn board team", "<board@example.test>"},
    {"person-twice", "gina", "team bob", "<bob@example.test>"},
};

static void test_repeated (gconstpointer data)
{
    const RepeatedCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope = envelope_of (want->sender, want->recipients);
    MailSpec spec = {0};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_autoptr (GPtrArray) repeated = g_ptr_array_new();
    for (guint i = 0; i < verdict->uncounted->len; i++) {
        const Uncounted *other = verdict->uncounted->pdata[i];
        g_assert_cmpstr (other->reason, ==, "repeated");
        g_ptr_array_add (repeated, other->recipient);
    }
    g_autofree char *joined = join_texts (repeated);
    g_assert_cmpstr (joined, ==, want->repeated);
    g_assert_cmpuint (verdict->drop->len, ==, envelope->recipients->len);
}

/* A file on the command line has no envelope sender: From is taken. */
static void test_unknown_sender (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope = envelope_of ("", "nested");
    g_clear_pointer (&envelope->sender, g_free);
    MailSpec spec = {.from = "anna"};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_assert_cmpuint (verdict->persons, ==, 4);
    g_assert_cmpstr (verdict->reason, ==, "persons");
}

static void test_answer (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope = envelope_of ("gina", "team");
    MailSpec spec = {.references = "a@x.test b@x.test"};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_assert_true (verdict->is_answer);
    MailSpec plain = {0};
    g_autoptr (Mail) other = mail_of (&plain);
    g_autoptr (Verdict) first = policy_decide (policy, directory, envelope, &other->message, NULL);
    g_assert_false (first->is_answer);
    g_ptr_array_add (other->message.in_reply_to, (gpointer) "a@x.test");
    g_autoptr (Verdict) second = policy_decide (policy, directory, envelope, &other->message, NULL);
    g_assert_true (second->is_answer);
}

static void test_reasons (void)
{
    guint count = 0;
    for (const char *code = policy_reason_code (0); code != NULL;
         code = policy_reason_code (++count)) {
        const char *text = policy_reason_text (code);
        g_assert_cmpint (text[strlen (text) - 1], !=, '.');
    }
    g_assert_cmpuint (count, >, 20);
    g_assert_null (policy_reason_text ("no such code"));
    g_assert_cmpstr (verdict_name (VERDICT_SPLIT), ==, "post+split");
    verdict_free (NULL);
    reader_free (NULL);
}

#define ADD_CASES(path, list, test)                                                                \
    for (guint i = 0; i < G_N_ELEMENTS (list); i++) {                                              \
        g_autofree char *name = g_strconcat (path, (list)[i].title, NULL);                         \
        g_test_add_data_func (name, &(list)[i], test);                                             \
    }

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    ADD_CASES ("/policy/decide/", cases, test_decide)
    ADD_CASES ("/policy/author/", author_cases, test_author)
    ADD_CASES ("/policy/explain/repeated/", repeated_cases, test_repeated)
    g_test_add_func ("/policy/author/sender-header", test_author_of_sender_header);
    g_test_add_func ("/policy/explain/who-counts", test_explained);
    g_test_add_func ("/policy/decide/unknown-sender", test_unknown_sender);
    g_test_add_func ("/policy/decide/answer", test_answer);
    g_test_add_func ("/policy/reasons", test_reasons);
    return g_test_run();
}
