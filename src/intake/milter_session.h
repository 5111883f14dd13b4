/* milter_session.h - the milter protocol as a table of states. See protocol.h for its use. */
#ifndef MILTER_SESSION_H
#define MILTER_SESSION_H

#include "protocol.h"

/* A message to more recipients, or with more bytes of addresses, passes untouched. */
#define MILTER_RECIPIENTS_MAX 50000
#define MILTER_ENVELOPE_BYTES_MAX ((gsize)4 * 1024 * 1024)

extern const Protocol milter_protocol;

#endif
