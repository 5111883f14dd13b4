/* cmd_post.c - carbonless post: list posts, show one, tell what became of a message. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "error.h"
#include "message.h"
#include "notices.h"
#include "print_post.h"
#include "text.h"
#include "why.h"
#include "workspace.h"

static const char *const role_words[] = {"to", "cc", "bcc"};

static int run_list (Workspace *workspace, int limit, gint64 before, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    PostId from = {before};
    g_autoptr (GPtrArray) posts =
        store_post_list (workspace->reader, workspace_viewer(), from, (guint)limit, &error);
    if (posts == NULL)
        return cli_fail ("post", error);
    print_posts (posts, as_json);
    return EXIT_OK;
}

static void print_readers (const GPtrArray *readers)
{
    for (guint i = 0; i < readers->len; i++) {
        const PostReader *reader = readers->pdata[i];
        g_autofree char *noticed = cli_time (reader->noticed_ms);
        cli_print ("%-8s %-32s", role_words[reader->role], reader->address);
        if (reader->via != NULL)
            cli_print (" through %s", reader->via);
        if (reader->reason != NULL)
            cli_print (" notice: %s (%s)", reader->reason, noticed);
        putchar ('\n');
    }
}

static void print_parts (const GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        const PostPart *part = parts->pdata[i];
        g_autofree char *size = text_size (part->size);
        cli_print ("attached %u. %s (%s, %s)\n", part->number,
                   part->name != NULL ? part->name : "-", part->type, size);
    }
}

static void print_text (const Post *post, const GPtrArray *readers, const GPtrArray *parts,
                        const Message *message)
{
    print_post_line (post);
    cli_print ("message  <%s>\nqueue    %s\n", post->message_id != NULL ? post->message_id : "",
               post->queue_id != NULL ? post->queue_id : "-");
    print_readers (readers);
    print_parts (parts);
    cli_print ("\n%s\n", message->text);
}

static void print_json (const Post *post, const GPtrArray *readers, const GPtrArray *parts,
                        const Message *message)
{
    g_autoptr (Json) json = json_new (2);
    json_open_object (json, NULL);
    print_post_json (post, json);
    json_open_array (json, "readers");
    for (guint i = 0; i < readers->len; i++) {
        const PostReader *reader = readers->pdata[i];
        json_open_object (json, NULL);
        json_text (json, "address", reader->address);
        json_text (json, "role", role_words[reader->role]);
        json_text (json, "via", reader->via);
        json_text (json, "must_read", reader->reason);
        json_int (json, "noticed_ms", reader->noticed_ms);
        json_close (json);
    }
    json_close (json);
    json_open_array (json, "parts");
    for (guint i = 0; i < parts->len; i++) {
        const PostPart *part = parts->pdata[i];
        json_open_object (json, NULL);
        json_text (json, "name", part->name);
        json_text (json, "type", part->type);
        json_int (json, "size", (gint64)part->size);
        json_close (json);
    }
    json_close (json);
    json_text (json, "text", message->text);
    json_close (json);
    puts (json_get (json));
}

static gboolean show (Workspace *workspace, PostId id, gboolean as_raw, gboolean as_json,
                      GError **error)
{
    StoreReader *reader = workspace->reader;
    g_autoptr (Post) post = store_post_get (reader, id, workspace_viewer(), error);
    if (post == NULL)
        return FALSE;
    g_autoptr (GBytes) raw = store_post_raw (reader, id, error);
    if (raw == NULL)
        return FALSE;
    if (as_raw) {
        fwrite (g_bytes_get_data (raw, NULL), 1, g_bytes_get_size (raw), stdout);
        return TRUE;
    }
    g_autoptr (GPtrArray) readers = store_post_readers (reader, id, error);
    if (readers == NULL)
        return FALSE;
    g_autoptr (GPtrArray) parts = store_post_parts (reader, id, error);
    if (parts == NULL)
        return FALSE;
    g_autoptr (Message) message = message_parse (raw, NULL);
    (as_json ? print_json : print_text) (post, readers, parts, message);
    return TRUE;
}

static gboolean apply_audit (StoreTxn *txn, gpointer data, GError **error)
{
    const PostId *id = data;
    g_autofree char *actor = workspace_actor();
    g_autofree char *subject = g_strdup_printf ("post %" G_GINT64_FORMAT, id->value);
    return store_audit_add (txn, actor, "look", subject, error);
}

/* An administrator who looks into a restricted post leaves a trace, before they see it. */
static gboolean audit_look (Workspace *workspace, PostId id, GError **error)
{
    g_autoptr (Post) post = store_post_get (workspace->reader, id, workspace_viewer(), error);
    if (post == NULL)
        return FALSE;
    return post->visibility == POST_EVERYONE ||
           store_write (workspace->store, apply_audit, &id, error);
}

static int run_show (Workspace *workspace, const char *number, gboolean as_raw, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    PostId id = {0};
    if (!cli_number (number, &id.value))
        return cli_usage ("post", "show takes the number of a post");
    if (!audit_look (workspace, id, &error) || !show (workspace, id, as_raw, as_json, &error))
        return cli_fail ("post", error);
    return EXIT_OK;
}

int cmd_post (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autofree char *why = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE, as_raw = FALSE;
    int limit = 20, status = EXIT_OK;
    gint64 before = 0;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"why", 0, 0, G_OPTION_ARG_STRING, &why,
         "what was decided: by queue id, Message-ID, or a person's address", "ID"},
        {"limit", 'n', 0, G_OPTION_ARG_INT, &limit, "list at most this many (20)", "NUMBER"},
        {"before", 0, 0, G_OPTION_ARG_INT64, &before, "list those before this post", "POST"},
        {"raw", 0, 0, G_OPTION_ARG_NONE, &as_raw, "show the message byte for byte", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "list | show POST | --why ID",
            "Lists threads, newest first, or shows a post with all its readers and why they\n"
            "got a notice. Looking into a restricted post is recorded in the audit log. --why\n"
            "knows a message a few seconds after it came; of a person it tells all that they\n"
            "wrote or got, by any address of theirs.",
            entries, &status))
        return status;
    gboolean is_list = argc == 2 && strcmp (argv[1], "list") == 0;
    gboolean is_show = argc == 3 && strcmp (argv[1], "show") == 0;
    if (limit < 1)
        return cli_usage ("post", "--limit is 1 or more");
    if (!is_list && !is_show && (why == NULL || argc != 1))
        return cli_usage ("post", "list, show POST, or --why ID");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, why != NULL ? NEEDS_FLOW : NEEDS_STORE, &error))
        return cli_fail ("post", error);
    if (why != NULL)
        return why_run (&workspace, why, limit, as_json);
    return is_list ? run_list (&workspace, limit, before, as_json)
                   : run_show (&workspace, argv[2], as_raw, as_json);
}
