/* identity.h - tells whether two messages are the same one, delivered twice. Pure. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <glib.h>

/* SHA-256 over the body: what no hop on the way changes. Line ends are compared as LF, blank lines
 * at the end are ignored. 64 hex digits, owned. Thread: any. */
char *identity_digest (GBytes *raw);

#endif
