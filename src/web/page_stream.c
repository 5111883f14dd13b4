/* page_stream.c - the newest threads, and those that hold certain words. */
#include "post_nodes.h"
#include "routes.h"

#include "error.h"

#define PAGE 30
#define WORDS_MAX 20

WebReply *page_stream (WebRequest *request, GError **error)
{
    PostId before = {request_query_number (request, "before")};
    g_autoptr (GPtrArray) posts =
        store_post_list (request->reader, request_viewer (request), before, PAGE, error);
    if (posts == NULL)
        return NULL;
    g_autoptr (TplMap) map = tpl_map_new();
    post_nodes_list (map, posts, PAGE, "/?");
    return reply_page (request, 200, "stream.html", map, error);
}

static GPtrArray *find (WebRequest *request, const char *text, GError **error)
{
    PostId before = {request_query_number (request, "before")};
    g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", WORDS_MAX);
    g_autoptr (GPtrArray) filled = g_ptr_array_new();
    for (char **word = words; *word != NULL; word++)
        if (**word != '\0')
            g_ptr_array_add (filled, *word);
    if (filled->len == 0)
        return g_ptr_array_new_with_free_func ((GDestroyNotify)post_free);
    g_ptr_array_add (filled, NULL);
    return store_search (request->reader, request_viewer (request),
                         (const char *const *)filled->pdata, before, PAGE, error);
}

WebReply *page_search (WebRequest *request, GError **error)
{
    const char *text = request_query (request, "q");
    g_autoptr (GPtrArray) posts = find (request, text != NULL ? text : "", error);
    if (posts == NULL)
        return NULL;
    g_autofree char *escaped = g_uri_escape_string (text != NULL ? text : "", NULL, TRUE);
    g_autofree char *path = g_strdup_printf ("/search?q=%s&", escaped);
    g_autoptr (TplMap) map = tpl_map_new();
    tpl_text (map, "query", text);
    tpl_bool (map, "is_search", TRUE);
    post_nodes_list (map, posts, PAGE, path);
    return reply_page (request, 200, "stream.html", map, error);
}
