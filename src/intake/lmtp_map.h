/* lmtp_map.h - the answer of the flow in words of LMTP: one line for each recipient (RFC 2033 4.2).
 */
#ifndef LMTP_MAP_H
#define LMTP_MAP_H

#include "flow.h"

/* Appends a reply for each of the recipients (of char *), in order. Where the flow would have the
 * message delivered as it is there is nobody here to do that, so such recipients are deferred: they
 * stay in Postfix's queue. Pure. Thread: any. */
void lmtp_answer (const FlowReply *reply, const GPtrArray *recipients, GByteArray *out);

#endif
