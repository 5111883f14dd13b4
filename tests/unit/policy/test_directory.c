/* Who an address is: spellings, groups, names. */
#include "policy_test.h"

#define ME "anna@example.test"

typedef struct {
    const char *title;
    const char *address;
    WhoKind kind;
    const char *canonical;
} FindCase;

static const FindCase find_cases[] = {
    {"a-person", "bob@example.test", WHO_PERSON, "bob@example.test"},
    {"case-of-domain", "bob@EXAMPLE.Test", WHO_PERSON, "bob@example.test"},
    {"case-of-local-part", "Bob@example.test", WHO_PERSON, "bob@example.test"},
    {"subaddress", "bob+lists@example.test", WHO_PERSON, "bob@example.test"},
    {"further-address", "a.devries@example.test", WHO_PERSON, ME},
    {"further-address-with-subaddress", "A.deVries+x@example.test", WHO_PERSON, ME},
    {"further-address-in-another-domain", "anna@branch.test", WHO_PERSON, ME},
    {"unknown-inside-is-a-person", "Nobody.Yet+x@example.test", WHO_PERSON,
     "nobody.yet@example.test"},
    {"same-local-part-elsewhere-is-another", "bob@branch.test", WHO_PERSON, "bob@branch.test"},
    {"outsider", "Client@outside.test", WHO_OUTSIDER, "client@outside.test"},
    {"outsider-keeps-subaddress", "client+x@outside.test", WHO_OUTSIDER, "client+x@outside.test"},
    {"own-address", "reply+abc@posts.example.test", WHO_OWN, "reply+abc@posts.example.test"},
    {"always", "Printer@example.test", WHO_ALWAYS, "printer@example.test"},
    {"always-subaddress", "printer+a4@example.test", WHO_ALWAYS, "printer@example.test"},
    {"always-domain", "m7@machines.example.test", WHO_ALWAYS, "m7@machines.example.test"},
    {"bare-name", "bob", WHO_PERSON, "bob@example.test"},
    {"group", "team@example.test", WHO_GROUP, "team@example.test"},
    {"group-in-every-internal-domain", "TEAM+x@branch.test", WHO_GROUP, "team@example.test"},
    {"group-outside-is-no-group", "team@outside.test", WHO_OUTSIDER, "team@outside.test"},
    {"virtual-group", "sales@example.test", WHO_GROUP, "sales@example.test"},
    {"virtual-group-has-its-domain", "sales@branch.test", WHO_PERSON, "sales@branch.test"},
    {"alias-of-one-folds", "info@example.test", WHO_PERSON, ME},
    {"alias-of-an-outsider", "supplier@example.test", WHO_OUTSIDER, "orders@outside.test"},
    {"alias-of-a-file", "archive@example.test", WHO_ALWAYS, "/var/mail/archive"},
    {"owner-of-a-list", "owner-team@example.test", WHO_ALWAYS, "owner-team@example.test"},
    {"request-of-a-list", "team-request@example.test", WHO_ALWAYS, "team-request@example.test"},
    {"request-of-no-list", "leave-request@example.test", WHO_PERSON, "leave-request@example.test"},
    {"moved-domain", "Bob+x@old.test", WHO_PERSON, "bob@example.test"},
    {"moved-domain-group", "team@old.test", WHO_GROUP, "team@example.test"},
    {"catch-all", "whoever@shop.test", WHO_PERSON, "emma@example.test"},
    {"group-of-ours", "board@example.test", WHO_GROUP, "board@example.test"},
    {"cycle-without-end", "void-a@example.test", WHO_GROUP, "void-a@example.test"},
    {"no-address", "", WHO_PERSON, "@example.test"},
};

static void test_find (gconstpointer data)
{
    const FindCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    Who who = directory_find (directory, want->address, scratch);
    g_assert_cmpstr (who.canonical, ==, want->canonical);
    g_assert_cmpint (who.kind, ==, want->kind);
}

typedef struct {
    const char *title;
    const char *group;
    const char *members; /* local parts of example.test, or whole addresses */
    gboolean has_outsiders, has_always;
} GroupCase;

