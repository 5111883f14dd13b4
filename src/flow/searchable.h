/* searchable.h - what search, alerts and previews see of a message: what the person wrote, without
 * quotes and signatures, and the names of what they attached. One meaning for all. */
#ifndef SEARCHABLE_H
#define SEARCHABLE_H

#include "message.h"

/* Owned, never NULL. Thread: any. */
char *searchable_text (const Message *message);
/* One name a line. Owned, never NULL. */
char *searchable_names (const Message *message);

#endif
