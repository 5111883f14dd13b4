/* cmd_decode.c - `carbonless decode FILE`: what the program reads in one message, as JSON. Needs no
 * configuration, no daemon and no database. */
#include "cli.h"
#include "input.h"
#include "json.h"
#include "message.h"

#include <stdio.h>
#include <string.h>

#define DECODED_MAX ((gsize)256 * 1024 * 1024) /* bytes looked through for sha256 */

static const char usage[] =
    "Usage:\n  carbonless decode FILE\n\n"
    "Prints what is read in one message (- for standard input) as a JSON object:\n"
    "  subject, from_name, from_addr, message_id (without <>), text, html: texts, \"\" when "
    "absent;\n"
    "      text is made from html when the message has no plain text\n"
    "  from, sender, reply_to, to, cc: lists of {name, addr}; from_name and from_addr are the\n"
    "      first of from\n"
    "  date: RFC 3339 in the zone it was written in (UTC when it names none), \"\" when absent\n"
    "      or unreadable\n"
    "  in_reply_to, references: lists of message ids without <>\n"
    "  attachments: list of {name, type, size, sha256, content_id, inline}; name is \"\" when the\n"
    "      message gives none, size and sha256 are of the decoded bytes, content_id is without <>\n"
    "      or \"\", inline tells an image that belongs into the text; a message in an attachment\n"
    "      has its subject here too\n"
    "  opaque: why the message was not taken apart (nesting, parts, header-size, header-count),\n"
    "      \"\" when it was; cut: whether text or html is longer than what is shown\n";

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

static void print_ids (Json *json, const char *key, const GPtrArray *ids)
{
    json_open_array (json, key);
    for (guint i = 0; i < ids->len; i++)
        json_text (json, NULL, ids->pdata[i]);
    json_close (json);
}

/* What the bytes of an attachment tell. Files in one winmail.dat or text cost its decoding each. */
static void print_content (Json *json, const Message *message, const Part *part, gsize *left)
{
    const Part *outer = part->outer >= 0 ? message->parts->pdata[part->outer] : part;
    const gsize cost = MAX (outer->raw_size, part->size);
    if (cost > *left) {
        json_text (json, "sha256", "");
        return;
    }
    *left -= cost;
    g_autoptr (GBytes) bytes = message_part_decode (message, part);
    g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
    json_text (json, "sha256", sha256);
    if (strcmp (part->type, "message/rfc822") != 0)
        return;
    g_autoptr (Message) inner = message_parse (bytes, NULL);
    json_text (json, "subject", inner->subject);
}

static void print_attachments (Json *json, const Message *message)
{
    gsize left = DECODED_MAX;
    json_open_array (json, "attachments");
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->role != PART_ATTACHMENT && part->role != PART_INLINE_IMAGE)
            continue;
        json_open_object (json, NULL);
        json_text (json, "name", part->written_name != NULL ? part->written_name : "");
        json_text (json, "type", part->type);
        json_int (json, "size", (gint64)part->size);
        print_content (json, message, part, &left);
        json_text (json, "content_id", part->content_id != NULL ? part->content_id : "");
        json_bool (json, "inline", part->role == PART_INLINE_IMAGE);
        json_close (json);
    }
    json_close (json);
}

static void print_message (Json *json, const Message *message)
{
    const gboolean has_from = message->from->len > 0;
    const Address *from = has_from ? message->from->pdata[0] : NULL;
    g_autofree char *date = message_date_text (message);
    json_open_object (json, NULL);
    json_text (json, "subject", message->subject);
    json_text (json, "from_name", has_from ? from->name : "");
    json_text (json, "from_addr", has_from ? from->addr : "");
    print_addresses (json, "from", message->from);
    print_addresses (json, "sender", message->sender);
    print_addresses (json, "reply_to", message->reply_to);
    print_addresses (json, "to", message->to);
    print_addresses (json, "cc", message->cc);
    json_text (json, "date", date);
    json_text (json, "message_id", message->message_id != NULL ? message->message_id : "");
    print_ids (json, "in_reply_to", message->in_reply_to);
    print_ids (json, "references", message->references);
    json_text (json, "text", message->text);
    json_text (json, "html", message->html != NULL ? message->html : "");
    print_attachments (json, message);
    json_text (json, "opaque", message->is_opaque ? message->opaque_reason : "");
    json_bool (json, "cut", message->is_cut);
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
