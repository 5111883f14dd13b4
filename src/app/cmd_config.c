/* cmd_config.c - carbonless config: the commented sample, made of the table that the parser uses.
 */
#include <stdio.h>

#include "cli.h"
#include "conf.h"

int cmd_config (int argc, char **argv)
{
    gboolean manual = FALSE;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {{"manual", 0, 0, G_OPTION_ARG_NONE, &manual,
                                     "print the options as text for the manual page", NULL},
                                    {NULL}};
    if (!cli_options (
            &argc, &argv, "",
            "Prints a sample configuration with every option, its default and its meaning.",
            entries, &status))
        return status;
    if (argc != 1)
        return cli_usage ("config", "takes no arguments");
    g_autofree char *text = manual ? conf_manual() : conf_sample();
    fputs (text, stdout);
    return EXIT_OK;
}
