/* cmd_refused.c - carbonless refused: mail to our own addresses that was not accepted, and why. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "letters.h"
#include "print_list.h"
#include "token.h"
#include "workspace.h"

static void print_line (gconstpointer item)
{
    const Refused *refused = item;
    g_autofree char *time = cli_time (refused->time_ms);
    g_autofree char *recipient = token_hide (refused->recipient);
    cli_print ("%6" G_GINT64_FORMAT "  %s  %-13s %-32s %s\n", refused->id, time, refused->reason,
               refused->sender, recipient);
}

static void add_json (gconstpointer item, Json *json)
{
    const Refused *refused = item;
    g_autofree char *recipient = token_hide (refused->recipient);
    json_int (json, "id", refused->id);
    json_int (json, "time_ms", refused->time_ms);
    json_text (json, "reason", refused->reason);
    json_text (json, "sender", refused->sender);
    json_text (json, "recipient", recipient);
}

static const Listing listing = {print_line, add_json};

static int run_list (Workspace *workspace, int limit, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) list = store_refused_list (workspace->reader, 0, (guint)limit, &error);
    if (list == NULL)
        return cli_fail ("refused", error);
    print_list (list, as_json, &listing);
    return EXIT_OK;
}

typedef struct {
    gint64 id;
    const char *actor;
} Look;

/* To read what somebody wrote is an act that is recorded. */
static gboolean apply_look (StoreTxn *txn, gpointer data, GError **error)
{
    const Look *look = data;
    g_autofree char *subject = g_strdup_printf ("refused mail %" G_GINT64_FORMAT, look->id);
    return store_audit_add (txn, look->actor, "read", subject, error);
}

static int run_show (Workspace *workspace, const char *number)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *actor = workspace_actor();
    Look look = {.actor = actor};
    if (!cli_number (number, &look.id))
        return cli_usage ("refused", "show takes the number of a refused mail");
    g_autoptr (Refused) refused = store_refused_get (workspace->reader, look.id, &error);
    if (refused == NULL || !store_write (workspace->store, apply_look, &look, &error))
        return cli_fail ("refused", error);
    gsize len;
    const void *bytes = g_bytes_get_data (refused->raw, &len);
    return fwrite (bytes, 1, len, stdout) == len && fflush (stdout) == 0 ? EXIT_OK : EXIT_TEMPORARY;
}

int cmd_refused (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE;
    int limit = 100, status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"limit", 'n', 0, G_OPTION_ARG_INT, &limit, "at most this many (100)", "NUMBER"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "list | show NUMBER",
            "Lists mail to our own addresses that was not accepted, newest first: why, who\n"
            "sent it, and to which address. show prints one as it came; that is recorded in\n"
            "the audit log.",
            entries, &status))
        return status;
    gboolean is_list = argc == 1 || (argc == 2 && strcmp (argv[1], "list") == 0);
    gboolean is_show = argc == 3 && strcmp (argv[1], "show") == 0;
    if ((!is_list && !is_show) || limit < 1)
        return cli_usage ("refused", "list, or show NUMBER");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE, &error))
        return cli_fail ("refused", error);
    return is_list ? run_list (&workspace, limit, as_json) : run_show (&workspace, argv[2]);
}
