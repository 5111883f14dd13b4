/* cmd_backup.c - carbonless backup: a checked copy of the database while it is in use. */
#include <stdio.h>

#include "cli.h"
#include "workspace.h"

int cmd_backup (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"}, {NULL}};
    if (!cli_options (
            &argc, &argv, "FILE",
            "Copies the database to FILE, which must not exist, while the daemon goes on.\n"
            "The copy is checked before the command ends. The key file is not in it: without\n"
            "it, answers to notices that were sent before are not recognised.",
            entries, &status))
        return status;
    if (argc != 2)
        return cli_usage ("backup", "where to?");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE, &error) ||
        !store_backup (workspace.store, argv[1], &error))
        return cli_fail ("backup", error);
    printf ("%s: a complete copy of %s\n", argv[1], workspace.conf->database);
    return EXIT_OK;
}
