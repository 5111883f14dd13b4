/* reply.h - what a handler answers: made here, sent by server.c. */
#ifndef REPLY_H
#define REPLY_H

#include "request.h"

typedef struct {
    guint status;
    const char *type; /* static */
    GBytes *body;
    char *location;      /* redirects, or NULL */
    char *cookie;        /* whole Set-Cookie value, or NULL */
    char *disposition;   /* Content-Disposition, or NULL */
    const char *allow;   /* methods that the path has, for 405; static, or NULL */
    gboolean is_last;    /* the connection ends with it */
    gboolean is_foreign; /* bytes from mail: sandboxed, never shown as a page */
    const char *caching; /* Cache-Control; NULL: nobody keeps it */
    char *tag;           /* ETag, or NULL */
} WebReply;

void reply_free (WebReply *reply);

/* A page from a template of the viewer's language. `map` gets what every page shows (who is logged
 * in, the form key). Errors: INTERNAL the template. */
WebReply *reply_page (const WebRequest *request, guint status, const char *template, TplMap *map,
                      GError **error);
/* A page that says what is wrong, by class. Never NULL. */
WebReply *reply_error (const WebRequest *request, const GError *error);
WebReply *reply_redirect (const char *path); /* 303 See Other, to a path of ours */
WebReply *reply_text (guint status, const char *text);
WebReply *reply_bytes (GBytes *take_body, const char *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebReply, reply_free)

#endif
