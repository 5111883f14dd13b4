/* milter_map.h - the answer of the flow in words of the milter protocol. */
#ifndef MILTER_MAP_H
#define MILTER_MAP_H

#include "flow.h"

/* Appends the packets that end a message: deletions first, then the one answer. Pure. Thread: any.
 */
void milter_answer (const FlowReply *reply, GByteArray *out);

#endif
