/* sanitize_url.c - see sanitize_url.h. Browsers forgive much in an address (WHATWG URL): white
 * space around it, tabs and line breaks within. We take out the same before we look at the scheme.
 */
#include "sanitize_url.h"

#include <string.h>

enum { URL_MAX = 4096 };

static const char *const schemes[] = {"https://", "http://", "mailto:"};

/* Without what a browser ignores, or NULL when there is something in it that no address has. */
static char *strip_ignored (const char *url)
{
    if (strlen (url) > URL_MAX)
        return NULL;
    GString *out = g_string_new (NULL);
    for (const char *at = url; *at != '\0'; at++)
        if (*at != '\t' && *at != '\n' && *at != '\r')
            g_string_append_c (out, *at);
    g_autofree char *stripped = g_string_free (out, FALSE);
    gsize from = 0, to = strlen (stripped);
    while (from < to && (guchar)stripped[from] <= ' ')
        from++;
    while (to > from && (guchar)stripped[to - 1] <= ' ')
        to--;
    for (gsize i = from; i < to; i++)
        if ((guchar)stripped[i] < ' ' || stripped[i] == 0x7f)
            return NULL;
    return g_strndup (stripped + from, to - from);
}

/* Characters that show as nothing or turn the text around: only there to deceive. */
static gboolean is_invisible (gunichar c)
{
    return (c >= 0x80 && c <= 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202f) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static void append_escaped (GString *out, const char *rest)
{
    for (const char *at = rest; *at != '\0'; at = g_utf8_next_char (at)) {
        gsize len = (gsize)(g_utf8_next_char (at) - at);
        gboolean is_odd =
            len == 1 ? strchr (" \"<>`\\'", *at) != NULL : is_invisible (g_utf8_get_char (at));
        for (gsize i = 0; is_odd && i < len; i++)
            g_string_append_printf (out, "%%%02X", (guchar)at[i]);
        if (!is_odd)
            g_string_append_len (out, at, (gssize)len);
    }
}

/* A host must follow: browsers read "https:\\x" and "https:///x" as host x, we do not link there.
 */
static gboolean has_host (const char *rest)
{
    gsize len = strcspn (rest, "/?#");
    return len > 0 && memchr (rest, '\\', len) == NULL &&
           (g_ascii_isalnum (rest[0]) || rest[0] == '[' || (guchar)rest[0] >= 0x80);
}

char *sanitize_url (const char *url)
{
    g_autofree char *plain = strip_ignored (url);
    if (plain == NULL || !g_utf8_validate (plain, -1, NULL))
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++) {
        gsize len = strlen (schemes[i]);
        if (g_ascii_strncasecmp (plain, schemes[i], len) != 0)
            continue;
        g_autoptr (GString) rest = g_string_new (NULL);
        append_escaped (rest, plain + len);
        gboolean is_web = schemes[i][len - 1] == '/';
        if (rest->len == 0 || (is_web && (!has_host (plain + len) || !has_host (rest->str))))
            return NULL;
        return g_strconcat (schemes[i], rest->str, NULL);
    }
    return NULL;
}

char *sanitize_url_cid (const char *url)
{
    g_autofree char *plain = strip_ignored (url);
    if (plain == NULL || g_ascii_strncasecmp (plain, "cid:", 4) != 0 || plain[4] == '\0')
        return NULL;
    g_autofree char *decoded = g_uri_unescape_string (plain + 4, NULL);
    if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
        return g_strdup (plain + 4);
    return g_steal_pointer (&decoded);
}
