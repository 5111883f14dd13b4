/* request.c - see request.h. */
#include "request.h"

#include "text.h"

#define FIELDS_MAX 100

const char *request_query (const WebRequest *request, const char *name)
{
    return g_hash_table_lookup (request->query, name);
}

const char *request_form (const WebRequest *request, const char *name)
{
    return request->form != NULL ? g_hash_table_lookup (request->form, name) : NULL;
}

gint64 request_query_number (const WebRequest *request, const char *name)
{
    guint64 number = 0;
    const char *text = request_query (request, name);
    if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL))
        return 0;
    return (gint64)number;
}

Viewer request_viewer (const WebRequest *request)
{
    Viewer viewer = {.is_admin = FALSE};
    if (request->person != NULL)
        viewer.person = request->person->id;
    return viewer;
}

const char *request_language (const WebRequest *request)
{
    if (request->person != NULL && *request->person->language != '\0')
        return request->person->language;
    return request->context->conf->language;
}

GHashTable *request_decode_form (const char *text, gsize len)
{
    GUriParamsIter iter;
    g_autoptr (GError) error = NULL;
    g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    char *name, *value;
    g_uri_params_iter_init (&iter, text, (gssize)len, "&", G_URI_PARAMS_WWW_FORM);
    while (g_uri_params_iter_next (&iter, &name, &value, &error)) {
        if (g_hash_table_size (fields) < FIELDS_MAX)
            g_hash_table_insert (fields, text_clean (name, -1), text_clean (value, -1));
        g_free (name);
        g_free (value);
    }
    return error == NULL ? g_steal_pointer (&fields) : NULL;
}
