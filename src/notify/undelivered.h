/* undelivered.h - the report that tells the sender of ordinary mail that it was not delivered. */
#ifndef UNDELIVERED_H
#define UNDELIVERED_H

#include "letter.h"

/* A delivery status notification (RFC 3464) about a NOTICE_TRANSIT that Postfix did not take back,
 * as Postfix itself would have written it. original: the mail and its sender. answer: what the
 * server said last. `sender` of the result is who gets it (it goes out with the null sender). NULL
 * when the mail has the null sender: nobody is told then. The same notice gives the same
 * Message-ID. Owned. Thread: any. */
Letter *undelivered_report (const Config *conf, const TokenKey *key, const Notice *notice,
                            const Letter *original, const char *answer,
                            gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;

#endif
