/* select.h - who of the recipients must read a post, and why. Private to the layer. */
#ifndef SELECT_H
#define SELECT_H

#include "count.h"

typedef struct {
    const Config *conf;
    const Count *count; /* the persons found in the envelope */
    const Message *message;
    const char *written;      /* the text without quotes */
    const char *author;       /* canonical; never a reader */
    GHashTable *copied;       /* set of canonical addresses that get the original all the same */
    const PolicyFacts *facts; /* never NULL */
} Selection;

/* The readers: colleagues of the envelope, the author excepted. Must-read ones first, best reasons
 * first, at most must_read_max of them; the others by role. Array of Reader, owned. */
GPtrArray *select_readers (const Selection *selection);

#endif
