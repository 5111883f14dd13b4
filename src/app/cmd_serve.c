/* cmd_serve.c - carbonless serve. */
#include "cli.h"
#include "daemon.h"

int cmd_serve (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"}, {NULL}};
    if (!cli_options (&argc, &argv, "",
                      "Runs in the foreground until SIGTERM. SIGHUP reads the "
                      "configuration and the groups again.",
                      entries, &status))
        return status;
    if (argc != 1)
        return cli_usage ("serve", "takes no arguments");
    return daemon_run (conf, &error) ? EXIT_OK : cli_fail ("serve", error);
}
