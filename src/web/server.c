/* server.c - see web.h: libmicrohttpd on one side, handlers on the other. Every request ends here,
 * in on_request, which is also the one place where errors of pages end.
 *
 * (I1) A request is bounded: its body (BODY_BYTES_MAX), its headers (libmicrohttpd's 32 KB), its
 *      connection: CONNECTIONS_MAX of them, PER_ADDRESS_MAX from one address where the network can
 *      reach us (behind a proxy all come from one, and the proxy bounds them), REQUEST_TIMEOUT_S of
 *      silence before a request is whole, ANSWER_TIMEOUT_S after that.
 * (I2) A request with both Content-Length and Transfer-Encoding, or two of one, is refused: a proxy
 * in front may have read it differently. (I3) Whatever a handler answers leaves with the security
 * headers. */
#include <microhttpd.h>
#include <string.h>

#include "access.h"
#include "chan.h"
#include "error.h"
#include "listen.h"
#include "log.h"
#include "page_static.h"
#include "routes.h"
#include "web.h"

#define BODY_BYTES_MAX (64 * 1024)
#define CONNECTIONS_MAX 512
#define CONNECTION_MEMORY (32 * 1024)
#define PER_ADDRESS_MAX 128
#define REQUEST_TIMEOUT_S 5
#define ANSWER_TIMEOUT_S 30
#define THREADS 2
#define IDLE_READERS_MAX 16

#define PAGE_POLICY                                                                                \
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "  \
    "frame-ancestors 'none'"
#define FOREIGN_POLICY "default-src 'none'; sandbox; frame-ancestors 'none'"

struct Web {
    WebContext context;
    ListenAddress *address;
    int fd;
    struct MHD_Daemon *daemon;
    Chan *readers; /* idle ones */
};

/* What is kept of a request between libmicrohttpd's calls. */
typedef struct {
    GString *body;
    gboolean is_begun;
    gboolean is_odd; /* its path could be read in two ways */
    gboolean is_too_large;
} Upload;

typedef struct {
    guint count;
    gboolean is_malformed;
} Framing;

static void free_reader (gpointer reader)
{
    store_reader_free (reader);
}

/* libmicrohttpd takes "-3" for a length, and both of two. */
static enum MHD_Result look_at_framing (void *data, enum MHD_ValueKind kind, const char *name,
                                        const char *value)
{
    Framing *framing = data;
    gboolean is_length = g_ascii_strcasecmp (name, "Content-Length") == 0;
    gboolean is_coding = g_ascii_strcasecmp (name, "Transfer-Encoding") == 0;
    (void)kind;
    if (!is_length && !is_coding)
        return MHD_YES;
    framing->count++;
    if (value == NULL)
        framing->is_malformed = TRUE;
    else if (is_length)
        framing->is_malformed |= *value == '\0' || value[strspn (value, "0123456789")] != '\0';
    else
        framing->is_malformed |= g_ascii_strcasecmp (value, "chunked") != 0;
    return MHD_YES;
}

/* (I2) */
static gboolean is_ambiguous (struct MHD_Connection *connection)
{
    Framing framing = {0, FALSE};
    MHD_get_connection_values (connection, MHD_HEADER_KIND, look_at_framing, &framing);
    return framing.is_malformed || framing.count > 1;
}

/* Whether an escape in the path stands for a slash, a backslash or a control: libmicrohttpd decodes
 * them before it hands out the path, a proxy in front may not. */
static gboolean has_odd_escape (const char *uri)
{
    for (const char *at = uri; *at != '\0' && *at != '?'; at++) {
        if (*at != '%' || !g_ascii_isxdigit (at[1]) || !g_ascii_isxdigit (at[2]))
            continue;
        int c = g_ascii_xdigit_value (at[1]) * 16 + g_ascii_xdigit_value (at[2]);
        if (c == '/' || c == '\\' || c < ' ' || c == 127)
            return TRUE;
    }
    return FALSE;
}

static enum MHD_Result add_query (void *data, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    GHashTable *query = data;
    (void)kind;
    if (g_utf8_validate (name, -1, NULL) && g_utf8_validate (value != NULL ? value : "", -1, NULL))
        g_hash_table_insert (query, g_strdup (name), g_strdup (value != NULL ? value : ""));
    return MHD_YES;
}

