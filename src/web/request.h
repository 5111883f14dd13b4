/* request.h - one HTTP request as handlers see it: checked, bounded, with its viewer. */
#ifndef REQUEST_H
#define REQUEST_H

#include "conf.h"
#include "flow.h"
#include "people.h"
#include "posts.h"
#include "token.h"
#include "tpl.h"

#define REQUEST_IDS_MAX 2

/* What all requests share; lives as long as the server. */
typedef struct {
    Config *conf;
    Flow *flow;
    Store *store;
    TokenKey *key;
    TplSet *templates;
    const Clock *clock;
    gboolean is_secure;      /* web_url is https: cookies are Secure */
    GHashTable *static_tags; /* name of a static file -> digest of its content */
} WebContext;

typedef struct {
    const WebContext *context;
    StoreReader *reader;
    const char *method, *path;
    GHashTable *query;           /* name -> value, decoded, valid UTF-8 */
    GHashTable *form;            /* the same of a POST body */
    gint64 ids[REQUEST_IDS_MAX]; /* numbers in the path, by the route's pattern */
    const char *name;            /* a file name in the path, or NULL */
    Person *person;              /* who is logged in, or NULL */
    Token session;               /* their session; kind 0: a proxy named them */
    const char *known_tag;       /* the If-None-Match header, or NULL */
    gint64 now_ms;
} WebRequest;

/* A parameter, or NULL. Borrowed. */
const char *request_query (const WebRequest *request, const char *name);
const char *request_form (const WebRequest *request, const char *name);
/* A parameter that is a positive number; 0 when absent or none. */
gint64 request_query_number (const WebRequest *request, const char *name);
Viewer request_viewer (const WebRequest *request);
const char *request_language (const WebRequest *request);

/* Decodes name=value&... into a table. NULL when it is malformed. Owned. */
GHashTable *request_decode_form (const char *text, gsize len);

#endif
