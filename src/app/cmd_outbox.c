/* cmd_outbox.c - carbonless outbox: mails that wait, and those that were refused for good. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "notices.h"
#include "print_list.h"
#include "workspace.h"

static const char *const kind_words[] = {"-",       "notice", "receipt", "release",
                                         "comment", "answer", "transit"};
static const char *const state_words[] = {"queued", "sending", "sent", "dead"};

static void print_line (gconstpointer item)
{
    const Notice *notice = item;
    g_autofree char *due =
        cli_time (notice->state == NOTICE_SENT ? notice->sent_ms : notice->due_ms);
    cli_print ("%6" G_GINT64_FORMAT "  %-8s %-8s %s  post %-6" G_GINT64_FORMAT " %-32s",
               notice->id.value, state_words[notice->state], kind_words[notice->kind], due,
               notice->post.value, notice->address);
    if (notice->tries > 0)
        cli_print (" %u tries", notice->tries);
    if (notice->last_error != NULL)
        cli_print (": %s", notice->last_error);
    putchar ('\n');
}

static void add_json (gconstpointer item, Json *json)
{
    const Notice *notice = item;
    json_int (json, "id", notice->id.value);
    json_text (json, "state", state_words[notice->state]);
    json_text (json, "kind", kind_words[notice->kind]);
    json_int (json, "post", notice->post.value);
    json_text (json, "address", notice->address);
    json_text (json, "reason", notice->reason);
    json_int (json, "tries", notice->tries);
    json_int (json, "created_ms", notice->created_ms);
    json_int (json, "due_ms", notice->due_ms);
    json_int (json, "sent_ms", notice->sent_ms);
    json_text (json, "last_error", notice->last_error);
}

static const Listing listing = {print_line, add_json};

static int run_list (Workspace *workspace, gboolean all, int limit, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    NoticeId newest = {0};
    g_autoptr (GPtrArray) notices =
        store_notice_list (workspace->reader, !all, newest, (guint)limit, &error);
    if (notices == NULL)
        return cli_fail ("outbox", error);
    print_list (notices, as_json, &listing);
    return EXIT_OK;
}

static gboolean apply_again (StoreTxn *txn, gpointer data, GError **error)
{
    const NoticeId *id = data;
    g_autofree char *actor = workspace_actor();
    g_autofree char *subject = g_strdup_printf ("mail %" G_GINT64_FORMAT, id->value);
    return store_notice_again (txn, *id, error) &&
           store_audit_add (txn, actor, "retry", subject, error);
}

static int run_again (Workspace *workspace, const char *number)
{
    g_autoptr (GError) error = NULL;
    NoticeId id = {0};
    if (!cli_number (number, &id.value))
        return cli_usage ("outbox", "retry takes the number of a mail in the outbox");
    if (!store_write (workspace->store, apply_again, &id, &error))
        return cli_fail ("outbox", error);
    cli_print ("%s: will be tried again now\n", number);
    return EXIT_OK;
}

int cmd_outbox (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE, all = FALSE;
    int limit = 100, status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"all", 'a', 0, G_OPTION_ARG_NONE, &all, "also what was sent", NULL},
        {"limit", 'n', 0, G_OPTION_ARG_INT, &limit, "at most this many (100)", "NUMBER"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "list | retry NUMBER",
            "Lists what is still to be sent and what was refused for good (dead), newest\n"
            "first. retry makes one due now, a dead one too.",
            entries, &status))
        return status;
    gboolean is_list = argc == 1 || (argc == 2 && strcmp (argv[1], "list") == 0);
    gboolean is_retry = argc == 3 && strcmp (argv[1], "retry") == 0;
    if ((!is_list && !is_retry) || limit < 1)
        return cli_usage ("outbox", "list, or retry NUMBER");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE, &error))
        return cli_fail ("outbox", error);
    return is_list ? run_list (&workspace, all, limit, as_json) : run_again (&workspace, argv[2]);
}
