/* page_post.c - one post with its thread, its attachments and images. */
#include "post_nodes.h"
#include "routes.h"

#include <string.h>

#include "error.h"
#include "message.h"
#include "site.h"

#define COMMENTS_MAX 500

static gboolean add_thread (WebRequest *request, TplMap *map, const GPtrArray *thread,
                            GError **error)
{
    PostBudget rest = post_budget();
    for (guint i = 0; i < thread->len; i++) {
        const Post *post = thread->pdata[i];
        /* The first post, and the one that was asked for, are not cut for what others wrote. */
        PostBudget own = post_budget();
        gboolean is_comment = post->id.value != post->thread.value;
        TplMap *node = tpl_add (map, is_comment ? "comment" : "first");
        gboolean is_chosen = is_comment && post->id.value == request->ids[0];
        tpl_bool (node, "is_chosen", is_chosen);
        if (!post_node_whole (request, node, post, is_comment && !is_chosen ? &rest : &own, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean has_post (const GPtrArray *thread, PostId id)
{
    for (guint i = 0; i < thread->len; i++)
        if (((const Post *)thread->pdata[i])->id.value == id.value)
            return TRUE;
    return FALSE;
}

WebReply *page_post (WebRequest *request, GError **error)
{
    PostId id = {request->ids[0]};
    Viewer viewer = request_viewer (request);
    g_autoptr (Post) post = store_post_get (request->reader, id, viewer, error);
    if (post == NULL)
        return NULL;
    g_autoptr (GPtrArray) thread =
        store_thread (request->reader, post->thread, viewer, COMMENTS_MAX, error);
    if (thread == NULL)
        return NULL;
    g_autoptr (TplMap) map = tpl_map_new();
    const Post *first = thread->pdata[0];
    tpl_text (map, "title", first->subject);
    tpl_bool (map, "has_thread", thread->len > 1);
    tpl_bool (map, "has_more", thread->len >= COMMENTS_MAX);
    if (thread->len >= COMMENTS_MAX && !has_post (thread, id))
        g_ptr_array_add (thread, g_steal_pointer (&post));
    if (!add_thread (request, map, thread, error))
        return NULL;
    return reply_page (request, 200, "post.html", map, error);
}

/* The bytes of part ids[1] of post ids[0], when the viewer may see the post. */
static GBytes *read_part (WebRequest *request, char **ret_name, const char **ret_image_type,
                          GError **error)
{
    static const char *const image_types[] = {"image/png", "image/jpeg", "image/gif", "image/webp",
                                              NULL};
    PostId id = {request->ids[0]};
    g_autoptr (Post) post = store_post_get (request->reader, id, request_viewer (request), error);
    if (post == NULL)
        return NULL;
    g_autoptr (GBytes) raw = store_post_raw (request->reader, id, error);
    if (raw == NULL)
        return NULL;
    g_autoptr (Message) message = message_parse (raw, NULL);
    const Part *part = message_file (message, (guint)MIN (request->ids[1], G_MAXUINT));
    if (part == NULL) {
        error_set (error, ERR_NOT_FOUND, "no such attachment");
        return NULL;
    }
    *ret_name = g_strdup (part->name != NULL ? part->name : "attachment");
    *ret_image_type = NULL;
    for (const char *const *type = image_types; *type != NULL; type++)
        if (strcmp (*type, part->type) == 0)
            *ret_image_type = *type;
    return message_part_decode (message, part);
}

/* RFC 6266: an ASCII name for the old, the whole one in RFC 8187's form. */
static char *disposition (const char *name)
{
    g_autofree char *plain = g_str_to_ascii (name, "C");
    for (char *p = plain; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && strchr ("._- ", *p) == NULL)
            *p = '_';
    g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);
    return g_strdup_printf ("attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, escaped);
}

WebReply *page_file (WebRequest *request, GError **error)
{
    g_autofree char *name = NULL;
    const char *image_type;
    GBytes *bytes = read_part (request, &name, &image_type, error);
    if (bytes == NULL)
        return NULL;
    WebReply *reply = reply_bytes (bytes, "application/octet-stream");
    reply->disposition = disposition (name);
    reply->is_foreign = TRUE;
    return reply;
}

WebReply *page_image (WebRequest *request, GError **error)
{
    g_autofree char *name = NULL;
    const char *image_type;
    GBytes *bytes = read_part (request, &name, &image_type, error);
    if (bytes == NULL)
        return NULL;
    if (image_type == NULL) {
        g_bytes_unref (bytes);
        error_set (error, ERR_NOT_FOUND, "not an image that is shown");
        return NULL;
    }
    WebReply *reply = reply_bytes (bytes, image_type);
    reply->is_foreign = TRUE;
    reply->caching = "private, max-age=86400";
    return reply;
}
