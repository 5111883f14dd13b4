/* failure.h - whether a returned mail says that an address is gone, or only that this mail did not
 * get there now. Pure. */
#ifndef FAILURE_H
#define FAILURE_H

#include "classify.h"

typedef enum {
    FAILURE_NONE,    /* nothing came back: a delay, a delivery, an answer */
    FAILURE_PASSING, /* given up, but the address may be good: full, unreachable, too big */
    FAILURE_LASTING, /* 5.x.x: no such address, or none for us */
} Failure;

/* what: of this message. Reads the report (RFC 3464) where there is one, else the first words
 * before the copy of the returned mail. Linear, bounded. Thread: any. */
Failure failure_of (const Message *message, Classification what);

#endif
