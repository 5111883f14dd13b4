/* reply.c - see reply.h. */
#include "reply.h"

#include <string.h>

#include "access.h"
#include "error.h"
#include "log.h"
#include "page_static.h"

static const struct {
    guint status;
    const char *name; /* chooses the words in error.html */
} error_pages[] = {
    [ERR_TEMPORARY] = {503, "is_busy"},
    [ERR_REFUSED] = {400, "is_bad"},
    [ERR_NOT_FOUND] = {404, "is_missing"},
    [ERR_INTERNAL] = {500, "is_broken"},
};

void reply_free (WebReply *reply)
{
    if (reply == NULL)
        return;
    g_clear_pointer (&reply->body, g_bytes_unref);
    g_free (reply->location);
    g_free (reply->cookie);
    g_free (reply->disposition);
    g_free (reply->tag);
    g_free (reply);
}

WebReply *reply_bytes (GBytes *take_body, const char *type)
{
    WebReply *reply = g_new0 (WebReply, 1);
    reply->status = 200;
    reply->type = type;
    reply->body = take_body;
    return reply;
}

WebReply *reply_text (guint status, const char *text)
{
    WebReply *reply = reply_bytes (g_bytes_new (text, strlen (text)), "text/plain; charset=utf-8");
    reply->status = status;
    return reply;
}

WebReply *reply_redirect (const char *path)
{
    WebReply *reply = reply_text (303, "");
    reply->location = g_strdup (path);
    return reply;
}

static void add_common (const WebRequest *request, TplMap *map)
{
    const Person *person = request->person;
    tpl_text (map, "language", request_language (request));
    page_static_links (request->context, map);
    tpl_bool (map, "is_logged_in", person != NULL);
    tpl_bool (map, "can_log_out", request->session.kind == TOKEN_SESSION);
    if (person == NULL)
        return;
    g_autofree char *form_key = access_form_key (request);
    tpl_text (map, "me", *person->name != '\0' ? person->name : person->address);
    tpl_text (map, "form_key", form_key);
    tpl_text (map, "tpl_time_zone",
              *person->time_zone != '\0' ? person->time_zone : request->context->conf->time_zone);
}

WebReply *reply_page (const WebRequest *request, guint status, const char *template, TplMap *map,
                      GError **error)
{
    add_common (request, map);
    char *html =
        tpl_render (request->context->templates, request_language (request), template, map, error);
    if (html == NULL)
        return NULL;
    WebReply *reply =
        reply_bytes (g_bytes_new_take (html, strlen (html)), "text/html; charset=utf-8");
    reply->status = status;
    return reply;
}

/* The message of a refusal in this layer is the name of its words in error.html. */
static void set_why (TplMap *map, const char *message)
{
    static const char *const reasons[] = {"form_foreign", "form_old",       "link_old",
                                          "link_unknown", "nothing_chosen", NULL};
    if (!g_strv_contains (reasons, message))
        return;
    g_autofree char *name = g_strconcat ("why_", message, NULL);
    tpl_bool (map, name, TRUE);
}

WebReply *reply_error (const WebRequest *request, const GError *error)
{
    g_autoptr (TplMap) map = tpl_map_new();
    ErrorClass class = error_class (error);
    guint status = error_pages[class].status;
    if (class == ERR_INTERNAL || class == ERR_TEMPORARY)
        log_event (EV_WEB_FAILED, LOG_TEXT ("path", request->path),
                   LOG_TEXT ("error", error->message));
    tpl_bool (map, error_pages[class].name, TRUE);
    /* Only what the visitor did wrong is told; causes inside stay in the log. */
    if (class == ERR_REFUSED)
        set_why (map, error->message);
    WebReply *reply = reply_page (request, status, "error.html", map, NULL);
    return reply != NULL ? reply : reply_text (status, "Something went wrong.\n");
}
