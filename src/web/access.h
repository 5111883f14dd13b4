/* access.h - who is looking: login links, sessions, the form key. */
#ifndef ACCESS_H
#define ACCESS_H

#include "request.h"

/* The person behind a session cookie or the trusted proxy's header; NULL when nobody is logged in.
 * cookie and user may be NULL. Owned. */
Person *access_person (const WebContext *context, StoreReader *reader, const char *cookie,
                       const char *user, gint64 now_ms);

/* A Set-Cookie value that logs this person in. Owned. */
char *access_login_cookie (const WebContext *context, PersonId person, gint64 now_ms);
/* A Set-Cookie value that ends the session. Owned. */
char *access_logout_cookie (const WebContext *context);

/* The hidden field of our forms, and its check: a POST that did not come from a page of this
 * session is refused. Owned / FALSE with REFUSED. */
char *access_form_key (const WebRequest *request);
gboolean access_check_form (const WebRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
