/* cmd_decode.c - `carbonless decode FILE`: what the program reads in one message, as JSON. Needs no
 * configuration, no daemon and no database. */
#include "cli.h"
#include "input.h"
#include "json.h"
#include "message.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "Usage: carbonless decode FILE\n"
    "Prints what is read in one message (- for standard input) as a JSON object:\n"
    "  subject, from_name, from_addr, message_id (without <>), text, html: texts, \"\" when "
    "absent;\n"
    "      text is made from html when the message has no plain text\n"
    "  to, cc: lists of {name, addr}\n"
    "  date: RFC 3339 in the zone it was written in, \"\" when absent or unreadable\n"
    "  attachments: list of {name, type, size}; name is \"\" when the message gives none,\n"
    "      size is in decoded bytes\n";

static void print_addresses (Json *json, const char *key, const GPtrArray *list)
{
    json_open_array (json, key);
    for (guint i = 0; i < list->len; i++) {
        const Address *address = list->pdata[i];
        json_open_object (json, NULL);
        json_text (json, "name", address->name);
        json_text (json, "addr", address->addr);
        json_close (json);
    }
    json_close (json);
}

static void print_attachments (Json *json, const Message *message)
{
    json_open_array (json, "attachments");
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->role != PART_ATTACHMENT && part->role != PART_INLINE_IMAGE)
            continue;
        json_open_object (json, NULL);
        json_text (json, "name", part->written_name != NULL ? part->written_name : "");
        json_text (json, "type", part->type);
        json_int (json, "size", (gint64)part->size);
        json_close (json);
    }
    json_close (json);
}

static void print_message (Json *json, const Message *message)
{
    const Address *from = message->from->len > 0 ? message->from->pdata[0] : NULL;
    g_autofree char *date = message_date_text (message);
    json_open_object (json, NULL);
    json_text (json, "subject", message->subject);
    json_text (json, "from_name", from != NULL ? from->name : "");
    json_text (json, "from_addr", from != NULL ? from->addr : "");
    print_addresses (json, "to", message->to);
    print_addresses (json, "cc", message->cc);
    json_text (json, "date", date);
    json_text (json, "message_id", message->message_id != NULL ? message->message_id : "");
    json_text (json, "text", message->text);
    json_text (json, "html", message->html != NULL ? message->html : "");
    print_attachments (json, message);
    json_close (json);
}

int cmd_decode (int argc, char **argv)
{
    if (argc == 2 && strcmp (argv[1], "--help") == 0) {
        fputs (usage, stdout);
        return 0;
    }
    if (argc != 2 || (argv[1][0] == '-' && argv[1][1] != '\0')) {
        fputs ("carbonless decode: one FILE is needed, - for standard input; see --help\n", stderr);
        return 2;
    }
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) raw = input_read (argv[1], &error);
    if (raw == NULL) {
        fprintf (stderr, "carbonless decode: %s\n", error->message);
        return 2;
    }
    g_autoptr (Message) message = message_parse (raw, NULL);
    g_autoptr (Json) json = json_new (2);
    print_message (json, message);
    puts (json_get (json));
    return 0;
}
