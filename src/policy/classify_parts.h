/* classify_parts.h - what the parts of a mail are, those of returned messages left out. Private. */
#ifndef CLASSIFY_PARTS_H
#define CLASSIFY_PARTS_H

#include "classify.h"

/* Called for each part that is the mail's own, not of a message inside it. FALSE ends the walk. */
typedef gboolean (*OnPart) (const Message *message, const Part *part, gpointer data);

/* FALSE when on_part ended it. */
gboolean parts_walk (const Message *message, OnPart on_part, gpointer data);

/* The first own part of this type, or NULL. */
const Part *parts_find (const Message *message, const char *type);

/* The media type of the top header ("multipart/report"), in small letters; "" when there is none.
 * Owned. */
char *parts_top_type (const Message *message);

/* A parameter of the top Content-Type, in small letters without quotes, or NULL. Owned. */
char *parts_top_param (const Message *message, const char *name);

/* Up to `max` decoded bytes of the beginning of a part; decodes no more than that. Owned, with a
 * NUL behind it. */
char *part_peek (const Message *message, const Part *part, gsize max, gsize *ret_size);

/* Whether the part is Outlook's winmail.dat. */
gboolean part_is_tnef (const Part *part);

#endif
