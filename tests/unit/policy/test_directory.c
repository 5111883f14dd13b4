/* Who an address is: spellings, groups, files. */
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

static void assert_members (const Directory *directory, const char *group, const char *members)
{
    g_auto (GStrv) want = addresses_of (members);
    GroupMembers have = directory_members (directory, group);
    guint count = *members == '\0' ? 0 : g_strv_length (want);
    g_assert_cmpuint (have.person_count, ==, count);
    for (guint i = 0; i < count; i++)
        g_assert_cmpstr (have.persons[i], ==, want[i]);
}

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

typedef struct {
    const char *title;
    const char *aliases, *virtual;
    const char *address;
    WhoKind kind;
    const char *result; /* canonical, or members of a group */
    gboolean has_others;
} FileCase;

static const FileCase file_cases[] = {
    {"quoted-name", "\"the team\": a, b\n", NULL, "\"the team\"@example.test", WHO_GROUP, "a b"},
    {"quoted-target", "t: \"a\", b@example.test\n", NULL, "t", WHO_GROUP, "a b"},
    {"quoted-local-part", "t: \"a\"@example.test, b\n", NULL, "t", WHO_GROUP, "a b"},
    {"escaped-quote", "t: \"|say \\\"hi\\\"\", b\n", NULL, "t", WHO_GROUP, "b", TRUE},
    {"command-only", "t: \"|cat, more\"\n", NULL, "t", WHO_ALWAYS, "|cat, more"},
    {"bare-command", "t: |cat more, b\n", NULL, "t", WHO_GROUP, "b", TRUE},
    {"comment-lines", "# x\n\n  # y\nt: a,\n# z\n\n  b\n", NULL, "t", WHO_GROUP, "a b"},
    {"comments", "t: a (first (of two)), b (\\) second)\n", NULL, "t", WHO_GROUP, "a b"},
    {"continuation", "t:\n a,\n\tb\n", NULL, "t", WHO_GROUP, "a b"},
    {"carriage-returns", "t: a,\r\n b\r\n", NULL, "t", WHO_GROUP, "a b"},
    {"no-newline-at-end", "t: a, b", NULL, "t", WHO_GROUP, "a b"},
    {"display-names", "t: Anna A <a@example.test>, \"B, Bob\" <b@example.test>\n", NULL, "t",
     WHO_GROUP, "a b"},
    {"blanks-between", "t: a b\n", NULL, "t", WHO_GROUP, "a b"},
    {"trailing-comma", "t: a, b,\n", NULL, "t", WHO_GROUP, "a b"},
    {"same-person-twice", "t: a, A@example.test, a+x\n", NULL, "t", WHO_PERSON, "a@example.test"},
    {"first-definition-wins", "t: a, b\nt: c, d\n", NULL, "t", WHO_GROUP, "a b"},
    {"names-in-any-case", "T: a, b\n", NULL, "t", WHO_GROUP, "a b"},
    {"empty-definition", "t:\n", NULL, "t", WHO_GROUP, ""},
    {"backslash-means-mailbox", "a: b, c\nt: \\a, d\n", NULL, "t", WHO_GROUP, "a d"},
    {"name-with-domain", "t@branch.test: a, b\n", NULL, "t@branch.test", WHO_GROUP, "a b"},
    {"own-address-only", "t: acme@posts.example.test\n", NULL, "t", WHO_OWN,
     "acme@posts.example.test"},
    {"own-address-beside-one", "t: a, acme@posts.example.test\n", NULL, "t", WHO_PERSON,
     "a@example.test"},
    {"always-as-member", "t: a, printer\n", NULL, "t", WHO_GROUP, "a", TRUE},
    {"owner-as-member", "x: a, b\nowner-x: c\nt: a, owner-x\n", NULL, "t", WHO_GROUP, "a", TRUE},
    {"two-outsiders", "t: a@outside.test, b@outside.test\n", NULL, "t", WHO_GROUP, "", TRUE},
    {"outsider-and-command", "t: a@outside.test, |x\n", NULL, "t", WHO_GROUP, "", TRUE},
    {"virtual-to-alias", "t: a, b\n", "v@example.test t\n", "v", WHO_GROUP, "a b"},
    {"virtual-keeps-itself", "t: a, b\n", "t@example.test t@example.test, c@example.test\n", "t",
     WHO_GROUP, "a b c"},
    {"virtual-before-alias", "t: a, b\n", "t@example.test c, d\n", "t", WHO_GROUP, "c d"},
    {"virtual-local-part", NULL, "t a, b\n", "t@branch.test", WHO_GROUP, "a b"},
    {"virtual-subaddress-of-its-own", NULL, "a+x@example.test b, c\n", "a+x", WHO_GROUP, "b c"},
    {"virtual-keeps-local-part", NULL, "t@example.test @branch.test\n", "t", WHO_PERSON,
     "t@branch.test"},
    {"catch-all-of-several", NULL, "@shop.test a, b\n", "x@shop.test", WHO_GROUP, "a b"},
    {"catch-all-unclear", NULL, "@shop.test @example.test, b\n", "x@shop.test", WHO_GROUP, "b",
     TRUE},
    {"catch-all-as-member", "t: x@shop.test, c\n", "@shop.test a, b\n", "t", WHO_GROUP, "a b c"},
    {"catch-all-inside", NULL, "@example.test a@example.test\n", "whoever", WHO_PERSON,
     "a@example.test"},
    {"moved-domain-as-member", "t: x@shop.test, c\n", "@shop.test @example.test\n", "t", WHO_GROUP,
     "c x"},
    {"moved-twice", NULL, "@a.test @b.test\n@b.test @example.test\n", "x@a.test", WHO_PERSON,
     "x@example.test"},
    {"moved-in-a-circle", NULL, "@a.test @b.test\n@b.test @a.test\n", "x@a.test", WHO_OUTSIDER,
     "x@a.test"},
    {"members-moved-in-a-circle", "t: x@a.test, c\n", "@a.test @b.test\n@b.test @a.test\n", "t",
     WHO_GROUP, "c", TRUE},
    {"virtual-tabs", NULL, "t@example.test\ta,\tb\n", "t", WHO_GROUP, "a b"},
    {"same-name-in-two-domains", "t: a, b\n", "t@example.test c, d\n", "t@branch.test", WHO_GROUP,
     "a b"},
};

