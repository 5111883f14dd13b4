/* identity.h - tells whether two messages are the same one, delivered twice. Pure. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <glib.h>

/* SHA-256 over the body: what no hop on the way changes. Line ends are compared as LF, blank lines
 * at the end are ignored. 64 hex digits, owned. Thread: any. */
char *identity_digest (GBytes *raw);

/* What one copy of a queue file is known by: its content byte for byte (`content`, an SHA-256 in
 * hex), envelope sender, recipient and queue id. Another submission of the same text has another
 * queue id and another Received; without an id nobody can tell them apart. Owned. */
GBytes *identity_copy (const char *queue_id, const char *sender, const char *recipient,
                       const char *content);

#endif
