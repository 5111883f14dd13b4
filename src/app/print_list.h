/* print_list.h - how commands print what they list: a line each, or one JSON array. */
#ifndef PRINT_LIST_H
#define PRINT_LIST_H

#include "json.h"

/* What a kind of item looks like. add_json adds members to the object that stands for it. */
typedef struct {
    void (*print_line) (gconstpointer item);
    void (*add_json) (gconstpointer item, Json *json);
} Listing;

/* Prints all items on standard output. Thread: main. */
void print_list (const GPtrArray *items, gboolean as_json, const Listing *listing);

#endif