static void test_file (gconstpointer data)
{
    const FileCase *want = data;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (Directory) directory = directory_of (conf, want->aliases, want->virtual);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (64);
    Who who = directory_find (directory, want->address, scratch);
    g_assert_cmpint (who.kind, ==, want->kind);
    if (who.kind != WHO_GROUP) {
        g_assert_cmpstr (who.canonical, ==, want->result);
        return;
    }
    assert_members (directory, who.canonical, want->result);
    GroupMembers members = directory_members (directory, who.canonical);
    g_assert_cmpint (members.has_outsiders || members.has_always, ==, want->has_others);
}

typedef struct {
    const char *title;
    gboolean is_virtual;
    const char *text;
    const char *error;
} ErrorCase;

static const ErrorCase error_cases[] = {
    {"no-colon", FALSE, "t: a\nteam\n", "f:2: expected \"name: target, target\""},
    {"no-name", FALSE, ": a\n", "f:1: expected one name before the colon"},
    {"two-names", FALSE, "a b: c\n", "f:1: expected one name before the colon"},
    {"open-quote", FALSE, "\n\nt: \"a\n", "f:3: a quote is not closed"},
    {"open-quote-in-name", FALSE, "\"t: a\n", "f:1: expected \"name: target, target\""},
    {"bad-name", FALSE, "(t : a\n", "f:1: a comment is not closed"},
    {"open-comment", FALSE, "t: a (b\n", "f:1: a comment is not closed"},
    {"open-angle", FALSE, "t: <a\n", "f:1: an angle bracket is not closed"},
    {"empty-angle", FALSE, "t: <>\n", "f:1: an address is empty"},
    {"continues-nothing", FALSE, "# x\n a\n",
     "f:2: a line that begins with a blank continues nothing"},
    {"include-missing", FALSE, "t: :include:/nowhere/list\n", "f:1: /nowhere/list: no such file"},
    {"virtual-without-target", TRUE, "t@example.test\n",
     "f:1: expected \"address target, target\""},
    {"virtual-open-quote", TRUE, "t \"a\n", "f:1: a quote is not closed"},
    {"virtual-continues-nothing", TRUE, " a b\n",
     "f:1: a line that begins with a blank continues nothing"},
};

static void test_error (gconstpointer data)
{
    const ErrorCase *want = data;
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (DirectoryBuilder) builder = directory_builder_new (conf);
    gsize len = strlen (want->text);
    gboolean is_read = want->is_virtual
                           ? virtual_parse (builder, "f", want->text, len, &error)
                           : aliases_parse (builder, "f", want->text, len, read_no_file, &error);
    g_assert_false (is_read);
    g_assert_cmpstr (error->message, ==, want->error);
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

/* ------------------------------------------------------------------ real files */

static char *write_file (const char *directory, const char *name, const char *text)
{
    char *path = g_build_filename (directory, name, NULL);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
    return path;
}

static void remove_files (const char *directory)
{
    g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
    for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir)) {
        g_autofree char *path = g_build_filename (directory, name, NULL);
        (void)unlink (path);
    }
    (void)rmdir (directory);
}

