/* access.c - see access.h.
 *
 * (I1) There are no passwords: a link by mail or the administrator's command, then a signed cookie.
 * (I2) The cookie is HttpOnly and SameSite=Lax; forms carry a key of their own besides. */
#include "access.h"

#include <string.h>

#include "error.h"
#include "site.h"
#include "web.h"

#define COOKIE_NAME "carbonless"
#define HOUR_MS ((gint64)3600 * 1000)
#define SESSION_MS (30 * 24 * HOUR_MS)
#define FORM_MS (24 * HOUR_MS)

/* The value of our cookie in a Cookie header. Owned, or NULL. */
static char *cookie_value (const char *header)
{
    g_auto (GStrv) pairs = g_strsplit (header, ";", 50);
    for (char **pair = pairs; *pair != NULL; pair++) {
        char *text = g_strstrip (*pair);
        if (g_str_has_prefix (text, COOKIE_NAME "="))
            return g_strdup (text + strlen (COOKIE_NAME "="));
    }
    return NULL;
}

static Person *person_of_cookie (const WebContext *context, StoreReader *reader, const char *header,
                                 gint64 now_ms)
{
    Token token;
    g_autofree char *value = cookie_value (header);
    if (value == NULL || !token_open (context->key, TOKEN_SESSION, value, now_ms, &token, NULL))
        return NULL;
    return store_person_get (reader, (PersonId){token.person}, NULL);
}

Person *access_person (const WebContext *context, StoreReader *reader, const char *cookie,
                       const char *user, gint64 now_ms)
{
    if (*context->conf->web_user_header != '\0')
        return user != NULL ? store_person_find (reader, user, NULL) : NULL;
    return cookie != NULL ? person_of_cookie (context, reader, cookie, now_ms) : NULL;
}

static char *cookie_text (const WebContext *context, const char *value, gint64 seconds)
{
    return g_strdup_printf (COOKIE_NAME "=%s; Path=/; Max-Age=%" G_GINT64_FORMAT
                                        "; HttpOnly; SameSite=Lax%s",
                            value, seconds, context->is_secure ? "; Secure" : "");
}

char *access_login_cookie (const WebContext *context, PersonId person, gint64 now_ms)
{
    Token token = {
        .kind = TOKEN_SESSION, .person = person.value, .expires_ms = now_ms + SESSION_MS};
    g_autofree char *value = token_seal (context->key, &token);
    return cookie_text (context, value, SESSION_MS / 1000);
}

char *access_logout_cookie (const WebContext *context)
{
    return cookie_text (context, "", 0);
}

char *access_form_key (const WebRequest *request)
{
    Token token = {.kind = TOKEN_FORM,
                   .person = request->person->id.value,
                   .expires_ms = request->now_ms + FORM_MS};
    return token_seal (request->context->key, &token);
}

gboolean access_check_form (const WebRequest *request, GError **error)
{
    Token token;
    const char *key = request_form (request, "form_key");
    if (request->person != NULL && key != NULL &&
        token_open (request->context->key, TOKEN_FORM, key, request->now_ms, &token, NULL) &&
        token.person == request->person->id.value)
        return TRUE;
    return error_fail (error, ERR_REFUSED, "This form is too old. Please open the page again");
}

char *web_login_link (Config *conf, TokenKey *key, PersonId person, gint64 now_ms)
{
    Token token = {.kind = TOKEN_LOGIN,
                   .person = person.value,
                   .expires_ms = now_ms + (gint64)conf->login_link_hours * HOUR_MS};
    g_autofree char *text = token_seal (key, &token);
    g_autofree char *path = site_login_path (text);
    return site_url (conf->web_url, path);
}
