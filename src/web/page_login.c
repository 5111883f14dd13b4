/* page_login.c - login by a signed link, and logout. Opening the link shows a button; only pressing
 * it logs in, so that a link scanner does nothing. */
#include "access.h"
#include "routes.h"

#include "error.h"

/* The person that a login key names. Owned, or NULL with REFUSED. */
static Person *open_key (WebRequest *request, const char *key, GError **error)
{
    Token token;
    gboolean is_expired = FALSE;
    const WebContext *context = request->context;
    if (key == NULL ||
        !token_open (context->key, TOKEN_LOGIN, key, request->now_ms, &token, &is_expired)) {
        error_set (error, ERR_REFUSED, is_expired ? "link_old" : "link_unknown");
        return NULL;
    }
    return store_person_get (request->reader, (PersonId){token.person}, error);
}

WebReply *page_login (WebRequest *request, GError **error)
{
    const char *key = request_query (request, "key");
    g_autoptr (Person) person = open_key (request, key, error);
    if (person == NULL)
        return NULL;
    g_autoptr (TplMap) map = tpl_map_new();
    tpl_text (map, "who", *person->name != '\0' ? person->name : person->address);
    tpl_text (map, "key", key);
    return reply_page (request, 200, "login.html", map, error);
}

WebReply *page_login_done (WebRequest *request, GError **error)
{
    g_autoptr (Person) person = open_key (request, request_form (request, "key"), error);
    if (person == NULL)
        return NULL;
    WebReply *reply = reply_redirect ("/");
    reply->cookie = access_login_cookie (request->context, person->id, request->now_ms);
    return reply;
}

WebReply *page_logout (WebRequest *request, GError **error)
{
    if (!access_check_form (request, error) || !access_end_session (request, error))
        return NULL;
    WebReply *reply = reply_redirect ("/");
    reply->cookie = access_logout_cookie (request->context);
    return reply;
}
