/* Who must read, and why: PRODUCT.md 3, rules 1 to 5. */
#include "policy_mail.h"

typedef struct {
    const char *title;
    const char *conf;       /* more lines, or NULL */
    const char *sender;     /* NULL: gina */
    const char *recipients; /* of the envelope */
    MailSpec mail;          /* from gina unless it says otherwise */
    const char *parent;     /* who wrote the message that is answered */
    const char *thread;     /* who wrote in it, newest first, with blanks */
    const char *habit;      /* "anna:500 bob:300" per mille */
    const char *must;       /* "name=reason ...", in order */
} SelectCase;

static const SelectCase cases[] = {
    /* 1: a short To */
    {"to-of-one", .recipients = "anna bob carl dora",
     .mail = {.to = "anna", .cc = "bob, carl, dora"}, .must = "anna=to"},
    {"to-of-three", .recipients = "anna bob carl dora",
     .mail = {.to = "anna, bob, carl", .cc = "dora"}, .must = "anna=to bob=to carl=to"},
    {"outsiders-in-to-are-no-colleagues", .recipients = "anna bob carl dora",
     .mail = {.to = "x@outside.test, anna, y@outside.test, bob, carl", .cc = "dora"},
     .must = "anna=to bob=to carl=to"},
    {"author-in-to-is-not-named", .recipients = "anna bob carl dora gina",
     .mail = {.to = "gina, anna, bob, carl", .cc = "dora"}, .must = "anna=to bob=to carl=to"},
    {"spellings-in-to-are-one", .recipients = "anna bob carl dora",
     .mail = {.to = "anna, ANNA+x@Example.test, a.devries, info", .cc = "bob, carl, dora"},
     .must = "anna=to"},
    {"header-alias-of-an-envelope-person", .recipients = "a.devries bob carl dora",
     .mail = {.to = "anna@branch.test", .cc = "bob, carl, dora"}, .must = "anna=to"},
    {"to-max-changed", .conf = "must_read_to_max = 1\n", .recipients = "anna bob carl dora",
     .mail = {.to = "anna, bob", .cc = "carl, dora"}, .must = "anna=first"},
    {"small-group-in-to-counts-its-members", .recipients = "board anna bob",
     .mail = {.to = "board", .cc = "anna, bob"}, .must = "emma=to finn=to"},
    {"group-in-to-counts-its-members", .recipients = "team emma",
     .mail = {.to = "team", .cc = "emma"}, .must = ""},
    {"group-makes-to-long", .recipients = "board anna bob carl",
     .mail = {.to = "anna, board, bob", .cc = "carl"}, .must = "anna=first"},
    {"to-names-others-than-the-envelope", .recipients = "anna bob carl dora",
     .mail = {.to = "anna, emma, finn, bob", .cc = "carl, dora"}, .must = "anna=first"},
    {"only-recipients-can-be-readers", .recipients = "anna bob carl dora",
     .mail = {.to = "emma, finn", .cc = "anna, bob, carl, dora"}, .must = ""},

    /* 2: a long To */
    {"long-to-first-colleague", .recipients = "anna bob carl dora",
     .mail = {.to = "x@outside.test, carl, anna, bob, dora"}, .must = "carl=first"},
    {"long-to-first-is-not-the-author", .recipients = "anna bob carl dora gina",
     .mail = {.to = "gina, bob, anna, carl, dora"}, .must = "bob=first"},
    {"long-to-first-is-elsewhere", .recipients = "anna bob carl dora",
     .mail = {.to = "finn, bob, anna, carl, dora"}, .must = ""},
    {"group-is-no-first-colleague", .recipients = "team emma", .mail = {.to = "team, emma"},
     .must = "emma=first"},

    /* 3: who answers */
    {"author-of-the-parent", .recipients = "team emma", .mail = {.to = "team", .cc = "emma"},
     .parent = "dora", .must = "dora=answered"},
    {"wrote-in-the-thread", .recipients = "team emma", .mail = {.to = "team", .cc = "emma"},
     .parent = "dora", .thread = "bob dora anna finn",
     .must = "dora=answered bob=wrote anna=wrote"},
    {"parent-is-no-recipient", .recipients = "team", .mail = {.to = "team"}, .parent = "finn",
     .must = ""},
    {"parent-is-the-author", .recipients = "team gina", .mail = {.to = "team"}, .parent = "gina",
     .thread = "gina", .must = ""},
    {"mentioned", .recipients = "team", .mail = {.to = "team", .text = "Could @bob look?"},
     .must = "bob=mentioned"},
    {"mentioned-by-name-of-the-header", .recipients = "hugo@branch.test anna bob carl",
     .mail = {.to = "anna, bob, carl, Hugo Maas <hugo@branch.test>", .text = "x\n@Hugo Maas look"},
     .must = "hugo@branch.test=mentioned anna=first"},
    {"mentioned-by-name-of-the-directory", .recipients = "anna bob carl dora",
     .mail = {.to = "Annie <anna@example.test>, bob, carl, dora", .text = "@Anna de Vries"},
     .must = "anna=mentioned"},
    {"mentioned-twice", .recipients = "team", .mail = {.to = "team", .text = "@bob @anna @bob"},
     .must = "bob=mentioned anna=mentioned"},
    {"mentioned-is-no-recipient", .recipients = "team", .mail = {.to = "team", .text = "@finn"},
     .must = ""},
    {"mentioned-author", .recipients = "team gina", .mail = {.to = "team", .text = "@gina"},
     .must = ""},
    {"mentioned-in-a-quote", .recipients = "team",
     .mail = {.to = "team", .text = "I agree.\n\nOn 3 May 2024, Carl wrote:\n> @bob look\n"},
     .must = ""},
    {"greeted", .recipients = "team", .mail = {.to = "team", .text = "Hi Carl and Anna,\n\nlook"},
     .must = "carl=greeted anna=greeted"},
    {"greeted-and-mentioned", .recipients = "team",
     .mail = {.to = "team", .text = "Hi Bob,\n\n@carl @bob"},
     .must = "carl=mentioned bob=mentioned"},
    {"ambiguous-name", .recipients = "iris.a@branch.test iris.b@branch.test bob carl",
     .mail = {.to = "bob, carl",
              .cc = "iris.a@branch.test, iris.b@branch.test",
              .text = "Hi Iris,"},
     .must = "bob=to carl=to"},
    {"habit-by-rate", .recipients = "team emma finn", .mail = {.to = "team", .cc = "emma, finn"},
     .habit = "anna:200 emma:900 finn:500 zoe:999", .must = "emma=habit finn=habit"},
    {"habit-of-one", .recipients = "team emma finn", .mail = {.to = "team", .cc = "emma, finn"},
     .habit = "emma:100", .must = "emma=habit"},
    {"habit-ties-by-address", .recipients = "team emma", .mail = {.to = "team", .cc = "emma"},
     .habit = "emma:300 carl:300 bob:300", .must = "bob=habit carl=habit"},
    {"habit-none", .conf = "must_read_habit = 0\n", .recipients = "team", .mail = {.to = "team"},
     .habit = "bob:300", .must = ""},
    {"habit-of-who-must-read-anyway", .recipients = "anna bob carl dora",
     .mail = {.to = "anna", .cc = "bob, carl, dora"}, .habit = "anna:900 bob:800 carl:700",
     .must = "anna=to bob=habit"},

    /* 4: Bcc */
    {"bcc", .recipients = "team emma", .mail = {.to = "team"}, .must = "emma=bcc"},
    {"bcc-outsider-and-always", .recipients = "team x@outside.test printer", .mail = {.to = "team"},
     .must = ""},
    {"bcc-named-in-cc-by-an-alias", .recipients = "team info", .mail = {.to = "team", .cc = "anna"},
     .must = ""},
    {"undisclosed-recipients", .recipients = "anna bob carl dora", .mail = {.to = ""},
     .must = "anna=bcc bob=bcc carl=bcc dora=bcc"},
    {"bcc-by-themselves-before-a-group", .recipients = "board anna bob@example.test",
     .conf = "max_recipients = 2\nmust_read_max = 2\n", .mail = {.to = "x@outside.test"},
     .must = "anna=bcc bob=bcc"},
    {"bcc-group", .recipients = "board bob carl", .mail = {.to = "bob, carl"},
     .must = "bob=to carl=to emma=bcc finn=bcc"},

    /* 5: never more than the maximum, best reasons first */
    {"best-reasons-first", .conf = "must_read_max = 7\n", .recipients = "team emma finn hugo ina",
     .mail = {.to = "team, emma", .cc = "hugo, ina", .text = "Hi Bob,\n@carl"}, .parent = "dora",
     .thread = "anna", .habit = "hugo:500",
     .must = "carl=mentioned bob=greeted dora=answered emma=first anna=wrote hugo=habit finn=bcc"},
    {"maximum", .conf = "must_read_max = 3\n", .recipients = "team emma finn hugo ina",
     .mail = {.to = "team, emma", .cc = "hugo, ina", .text = "Hi Bob,\n@carl"}, .parent = "dora",
     .thread = "anna", .habit = "hugo:500", .must = "carl=mentioned bob=greeted dora=answered"},
    {"six-by-default", .recipients = "a1 a2 a3 a4 a5 a6 a7 a8", .mail = {.to = ""},
     .must = "a1=bcc a2=bcc a3=bcc a4=bcc a5=bcc a6=bcc"},

    /* the author */
    {"author-is-never-a-reader", .recipients = "anna bob carl dora gina",
     .mail = {.to = "gina, anna", .cc = "bob, carl, dora", .text = "Hi Gina, @gina"},
     .must = "anna=to"},
    {"author-is-not-the-sender", .recipients = "anna bob carl dora",
     .mail = {.from = "anna", .to = "anna, bob", .cc = "carl, dora"}, .must = "bob=to"},

    /* groups */
    {"members-of-a-group-that-stays", .recipients = "mixed emma finn",
     .mail = {.to = "mixed, emma", .text = "Hi Anna, Emma"}, .must = "emma=greeted finn=bcc"},
    {"named-and-in-a-group-that-stays", .recipients = "mixed anna emma finn",
     .mail = {.to = "anna, emma", .cc = "mixed, finn"}, .must = "emma=to"},
    {"large-group-in-to", .conf = "must_read = to\ngroup_members_max = 10\n",
     .recipients = "crowd anna", .mail = {.to = "crowd, anna"}, .must = "anna=to"},
    {"large-group-in-bcc", .conf = "group_members_max = 10\n", .recipients = "crowd anna",
     .mail = {.to = "anna"}, .must = "anna=to"},
    {"large-group-and-cc", .conf = "must_read = to\ngroup_members_max = 10\n",
     .recipients = "crowd", .mail = {.to = "crowd", .cc = "p1"}, .must = ""},
    {"large-group-and-small-group", .conf = "must_read = to\ngroup_members_max = 10\n",
     .recipients = "crowd", .mail = {.to = "crowd, pair"}, .must = "p1=to p2=to"},
    {"large-group-and-greeting", .conf = "group_members_max = 10\n", .recipients = "crowd",
     .mail = {.to = "crowd", .text = "Hi p1,"}, .must = ""},
    {"group-named-twice", .recipients = "team emma", .mail = {.to = "board, board", .cc = "team"},
     .must = "emma=to"},
    {"sender-is-not-the-author", .sender = "bob", .recipients = "anna bob carl dora emma",
     .mail = {.to = "bob, anna, carl, dora"}, .must = "anna=to carl=to dora=to emma=bcc"},
    {"large-group-and-answer", .conf = "group_members_max = 10\n", .recipients = "crowd",
     .mail = {.to = "crowd"}, .parent = "p3", .must = "p3=answered"},

    /* other settings */
    {"setting-to", .conf = "must_read = to\n", .recipients = "anna bob carl dora emma",
     .mail = {.to = "anna, bob, carl, dora", .text = "@emma"}, .parent = "emma",
     .must = "anna=to bob=to carl=to dora=to"},
    {"setting-to-has-a-maximum", .conf = "must_read = to\nmust_read_max = 2\n",
     .recipients = "anna bob carl dora", .mail = {.to = "anna, bob, carl, dora"},
     .must = "anna=to bob=to"},
    {"setting-first", .conf = "must_read = first\n", .recipients = "anna bob carl dora emma finn",
     .mail = {.to = "bob, anna", .cc = "carl, dora", .text = "Hi Carl,\n@dora"}, .parent = "emma",
     .habit = "finn:900", .must = "dora=mentioned carl=greeted bob=first"},
    {"setting-first-nobody", .conf = "must_read = first\n", .recipients = "anna bob carl dora",
     .mail = {.to = "team"}, .must = ""},
};

