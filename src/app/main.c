/* main.c - where the program begins: finds the command in the table and runs it. */
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "log.h"
#include "policy.h"

static void print_commands (FILE *out)
{
    fputs ("Usage: carbonless COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n", out);
    for (const Command *command = cli_commands; command->name != NULL; command++)
        fprintf (out, "  %-10s %s\n", command->name, command->summary);
    fputs (
        "\nEach command has --help. The configuration is /etc/carbonless/carbonless.conf, or what\n"
        "CARBONLESS_CONF or the option -c of a command names.\n"
        "Exit status: 0 done, 1 no such thing or something found wrong, 2 bad usage, input or\n"
        "configuration, 75 try again later.\n",
        out);
}

/* For the manual, and for who reads a log. */
static void print_events (void)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    for (int event = 0; event < EV_COUNT; event++)
        printf ("%-18s %-8s %s\n", log_event_name ((LogEvent)event),
                levels[log_event_level ((LogEvent)event)], log_event_sentence ((LogEvent)event));
}

static void print_reasons (void)
{
    for (guint i = 0; policy_reason_code (i) != NULL; i++)
        printf ("%-20s %s\n", policy_reason_code (i), policy_reason_text (policy_reason_code (i)));
}

static int print_help (const char *about)
{
    if (about == NULL)
        print_commands (stdout);
    else if (strcmp (about, "events") == 0)
        print_events();
    else if (strcmp (about, "reasons") == 0)
        print_reasons();
    else {
        fprintf (stderr, "carbonless: help is about commands, events or reasons\n");
        return EXIT_BAD;
    }
    return EXIT_OK;
}

/* What a large message took is given back to the system when it is done: by itself glibc keeps ever
 * larger blocks for the next one, in an arena for each thread. */
static void bound_memory (void)
{
    mallopt (M_MMAP_THRESHOLD, 256 * 1024);
    mallopt (M_TRIM_THRESHOLD, 512 * 1024);
    mallopt (M_ARENA_MAX, 2);
}

int main (int argc, char **argv)
{
    bound_memory();
    /* Arguments are UTF-8 whatever LANG says; nothing else follows the locale. */
    setlocale (LC_CTYPE, "C.UTF-8");
    if (argc < 2) {
        print_commands (stderr);
        return EXIT_BAD;
    }
    const char *name = argv[1];
    if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || strcmp (name, "help") == 0)
        return print_help (argv[2]);
    if (strcmp (name, "--version") == 0) {
        puts ("carbonless " CARBONLESS_VERSION);
        return EXIT_OK;
    }
    for (const Command *command = cli_commands; command->name != NULL; command++)
        if (strcmp (name, command->name) == 0)
            return command->run (argc - 1, argv + 1);
    fprintf (stderr, "carbonless: there is no command %s (see: carbonless --help)\n", name);
    return EXIT_BAD;
}