static const GroupCase group_cases[] = {
    {"members", "team", "anna bob carl dora", FALSE, FALSE},
    {"nested", "nested", "anna bob carl dora emma", FALSE, FALSE},
    {"cycle", "ring-a", "anna bob", FALSE, FALSE},
    {"cycle-from-the-other-side", "ring-b", "anna bob", FALSE, FALSE},
    {"cycle-without-end", "void-a", "", FALSE, FALSE},
    {"with-outsider", "mixed", "anna bob carl dora", TRUE, FALSE},
    {"with-command", "filed", "carl emma", FALSE, TRUE},
    {"virtual", "sales", "dora finn", FALSE, FALSE},
    {"holds-itself-is-a-mailbox", "shared", "finn shared", FALSE, FALSE},
    {"ours-that-holds-itself", "board", "emma finn", FALSE, FALSE},
    {"unknown", "nowhere", "", FALSE, FALSE},
};

static void test_group (gconstpointer data)
{
    const GroupCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autofree char *name = g_strconcat (want->group, "@example.test", NULL);
    assert_members (directory, name, want->members);
    GroupMembers have = directory_members (directory, name);
    g_assert_cmpint (have.has_outsiders, ==, want->has_outsiders);
    g_assert_cmpint (have.has_always, ==, want->has_always);
    g_assert_false (have.is_too_large);
}

/* A deep chain of groups ends; what lies behind it keeps its copy. */
static void test_depth (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (GString) text = g_string_new ("");
    for (guint i = 0; i < 150; i++)
        g_string_append_printf (text, "g%u: p%u, q%u, g%u\n", i, i, i, i + 1);
    g_autoptr (Directory) directory = directory_of (conf, text->str, NULL);
    GroupMembers shallow = directory_members (directory, "g100@example.test");
    g_assert_cmpuint (shallow.person_count, ==, 101);
    g_assert_false (shallow.has_always);
    GroupMembers deep = directory_members (directory, "g0@example.test");
    g_assert_cmpuint (deep.person_count, ==, 200);
    g_assert_true (deep.has_always);
}

static void test_too_large (void)
{
    g_autoptr (Config) conf = world_config ("group_members_max = 10\n");
    g_autoptr (GString) text = g_string_new ("ten: p0");
    for (guint i = 1; i < 10; i++)
        g_string_append_printf (text, ", p%u", i);
    g_string_append (text, "\neleven: ten, p10\n");
    g_autoptr (Directory) directory = directory_of (conf, text->str, NULL);
    g_assert_false (directory_members (directory, "ten@example.test").is_too_large);
    GroupMembers large = directory_members (directory, "eleven@example.test");
    g_assert_true (large.is_too_large);
    g_assert_cmpuint (large.person_count, ==, 11);
}

static void test_case_sensitive (void)
{
    g_autoptr (Config) conf = world_config ("case_sensitive_local_part = yes\n");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    Who upper = directory_find (directory, "Bob@Example.test", scratch);
    g_assert_cmpstr (upper.canonical, ==, "Bob@example.test");
    g_assert_cmpint (upper.kind, ==, WHO_PERSON);
    g_assert_null (upper.name);
    /* names of files have no case */
    g_assert_cmpint (directory_find (directory, "Team@example.test", scratch).kind, ==, WHO_GROUP);
    g_assert_cmpint (directory_find (directory, "Sales@example.test", scratch).kind, ==, WHO_GROUP);
    g_assert_cmpint (directory_find (directory, "Printer@example.test", scratch).kind, ==,
                     WHO_ALWAYS);
}

static void test_delimiters (void)
{
    g_autoptr (Config) dash = world_config ("recipient_delimiter = \"-\"\n");
    g_autoptr (Directory) directory = world_directory (dash);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    Who who = directory_find (directory, "bob-x@example.test", scratch);
    g_assert_cmpstr (who.canonical, ==, "bob@example.test");
    who = directory_find (directory, "bob+x@example.test", scratch);
    g_assert_cmpstr (who.canonical, ==, "bob+x@example.test");
    g_autoptr (Config) none = world_config ("recipient_delimiter = \"\"\n");
    g_autoptr (Directory) plain = world_directory (none);
    who = directory_find (plain, "bob+x@example.test", scratch);
    g_assert_cmpstr (who.canonical, ==, "bob+x@example.test");
}

