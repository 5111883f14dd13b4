/* virtual.c - reads Postfix's virtual(5): `address target, target`. The address may be whole, a
 * local part, or the catch-all @domain; a target @domain keeps the local part. */
#include <string.h>

#include "aliases.h"
#include "error.h"
#include "listfile.h"

static gboolean read_definition (DirectoryBuilder *builder, const ListLines *lines, GError **error)
{
    const char *text = lines->text->str;
    gsize name_len = strcspn (text, " \t\r\v\f");
    const char *what = NULL;
    g_autofree char *name = g_strndup (text, name_len);
    g_autoptr (GPtrArray) targets = list_values (text + name_len, &what);
    if (targets == NULL)
        return list_lines_refuse (lines, error, what);
    if (targets->len == 0)
        return list_lines_refuse (lines, error, "expected \"address target, target\"");
    builder_define (builder, SOURCE_VIRTUAL, name, (const char *const *)targets->pdata,
                    targets->len, FALSE);
    return TRUE;
}

gboolean virtual_parse (DirectoryBuilder *builder, const char *path, const char *text, gsize len,
                        GError **error)
{
    g_autoptr (GError) cause = NULL;
    g_auto (ListLines) lines = {0};
    list_lines_init (&lines, path, text, len);
    while (list_lines_next (&lines, &cause)) {
        if (!read_definition (builder, &lines, &cause))
            break;
    }
    if (cause == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
}

gboolean directory_read_virtual (DirectoryBuilder *builder, const char *path, GError **error)
{
    gsize len = 0;
    g_autofree char *text = listfile_read (path, LISTFILE_BYTES_MAX, &len, error);
    return text != NULL && virtual_parse (builder, path, text, len, error);
}

/* Whoever reads the error shall know which line of the configuration to look at. */
static gboolean name_option (const Config *conf, const char *option, GError **error)
{
    g_autofree char *where = conf_where (conf, option);
    error_prefix (error, "%s", where);
    return FALSE;
}

gboolean directory_read_files (DirectoryBuilder *builder, GError **error)
{
    for (char **path = builder->conf->alias_files; *path != NULL; path++) {
        if (!directory_read_aliases (builder, *path, error))
            return name_option (builder->conf, "alias_files", error);
    }
    for (char **path = builder->conf->virtual_files; *path != NULL; path++) {
        if (!directory_read_virtual (builder, *path, error))
            return name_option (builder->conf, "virtual_files", error);
    }
    return TRUE;
}
