/* cmd_search.c - carbonless search: posts that hold all words. */
#include <stdio.h>

#include "cli.h"
#include "print_post.h"
#include "workspace.h"

int cmd_search (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE;
    int limit = 20, status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"limit", 'n', 0, G_OPTION_ARG_INT, &limit, "at most this many (20)", "NUMBER"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "WORD...",
            "Prints the newest posts that hold all words, in any case and with or without\n"
            "accents; a last * means any ending. Exit status 1: none.",
            entries, &status))
        return status;
    if (argc < 2 || limit < 1)
        return cli_usage ("search", "which words?");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE | ONLY_READS, &error))
        return cli_fail ("search", error);
    PostId newest = {0};
    g_autoptr (GPtrArray) posts =
        store_search (workspace.reader, workspace_viewer(), (const char *const *)(argv + 1), newest,
                      (guint)limit, &error);
    if (posts == NULL)
        return cli_fail ("search", error);
    print_posts (posts, as_json);
    return posts->len > 0 ? EXIT_OK : EXIT_NO;
}
