/* trace.h - what the mail systems before us wrote on top of a message. */
#ifndef TRACE_H
#define TRACE_H

#include <glib.h>

/* The queue id in the first Received field, which is that of whoever gave us the message: Postfix
 * writes "by HOST (Postfix) with ESMTP id QUEUEID". NULL when the message does not begin with
 * fields of delivery and a Received with an id. Looks at the first 8 KB. Pure. Owned. */
char *trace_queue_id (GBytes *raw) G_GNUC_WARN_UNUSED_RESULT;

#endif