static char *whole (const char *name)
{
    return g_strconcat (name, strchr (name, '@') != NULL ? "" : "@example.test", NULL);
}

/* The organisation, with a crowd of eleven, p1 to p11, and a pair. */
static Directory *crowded_directory (Config *conf)
{
    DirectoryBuilder *builder = directory_builder_new (conf);
    for (guint i = 0; i < G_N_ELEMENTS (world_persons); i++)
        directory_add_person (builder, world_persons[i][0], world_persons[i][1]);
    directory_add_address (builder, "a.devries@example.test", "anna@example.test");
    directory_add_address (builder, "anna@branch.test", "anna@example.test");
    for (guint i = 1; i <= 11; i++) {
        g_autofree char *name = g_strdup_printf ("p%u", i);
        directory_add_member (builder, "crowd@example.test", name);
    }
    directory_add_member (builder, "pair@example.test", "p1");
    directory_add_member (builder, "pair@example.test", "p2");
    directory_add_member (builder, "board@example.test", "emma");
    directory_add_member (builder, "board@example.test", "finn");
    g_assert_true (aliases_parse (builder, "aliases", world_aliases, strlen (world_aliases),
                                  read_no_file, NULL));
    return directory_build (builder);
}

static GHashTable *habit_of (const char *text)
{
    if (text == NULL)
        return NULL;
    GHashTable *habit = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_auto (GStrv) pairs = g_strsplit (text, " ", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        char *colon = strchr (*pair, ':');
        *colon = '\0';
        g_hash_table_insert (habit, whole (*pair),
                             GINT_TO_POINTER ((gint)g_ascii_strtoll (colon + 1, NULL, 10)));
    }
    return habit;
}

