/* page_static.c - see page_static.h; and health. */
#include "page_static.h"
#include "routes.h"

#include <string.h>

#include "error.h"

#define TAG_CHARS 16

static const struct {
    const char *name;
    const char *link; /* what templates call it */
} files[] = {
    {"style.css", "style_path"},
    {"icon.svg", "icon_path"},
};

GHashTable *page_static_tags (void)
{
    GHashTable *tags = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        g_autoptr (GBytes) bytes = tpl_static (files[i].name, NULL);
        char *tag = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
        tag[TAG_CHARS] = '\0';
        g_hash_table_insert (tags, (gpointer)files[i].name, tag);
    }
    return tags;
}

void page_static_links (const WebContext *context, TplMap *map)
{
    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        const char *tag = g_hash_table_lookup (context->static_tags, files[i].name);
        g_autofree char *path = g_strdup_printf ("/static/%s?v=%s", files[i].name, tag);
        tpl_path (map, files[i].link, path);
    }
}

WebReply *page_static (WebRequest *request, GError **error)
{
    const char *type = NULL;
    const char *tag = g_hash_table_lookup (request->context->static_tags, request->name);
    g_autoptr (GBytes) bytes = tag != NULL ? tpl_static (request->name, &type) : NULL;
    if (bytes == NULL) {
        error_set (error, ERR_NOT_FOUND, "no such file");
        return NULL;
    }
    g_autofree char *quoted = g_strdup_printf ("\"%s\"", tag);
    gboolean is_known = request->known_tag != NULL && strstr (request->known_tag, quoted) != NULL;
    WebReply *reply = reply_bytes (is_known ? g_bytes_new (NULL, 0) : g_bytes_ref (bytes), type);
    reply->status = is_known ? 304 : 200;
    reply->tag = g_steal_pointer (&quoted);
    /* Under the name of another content, it is asked for again each time. */
    reply->caching = g_strcmp0 (request_query (request, "v"), tag) == 0
                         ? "public, max-age=31536000, immutable"
                         : "no-cache";
    return reply;
}

WebReply *page_health (WebRequest *request, GError **error)
{
    Viewer nobody = {.is_admin = FALSE};
    g_autoptr (GPtrArray) posts = store_post_list (request->reader, nobody, (PostId){0}, 1, error);
    return posts != NULL ? reply_text (200, "ok\n") : NULL;
}
