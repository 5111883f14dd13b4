/* cmd_check.c - carbonless check: is everything as it must be before mail comes? */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "finding.h"
#include "json.h"
#include "listen.h"
#include "postfix_check.h"
#include "workspace.h"

static const char *const kind_words[] = {"ok", "advice", "WRONG"};

/* Groups made with `carbonless group` are in the database, so that this is advice. */
static void check_pilot (const Config *conf, const Directory *directory, GPtrArray *findings)
{
    if (*conf->pilot == '\0')
        return;
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (256);
    Who pilot = directory_find (directory, conf->pilot, scratch);
    GroupMembers members = directory_members (directory, pilot.canonical);
    if (members.person_count > 0)
        findings_add (findings, FINDING_OK, "pilot", "%s has %u members", conf->pilot,
                      members.person_count);
    else
        findings_add (findings, FINDING_ADVICE, "pilot",
                      "%s is no group of several in alias_files or virtual_files: unless made with "
                      "`carbonless group`, only messages from this one address become posts",
                      conf->pilot);
}

static void add_file (GPtrArray *findings, const Config *conf, const char *option, const char *path,
                      const GError *why)
{
    g_autofree char *where = conf_where (conf, option);
    if (why == NULL)
        findings_add (findings, FINDING_OK, option, "%s", path);
    else
        findings_add (findings, FINDING_WRONG, option, "%s: %s", where, why->message);
}

static void check_rules_and_groups (Config *conf, GPtrArray *findings)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Policy) policy = policy_new (conf, NULL, &error);
    if (policy == NULL)
        findings_add (findings, FINDING_WRONG, "rules", "%s", error->message);
    else
        findings_add (findings, FINDING_OK, "rules", "%u", conf->rules->len);
    if (conf->internal_domains[0] == NULL)
        findings_add (findings, FINDING_WRONG, "internal_domains",
                      "is empty: nobody is a colleague, and nothing will ever become a post");
    g_autoptr (DirectoryBuilder) builder = directory_builder_new (conf);
    for (char **path = conf->alias_files; *path != NULL; path++) {
        g_autoptr (GError) why = NULL;
        if (!directory_read_aliases (builder, *path, &why))
            g_assert (why != NULL);
        add_file (findings, conf, "alias_files", *path, why);
    }
    for (char **path = conf->virtual_files; *path != NULL; path++) {
        g_autoptr (GError) why = NULL;
        if (!directory_read_virtual (builder, *path, &why))
            g_assert (why != NULL);
        add_file (findings, conf, "virtual_files", *path, why);
    }
    g_autoptr (Directory) directory = directory_build (g_steal_pointer (&builder));
    check_pilot (conf, directory, findings);
}

static void check_folder (GPtrArray *findings, const char *about, const char *path)
{
    if (!g_file_test (path, G_FILE_TEST_EXISTS))
        findings_add (findings, FINDING_OK, about, "%s will be made at the first start", path);
    else if (access (path, R_OK | W_OK | X_OK) != 0)
        findings_add (findings, FINDING_WRONG, about, "%s cannot be written by user %s", path,
                      g_get_user_name());
    else
        findings_add (findings, FINDING_OK, about, "%s", path);
}

static void check_database (const Config *conf, GPtrArray *findings)
{
    g_autoptr (GError) error = NULL;
    if (!g_file_test (conf->database, G_FILE_TEST_EXISTS)) {
        g_autofree char *folder = g_path_get_dirname (conf->database);
        check_folder (findings, "database", folder);
        return;
    }
    guint schema = 0, known = 0;
    if (store_look (conf->database, &schema, &known, &error) && schema < known) {
        findings_add (findings, FINDING_ADVICE, "database",
                      "%s has schema %u; the daemon brings it to %u when it starts", conf->database,
                      schema, known);
        return;
    }
    g_clear_error (&error);
    Store *store = store_open_read_only (conf->database, clock_system(), &error);
    StoreReader *reader = store != NULL ? store_reader_new (store, &error) : NULL;
    if (reader != NULL && store_verify (reader, &error))
        findings_add (findings, FINDING_OK, "database", "%s", conf->database);
    else
        findings_add (findings, FINDING_WRONG, "database", "%s", error->message);
    store_reader_free (reader);
    store_close (store);
}

static void check_key (const Config *conf, GPtrArray *findings)
{
    g_autoptr (GError) error = NULL;
    if (!g_file_test (conf->key_file, G_FILE_TEST_EXISTS)) {
        findings_add (findings, FINDING_OK, "key_file", "%s will be made at the first start",
                      conf->key_file);
        return;
    }
    g_autoptr (TokenKey) key = token_key_load (conf->key_file, FALSE, &error);
    findings_add (findings, key != NULL ? FINDING_OK : FINDING_WRONG, "key_file", "%s",
                  key != NULL ? conf->key_file : error->message);
}

static void check_templates (const Config *conf, GPtrArray *findings)
{
    g_autoptr (GError) error = NULL;
    const char *directory = *conf->template_directory != '\0' ? conf->template_directory : NULL;
    g_autoptr (TplSet) templates = tpl_set_load (directory, &error);
    findings_add (findings, templates != NULL ? FINDING_OK : FINDING_WRONG, "templates", "%s",
                  templates == NULL   ? error->message
                  : directory != NULL ? directory
                                      : "built in");
}

static int print_findings (const GPtrArray *findings, gboolean as_json)
{
    g_autoptr (Json) json = json_new (2);
    json_open_array (json, NULL);
    for (guint i = 0; i < findings->len; i++) {
        const Finding *finding = findings->pdata[i];
        if (!as_json)
            printf ("%-7s %-22s %s\n", kind_words[finding->kind], finding->about, finding->text);
        json_open_object (json, NULL);
        json_text (json, "kind", kind_words[finding->kind]);
        json_text (json, "about", finding->about);
        json_text (json, "text", finding->text);
        json_close (json);
    }
    json_close (json);
    if (as_json)
        puts (json_get (json));
    return findings_has_wrong (findings) ? EXIT_NO : EXIT_OK;
}

int cmd_check (int argc, char **argv)
{
    g_autofree char *conf_path = NULL;
    g_autofree char *postfix = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE, no_postfix = FALSE;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf_path, "configuration file", "FILE"},
        {"postfix", 'p', 0, G_OPTION_ARG_FILENAME, &postfix,
         "configuration folder of Postfix, when not the system's", "FOLDER"},
        {"no-postfix", 0, 0, G_OPTION_ARG_NONE, &no_postfix, "do not look at Postfix", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "",
            "Checks the configuration (errors with file and line), rules, groups, templates,\n"
            "key and database, and whether Postfix's settings fit. Changes nothing. Exit\n"
            "status 1: something is wrong.",
            entries, &status))
        return status;
    if (argc != 1)
        return cli_usage ("check", "takes no arguments");
    g_autoptr (Config) conf = conf_load (cli_config_path (conf_path), &error);
    if (conf == NULL)
        return cli_fail ("check", error);
    g_autoptr (GPtrArray) findings = findings_new();
    findings_add (findings, FINDING_OK, "configuration", "%s",
                  conf->path != NULL ? conf->path : "all defaults: there is no file");
    check_rules_and_groups (conf, findings);
    check_templates (conf, findings);
    check_key (conf, findings);
    check_database (conf, findings);
    check_folder (findings, "spool_directory", conf->spool_directory);
    if (!no_postfix)
        postfix_check (conf, postfix, findings);
    return print_findings (findings, as_json);
}
