/* cmd_replay.c - carbonless replay: what an archive tells about the rules, before switching on. */
#include <stdio.h>

#include "cli.h"
#include "json.h"
#include "mailbox.h"
#include "policy.h"
#include "replay.h"
#include "workspace.h"

static double percent (guint64 part, guint64 whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

static guint64 saved (const ReplayReport *report)
{
    return report->copies_avoided > report->notices ? report->copies_avoided - report->notices : 0;
}

static void print_reasons (GHashTable *reasons)
{
    g_autoptr (GList) codes =
        g_list_sort (g_hash_table_get_keys (reasons), (GCompareFunc)g_strcmp0);
    for (GList *code = codes; code != NULL; code = code->next) {
        const char *sentence = policy_reason_text (code->data);
        printf ("  %8u  %-16s %s\n", GPOINTER_TO_UINT (g_hash_table_lookup (reasons, code->data)),
                (const char *)code->data, sentence != NULL ? sentence : "");
    }
}

static void print_text (const ReplayReport *report, GHashTable *reasons)
{
    printf ("messages              %10" G_GUINT64_FORMAT "\n", report->messages);
    printf ("copies to colleagues  %10" G_GUINT64_FORMAT "\n", report->deliveries);
    printf ("would be posts        %10" G_GUINT64_FORMAT "  %5.1f %% of messages\n", report->taken,
            percent (report->taken, report->messages));
    printf ("copies replaced       %10" G_GUINT64_FORMAT "\n", report->copies_avoided);
    printf ("notices instead       %10" G_GUINT64_FORMAT "\n", report->notices);
    printf ("deliveries saved      %10" G_GUINT64_FORMAT
            "  %5.1f %% of all, %.1f %% of those of posts\n",
            saved (report), percent (saved (report), report->deliveries),
            percent (saved (report), report->copies_avoided));
    printf ("later answers         %10" G_GUINT64_FORMAT "  %5.1f %% by people who had a notice\n",
            report->answers, percent (report->answers_noticed, report->answers));
    puts ("\nmessages by reason:");
    print_reasons (reasons);
}

static void print_json (const ReplayReport *report, GHashTable *reasons)
{
    GHashTableIter iter;
    gpointer code, count;
    g_autoptr (Json) json = json_new (2);
    json_open_object (json, NULL);
    json_int (json, "messages", (gint64)report->messages);
    json_int (json, "deliveries", (gint64)report->deliveries);
    json_int (json, "taken", (gint64)report->taken);
    json_int (json, "copies_avoided", (gint64)report->copies_avoided);
    json_int (json, "notices", (gint64)report->notices);
    json_int (json, "saved", (gint64)saved (report));
    json_int (json, "answers", (gint64)report->answers);
    json_int (json, "answers_noticed", (gint64)report->answers_noticed);
    json_open_object (json, "reasons");
    g_hash_table_iter_init (&iter, reasons);
    while (g_hash_table_iter_next (&iter, &code, &count))
        json_int (json, code, GPOINTER_TO_UINT (count));
    json_close (json);
    json_close (json);
    puts (json_get (json));
}

/* The configuration with further internal domains; made before anybody shares it. */
static void add_domains (Config *conf, char **domains)
{
    g_autoptr (GPtrArray) all = g_ptr_array_new();
    for (char **domain = conf->internal_domains; *domain != NULL; domain++)
        g_ptr_array_add (all, *domain);
    for (char **domain = domains; domain != NULL && *domain != NULL; domain++)
        g_ptr_array_add (all, g_ascii_strdown (*domain, -1));
    g_ptr_array_add (all, NULL);
    g_free (conf->internal_domains);
    conf->internal_domains = (char **)g_ptr_array_free (g_steal_pointer (&all), FALSE);
}

static gboolean replay_mailbox (Replay *replay, const char *path, GError **error)
{
    g_autoptr (Mailbox) mailbox = mailbox_open (path, error);
    if (mailbox == NULL)
        return FALSE;
    for (;;) {
        g_autoptr (GError) why = NULL;
        gint64 position = 0;
        g_autoptr (GBytes) raw = mailbox_next (mailbox, &position, &why);
        if (why != NULL) {
            g_propagate_error (error, g_steal_pointer (&why));
            return FALSE;
        }
        if (raw == NULL)
            return TRUE;
        g_autoptr (Message) message = message_parse (raw, NULL);
        replay_add (replay, message);
    }
}

static int run (Config *conf, char **paths, gboolean take_lists, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    if (conf->internal_domains[0] == NULL)
        return cli_usage ("replay",
                          "who are the colleagues? set internal_domains, or give --domain");
    g_autoptr (Replay) replay = replay_new (conf, take_lists, &error);
    if (replay == NULL)
        return cli_fail ("replay", error);
    for (char **path = paths; *path != NULL; path++)
        if (!replay_mailbox (replay, *path, &error))
            return cli_fail ("replay", error);
    ReplayReport report = replay_report (replay);
    (as_json ? print_json : print_text) (&report, replay_reasons (replay));
    return EXIT_OK;
}

int cmd_replay (int argc, char **argv)
{
    g_autofree char *conf_path = NULL;
    g_auto (GStrv) domains = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE, take_lists = FALSE;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf_path, "configuration file", "FILE"},
        {"domain", 'd', 0, G_OPTION_ARG_STRING_ARRAY, &domains,
         "whose addresses are colleagues too; may be repeated", "DOMAIN"},
        {"lists", 0, 0, G_OPTION_ARG_NONE, &take_lists,
         "treat mail that came through a mailing list like any other", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "ARCHIVE...",
            "Runs each message of an mbox or Maildir, in order, through counting and selection\n"
            "as configured (whatever the mode) and prints what would have come of it: posts,\n"
            "deliveries saved, and how many of those who later answered would have had a\n"
            "notice. Nothing is stored; no database is needed.",
            entries, &status))
        return status;
    if (argc < 2)
        return cli_usage ("replay", "which archive?");
    g_autoptr (Config) conf = conf_load (cli_config_path (conf_path), &error);
    if (conf == NULL)
        return cli_fail ("replay", error);
    add_domains (conf, domains);
    return run (conf, argv + 1, take_lists, as_json);
}
