/* tpl.c - the set of all templates: the built-in ones, and over them an administrator's own.
 *
 * (I1) A set is changed by nobody once it is returned. */
#include "tpl.h"

#include <gio/gio.h>
#include <pthread.h>
#include <string.h>

#include "error.h"
#include "ref.h"
#include "resources.h"
#include "tpl_template.h"

#define BUILTIN_TEMPLATES "/carbonless/templates"
#define BUILTIN_STATIC "/carbonless/static"
#define LANGUAGE_FALLBACK "en"

struct TplSet {
    Ref ref;
    GHashTable *templates; /* "en/post.html" -> Template */
};

static pthread_once_t registered = PTHREAD_ONCE_INIT;

static GResource *builtin (void)
{
    pthread_once (&registered, builtin_register_resource);
    return builtin_get_resource();
}

TplSet *tpl_set_ref (TplSet *set)
{
    ref_take (&set->ref);
    return set;
}

void tpl_set_unref (TplSet *set)
{
    if (set == NULL || !ref_drop (&set->ref))
        return;
    g_hash_table_unref (set->templates);
    g_free (set);
}

/* "nl-BE" finds what "nl-BE" has, then "nl", then English. */
const Template *tpl_set_find (const TplSet *set, const char *language, const char *name)
{
    gsize short_length = strcspn (language, "-_");
    g_autofree char *exact = g_strconcat (language, "/", name, NULL);
    g_autofree char *nearly = g_strdup_printf ("%.*s/%s", (int)short_length, language, name);
    g_autofree char *fallback = g_strconcat (LANGUAGE_FALLBACK "/", name, NULL);
    const char *const tries[] = {exact, nearly, fallback};
    const Template *template = NULL;
    for (guint i = 0; i < G_N_ELEMENTS (tries) && template == NULL; i++)
        template = g_hash_table_lookup (set->templates, tries[i]);
    return template;
}

static gboolean is_template_name (const char *name)
{
    return g_str_has_suffix (name, ".html") || g_str_has_suffix (name, ".txt");
}

static gboolean add_template (TplSet *set, const char *name, const char *origin, const char *text,
                              gsize len, GError **error)
{
    Template *template = template_parse (name, origin, text, len, error);
    if (template == NULL)
        return FALSE;
    g_hash_table_replace (set->templates, template->name, template);
    return TRUE;
}

static gboolean load_builtin_language (TplSet *set, const char *language, GError **error)
{
    g_autofree char *folder = g_strconcat (BUILTIN_TEMPLATES "/", language, NULL);
    g_auto (GStrv) names = g_resource_enumerate_children (builtin(), folder, 0, NULL);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *name = g_strconcat (language, "/", names[i], NULL);
        g_autofree char *path = g_strconcat (folder, "/", names[i], NULL);
        g_autofree char *origin = g_strconcat ("templates/", name, NULL);
        gsize length = 0;
        if (!is_template_name (names[i]))
            continue;
        g_autoptr (GBytes) bytes = g_resource_lookup_data (builtin(), path, 0, error);
        const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
        if (bytes == NULL ||
            !add_template (set, name, origin, text != NULL ? text : "", length, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean load_builtin (TplSet *set, GError **error)
{
    g_auto (GStrv) languages =
        g_resource_enumerate_children (builtin(), BUILTIN_TEMPLATES, 0, NULL);
    for (guint i = 0; languages != NULL && languages[i] != NULL; i++) {
        g_strdelimit (languages[i], "/", '\0');
        if (!load_builtin_language (set, languages[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean load_file (TplSet *set, const char *path, const char *name, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr (GError) cause = NULL;
    if (!g_file_get_contents (path, &text, &length, &cause))
        return error_fail (error, ERR_REFUSED, "%s", cause->message);
    return add_template (set, name, path, text, length, error);
}

static gboolean load_language (TplSet *set, const char *folder, const char *language,
                               GError **error)
{
    const char *file;
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    while (dir != NULL && (file = g_dir_read_name (dir)) != NULL) {
        g_autofree char *path = g_build_filename (folder, file, NULL);
        g_autofree char *name = g_strconcat (language, "/", file, NULL);
        if (is_template_name (file) && !load_file (set, path, name, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean load_directory (TplSet *set, const char *directory, GError **error)
{
    const char *language;
    g_autoptr (GError) cause = NULL;
    g_autoptr (GDir) dir = g_dir_open (directory, 0, &cause);
    if (dir == NULL)
        return error_fail (error, ERR_REFUSED, "templates: %s", cause->message);
    while ((language = g_dir_read_name (dir)) != NULL) {
        g_autofree char *folder = g_build_filename (directory, language, NULL);
        if (g_file_test (folder, G_FILE_TEST_IS_DIR) &&
            !load_language (set, folder, language, error))
            return FALSE;
    }
    return TRUE;
}

/* Every partial that is named is there. */
static gboolean check_partials (const TplSet *set, GError **error)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init (&iter, set->templates);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const Template *template = value;
        g_autofree char *language = g_strndup (template->name, strcspn (template->name, "/"));
        for (guint i = 0; i < template->nodes->len; i++) {
            const TplNode *node = &g_array_index (template->nodes, TplNode, i);
            if (node->kind != NODE_PARTIAL)
                continue;
            const Template *partial = tpl_set_find (set, language, node->path[0]);
            if (partial == NULL || partial->is_html != template->is_html)
                return error_fail (error, ERR_REFUSED,
                                   "templates/%s:%u: there is no partial %s of its kind",
                                   template->name, node->line, node->path[0]);
        }
    }
    return TRUE;
}

TplSet *tpl_set_load (const char *directory, GError **error)
{
    g_autoptr (TplSet) set = g_new0 (TplSet, 1);
    ref_init (&set->ref);
    set->templates =
        g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)template_free);
    if (!load_builtin (set, error))
        return NULL;
    if (directory != NULL && *directory != '\0' && !load_directory (set, directory, error))
        return NULL;
    return check_partials (set, error) ? g_steal_pointer (&set) : NULL;
}

static const char *content_type (const char *name)
{
    static const char *const types[][2] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/vnd.microsoft.icon"},
        {".webp", "image/webp"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (types); i++)
        if (g_str_has_suffix (name, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

GBytes *tpl_static (const char *name, const char **ret_content_type)
{
    if (*name == '\0' || strchr (name, '/') != NULL)
        return NULL;
    g_autofree char *path = g_strconcat (BUILTIN_STATIC "/", name, NULL);
    GBytes *bytes = g_resource_lookup_data (builtin(), path, 0, NULL);
    if (bytes != NULL && ret_content_type != NULL)
        *ret_content_type = content_type (name);
    return bytes;
}
