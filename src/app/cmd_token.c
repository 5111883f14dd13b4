/* cmd_token.c - carbonless token: a login link for a person, for the first visit and for support.
 */
#include <stdio.h>

#include "cli.h"
#include "people.h"
#include "web.h"
#include "workspace.h"

typedef struct {
    const char *address;
    PersonId id;
} Job;

static gboolean apply_ensure (StoreTxn *txn, gpointer data, GError **error)
{
    Job *job = data;
    g_autofree char *actor = workspace_actor();
    g_autofree char *subject = g_strdup_printf ("person %s", job->address);
    return store_person_ensure (txn, job->address, NULL, &job->id, error) &&
           store_audit_add (txn, actor, "login-link", subject, error);
}

static int print_link (Workspace *workspace, const char *address)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (256);
    g_autoptr (Directory) directory = flow_directory (workspace->flow);
    Who who = directory_find (directory, address, scratch);
    if (who.kind != WHO_PERSON) {
        fprintf (stderr, "carbonless token: %s is not a colleague (internal_domains)\n", address);
        return EXIT_NO;
    }
    Job job = {.address = who.canonical};
    if (!store_write (workspace->store, apply_ensure, &job, &error))
        return cli_fail ("token", error);
    g_autofree char *link =
        web_login_link (workspace->conf, workspace->key, job.id, clock_now_ms (clock_system()));
    puts (link);
    return EXIT_OK;
}

int cmd_token (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"}, {NULL}};
    if (!cli_options (
            &argc, &argv, "ADDRESS",
            "Prints a link that logs this person in on the web, for as long as\n"
            "login_link_hours says. Whoever has the link is that person: hand it on with care.\n"
            "The act is recorded in the audit log.",
            entries, &status))
        return status;
    if (argc != 2)
        return cli_usage ("token", "for whom?");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_FLOW | NEEDS_KEY, &error))
        return cli_fail ("token", error);
    return print_link (&workspace, argv[1]);
}
