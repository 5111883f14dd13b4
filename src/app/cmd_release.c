/* cmd_release.c - carbonless release: an archived message to those who did not get it, after all.
 */
#include <stdio.h>

#include "cli.h"
#include "notices.h"
#include "workspace.h"

typedef struct {
    const Directory *directory;
    PostId post;
    const char *actor;
    guint count;
} Job;

static gboolean apply_release (StoreTxn *txn, gpointer data, GError **error)
{
    Job *job = data;
    return flow_release (txn, job->directory, job->post, job->actor, &job->count, error);
}

int cmd_release (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autofree char *actor = workspace_actor();
    g_autoptr (GError) error = NULL;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"}, {NULL}};
    if (!cli_options (
            &argc, &argv, "POST",
            "Queues the original message, byte for byte, for every recipient whose copy it\n"
            "replaced, once. The daemon sends it. The act is recorded in the audit log.",
            entries, &status))
        return status;
    if (argc != 2)
        return cli_usage ("release", "which post?");
    g_auto (Workspace) workspace = {0};
    Job job = {.actor = actor};
    if (!cli_number (argv[1], &job.post.value))
        return cli_usage ("release", "which post? a number");
    if (!workspace_open (&workspace, conf, NEEDS_FLOW, &error))
        return cli_fail ("release", error);
    g_autoptr (Directory) directory = flow_directory (workspace.flow);
    job.directory = directory;
    g_autoptr (Post) post = store_post_get (workspace.reader, job.post, workspace_viewer(), &error);
    if (post == NULL || !store_write (workspace.store, apply_release, &job, &error))
        return cli_fail ("release", error);
    if (job.count == 0)
        puts ("nobody is left who did not get it");
    else
        printf ("%u %s queued\n", job.count, job.count == 1 ? "copy is" : "copies are");
    return EXIT_OK;
}