static void add_headers (struct MHD_Response *response, const WebReply *reply)
{
    MHD_add_response_header (response, "Content-Type", reply->type);
    MHD_add_response_header (response, "Content-Security-Policy",
                             reply->is_foreign ? FOREIGN_POLICY : PAGE_POLICY);
    MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header (response, "X-Frame-Options", "DENY");
    MHD_add_response_header (response, "Referrer-Policy", "same-origin");
    MHD_add_response_header (response, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header (response, "Cache-Control",
                             reply->caching != NULL ? reply->caching : "no-store");
    if (reply->tag != NULL)
        MHD_add_response_header (response, "ETag", reply->tag);
    if (reply->location != NULL)
        MHD_add_response_header (response, "Location", reply->location);
    if (reply->cookie != NULL)
        MHD_add_response_header (response, "Set-Cookie", reply->cookie);
    if (reply->disposition != NULL)
        MHD_add_response_header (response, "Content-Disposition", reply->disposition);
    if (reply->allow != NULL)
        MHD_add_response_header (response, "Allow", reply->allow);
    if (reply->is_last)
        MHD_add_response_header (response, "Connection", "close");
}

static void unref_bytes (void *data)
{
    g_bytes_unref (data);
}

static enum MHD_Result send_reply (struct MHD_Connection *connection, WebReply *reply)
{
    gsize len;
    const char *data = g_bytes_get_data (reply->body, &len);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls (
        len, (void *)data, unref_bytes, g_bytes_ref (reply->body));
    add_headers (response, reply);
    enum MHD_Result result = MHD_queue_response (connection, reply->status, response);
    MHD_destroy_response (response);
    return result;
}

/* A form on somebody else's page that the visitor's browser sends here: it could log them in as
 * another person, who then reads what they write. Programs of mail providers that mute a thread
 * (RFC 8058) send no such header. */
static gboolean is_foreign_form (struct MHD_Connection *connection, const char *method)
{
    const char *site = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, "Sec-Fetch-Site");
    return strcmp (method, "POST") == 0 && site != NULL &&
           (g_ascii_strcasecmp (site, "cross-site") == 0 ||
            g_ascii_strcasecmp (site, "same-site") == 0);
}

/* What may be asked without a login is served; else a page tells how to get one. */
static WebReply *answer (WebRequest *request, GError **error)
{
    const char *allow = NULL;
    const WebRoute *route = route_find (request, &allow);
    if (route == NULL && allow != NULL) {
        WebReply *reply = reply_text (405, "This cannot be done here.\n");
        reply->allow = allow;
        return reply;
    }
    if (route == NULL) {
        error_set (error, ERR_NOT_FOUND, "no such page");
        return NULL;
    }
    if (route->right == RIGHT_PERSON && request->person == NULL) {
        g_autoptr (TplMap) map = tpl_map_new();
        return reply_page (request, 401, "who.html", map, error);
    }
    return route->handler (request, error);
}

static WebReply *handle (Web *web, struct MHD_Connection *connection, WebRequest *request)
{
    const Config *conf = web->context.conf;
    g_autoptr (GError) error = NULL;
    const char *cookie = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, "Cookie");
    const char *user = NULL;
    if (*conf->web_user_header != '\0')
        user = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, conf->web_user_header);
    request->reader = chan_pop (web->readers, 0);
    if (request->reader == NULL)
        request->reader = store_reader_new (web->context.store, &error);
    if (request->reader == NULL)
        return reply_error (request, error);
    if (is_foreign_form (connection, request->method))
        error_set (&error, ERR_REFUSED, "form_foreign");
    request->known_tag = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, "If-None-Match");
    access_find_person (request, cookie, user);
    WebReply *reply = error == NULL ? answer (request, &error) : NULL;
    if (reply == NULL)
        reply = reply_error (request, error);
    g_clear_pointer (&request->person, person_free);
    if (!chan_try_push (web->readers, request->reader))
        store_reader_free (request->reader);
    return reply;
}

static WebReply *serve (Web *web, struct MHD_Connection *connection, const char *method,
                        const char *path, const Upload *upload)
{
    g_autoptr (GHashTable) query = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GHashTable) form = request_decode_form (upload->body->str, upload->body->len);
    MHD_get_connection_values (connection, MHD_GET_ARGUMENT_KIND, add_query, query);
    WebRequest request = {.context = &web->context,
                          .method = method,
                          .path = path,
                          .query = query,
                          .form = form,
                          .now_ms = clock_now_ms (web->context.clock)};
    return handle (web, connection, &request);
}

/* A request that is not even looked at; nothing more is read from the connection. */
static WebReply *refuse (guint status, const char *text)
{
    WebReply *reply = reply_text (status, text);
    reply->is_last = TRUE;
    return reply;
}