/* "anna=to bob=first": must-read readers in order. Owned. */
static char *describe (const GPtrArray *readers)
{
    g_autoptr (GString) out = g_string_new ("");
    gboolean has_ended = FALSE;
    for (guint i = 0; i < readers->len; i++) {
        const Reader *reader = readers->pdata[i];
        g_assert_cmpint (reader->must_read, ==, reader->reason != NULL);
        g_assert_false (reader->must_read && has_ended);
        g_assert_false (reader->must_read && reader->gets_copy);
        has_ended = !reader->must_read;
        if (!reader->must_read)
            continue;
        g_assert_nonnull (policy_reason_text (reader->reason));
        g_auto (GStrv) parts = g_strsplit (reader->address, "@", 2);
        const char *name = strcmp (parts[1], "example.test") == 0 ? parts[0] : reader->address;
        g_string_append_printf (out, "%s%s=%s", out->len > 0 ? " " : "", name, reader->reason);
    }
    return g_strdup (out->str);
}

static void test_select (gconstpointer data)
{
    const SelectCase *want = data;
    g_autoptr (Config) conf = world_config (want->conf != NULL ? want->conf : "");
    g_autoptr (Directory) directory = crowded_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope =
        envelope_of (want->sender != NULL ? want->sender : "gina", want->recipients);
    g_autoptr (Mail) mail = mail_of (&want->mail);
    g_autofree char *parent = want->parent != NULL ? whole (want->parent) : NULL;
    g_auto (GStrv) thread = want->thread != NULL ? addresses_of (want->thread) : NULL;
    g_autoptr (GHashTable) habit = habit_of (want->habit);
    PolicyFacts facts = {parent, (const char *const *)thread, habit};
    g_autoptr (Verdict) verdict =
        policy_decide (policy, directory, envelope, &mail->message, &facts);
    g_autofree char *must = describe (verdict->readers);
    g_assert_cmpstr (verdict->reason, ==, "persons");
    g_assert_cmpstr (must, ==, want->must);
}

