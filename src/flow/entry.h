/* entry.h - a verdict as the verdict log keeps it. */
#ifndef ENTRY_H
#define ENTRY_H

#include "message.h"
#include "notices.h"
#include "policy.h"

/* What the log keeps of a message that was decided about; `post` is set by the caller. Owned.
 * Thread: any. */
VerdictEntry *entry_new (const FlowSession *session, const Message *message);

/* How many notices a verdict means. */
guint entry_count_notices (const Verdict *verdict);

#endif
