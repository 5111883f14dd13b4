/* page_static.c - what is not about posts: style sheet, icon, health. */
#include "routes.h"

#include "error.h"

WebReply *page_static (WebRequest *request, GError **error)
{
    const char *type = NULL;
    GBytes *bytes = tpl_static (request->name, &type);
    if (bytes == NULL) {
        error_set (error, ERR_NOT_FOUND, "no such file");
        return NULL;
    }
    WebReply *reply = reply_bytes (bytes, type);
    reply->is_cacheable = TRUE;
    return reply;
}

WebReply *page_health (WebRequest *request, GError **error)
{
    Viewer nobody = {.is_admin = FALSE};
    g_autoptr (GPtrArray) posts = store_post_list (request->reader, nobody, (PostId){0}, 1, error);
    return posts != NULL ? reply_text (200, "ok\n") : NULL;
}
