/* tpl_data.c - the maps of typed values of tpl.h.
 *
 * (I1) A URL value never has a scheme that runs code, whoever gave it. */
#include "tpl_data.h"

#include <string.h>

#include "text.h"

struct TplMap {
    GHashTable *names; /* char * -> GArray of TplValue, never empty */
};

static void value_clear (TplValue *value)
{
    switch (value->type) {
    case TPL_TEXT:
    case TPL_URL:
        g_free (value->text);
        break;
    case TPL_HTML:
        safehtml_free (value->html);
        break;
    case TPL_MAP:
        tpl_map_free (value->map);
        break;
    default:
        break;
    }
}

TplMap *tpl_map_new (void)
{
    TplMap *map = g_new0 (TplMap, 1);
    map->names =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    return map;
}

void tpl_map_free (TplMap *map)
{
    if (map == NULL)
        return;
    g_hash_table_unref (map->names);
    g_free (map);
}

static void add (TplMap *map, const char *name, TplValue value)
{
    GArray *values = g_hash_table_lookup (map->names, name);
    if (values == NULL) {
        values = g_array_new (FALSE, FALSE, sizeof (TplValue));
        g_array_set_clear_func (values, (GDestroyNotify)value_clear);
        g_hash_table_insert (map->names, g_strdup (name), values);
    }
    g_array_append_val (values, value);
}

void tpl_text (TplMap *map, const char *name, const char *text)
{
    if (text != NULL)
        add (map, name, (TplValue){.type = TPL_TEXT, .text = text_clean (text, -1)});
}

void tpl_int (TplMap *map, const char *name, gint64 number)
{
    add (map, name, (TplValue){.type = TPL_INT, .number = number});
}

void tpl_bool (TplMap *map, const char *name, gboolean value)
{
    add (map, name, (TplValue){.type = TPL_BOOL, .number = value});
}

void tpl_html (TplMap *map, const char *name, SafeHtml *take_html)
{
    if (take_html != NULL)
        add (map, name, (TplValue){.type = TPL_HTML, .html = take_html});
}

void tpl_time (TplMap *map, const char *name, gint64 time_ms)
{
    add (map, name, (TplValue){.type = TPL_TIME, .number = time_ms});
}

static gboolean is_clean_url (const char *url)
{
    for (const char *p = url; *p != '\0'; p++)
        if ((guchar)*p <= ' ' || *p == 0x7f || strchr ("\"'<>\\`", *p) != NULL)
            return FALSE;
    return g_utf8_validate (url, -1, NULL);
}

/* "//host" would be somebody else's site. */
static gboolean is_path (const char *path)
{
    return strchr ("/?#", path[0]) != NULL && path[0] != '\0' && !g_str_has_prefix (path, "//") &&
           is_clean_url (path);
}

static gboolean is_url (const char *url)
{
    static const char *const starts[] = {"http://", "https://", "mailto:"};
    for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
        if (g_ascii_strncasecmp (url, starts[i], strlen (starts[i])) == 0)
            return is_clean_url (url);
    return FALSE;
}

void tpl_path (TplMap *map, const char *name, const char *path)
{
    if (path != NULL && is_path (path))
        add (map, name, (TplValue){.type = TPL_URL, .text = g_strdup (path)});
}

void tpl_url (TplMap *map, const char *name, const char *url)
{
    if (url != NULL && is_url (url))
        add (map, name, (TplValue){.type = TPL_URL, .text = g_strdup (url)});
}

TplMap *tpl_add (TplMap *map, const char *name)
{
    TplMap *entry = tpl_map_new();
    add (map, name, (TplValue){.type = TPL_MAP, .map = entry});
    return entry;
}

const TplValue *tpl_map_values (const TplMap *map, const char *name, guint *ret_n)
{
    const GArray *values = g_hash_table_lookup (map->names, name);
    *ret_n = values != NULL ? values->len : 0;
    return values != NULL ? (const TplValue *)(gconstpointer)values->data : NULL;
}

const char *tpl_type_text (TplType type)
{
    static const char *const texts[] = {"a text", "a number", "yes or no", "HTML",
                                        "a time", "a url",    "a map"};
    return texts[type];
}

gboolean tpl_value_is_true (const TplValue *value)
{
    switch (value->type) {
    case TPL_TEXT:
    case TPL_URL:
        return *value->text != '\0';
    case TPL_HTML:
        return *safehtml_get (value->html) != '\0';
    case TPL_INT:
    case TPL_BOOL:
        return value->number != 0;
    default:
        return TRUE;
    }
}
