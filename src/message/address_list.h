/* address_list.h - the address parser as the message layer itself uses it. */
#ifndef ADDRESS_LIST_H
#define ADDRESS_LIST_H

#include "address.h"

/* As address_parse_list, for raw bytes; 8-bit text that is no UTF-8 is read as `fallback`. Adds to
 * `list`, which never grows beyond max. */
void address_list_add (GPtrArray *list, const char *value, gsize len, const char *fallback,
                       gsize max);

#endif
