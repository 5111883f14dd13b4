/* sanitize_attributes.h - the attributes that an allowed element may keep. Private to the message
 * layer; pure. */
#ifndef SANITIZE_ATTRIBUTES_H
#define SANITIZE_ATTRIBUTES_H

#include "sanitize_tags.h"

/* Appends ` name="value"` for each attribute of the element that its rule takes and whose value is
 * good. Neither ids, classes nor names, no handlers, nothing with an address: links and images are
 * written by sanitize.c. */
void sanitize_attributes (GString *out, const GumboElement *element, const TagRule *rule,
                          gboolean for_mail);

#endif
