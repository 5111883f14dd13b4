/* cmd_explain.c - carbonless explain: the verdict about a message, without doing anything. */
#include <stdio.h>

#include "cli.h"
#include "envelope_args.h"
#include "error.h"
#include "json.h"
#include "mailbox.h"
#include "workspace.h"

static const char *const role_words[] = {"to", "cc", "bcc"};

static const char *sentence_of (const char *reason)
{
    const char *sentence = policy_reason_text (reason);
    return sentence != NULL ? sentence : "";
}

static void print_counting (const Verdict *verdict)
{
    cli_print ("counted   %u %s\n", verdict->persons, verdict->persons == 1 ? "person" : "persons");
    for (guint i = 0; i < verdict->counted->len; i++) {
        const Counted *counted = verdict->counted->pdata[i];
        cli_print ("          %s%s%s\n", counted->address, counted->via != NULL ? "  through " : "",
                   counted->via != NULL ? counted->via : "");
    }
    for (guint i = 0; i < verdict->uncounted->len; i++) {
        const Uncounted *uncounted = verdict->uncounted->pdata[i];
        cli_print ("          %s  does not count: %s\n", uncounted->recipient, uncounted->reason);
    }
}

static void print_readers (const Verdict *verdict)
{
    for (guint i = 0; i < verdict->readers->len; i++) {
        const Reader *reader = verdict->readers->pdata[i];
        if (reader->must_read)
            cli_print ("notice    %s  (%s: %s)\n", reader->address, reader->reason,
                       sentence_of (reader->reason));
    }
    for (guint i = 0; i < verdict->readers->len; i++) {
        const Reader *reader = verdict->readers->pdata[i];
        if (!reader->must_read)
            cli_print ("blog      %s  (%s)\n", reader->address, role_words[reader->role]);
    }
}

static void print_text (const Verdict *verdict)
{
    cli_print ("verdict   %s\nreason    %s: %s\n", verdict_name (verdict->kind), verdict->reason,
               sentence_of (verdict->reason));
    cli_print ("class     %s\n", classify_name (verdict->class));
    if (verdict->rule != NULL)
        cli_print ("rule      %s\n", verdict->rule);
    cli_print ("author    %s\n", verdict->author);
    print_counting (verdict);
    if (verdict->kind == VERDICT_PASS) {
        puts ("delivered as it is, to everybody");
        return;
    }
    print_readers (verdict);
    if (verdict->kept > 0)
        cli_print ("%u %s the untouched original\n", verdict->kept,
                   verdict->kept == 1 ? "recipient keeps" : "recipients keep");
    for (guint i = 0; i < verdict->topics->len; i++)
        cli_print ("topic     %s\n", (const char *)verdict->topics->pdata[i]);
    cli_print ("seen by   %s\nsaves     %u copies\n",
               verdict->visibility == VISIBLE_EVERYONE ? "everyone" : "recipients only",
               verdict->deliveries);
    if (verdict->kind == VERDICT_OBSERVE)
        puts ("but in observe mode: delivered as it is, to everybody");
}

static void add_readers_json (const Verdict *verdict, Json *json)
{
    json_open_array (json, "readers");
    for (guint i = 0; i < verdict->readers->len; i++) {
        const Reader *reader = verdict->readers->pdata[i];
        json_open_object (json, NULL);
        json_text (json, "address", reader->address);
        json_text (json, "role", role_words[reader->role]);
        json_text (json, "via", reader->via);
        json_bool (json, "must_read", reader->must_read);
        json_text (json, "reason", reader->reason);
        json_close (json);
    }
    json_close (json);
}

static void print_json (const Verdict *verdict)
{
    g_autoptr (Json) json = json_new (2);
    json_open_object (json, NULL);
    json_text (json, "verdict", verdict_name (verdict->kind));
    json_text (json, "reason", verdict->reason);
    json_text (json, "class", classify_name (verdict->class));
    json_text (json, "rule", verdict->rule);
    json_text (json, "author", verdict->author);
    json_int (json, "persons", verdict->persons);
    json_text (json, "visibility",
               verdict->visibility == VISIBLE_EVERYONE ? "everyone" : "recipients");
    json_int (json, "copies_saved", verdict->deliveries);
    json_open_array (json, "counted");
    for (guint i = 0; i < verdict->counted->len; i++) {
        const Counted *counted = verdict->counted->pdata[i];
        json_text (json, NULL, counted->address);
    }
    json_close (json);
    add_readers_json (verdict, json);
    json_open_array (json, "replaced");
    for (guint i = 0; i < verdict->drop->len; i++)
        json_text (json, NULL, verdict->drop->pdata[i]);
    json_close (json);
    json_close (json);
    puts (json_get (json));
}

static Message *read_message (const char *path, GError **error)
{
    gint64 position = 0;
    g_autoptr (Mailbox) mailbox = mailbox_open (path, error);
    if (mailbox == NULL)
        return NULL;
    g_autoptr (GBytes) raw = mailbox_next (mailbox, &position, error);
    if (raw != NULL)
        return message_parse (raw, NULL);
    if (error != NULL && *error == NULL)
        error_set (error, ERR_REFUSED, "%s: there is no message in it", path);
    return NULL;
}

static int explain (Workspace *workspace, const char *path, const char *sender, char **recipients,
                    gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Message) message = read_message (path, &error);
    if (message == NULL)
        return cli_fail ("explain", error);
    g_autoptr (Envelope) envelope = envelope_from_args (message, sender, recipients);
    g_autoptr (Verdict) verdict = flow_explain (workspace->flow, envelope, message);
    (as_json ? print_json : print_text) (verdict);
    return EXIT_OK;
}

int cmd_explain (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autofree char *sender = NULL;
    g_auto (GStrv) recipients = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"from", 'f', 0, G_OPTION_ARG_STRING, &sender, "envelope sender; default: From", "ADDRESS"},
        {"rcpt", 'r', 0, G_OPTION_ARG_STRING_ARRAY, &recipients,
         "envelope recipient, may be repeated; default: To and Cc", "ADDRESS"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "FILE",
            "Tells what would become of the message in FILE (- for standard input): the\n"
            "verdict, the class or rule that decided, who counts, who would get a notice and\n"
            "why, who would keep the original. Nothing is stored or sent.",
            entries, &status))
        return status;
    if (argc != 2)
        return cli_usage ("explain", "which message?");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_FLOW | ONLY_READS, &error))
        return cli_fail ("explain", error);
    return explain (&workspace, argv[1], sender, recipients, as_json);
}
