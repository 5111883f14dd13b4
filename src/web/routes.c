/* routes.c - see routes.h. A GET changes nothing: link scanners open everything. */
#include "routes.h"

#include <string.h>

const WebRoute web_routes[] = {
    {"GET", "/", page_stream, RIGHT_PERSON, "The newest threads"},
    {"GET", "/search", page_search, RIGHT_PERSON, "Posts that hold all words of q"},
    {"GET", "/p/{id}", page_post, RIGHT_PERSON, "One post with its thread"},
    {"GET", "/p/{id}/file/{number}", page_file, RIGHT_PERSON, "An attachment, to be saved"},
    {"GET", "/p/{id}/image/{number}", page_image, RIGHT_PERSON, "An image that the post shows"},
    {"GET", "/login", page_login, RIGHT_NONE, "Asks whether to log in with the link's key"},
    {"POST", "/login", page_login_done, RIGHT_NONE, "Logs in"},
    {"POST", "/logout", page_logout, RIGHT_PERSON, "Logs out"},
    {"GET", "/unsubscribe", page_unsubscribe, RIGHT_NONE, "Asks whether to mute a thread"},
    {"POST", "/unsubscribe", page_unsubscribe_done, RIGHT_NONE, "Mutes it (RFC 8058 one-click)"},
    {"GET", "/author", page_author, RIGHT_NONE, "What an author can do about their post"},
    {"POST", "/author", page_author_done, RIGHT_NONE, "Releases it as ordinary mail, or withdraws it"},
    {"GET", "/static/{name}", page_static, RIGHT_NONE, "Style sheet and icon"},
    {"GET", "/metrics", page_metrics, RIGHT_NONE, "Figures for Prometheus"},
    {"GET", "/healthz", page_health, RIGHT_NONE, "200 while the archive can be read"},
    {NULL, NULL, NULL, RIGHT_NONE, NULL},
};

static gboolean is_name_char (char c)
{
    return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '_';
}

/* Reads a number of at most 18 digits, written in one way only. */
static const char *take_number (const char *path, gint64 *ret_id)
{
    const char *end = path;
    gint64 id = 0;
    while (g_ascii_isdigit (*end) && end - path < 18)
        id = id * 10 + (*end++ - '0');
    if (end == path || (*path == '0' && end - path > 1))
        return NULL;
    *ret_id = id;
    return end;
}

static gboolean matches (const char *pattern, WebRequest *request)
{
    const char *path = request->path;
    guint count = 0;
    while (*pattern != '\0') {
        gboolean is_id = g_str_has_prefix (pattern, "{id}");
        if ((is_id || g_str_has_prefix (pattern, "{number}")) && count < REQUEST_IDS_MAX) {
            path = take_number (path, &request->ids[count]);
            if (path == NULL || (is_id && request->ids[count] == 0))
                return FALSE;
            count++;
            pattern = strchr (pattern, '}') + 1;
        } else if (g_str_has_prefix (pattern, "{name}")) {
            request->name = path;
            while (is_name_char (*path))
                path++;
            return *path == '\0' && path > request->name && *request->name != '.';
        } else if (*pattern++ != *path++) {
            return FALSE;
        }
    }
    return *path == '\0';
}

const WebRoute *route_find (WebRequest *request, const char **ret_allow)
{
    static const char *const allowed[] = {NULL, "GET, HEAD", "POST", "GET, HEAD, POST"};
    /* HEAD is GET without its body; the server leaves that out. */
    const char *method = strcmp (request->method, "HEAD") == 0 ? "GET" : request->method;
    guint found = 0;
    *ret_allow = NULL;
    for (const WebRoute *route = web_routes; route->method != NULL; route++) {
        if (!matches (route->pattern, request))
            continue;
        if (strcmp (route->method, method) == 0)
            return route;
        found |= *route->method == 'G' ? 1 : 2;
        *ret_allow = allowed[found];
    }
    return NULL;
}
