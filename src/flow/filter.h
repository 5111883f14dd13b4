/* filter.h - mail over LMTP: for own addresses, or from Postfix' content_filter, or both in one. */
#ifndef FILTER_H
#define FILTER_H

#include "flow_private.h"

/* Ends a message of FRONT_LMTP. Own addresses go to receive.c; all else runs the same decision as
 * in the milter, and whoever keeps their copy gets it through the outbox, unchanged
 * (store_transit_add), before we answer. In the reply `drop` names those who are done when the rest
 * is not: FLOW_DEFER and FLOW_REFUSE are about the others. Blocks. Thread: worker. */
FlowReply filter_finish (FlowSession *session, GBytes *raw, const char *identity);

/* Whether all of them are own addresses. Pure. */
gboolean filter_is_own (const Config *conf, const GPtrArray *recipients);

/* The recipients of a message that stay in Postfix' hands, as it is to be given back to them: all
 * but those in `drop` (of RCPT texts, or NULL) and own addresses. NULL-terminated array of owned
 * texts without <>. Pure. */
GPtrArray *filter_rest (const Config *conf, const GPtrArray *recipients, const GPtrArray *drop);

#endif
