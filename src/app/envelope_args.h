/* envelope_args.h - an envelope for a message from a file, made of options or of its headers. */
#ifndef ENVELOPE_ARGS_H
#define ENVELOPE_ARGS_H

#include "policy.h"

/* sender NULL: the first From address. recipients NULL: everyone in To and Cc. Owned. */
Envelope *envelope_from_args (const Message *message, const char *sender, char **recipients);

#endif
