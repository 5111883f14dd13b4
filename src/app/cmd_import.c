/* cmd_import.c - carbonless import: old mail into the archive. */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "json.h"
#include "log.h"
#include "mailbox.h"
#include "workspace.h"

#define PROGRESS_WIDTH 40
#define PROGRESS_EVERY_US 100000

typedef struct {
    FlowImport *import;
    StoreReader *reader;
    gboolean shows_progress, is_restart;
    gint64 shown_us;
    guint64 read;
} Run;

static void show_progress (Run *run, gint64 position, gint64 size, gboolean is_last)
{
    gint64 now = g_get_monotonic_time();
    if (!run->shows_progress || (!is_last && now - run->shown_us < PROGRESS_EVERY_US))
        return;
    run->shown_us = now;
    int filled = size > 0 ? (int)(position * PROGRESS_WIDTH / size) : PROGRESS_WIDTH;
    fprintf (stderr, "\r[%.*s%*s] %3d %%  %" G_GUINT64_FORMAT " messages%s", filled,
             "########################################", PROGRESS_WIDTH - filled, "",
             size > 0 ? (int)(position * 100 / size) : 100, run->read, is_last ? "\n" : "");
    fflush (stderr);
}

static gint64 saved_position (const Run *run, const char *source)
{
    if (source == NULL || run->is_restart)
        return 0;
    g_autofree char *name = g_strdup_printf ("import:%s", source);
    g_autofree char *value = store_meta_get (run->reader, name);
    return value != NULL ? g_ascii_strtoll (value, NULL, 10) : 0;
}

static gboolean import_mailbox (Run *run, const char *path, GError **error)
{
    g_autoptr (Mailbox) mailbox = mailbox_open (path, error);
    if (mailbox == NULL)
        return FALSE;
    g_autofree char *source = mailbox_source (mailbox);
    gint64 position = saved_position (run, source);
    mailbox_seek (mailbox, position);
    for (;;) {
        g_autoptr (GError) why = NULL;
        g_autoptr (GBytes) raw = mailbox_next (mailbox, &position, &why);
        if (why != NULL) {
            g_propagate_error (error, g_steal_pointer (&why));
            return FALSE;
        }
        if (raw == NULL)
            break;
        if (!flow_import_add (run->import, raw, source, position, error))
            return FALSE;
        run->read++;
        show_progress (run, position, mailbox_size (mailbox), FALSE);
    }
    show_progress (run, mailbox_size (mailbox), mailbox_size (mailbox), TRUE);
    return TRUE;
}

static void print_count (const FlowImportCount *count, gboolean as_json)
{
    if (!as_json) {
        printf ("%" G_GUINT64_FORMAT " messages read, %" G_GUINT64_FORMAT
                " added, %" G_GUINT64_FORMAT " kept as another copy, %" G_GUINT64_FORMAT
                " were there already, %" G_GUINT64_FORMAT " failed\n",
                count->read, count->added, count->variants, count->repeated, count->failed);
        return;
    }
    g_autoptr (Json) json = json_new (0);
    json_open_object (json, NULL);
    json_int (json, "read", (gint64)count->read);
    json_int (json, "added", (gint64)count->added);
    json_int (json, "variants", (gint64)count->variants);
    json_int (json, "repeated", (gint64)count->repeated);
    json_int (json, "failed", (gint64)count->failed);
    json_close (json);
    puts (json_get (json));
}

static int import_all (Workspace *workspace, Run *run, char **paths, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    FlowImportCount count = {0};
    run->import = flow_import_new (workspace->flow);
    run->reader = workspace->reader;
    gboolean ok = TRUE;
    for (char **path = paths; ok && *path != NULL; path++)
        ok = import_mailbox (run, *path, &error);
    /* What was read before an error is kept. */
    if (!flow_import_finish (run->import, &count, ok ? &error : NULL))
        ok = FALSE;
    flow_import_free (run->import);
    print_count (&count, as_json);
    if (!ok)
        return cli_fail ("import", error);
    return count.failed == 0 ? EXIT_OK : EXIT_NO;
}

int cmd_import (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE, is_quiet = FALSE, is_restart = FALSE;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"restart", 0, 0, G_OPTION_ARG_NONE, &is_restart,
         "read an mbox from its start, even if part of it was imported before", NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &is_quiet, "no progress bar", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print the result as JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "PATH...",
            "Each PATH is an mbox, a Maildir, a folder of .eml files, one message, or - for\n"
            "standard input. Messages that are in the archive already are not added again; one\n"
            "that is there with other trace headers is kept beside it, for export alone;\n"
            "an import of an mbox that was interrupted goes on where it stopped. Nobody gets\n"
            "a notice. Exit status 1: some messages could not be stored.",
            entries, &status))
        return status;
    if (argc < 2)
        return cli_usage ("import", "which mailbox?");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_FLOW, &error))
        return cli_fail ("import", error);
    Run run = {.shows_progress = !is_quiet && isatty (STDERR_FILENO), .is_restart = is_restart};
    return import_all (&workspace, &run, argv + 1, as_json);
}