static void test_include (void)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp ("carbonless-test-XXXXXX", &error);
    g_autofree char *second = write_file (dir, "second", "# two\nb,\n c\n");
    g_autofree char *list = g_strdup_printf ("a@example.test\n:include:%s\n", second);
    g_autofree char *first = write_file (dir, "first", list);
    g_autofree char *aliases = g_strdup_printf ("t: :include:%s, d\n", first);
    g_autofree char *path = write_file (dir, "aliases", aliases);
    g_autofree char *virtual = write_file (dir, "virtual", "v@example.test a, t\n");
    g_autofree char *more =
        g_strdup_printf ("alias_files = { \"%s\" }\nvirtual_files = { \"%s\" }\n", path, virtual);
    g_autoptr (Config) conf = world_config (more);
    DirectoryBuilder *builder = directory_builder_new (conf);
    g_assert_true (directory_read_files (builder, &error));
    g_assert_no_error (error);
    g_autoptr (Directory) directory = directory_build (builder);
    assert_members (directory, "t@example.test", "a b c d");
    assert_members (directory, "v@example.test", "a b c d");
    remove_files (dir);
}

static void test_include_errors (void)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp ("carbonless-test-XXXXXX", &error);
    g_autofree char *self = g_build_filename (dir, "self", NULL);
    g_autofree char *text = g_strdup_printf (":include:%s\n", self);
    g_assert_true (g_file_set_contents (self, text, -1, NULL));
    g_autofree char *aliases = g_strdup_printf ("t: :include:%s\n", self);
    g_autofree char *path = write_file (dir, "aliases", aliases);
    g_autofree char *bad = write_file (dir, "bad", "a\n\"b\n");
    g_autofree char *with_bad = g_strdup_printf ("t: :include:%s\n", bad);
    g_autofree char *bad_path = write_file (dir, "with-bad", with_bad);
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (DirectoryBuilder) builder = directory_builder_new (conf);

    g_assert_false (directory_read_aliases (builder, path, &error));
    g_assert_true (
        g_str_has_suffix (error->message, "self:1: files include each other too deeply"));
    g_clear_error (&error);
    g_assert_false (directory_read_aliases (builder, bad_path, &error));
    g_assert_true (g_str_has_suffix (error->message, "bad:2: a quote is not closed"));
    g_clear_error (&error);
    g_assert_false (directory_read_virtual (builder, "/nowhere/at/all", &error));
    g_assert_error (error, ERROR_DOMAIN, ERR_NOT_FOUND);
    g_clear_error (&error);
    g_assert_false (directory_read_aliases (builder, dir, &error));
    g_assert_error (error, ERROR_DOMAIN, ERR_INTERNAL);
    remove_files (dir);
}

static void test_file_bounds (void)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp ("carbonless-test-XXXXXX", &error);
    g_autofree char *path = g_build_filename (dir, "binary", NULL);
    g_assert_true (g_file_set_contents (path, "t: a\0b\n", 7, NULL));
    g_autoptr (Config) conf = world_config ("");
    g_autoptr (DirectoryBuilder) builder = directory_builder_new (conf);
    g_assert_false (directory_read_aliases (builder, path, &error));
    g_assert_error (error, ERROR_DOMAIN, ERR_REFUSED);
    g_clear_error (&error);
    g_assert_cmpint (truncate (path, 65L * 1024 * 1024), ==, 0);
    g_assert_false (directory_read_aliases (builder, path, &error));
    g_assert_error (error, ERROR_DOMAIN, ERR_REFUSED);
    g_clear_error (&error);
    g_autofree char *missing = g_strdup_printf ("alias_files = { \"%s\" }\n", path);
    g_autoptr (Config) with_file = world_config (missing);
    g_autoptr (DirectoryBuilder) other = directory_builder_new (with_file);
    g_assert_false (directory_read_files (other, &error));
    g_clear_error (&error);
    g_autoptr (Config) with_virtual = world_config ("virtual_files = { \"/nowhere/at/all\" }\n");
    g_autoptr (DirectoryBuilder) third = directory_builder_new (with_virtual);
    g_assert_false (directory_read_files (third, &error));
    remove_files (dir);
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
    ADD_CASES ("/policy/directory/file/", file_cases, test_file)
    ADD_CASES ("/policy/directory/error/", error_cases, test_error)
    ADD_CASES ("/policy/directory/author/", author_cases, test_author)
    ADD_CASES ("/policy/directory/name/", name_cases, test_name)
    g_test_add_func ("/policy/directory/depth-is-bounded", test_depth);
    g_test_add_func ("/policy/directory/too-large", test_too_large);
    g_test_add_func ("/policy/directory/case-sensitive", test_case_sensitive);
    g_test_add_func ("/policy/directory/delimiters", test_delimiters);
    g_test_add_func ("/policy/directory/no-internal-domain", test_no_internal_domain);
    g_test_add_func ("/policy/directory/author-with-copies", test_author_with_copies);
    g_test_add_func ("/policy/directory/internal", test_internal);
    g_test_add_func ("/policy/directory/person-wins-over-forwarding",
                     test_person_wins_over_forwarding);
    g_test_add_func ("/policy/directory/bare-target-is-a-known-person",
                     test_bare_target_is_a_known_person);
    g_test_add_func ("/policy/directory/groups", test_groups);
    g_test_add_func ("/policy/directory/include", test_include);
    g_test_add_func ("/policy/directory/include-errors", test_include_errors);
    g_test_add_func ("/policy/directory/file-bounds", test_file_bounds);
    return g_test_run();
}
