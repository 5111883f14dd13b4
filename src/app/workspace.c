/* workspace.c - see workspace.h. */
#include "workspace.h"

#include "cli.h"
#include "log.h"

static gboolean open_key (Workspace *workspace, WorkspaceNeeds needs, GError **error)
{
    const char *path = workspace->conf->key_file;
    gboolean may_make = !(needs & ONLY_READS);
    if (!may_make && !g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    workspace->key = token_key_load (path, may_make, error);
    return workspace->key != NULL;
}

static gboolean open_store (Workspace *workspace, WorkspaceNeeds needs, GError **error)
{
    const char *path = workspace->conf->database;
    gboolean only_reads = needs & ONLY_READS;
    if (only_reads && (needs & NEEDS_FLOW) && !g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    workspace->store = only_reads ? store_open_read_only (path, clock_system(), error)
                                  : store_open (path, clock_system(), error);
    if (workspace->store != NULL)
        workspace->reader = store_reader_new (workspace->store, error);
    return workspace->reader != NULL;
}

static gboolean open_parts (Workspace *workspace, WorkspaceNeeds needs, GError **error)
{
    const Config *conf = workspace->conf;
    if ((needs & (NEEDS_KEY | NEEDS_FLOW)) && !open_key (workspace, needs, error))
        return FALSE;
    if ((needs & (NEEDS_STORE | NEEDS_FLOW)) && !open_store (workspace, needs, error))
        return FALSE;
    if (needs & NEEDS_FLOW) {
        workspace->flow =
            flow_new (workspace->conf, workspace->key, workspace->store, clock_system(), error);
        if (workspace->flow == NULL)
            return FALSE;
    }
    if (needs & NEEDS_TEMPLATES) {
        const char *directory = *conf->template_directory != '\0' ? conf->template_directory : NULL;
        workspace->templates = tpl_set_load (directory, error);
        if (workspace->templates == NULL)
            return FALSE;
    }
    return TRUE;
}

gboolean workspace_open (Workspace *workspace, const char *conf_option, WorkspaceNeeds needs,
                         GError **error)
{
    *workspace = (Workspace){0};
    workspace->conf = conf_load (cli_config_path (conf_option), error);
    if (workspace->conf == NULL)
        return FALSE;
    LogLevel level = LOG_INFO;
    if (log_level_parse (workspace->conf->log_level, &level))
        log_init (level);
    if (!open_parts (workspace, needs, error)) {
        workspace_close (workspace);
        return FALSE;
    }
    return TRUE;
}

void workspace_close (Workspace *workspace)
{
    g_clear_pointer (&workspace->templates, tpl_set_unref);
    g_clear_pointer (&workspace->flow, flow_free);
    g_clear_pointer (&workspace->reader, store_reader_free);
    g_clear_pointer (&workspace->store, store_close);
    g_clear_pointer (&workspace->key, token_key_unref);
    g_clear_pointer (&workspace->conf, conf_unref);
}

Viewer workspace_viewer (void)
{
    return (Viewer){.person = {0}, .is_admin = TRUE};
}

char *workspace_actor (void)
{
    return g_strdup_printf ("admin:%s", g_get_user_name());
}
