/* cmd_audit.c - carbonless audit: who released, withdrew, looked and changed. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "print_list.h"
#include "workspace.h"

static void print_line (gconstpointer item)
{
    const AuditEntry *entry = item;
    g_autofree char *time = cli_time (entry->time_ms);
    cli_print ("%6" G_GINT64_FORMAT "  %s  %-32s %-13s %s\n", entry->id, time, entry->actor,
               entry->act, entry->subject);
}

static void add_json (gconstpointer item, Json *json)
{
    const AuditEntry *entry = item;
    json_int (json, "id", entry->id);
    json_int (json, "time_ms", entry->time_ms);
    json_text (json, "actor", entry->actor);
    json_text (json, "act", entry->act);
    json_text (json, "subject", entry->subject);
}

static const Listing listing = {print_line, add_json};

static int run_list (Workspace *workspace, gint64 since_ms, int limit, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) list =
        store_audit_list (workspace->reader, since_ms, (guint)limit, &error);
    if (list == NULL)
        return cli_fail ("audit", error);
    print_list (list, as_json, &listing);
    return EXIT_OK;
}

int cmd_audit (int argc, char **argv)
{
    g_autofree char *conf = NULL, *since = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE;
    gint64 since_ms = 0;
    int limit = 100, status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"since", 's', 0, G_OPTION_ARG_STRING, &since,
         "not what is older: 2026-11-21 or 2026-11-21 14:05", "TIME"},
        {"limit", 'n', 0, G_OPTION_ARG_INT, &limit, "at most this many (100)", "NUMBER"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "[list]",
            "Lists the audit log, newest first: receipts, releases and withdrawals whoever asked\n"
            "for them and however, what administrators (admin:USER) changed, and which posts that\n"
            "are not for everyone they looked into.",
            entries, &status))
        return status;
    if (argc > 2 || (argc == 2 && strcmp (argv[1], "list") != 0) || limit < 1)
        return cli_usage ("audit", "list is all it does");
    if (since != NULL && !cli_time_parse (since, &since_ms))
        return cli_usage ("audit", "since when? A time is 2026-11-21 or 2026-11-21 14:05");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE, &error))
        return cli_fail ("audit", error);
    return run_list (&workspace, since_ms, limit, as_json);
}
