/* cli.c - see cli.h: the table of commands. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "error.h"
#include "text.h"

#define INSTALLED_CONF "/etc/carbonless/carbonless.conf"

const Command cli_commands[] = {
    {"serve", cmd_serve, "run the daemon: milter, LMTP, notices and pages"},
    {"check", cmd_check, "check the configuration, and whether Postfix fits it"},
    {"config", cmd_config, "print the commented sample configuration"},
    {"explain", cmd_explain, "tell what would become of a message, and why"},
    {"replay", cmd_replay, "run an archive through the rules and tell what it would have saved"},
    {"import", cmd_import, "put old mail into the archive: mbox, Maildir, .eml"},
    {"export", cmd_export, "write archived messages as an mbox"},
    {"post", cmd_post, "list and show posts"},
    {"search", cmd_search, "find posts by words"},
    {"person", cmd_person, "list, add and change people"},
    {"group", cmd_group, "list groups, add and remove members"},
    {"stats", cmd_stats, "mail avoided, per week"},
    {"outbox", cmd_outbox, "mails waiting to be sent, and those refused"},
    {"release", cmd_release, "deliver an archived message as ordinary mail after all"},
    {"withdraw", cmd_withdraw, "hide a post from everybody but its author"},
    {"refused", cmd_refused, "mail to our addresses that was not accepted"},
    {"audit", cmd_audit, "who released, withdrew, looked and changed"},
    {"backup", cmd_backup, "copy the database while it is in use"},
    {"token", cmd_token, "make a login link for a person"},
    {"decode", cmd_decode, "show a message as the program reads it"},
    {"trim", cmd_trim, "show an answer without its quotes"},
    {"sanitize", cmd_sanitize, "show an HTML body as a page would"},
    {"classify", cmd_classify, "show what kind of mail a message is"},
    {NULL, NULL, NULL},
};

gboolean cli_options (int *argc, char ***argv, const char *usage, const char *summary,
                      const GOptionEntry *entries, int *ret_exit)
{
    g_autoptr (GError) error = NULL;
    const char *name = (*argv)[0];
    g_autoptr (GOptionContext) context = g_option_context_new (usage);
    g_autofree char *program = g_strdup_printf ("carbonless %s", name);
    g_set_prgname (program);
    g_option_context_set_summary (context, summary);
    g_option_context_add_main_entries (context, entries, NULL);
    g_option_context_set_help_enabled (context, FALSE);
    gboolean wants_help = FALSE;
    const GOptionEntry help[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &wants_help, "show this help", NULL}, {NULL}};
    g_option_context_add_main_entries (context, help, NULL);
    if (!g_option_context_parse (context, argc, argv, &error)) {
        *ret_exit = cli_usage (name, error->message);
        return FALSE;
    }
    if (wants_help) {
        g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);
        fputs (text, stdout);
        *ret_exit = EXIT_OK;
        return FALSE;
    }
    return TRUE;
}

int cli_fail (const char *command, const GError *error)
{
    static const int exits[] = {[ERR_TEMPORARY] = EXIT_TEMPORARY,
                                [ERR_REFUSED] = EXIT_BAD,
                                [ERR_NOT_FOUND] = EXIT_NO,
                                [ERR_INTERNAL] = EXIT_BAD};
    fprintf (stderr, "carbonless %s: %s\n", command, error->message);
    return exits[error_class (error)];
}

int cli_usage (const char *command, const char *message)
{
    fprintf (stderr, "carbonless %s: %s (see: carbonless %s --help)\n", command, message, command);
    return EXIT_BAD;
}

void cli_print (const char *format, ...)
{
    va_list values;
    va_start (values, format);
    g_autofree char *text = g_strdup_vprintf (format, values);
    va_end (values);
    g_autofree char *clean = text_clean (text, -1);
    fputs (clean, stdout);
}

const char *cli_config_path (const char *option)
{
    if (option != NULL)
        return option;
    const char *variable = g_getenv ("CARBONLESS_CONF");
    if (variable != NULL && *variable != '\0')
        return variable;
    return g_file_test (INSTALLED_CONF, G_FILE_TEST_EXISTS) ? INSTALLED_CONF : NULL;
}

char *cli_time (gint64 time_ms)
{
    if (time_ms == 0)
        return g_strdup ("-");
    g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_ms / 1000);
    char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : NULL;
    return text != NULL ? text : g_strdup ("-");
}

gboolean cli_time_parse (const char *text, gint64 *ret_time_ms)
{
    static const char *const endings[] = {"T00:00:00", ":00", ""};
    g_autofree char *spelled = g_strdelimit (g_strdup (text), " ", 'T');
    g_autoptr (GTimeZone) here = g_time_zone_new_local();
    for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
        g_autofree char *whole = g_strconcat (spelled, endings[i], NULL);
        g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (whole, here);
        if (time == NULL)
            continue;
        *ret_time_ms = g_date_time_to_unix (time) * 1000;
        return TRUE;
    }
    return FALSE;
}

gboolean cli_number (const char *text, gint64 *ret_number)
{
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL))
        return FALSE;
    *ret_number = (gint64)number;
    return TRUE;
}
