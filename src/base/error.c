/* error.c - see error.h. */
#include "error.h"

#include <gio/gio.h>

GQuark error_domain (void)
{
    return g_quark_from_static_string ("carbonless");
}

void error_set (GError **error, ErrorClass class, const char *format, ...)
{
    if (error == NULL)
        return;
    va_list args;
    va_start (args, format);
    *error = g_error_new_valist (ERROR_DOMAIN, (gint) class, format, args);
    va_end (args);
}

gboolean error_fail (GError **error, ErrorClass class, const char *format, ...)
{
    if (error == NULL)
        return FALSE;
    va_list args;
    va_start (args, format);
    *error = g_error_new_valist (ERROR_DOMAIN, (gint) class, format, args);
    va_end (args);
    return FALSE;
}

ErrorClass error_class (const GError *error)
{
    if (error->domain == ERROR_DOMAIN)
        return (ErrorClass)error->code;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
        g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return ERR_NOT_FOUND;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
        g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY) ||
        g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ||
        g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ||
        g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN))
        return ERR_TEMPORARY;
    return ERR_INTERNAL;
}

void error_prefix (GError **error, const char *format, ...)
{
    if (error == NULL || *error == NULL)
        return;
    va_list args;
    va_start (args, format);
    g_autofree char *text = g_strdup_vprintf (format, args);
    va_end (args);
    g_prefix_error (error, "%s: ", text);
}
