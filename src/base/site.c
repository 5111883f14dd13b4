/* site.c - see site.h. */
#include "site.h"

#include <string.h>

char *site_post_path (gint64 post)
{
    return g_strdup_printf ("/p/%" G_GINT64_FORMAT, post);
}

char *site_comment_path (gint64 post)
{
    return g_strdup_printf ("/p/%" G_GINT64_FORMAT "#p%" G_GINT64_FORMAT, post, post);
}

char *site_file_path (gint64 post, guint part)
{
    return g_strdup_printf ("/p/%" G_GINT64_FORMAT "/file/%u", post, part);
}

char *site_image_path (gint64 post, guint part)
{
    return g_strdup_printf ("/p/%" G_GINT64_FORMAT "/image/%u", post, part);
}

static char *path_with_key (const char *path, const char *token)
{
    g_autofree char *escaped = g_uri_escape_string (token, NULL, FALSE);
    return g_strconcat (path, "?key=", escaped, NULL);
}

char *site_login_path (const char *token)
{
    return path_with_key ("/login", token);
}

char *site_unsubscribe_path (const char *token)
{
    return path_with_key ("/unsubscribe", token);
}

char *site_author_path (const char *token)
{
    return path_with_key ("/author", token);
}

char *site_url (const char *web_url, const char *path)
{
    gsize len = strlen (web_url);
    while (len > 0 && web_url[len - 1] == '/')
        len--;
    return g_strdup_printf ("%.*s%s", (int)len, web_url, path);
}
