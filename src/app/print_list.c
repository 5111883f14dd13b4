/* print_list.c - see print_list.h. */
#include "print_list.h"

#include <stdio.h>

static void print_json (const GPtrArray *items, const Listing *listing)
{
    g_autoptr (Json) json = json_new (2);
    json_open_array (json, NULL);
    for (guint i = 0; i < items->len; i++) {
        json_open_object (json, NULL);
        listing->add_json (items->pdata[i], json);
        json_close (json);
    }
    json_close (json);
    puts (json_get (json));
}

void print_list (const GPtrArray *items, gboolean as_json, const Listing *listing)
{
    if (as_json) {
        print_json (items, listing);
        return;
    }
    for (guint i = 0; i < items->len; i++)
        listing->print_line (items->pdata[i]);
}
