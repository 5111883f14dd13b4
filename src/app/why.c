/* why.c - see why.h. */
#include "why.h"

#include <stdio.h>

#include "address.h"
#include "cli.h"
#include "notices.h"
#include "print_list.h"

/* What is asked for, as the log may know it: as given, without <>, and as the directory names it.
 */
static GPtrArray *spellings (Workspace *workspace, const char *about)
{
    GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (Directory) directory = flow_directory (workspace->flow);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (128);
    g_autofree char *given = g_strstrip (g_strdup (about));
    g_autofree char *address = address_from_envelope (given);
    g_ptr_array_add (list, g_strdup (given));
    if (address != NULL && strchr (address, '@') != NULL) {
        const char *canonical = directory_find (directory, address, scratch).canonical;
        g_ptr_array_add (list, g_strdup (canonical));
        g_ptr_array_add (list, g_ascii_strdown (address, -1));
        g_ptr_array_add (list, g_steal_pointer (&address));
    }
    return list;
}

static GPtrArray *find (Workspace *workspace, const char *about, int limit, GError **error)
{
    g_autoptr (GPtrArray) list = spellings (workspace, about);
    for (guint i = 0;; i++) {
        g_autoptr (GPtrArray) entries =
            store_verdict_list (workspace->reader, list->pdata[i], (guint)limit, error);
        if (entries == NULL || entries->len > 0 || i + 1 == list->len)
            return g_steal_pointer (&entries);
    }
}

static void print_line (gconstpointer item)
{
    const VerdictEntry *entry = item;
    g_autofree char *date = cli_time (entry->time_ms);
    const char *sentence = policy_reason_text (entry->reason);
    cli_print ("%s  %s  %s  %s  %s: %s", date, entry->queue_id != NULL ? entry->queue_id : "-",
               entry->sender, entry->verdict, entry->reason, sentence != NULL ? sentence : "");
    if (entry->rule != NULL)
        cli_print (" (rule %s)", entry->rule);
    if (entry->persons > 0)
        cli_print (" (counted %u, notices %u)", (guint)entry->persons, (guint)entry->notices);
    if (entry->post.value != 0)
        cli_print (" -> post %" G_GINT64_FORMAT, entry->post.value);
    putchar ('\n');
}

static void add_json (gconstpointer item, Json *json)
{
    const VerdictEntry *entry = item;
    json_int (json, "time_ms", entry->time_ms);
    json_text (json, "queue_id", entry->queue_id);
    json_text (json, "message_id", entry->message_id);
    json_text (json, "sender", entry->sender);
    json_text (json, "verdict", entry->verdict);
    json_text (json, "reason", entry->reason);
    json_text (json, "rule", entry->rule);
    json_int (json, "persons", entry->persons);
    json_int (json, "notices", entry->notices);
    json_int (json, "post", entry->post.value);
}

static const Listing listing = {print_line, add_json};

int why_run (Workspace *workspace, const char *about, int limit, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) entries = find (workspace, about, limit, &error);
    if (entries == NULL)
        return cli_fail ("post", error);
    print_list (entries, as_json, &listing);
    if (entries->len == 0)
        fprintf (
            stderr,
            "carbonless post: nothing is known of %s (a message is known after a few seconds)\n",
            about);
    return entries->len > 0 ? EXIT_OK : EXIT_NO;
}
