/* cli.h - the commands of the program and what they share. */
#ifndef CLI_H
#define CLI_H

#include <glib.h>

/* What a command's process ends with. */
enum {
    EXIT_OK = 0,
    EXIT_NO = 1,         /* asked and answered: no such thing, or something was found wrong */
    EXIT_BAD = 2,        /* usage, configuration or input; one line on standard error */
    EXIT_TEMPORARY = 75, /* try again later: database locked, disk full, Postfix down */
};

typedef struct {
    const char *name;
    int (*run) (int argc, char **argv); /* argv[0] is the command's name */
    const char *summary;                /* one line for the list of commands */
} Command;

/* All commands, ended by an entry without a name. */
extern const Command cli_commands[];

/* Parses the options of a command, with --help made of `usage` ("FILE --rcpt ADDRESS...") and
 * `summary`. Afterwards *argc and *argv hold the arguments that are no options (argv[0] stays).
 * FALSE: the command ends with *ret_exit (after --help, or a line on standard error). */
gboolean cli_options (int *argc, char ***argv, const char *usage, const char *summary,
                      const GOptionEntry *entries, int *ret_exit);

/* Prints "carbonless NAME: message" and gives the exit status of the error's class. */
int cli_fail (const char *command, const GError *error);
/* The same for a mistake in the arguments, with a hint at --help. */
int cli_usage (const char *command, const char *message);

/* The configuration file to use: the option, else CARBONLESS_CONF, else the installed one; NULL
 * when that last one does not exist, for defaults. */
const char *cli_config_path (const char *option);

/* printf without control characters in what it prints, but for tabs and line ends: addresses, names
 * and texts of mails come from anybody, and a terminal takes some for commands. */
void cli_print (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* "2026-11-21 14:05" in the local time zone; "-" for 0. Owned. */
char *cli_time (gint64 time_ms);
/* The other way round; also a date alone, or ISO 8601 with a zone. FALSE when the text is no time.
 */
gboolean cli_time_parse (const char *text, gint64 *ret_time_ms);
/* A whole positive number. FALSE when the text is none. */
gboolean cli_number (const char *text, gint64 *ret_number);

int cmd_serve (int argc, char **argv);
int cmd_check (int argc, char **argv);
int cmd_explain (int argc, char **argv);
int cmd_replay (int argc, char **argv);
int cmd_import (int argc, char **argv);
int cmd_export (int argc, char **argv);
int cmd_post (int argc, char **argv);
int cmd_person (int argc, char **argv);
int cmd_group (int argc, char **argv);
int cmd_stats (int argc, char **argv);
int cmd_outbox (int argc, char **argv);
int cmd_release (int argc, char **argv);
int cmd_withdraw (int argc, char **argv);
int cmd_refused (int argc, char **argv);
int cmd_audit (int argc, char **argv);
int cmd_backup (int argc, char **argv);
int cmd_search (int argc, char **argv);
int cmd_config (int argc, char **argv);
int cmd_token (int argc, char **argv);
int cmd_decode (int argc, char **argv);
int cmd_trim (int argc, char **argv);
int cmd_sanitize (int argc, char **argv);
int cmd_classify (int argc, char **argv);

#endif
