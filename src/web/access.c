/* access.c - see access.h.
 *
 * (I1) There are no passwords: a link by mail or the administrator's command, then a signed cookie.
 * (I2) The cookie is HttpOnly and SameSite=Lax; forms carry a key of their own besides.
 * (I3) Logging out ends the session on the server: its cookie opens nothing any more, wherever it
 * is. */
#include "access.h"

#include <string.h>
#include <sys/random.h>

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

static void find_session (WebRequest *request, const char *header)
{
    g_autofree char *value = cookie_value (header);
    if (value == NULL || !token_open (request->context->key, TOKEN_SESSION, value, request->now_ms,
                                      &request->session, NULL))
        return;
    if (!store_session_is_over (request->reader, request->session.id)) /* (I3) */
        request->person =
            store_person_get (request->reader, (PersonId){request->session.person}, NULL);
}

void access_find_person (WebRequest *request, const char *cookie, const char *user)
{
    if (*request->context->conf->web_user_header == '\0') {
        if (cookie != NULL)
            find_session (request, cookie);
    } else if (user != NULL) {
        request->person = store_person_find (request->reader, user, NULL);
    }
}

static char *cookie_text (const WebContext *context, const char *value, gint64 seconds)
{
    return g_strdup_printf (COOKIE_NAME "=%s; Path=/; Max-Age=%" G_GINT64_FORMAT
                                        "; HttpOnly; SameSite=Lax%s",
                            value, seconds, context->is_secure ? "; Secure" : "");
}

/* No two alike, as far as chance goes; it need not be secret, since the cookie is signed. */
static gint64 session_number (void)
{
    gint64 number = 0;
    if (getrandom (&number, sizeof number, 0) != sizeof number)
        number = ((gint64)g_random_int() << 32) | g_random_int();
    return number & G_MAXINT64;
}

char *access_login_cookie (const WebContext *context, PersonId person, gint64 now_ms)
{
    Token token = {.kind = TOKEN_SESSION,
                   .person = person.value,
                   .id = session_number(),
                   .expires_ms = now_ms + SESSION_MS};
    g_autofree char *value = token_seal (context->key, &token);
    return cookie_text (context, value, SESSION_MS / 1000);
}

static gboolean apply_end (StoreTxn *txn, gpointer data, GError **error)
{
    const Token *session = data;
    return store_session_end (txn, session->id, session->expires_ms, error);
}

gboolean access_end_session (const WebRequest *request, GError **error)
{
    Token session = request->session;
    return session.kind != TOKEN_SESSION ||
           store_write (request->context->store, apply_end, &session, error);
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
    return error_fail (error, ERR_REFUSED, "form_old");
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
