/* cmd_export.c - carbonless export: archived messages as an mbox, byte for byte. */
#include <errno.h>
#include <stdio.h>

#include "cli.h"
#include "error.h"
#include "mailbox.h"
#include "posts.h"
#include "workspace.h"

#define PAGE 200

static gboolean export_post (StoreReader *reader, const Post *post, GString *text, FILE *out,
                             GError **error)
{
    g_autoptr (GBytes) raw = store_post_raw (reader, post->id, error);
    if (raw == NULL) {
        error_prefix (error, "post %" G_GINT64_FORMAT, post->id.value);
        return FALSE;
    }
    g_string_truncate (text, 0);
    mailbox_append (text, raw, post->author_address, post->received_ms);
    if (fwrite (text->str, 1, text->len, out) != text->len)
        return error_fail (error, ERR_TEMPORARY, "cannot write: %s", g_strerror (errno));
    return TRUE;
}

static gboolean export_all (StoreReader *reader, FILE *out, GError **error)
{
    g_autoptr (GString) text = g_string_new (NULL);
    PostId after = {0};
    for (;;) {
        g_autoptr (GPtrArray) page = store_post_walk (reader, after, PAGE, error);
        if (page == NULL)
            return FALSE;
        for (guint i = 0; i < page->len; i++) {
            const Post *post = page->pdata[i];
            if (!export_post (reader, post, text, out, error))
                return FALSE;
            after = post->id;
        }
        if (page->len < PAGE)
            return fflush (out) == 0 ||
                   error_fail (error, ERR_TEMPORARY, "cannot write: %s", g_strerror (errno));
    }
}

static gboolean export_chosen (StoreReader *reader, char **ids, FILE *out, GError **error)
{
    g_autoptr (GString) text = g_string_new (NULL);
    for (char **id = ids; *id != NULL; id++) {
        PostId post_id = {0};
        if (!cli_number (*id, &post_id.value))
            return error_fail (error, ERR_REFUSED, "%s is not the number of a post", *id);
        g_autoptr (Post) post = store_post_get (reader, post_id, workspace_viewer(), error);
        if (post == NULL) {
            error_prefix (error, "post %s", *id);
            return FALSE;
        }
        if (!export_post (reader, post, text, out, error))
            return FALSE;
    }
    return fflush (out) == 0 ||
           error_fail (error, ERR_TEMPORARY, "cannot write: %s", g_strerror (errno));
}

int cmd_export (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autofree char *output = NULL;
    g_autoptr (GError) error = NULL;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "write there, not to standard output",
         "FILE"},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "[POST...]",
            "Writes posts (all, or those named) as an mbox, each message byte for byte as it\n"
            "came; lines that begin with From are quoted (mboxrd), and import unquotes them.",
            entries, &status))
        return status;
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE | ONLY_READS, &error))
        return cli_fail ("export", error);
    FILE *out = output != NULL ? fopen (output, "wxe") : stdout;
    if (out == NULL) {
        g_autofree char *message = g_strdup_printf ("%s: %s", output, g_strerror (errno));
        return cli_usage ("export", message);
    }
    gboolean ok = argc > 1 ? export_chosen (workspace.reader, argv + 1, out, &error)
                           : export_all (workspace.reader, out, &error);
    if (output != NULL && fclose (out) != 0 && ok)
        ok = error_fail (&error, ERR_TEMPORARY, "%s: %s", output, g_strerror (errno));
    return ok ? EXIT_OK : cli_fail ("export", error);
}
