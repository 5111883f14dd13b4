/* policy_test.h - a small organisation for the tests of this layer: seven colleagues, some groups,
 * and messages written in a line. */
#ifndef POLICY_TEST_H
#define POLICY_TEST_H

#include <string.h>

#include "aliases.h"
#include "error.h"
#include "policy.h"

static const char world_conf[] =
    "internal_domains = { \"example.test\", \"branch.test\" }\n"
    "post_domain = \"posts.example.test\"\n"
    "always_deliver = { \"printer@example.test\", \"@machines.example.test\" }\n";

static const char world_aliases[] = "# groups of the office\n"
                                    "team: anna, bob,\n"
                                    "\tcarl, dora\n"
                                    "team-request: anna\n"
                                    "owner-team: bob\n"
                                    "nested: team, emma\n"
                                    "ring-a: ring-b, anna\n"
                                    "ring-b: ring-a, bob\n"
                                    "void-a: void-b\n"
                                    "void-b: void-a\n"
                                    "info: anna\n"
                                    "mixed: anna, bob, carl, dora, client@outside.test\n"
                                    "filed: carl, emma, \"|/usr/bin/file it\"\n"
                                    "archive: /var/mail/archive\n"
                                    "supplier: orders@outside.test\n"
                                    "shared: shared, finn\n"
                                    "pilots: anna, emma\n";

static const char world_virtual[] = "sales@example.test  dora@example.test, finn@example.test\n"
                                    "@old.test           @example.test\n"
                                    "@shop.test          emma@example.test\n";

static const char *const world_persons[][2] = {
    {"anna@example.test", "Anna de Vries"}, {"bob@example.test", "Bob Smit"},
    {"carl@example.test", "Jansen, Carl"},  {"dora@example.test", "Dora Visser"},
    {"emma@example.test", "Emma Bakker"},   {"finn@example.test", "Finn Mulder"},
    {"gina@example.test", "Gina Peters"},   {"anna.smit@example.test", "Anna Smit"},
};

/* No file is read in tests that do not say so. */
static inline char *read_no_file (const char *path, gsize bytes_max, gsize *ret_len, GError **error)
{
    (void)bytes_max;
    (void)ret_len;
    error_set (error, ERR_NOT_FOUND, "%s: no such file", path);
    return NULL;
}

/* The organisation's configuration with more lines. It enforces unless they say otherwise. */
static inline Config *world_config (const char *more)
{
    g_autoptr (GError) error = NULL;
    const char *mode = strstr (more, "mode =") != NULL ? "" : "mode = enforce\n";
    g_autofree char *text = g_strconcat (world_conf, mode, more, NULL);
    Config *conf = conf_parse (text, "test.conf", &error);
    g_assert_no_error (error);
    return conf;
}

/* A directory of these files alone. Texts may be NULL. */
static inline Directory *directory_of (Config *conf, const char *aliases, const char *virtual)
{
    g_autoptr (GError) error = NULL;
    DirectoryBuilder *builder = directory_builder_new (conf);
    if (aliases != NULL)
        g_assert_true (
            aliases_parse (builder, "aliases", aliases, strlen (aliases), read_no_file, &error));
    if (virtual != NULL)
        g_assert_true (virtual_parse (builder, "virtual", virtual, strlen (virtual), &error));
    g_assert_no_error (error);
    return directory_build (builder);
}

static inline Directory *world_directory (Config *conf)
{
    g_autoptr (GError) error = NULL;
    DirectoryBuilder *builder = directory_builder_new (conf);
    for (guint i = 0; i < G_N_ELEMENTS (world_persons); i++)
        directory_add_person (builder, world_persons[i][0], world_persons[i][1]);
    directory_add_address (builder, "a.devries@example.test", "anna@example.test");
    directory_add_address (builder, "anna@branch.test", "anna@example.test");
    directory_add_member (builder, "board@example.test", "emma@example.test");
    directory_add_member (builder, "board@example.test", "finn@example.test");
    directory_add_member (builder, "board@example.test", "board@example.test");
    g_assert_true (aliases_parse (builder, "aliases", world_aliases, strlen (world_aliases),
                                  read_no_file, &error));
    g_assert_true (
        virtual_parse (builder, "virtual", world_virtual, strlen (world_virtual), &error));
    g_assert_no_error (error);
    return directory_build (builder);
}

/* "anna bob@outside.test" to whole addresses: names without domain are of example.test. */
static inline char **addresses_of (const char *words)
{
    char **list = g_strsplit (words, " ", -1);
    for (char **word = list; *word != NULL; word++) {
        if (strchr (*word, '@') != NULL || **word == '\0' || **word == '<')
            continue;
        char *whole = g_strconcat (*word, "@example.test", NULL);
        g_free (*word);
        *word = whole;
    }
    return list;
}

/* members: names of example.test or whole addresses, sorted. */
static inline void assert_members (const Directory *directory, const char *group,
                                   const char *members)
{
    g_auto (GStrv) want = addresses_of (members);
    GroupMembers have = directory_members (directory, group);
    guint count = *members == '\0' ? 0 : g_strv_length (want);
    g_assert_cmpuint (have.person_count, ==, count);
    for (guint i = 0; i < count; i++)
        g_assert_cmpstr (have.persons[i], ==, want[i]);
}

/* sender "" is the null sender. */
static inline Envelope *envelope_of (const char *sender, const char *recipients)
{
    Envelope *envelope = envelope_new (FRONT_MILTER);
    g_auto (GStrv) senders = addresses_of (sender);
    g_auto (GStrv) list = addresses_of (recipients);
    envelope->sender = g_strdup_printf ("<%s>", senders[0] != NULL ? senders[0] : "");
    for (char **word = list; *word != NULL; word++) {
        if (**word == '<')
            g_ptr_array_add (envelope->recipients, g_strdup (*word));
        else if (**word != '\0')
            g_ptr_array_add (envelope->recipients, g_strdup_printf ("<%s>", *word));
    }
    return envelope;
}

/* Joined with blanks; owned. */
static inline char *join_texts (const GPtrArray *texts)
{
    GString *out = g_string_new (NULL);
    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf (out, "%s%s", i > 0 ? " " : "", (const char *)texts->pdata[i]);
    return g_string_free (out, FALSE);
}

#endif
