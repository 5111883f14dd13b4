/* cmd_withdraw.c - carbonless withdraw: a post that nobody but its author shall see. */
#include <stdio.h>

#include "cli.h"
#include "posts.h"
#include "workspace.h"

typedef struct {
    PostId post;
    const char *actor;
} Job;

static gboolean apply_withdraw (StoreTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;
    return store_post_withdraw (txn, job->post, job->actor, error);
}

int cmd_withdraw (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autofree char *actor = workspace_actor();
    g_autoptr (GError) error = NULL;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"}, {NULL}};
    if (!cli_options (
            &argc, &argv, "POST",
            "Hides a post or a comment from everybody but its author, and with a first post\n"
            "the thread below it. Mails about it that wait are not sent; the message stays in\n"
            "the archive and can be released. The act is recorded in the audit log.",
            entries, &status))
        return status;
    Job job = {.actor = actor};
    if (argc != 2 || !cli_number (argv[1], &job.post.value))
        return cli_usage ("withdraw", "which post?");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE, &error) ||
        !store_write (workspace.store, apply_withdraw, &job, &error))
        return cli_fail ("withdraw", error);
    printf ("post %" G_GINT64_FORMAT " is withdrawn\n", job.post.value);
    return EXIT_OK;
}