static void test_no_internal_domain (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = conf_parse ("", "test.conf", &error);
    g_assert_no_error (error);
    g_autoptr (Directory) directory = directory_of (conf, "team: anna, bob\n", NULL);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    g_assert_cmpint (directory_find (directory, "anna@example.test", scratch).kind, ==,
                     WHO_OUTSIDER);
    g_assert_cmpint (directory_find (directory, "anna", scratch).kind, ==, WHO_OUTSIDER);
}

typedef struct {
    const char *title, *address, *person;
} AuthorCase;

static const AuthorCase author_cases[] = {
    {"person", "A.deVries@example.test", ME},
    {"alias", "info@example.test", ME},
    {"mailbox-with-a-copy", "shared@example.test", "shared@example.test"},
    {"group", "team@example.test", NULL},
    {"outsider", "client@outside.test", NULL},
};

static void test_author (gconstpointer data)
{
    const AuthorCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    g_assert_cmpstr (directory_find_author (directory, want->address, scratch), ==, want->person);
}

/* What cannot be read as UTF-8 is an address all the same. */
static void test_bytes (void)
{
    g_autoptr (Config) conf = world_config ("case_sensitive_local_part = yes\n");
    g_autoptr (Directory) directory = directory_of (conf, "t\xff: a, b\n", "v@\xfe.test a, b\n");
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    g_assert_cmpint (directory_find (directory, "T\xff@example.test", scratch).kind, ==, WHO_GROUP);
    g_assert_cmpint (directory_find (directory, "v@\xfe.test", scratch).kind, ==, WHO_GROUP);
    const char *const candidates[] = {"\xff@example.test"};
    g_assert_null (directory_match_name (directory, "a", candidates, 1));
}

static void test_author_with_copies (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = directory_of (conf, "d: dora, |log\n", NULL);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    g_assert_cmpstr (directory_find_author (directory, "d@example.test", scratch), ==,
                     "dora@example.test");
}

static void test_internal (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_assert_true (directory_is_internal (directory, "x@BRANCH.test"));
    g_assert_true (directory_is_internal (directory, "x@shop.test"));
    g_assert_true (directory_is_internal (directory, "team@old.test"));
    g_assert_false (directory_is_internal (directory, "x@outside.test"));
    g_assert_false (directory_is_internal (directory, "m1@machines.example.test"));
}

static void test_person_wins_over_forwarding (void)
{
    g_autoptr (Config) conf = world_config ("");
    DirectoryBuilder *builder = directory_builder_new (conf);
    const char text[] =
        "anna: anna.home@outside.test\nbob: bob, bob.home@outside.test\nt: anna, carl\n";
    directory_add_person (builder, "anna@example.test", NULL);
    directory_add_person (builder, "bob@example.test", "");
    g_assert_true (aliases_parse (builder, "f", text, strlen (text), read_no_file, NULL));
    g_autoptr (Directory) directory = directory_build (builder);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    g_assert_cmpint (directory_find (directory, ME, scratch).kind, ==, WHO_PERSON);
    g_assert_cmpint (directory_find (directory, "bob@example.test", scratch).kind, ==, WHO_GROUP);
    assert_members (directory, "t@example.test", "anna carl");
    g_assert_false (directory_members (directory, "t@example.test").has_outsiders);
}

/* always_deliver and owner-NAME are what they are, even for who was added by hand. */
static void test_roles_win_over_persons (void)
{
    g_autoptr (Config) conf = world_config ("");
    DirectoryBuilder *builder = directory_builder_new (conf);
    const char text[] = "t: a, b\nowner-t: c\n";
    directory_add_person (builder, "printer@example.test", "Printer");
    directory_add_person (builder, "owner-t@example.test", "Owner");
    g_assert_true (aliases_parse (builder, "f", text, strlen (text), read_no_file, NULL));
    g_autoptr (Directory) directory = directory_build (builder);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    g_assert_cmpint (directory_find (directory, "printer@example.test", scratch).kind, ==,
                     WHO_ALWAYS);
    g_assert_cmpint (directory_find (directory, "owner-t@example.test", scratch).kind, ==,
                     WHO_ALWAYS);
}

