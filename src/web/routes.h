/* routes.h - which handler serves a path, and who may ask. */
#ifndef ROUTES_H
#define ROUTES_H

#include "reply.h"

/* One job: a reply, or NULL with an error. */
typedef WebReply *(*WebHandler) (WebRequest *request, GError **error);

typedef enum {
    RIGHT_NONE,   /* anybody: static files, login, links with a key of their own */
    RIGHT_PERSON, /* a person who is logged in; what they may see, the store checks */
} WebRight;

typedef struct {
    const char *method;
    const char *pattern; /* {id} a positive number, {number} 0 or more, {name} a file name */
    WebHandler handler;
    WebRight right;
    const char *doc;
} WebRoute;

extern const WebRoute web_routes[];

/* Finds the route of a request and fills its ids and name. NULL: no such path, or not for this
 * method: then *ret_allow names those it has, for the header of that name; else it is NULL. */
const WebRoute *route_find (WebRequest *request, const char **ret_allow);

WebReply *page_stream (WebRequest *request, GError **error);
WebReply *page_search (WebRequest *request, GError **error);
WebReply *page_post (WebRequest *request, GError **error);
WebReply *page_file (WebRequest *request, GError **error);
WebReply *page_image (WebRequest *request, GError **error);
WebReply *page_login (WebRequest *request, GError **error);
WebReply *page_login_done (WebRequest *request, GError **error);
WebReply *page_logout (WebRequest *request, GError **error);
WebReply *page_unsubscribe (WebRequest *request, GError **error);
WebReply *page_unsubscribe_done (WebRequest *request, GError **error);
WebReply *page_author (WebRequest *request, GError **error);
WebReply *page_author_done (WebRequest *request, GError **error);
WebReply *page_static (WebRequest *request, GError **error);
WebReply *page_metrics (WebRequest *request, GError **error);
WebReply *page_health (WebRequest *request, GError **error);

#endif
