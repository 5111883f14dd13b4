/* cmd_classify.c - `carbonless classify FILE`: what kind of mail a message is, as JSON. Needs no
 * configuration, no daemon and no database. */
#include <stdio.h>
#include <string.h>

#include "classify.h"
#include "cli.h"
#include "input.h"
#include "json.h"

static const char usage[] =
    "Usage: carbonless classify FILE [--from SENDER]\n"
    "Prints what kind of mail one message is (- for standard input) as a JSON object:\n"
    "  auto: true when no person wrote it\n"
    "  reason: a stable code\n"
    "  class: person, bounce, autoreply, report, list, calendar, encrypted, bulk, resent, private\n"
    "      or opaque; only what is of class person may become a post\n"
    "SENDER is the envelope sender, <> for the null sender; without it Return-Path is asked.\n";

static int complain (const char *what)
{
    fprintf (stderr, "carbonless classify: %s\n", what);
    return 2;
}

static void print_classification (Classification found)
{
    g_autoptr (Json) json = json_new (2);
    json_open_object (json, NULL);
    json_bool (json, "auto", found.is_auto);
    json_text (json, "reason", found.reason);
    json_text (json, "class", classify_name (found.class));
    json_close (json);
    puts (json_get (json));
}

/* "<anna@example.org>" and "anna@example.org" to "anna@example.org", "<>" to "". Owned. */
static char *sender_from_argument (const char *argument)
{
    char *sender = g_strstrip (g_strdup (argument));
    gsize length = strlen (sender);
    if (length >= 2 && sender[0] == '<' && sender[length - 1] == '>') {
        sender[length - 1] = '\0';
        memmove (sender, sender + 1, length - 1);
    }
    return sender;
}

int cmd_classify (int argc, char **argv)
{
    const char *file = NULL;
    g_autofree char *sender = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp (argv[i], "--help") == 0) {
            fputs (usage, stdout);
            return 0;
        }
        const char *value = NULL;
        if (g_str_has_prefix (argv[i], "--from="))
            value = argv[i] + strlen ("--from=");
        else if (strcmp (argv[i], "--from") == 0 && i + 1 < argc)
            value = argv[++i];
        if (value != NULL) {
            g_free (sender);
            sender = sender_from_argument (value);
        } else if (file != NULL || (argv[i][0] == '-' && argv[i][1] != '\0')) {
            return complain ("one FILE is needed, - for standard input; see --help");
        } else {
            file = argv[i];
        }
    }
    if (file == NULL)
        return complain ("one FILE is needed, - for standard input; see --help");
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) raw = input_read (file, &error);
    if (raw == NULL)
        return complain (error->message);
    g_autoptr (Message) message = message_parse (raw, NULL);
    print_classification (classify_message (message, sender));
    return 0;
}
