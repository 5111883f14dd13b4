/* access.h - who is looking: login links, sessions, the form key. */
#ifndef ACCESS_H
#define ACCESS_H

#include "request.h"

/* Finds the person behind a session cookie or the trusted proxy's header, and their session; nobody
 * when nobody is logged in. cookie and user may be NULL. */
void access_find_person (WebRequest *request, const char *cookie, const char *user);

/* A Set-Cookie value that logs this person in. Owned. */
char *access_login_cookie (const WebContext *context, PersonId person, gint64 now_ms);
/* Ends the session for good, whoever has its cookie. */
gboolean access_end_session (const WebRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A Set-Cookie value that takes the cookie back. Owned. */
char *access_logout_cookie (const WebContext *context);

/* The hidden field of our forms, and its check: a POST that did not come from a page of this
 * session is refused. Owned / FALSE with REFUSED. */
char *access_form_key (const WebRequest *request);
gboolean access_check_form (const WebRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