static void test_bare_target_is_a_known_person (void)
{
    g_autoptr (Config) conf = world_config ("");
    DirectoryBuilder *builder = directory_builder_new (conf);
    directory_add_person (builder, "hugo@branch.test", "Hugo");
    directory_add_address (builder, "h@example.test", "hugo@branch.test");
    directory_add_member (builder, "t@example.test", "hugo");
    directory_add_member (builder, "t@example.test", "h+x@example.test");
    directory_add_member (builder, "t@example.test", "ina");
    g_autoptr (Directory) directory = directory_build (builder);
    assert_members (directory, "t@example.test", "hugo@branch.test ina");
}

typedef struct {
    const char *title, *word, *candidates, *address;
} NameCase;

static const NameCase name_cases[] = {
    {"local-part", "bob", "anna bob", "bob@example.test"},
    {"local-part-before-first-name", "anna", "anna.smit anna", ME},
    {"first-name", "Dora", "dora bob", "dora@example.test"},
    {"first-name-of-last-first", "carl", "carl bob", "carl@example.test"},
    {"whole-name", "anna de vries", "anna anna.smit", ME},
    {"whole-name-of-last-first", "Carl Jansen", "carl bob", "carl@example.test"},
    {"unique-first-name", "Anna", "anna.smit bob", "anna.smit@example.test"},
    {"first-name-twice", "Iris", "iris.a iris.b", NULL},
    {"first-name-of-the-unknown", "iris", "iris.a bob", "iris.a@example.test"},
    {"not-a-candidate", "gina", "anna bob", NULL},
    {"nobody", "", "anna bob", NULL},
    {"first-name-three-times", "iris", "iris.a iris.b iris.c", NULL},
    {"no-name-but-points", "", ".@example.test anna", NULL},
    {"diacritics", "Dörä", "dora bob", "dora@example.test"},
    {"same-candidate-twice", "bob", "bob bob", "bob@example.test"},
};

static void test_name (gconstpointer data)
{
    const NameCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = world_directory (conf);
    g_auto (GStrv) candidates = addresses_of (want->candidates);
    g_assert_cmpstr (directory_match_name (directory, want->word, (const char *const *)candidates,
                                           g_strv_length (candidates)),
                     ==, want->address);
}

static void test_groups (void)
{
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = directory_of (conf, "b: x, y\na: x, y\nc: x\n", NULL);
    g_autoptr (GPtrArray) names = directory_groups (directory);
    g_autofree char *joined = join_texts (names);
    g_assert_cmpstr (joined, ==, "a@example.test b@example.test");
    g_assert_true (directory_is_member (directory, "a@example.test", "x@example.test"));
    g_assert_false (directory_is_member (directory, "a@example.test", "z@example.test"));
    g_assert_false (directory_is_member (directory, "d@example.test", "x@example.test"));
}

#define ADD_CASES(path, cases, test)                                                               \
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {                                             \
        g_autofree char *name = g_strconcat (path, (cases)[i].title, NULL);                        \
        g_test_add_data_func (name, &(cases)[i], test);                                            \
    }

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    ADD_CASES ("/policy/directory/find/", find_cases, test_find)
    ADD_CASES ("/policy/directory/group/", group_cases, test_group)
    ADD_CASES ("/policy/directory/author/", author_cases, test_author)
    ADD_CASES ("/policy/directory/name/", name_cases, test_name)
    g_test_add_func ("/policy/directory/depth-is-bounded", test_depth);
    g_test_add_func ("/policy/directory/too-large", test_too_large);
    g_test_add_func ("/policy/directory/case-sensitive", test_case_sensitive);
    g_test_add_func ("/policy/directory/delimiters", test_delimiters);
    g_test_add_func ("/policy/directory/no-internal-domain", test_no_internal_domain);
    g_test_add_func ("/policy/directory/bytes", test_bytes);
    g_test_add_func ("/policy/directory/author-with-copies", test_author_with_copies);
    g_test_add_func ("/policy/directory/internal", test_internal);
    g_test_add_func ("/policy/directory/person-wins-over-forwarding",
                     test_person_wins_over_forwarding);
    g_test_add_func ("/policy/directory/roles-win-over-persons", test_roles_win_over_persons);
    g_test_add_func ("/policy/directory/bare-target-is-a-known-person",
                     test_bare_target_is_a_known_person);
    g_test_add_func ("/policy/directory/groups", test_groups);
    return g_test_run();
}