static void set_patience (struct MHD_Connection *connection, unsigned int seconds)
{
    MHD_set_connection_option (connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

static void *on_uri (void *data, const char *uri, struct MHD_Connection *connection)
{
    Upload *upload = g_new0 (Upload, 1);
    (void)data;
    (void)connection;
    upload->body = g_string_new (NULL);
    upload->is_odd = has_odd_escape (uri);
    return upload;
}

static enum MHD_Result on_request (void *data, struct MHD_Connection *connection, const char *path,
                                   const char *method, const char *version, const char *part,
                                   size_t *part_size, void **state)
{
    Web *web = data;
    Upload *upload = *state;
    g_autoptr (WebReply) reply = NULL;
    (void)version;
    if (!upload->is_begun) {
        upload->is_begun = TRUE;
        if (!upload->is_odd && !is_ambiguous (connection))
            return MHD_YES;
        reply = refuse (400, "This request is ambiguous.\n");
    } else if (*part_size > 0) {
        upload->is_too_large |= upload->body->len + *part_size > BODY_BYTES_MAX;
        if (!upload->is_too_large)
            g_string_append_len (upload->body, part, (gssize)*part_size);
        *part_size = 0;
        return MHD_YES;
    } else if (upload->is_too_large) {
        reply = refuse (413, "This is too much at once.\n");
    } else {
        set_patience (connection, ANSWER_TIMEOUT_S);
        reply = serve (web, connection, method, path, upload);
    }
    log_event (EV_WEB_REQUEST, LOG_TEXT ("method", method), LOG_TEXT ("path", path),
               LOG_INT ("status", reply->status));
    return send_reply (connection, reply);
}

static void on_completed (void *data, struct MHD_Connection *connection, void **state,
                          enum MHD_RequestTerminationCode how)
{
    Upload *upload = *state;
    (void)data;
    set_patience (connection, REQUEST_TIMEOUT_S); /* the next one */
    (void)how;
    if (upload == NULL)
        return;
    g_string_free (upload->body, TRUE);
    g_free (upload);
    *state = NULL;
}

static void fill_context (WebContext *context, Config *conf, Flow *flow, Store *store,
                          TokenKey *key, TplSet *templates, const Clock *clock)
{
    context->conf = conf_ref (conf);
    context->flow = flow;
    context->store = store;
    context->key = token_key_ref (key);
    context->templates = tpl_set_ref (templates);
    context->clock = clock;
    context->static_tags = page_static_tags();
    context->is_secure = g_str_has_prefix (conf->web_url, "https:");
}

void web_stop (Web *web)
{
    if (web == NULL)
        return;
    if (web->daemon != NULL) {
        /* Gives the listening socket back to us: MHD would close it without removing its file. */
        MHD_quiesce_daemon (web->daemon);
        MHD_stop_daemon (web->daemon);
    }
    if (web->fd >= 0)
        listen_close (web->address, web->fd);
    chan_free (web->readers);
    listen_address_free (web->address);
    g_hash_table_unref (web->context.static_tags);
    tpl_set_unref (web->context.templates);
    token_key_unref (web->context.key);
    conf_unref (web->context.conf);
    g_free (web);
}

/* (I1) 0: no bound. */
static unsigned int per_address_max (const ListenAddress *address)
{
    gboolean is_open = address->kind == LISTEN_TCP && strcmp (address->host, "any") == 0;
    return is_open ? PER_ADDRESS_MAX : 0;
}

Web *web_start (Config *conf, Flow *flow, Store *store, TokenKey *key, TplSet *templates,
                const Clock *clock, GError **error)
{
    g_autoptr (Web) web = g_new0 (Web, 1);
    web->fd = -1;
    fill_context (&web->context, conf, flow, store, key, templates, clock);
    web->readers = chan_new (IDLE_READERS_MAX, free_reader);
    web->address = listen_address_parse (conf->web_listen, error);
    if (web->address == NULL)
        return NULL;
    web->fd = listen_open (web->address, conf->socket_group, error);
    if (web->fd < 0)
        return NULL;
    web->daemon = MHD_start_daemon (
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, web, MHD_OPTION_LISTEN_SOCKET,
        web->fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned int)THREADS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned int)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned int)REQUEST_TIMEOUT_S, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        per_address_max (web->address), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_END);
    if (web->daemon == NULL) {
        error_set (error, ERR_INTERNAL, "%s: the web server cannot be started", conf->web_listen);
        return NULL;
    }
    return g_steal_pointer (&web);
}
