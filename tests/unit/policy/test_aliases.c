/* aliases(5) and virtual(5): what they mean, what is wrong in them, and the files themselves. */
#include "policy_test.h"

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
    {"alias-of-a-virtual-name", "t@example.test: a, b\n", "t@example.test c, d\n", "t", WHO_GROUP,
     "c d"},
    {"escaped-name", "\"a\\:b\": c, d\n", NULL, "a:b", WHO_GROUP, "c d"},
    {"escape-at-the-end-of-a-quote", "t: a, \"|x \\\\\", b\n", NULL, "t", WHO_GROUP, "a b", TRUE},
    {"backslash-in-a-name", "a\\b: c, d\n", NULL, "a\\b", WHO_GROUP, "c d"},
    {"owner-in-a-domain", NULL, "t@example.test a, b\nowner-t@example.test c\n", "owner-t",
     WHO_ALWAYS, "owner-t@example.test"},
    {"owner-of-nothing", "owner-t: c, d\n", NULL, "owner-t", WHO_GROUP, "c d"},
    {"owner-in-another-domain", NULL, "t@example.test a, b\nowner-t@branch.test c, d\n",
     "owner-t@branch.test", WHO_GROUP, "c d"},
    {"always-domain-as-member", "t: a, m1@machines.example.test\n", NULL, "t", WHO_GROUP, "a",
     TRUE},
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
    {"quote-ends-with-a-backslash", FALSE, "t: \"a\\", "f:1: a quote is not closed"},
    {"comment-ends-with-a-backslash", FALSE, "t: (a\\", "f:1: a comment is not closed"},
    {"name-ends-with-a-backslash", FALSE, "\"t\\", "f:1: expected \"name: target, target\""},
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
    g_autofree char *where = conf_where (with_file, "alias_files");
    g_assert_true (g_str_has_prefix (error->message, where));
    g_assert_nonnull (strstr (where, ":"));
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
    ADD_CASES ("/policy/aliases/", file_cases, test_file)
    ADD_CASES ("/policy/aliases/error/", error_cases, test_error)
    g_test_add_func ("/policy/aliases/include", test_include);
    g_test_add_func ("/policy/aliases/include-errors", test_include_errors);
    g_test_add_func ("/policy/aliases/file-bounds", test_file_bounds);
    return g_test_run();
}
