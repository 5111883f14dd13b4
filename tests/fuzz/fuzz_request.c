/* fuzz_request.c - any form decodes to clean texts or is refused; any path finds a route or none.
 * The first line is method and path, the rest a form. */
#include <stdint.h>
#include <string.h>

#include "routes.h"

static void check_field (gpointer name, gpointer value, gpointer data)
{
    guint *count = data;
    g_assert_true (g_utf8_validate (name, -1, NULL) && g_utf8_validate (value, -1, NULL));
    *count += 1;
}

static void check_route (const char *method, const char *path)
{
    WebRequest request = {.method = method, .path = path};
    const char *allow = NULL;
    const WebRoute *route = route_find (&request, &allow);
    g_assert_true (route == NULL || route->handler != NULL);
    for (guint i = 0; i < REQUEST_IDS_MAX; i++)
        g_assert_true (route == NULL || request.ids[i] >= 0);
    if (route != NULL && request.name != NULL)
        g_assert_true (*request.name != '.' && strchr (request.name, '/') == NULL);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup ((const char *)data, size);
    char *form = strchr (text, '\n');
    char *path = strchr (text, ' ');
    guint count = 0;
    if (form == NULL || path == NULL || path > form)
        return 0;
    *form++ = '\0';
    *path++ = '\0';
    check_route (text, path);
    g_autoptr (GHashTable) fields = request_decode_form (form, strlen (form));
    if (fields != NULL)
        g_hash_table_foreach (fields, check_field, &count);
    g_assert_cmpuint (count, <=, 100);
    return 0;
}