/* ------------------------------------------------------------------ roles */

typedef struct {
    const char *title, *recipients, *to, *cc;
    const char *reader; /* address */
    ReaderRole role;
    const char *via, *name;
    gboolean gets_copy;
} RoleCase;

static const RoleCase roles[] = {
    {"to", "anna bob carl dora", "Annie <anna@example.test>", "bob, carl, dora", "anna", ROLE_TO,
     NULL, "Annie"},
    {"first-name-given-counts", "anna bob carl dora", "anna, Annie <anna@example.test>",
     "Ann <anna@example.test>, bob, carl, dora", "anna", ROLE_TO, NULL, "Annie"},
    {"cc", "anna bob carl dora", "anna", "bob, carl, dora", "bob", ROLE_CC, NULL, "Bob Smit"},
    {"bcc", "anna bob carl dora", "anna", "bob, carl", "dora", ROLE_BCC, NULL, "Dora Visser"},
    {"best-of-to-and-cc", "anna bob carl dora", "bob", "anna, bob, carl, dora", "bob", ROLE_TO,
     NULL, "Bob Smit"},
    {"group-in-to", "team", "team", "", "bob", ROLE_TO, "team@example.test", "Bob Smit"},
    {"group-in-to-person-in-cc", "team", "team", "Bobby <bob@example.test>", "bob", ROLE_TO, NULL,
     "Bobby"},
    {"group-in-cc-person-in-to", "team", "bob", "team", "bob", ROLE_TO, NULL, "Bob Smit"},
    {"group-in-cc", "team", "x@outside.test", "team", "bob", ROLE_CC, "team@example.test",
     "Bob Smit"},
    {"group-in-bcc", "team emma", "emma", "", "bob", ROLE_BCC, "team@example.test", "Bob Smit"},
    {"expanded-by-the-front", "anna bob carl dora", "team", "", "bob", ROLE_TO, "team@example.test",
     "Bob Smit"},
    {"two-groups", "team nested", "nested, team", "nested", "bob", ROLE_TO, "nested@example.test",
     "Bob Smit"},
    {"group-that-stays", "mixed emma finn", "mixed", "emma, finn", "bob", ROLE_TO,
     "mixed@example.test", "Bob Smit", TRUE},
    {"beside-a-group-that-stays", "mixed emma finn", "mixed", "emma, finn", "emma", ROLE_CC, NULL,
     "Emma Bakker", FALSE},
    {"unknown-name", "hugo bob carl dora", "hugo", "bob, carl, dora", "hugo", ROLE_TO, NULL, ""},
    {"mailbox-with-copies", "shared bob carl dora", "shared", "bob, carl", "shared", ROLE_TO,
     "shared@example.test", ""},
};

