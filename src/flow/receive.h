/* receive.h - mail to own addresses, over LMTP: answers become comments, new@ and topics posts,
 * wishes are noted, bounces of our own mail suppress their address. */
#ifndef RECEIVE_H
#define RECEIVE_H

#include "flow_private.h"

/* Carries out what each recipient stands for; commits before it returns. Errors are turned into the
 * reply: a store that fails always defers, since there is no ordinary mailbox to pass to. */
FlowReply receive_finish (FlowSession *session, GBytes *raw, const Message *message,
                          const char *identity);

/* The same for a message that must not be taken apart (poison.h): it is kept for the administrator,
 * and refused, so that its sender hears of it. */
FlowReply receive_unread (FlowSession *session, GBytes *raw);

#endif
