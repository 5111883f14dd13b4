/* archive.h - the verdict about a message that is imported: it becomes a post, whatever it is. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include "policy.h"

/* Readers are the colleagues in To and Cc, groups taken apart; nobody must read. Private and
 * encrypted messages are for their readers only. Owned. Thread: any. */
Verdict *archive_verdict (const Config *conf, const Directory *directory, const Message *message);

#endif