static void test_role (gconstpointer data)
{
    const RoleCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope = envelope_of ("gina", want->recipients);
    MailSpec spec = {.to = want->to, .cc = want->cc};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_autofree char *address = whole (want->reader);
    const Reader *found = NULL;
    for (guint i = 0; i < verdict->readers->len; i++) {
        const Reader *reader = verdict->readers->pdata[i];
        if (strcmp (reader->address, address) == 0)
            found = reader;
    }
    g_assert_nonnull (found);
    g_assert_cmpint (found->role, ==, want->role);
    g_assert_cmpstr (found->via, ==, want->via);
    g_assert_cmpstr (found->name, ==, want->name);
    g_assert_cmpint (found->gets_copy, ==, want->gets_copy);
}

/* All colleagues of the envelope, must-read or not, in the order of their roles; nobody else. */
static void test_all_readers (void)
{
    g_autoptr (Config) conf = world_config ("must_read_to_max = 0\n");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (Envelope) envelope =
        envelope_of ("gina", "finn team gina x@outside.test printer acme@posts.example.test");
    MailSpec spec = {.to = "carl, bob", .cc = "anna, dora, emma, finn"};
    g_autoptr (Mail) mail = mail_of (&spec);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, &mail->message, NULL);
    g_autoptr (GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < verdict->readers->len; i++)
        g_ptr_array_add (names, ((Reader *)verdict->readers->pdata[i])->address);
    g_autofree char *joined = join_texts (names);
    g_assert_cmpstr (joined, ==,
                     "carl@example.test bob@example.test anna@example.test dora@example.test "
                     "finn@example.test");
}

#define ADD_CASES(path, list, test)                                                                \
    for (guint i = 0; i < G_N_ELEMENTS (list); i++) {                                              \
        g_autofree char *name = g_strconcat (path, (list)[i].title, NULL);                         \
        g_test_add_data_func (name, &(list)[i], test);                                             \
    }

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    ADD_CASES ("/policy/select/", cases, test_select)
    ADD_CASES ("/policy/select/role/", roles, test_role)
    g_test_add_func ("/policy/select/all-readers", test_all_readers);
    return g_test_run();
}
