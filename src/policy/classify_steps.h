/* classify_steps.h - the questions that classify.c asks, in its order. Private to policy.
 * Each returns TRUE when the mail is of its class, and sets *ret. */
#ifndef CLASSIFY_STEPS_H
#define CLASSIFY_STEPS_H

#include "classify_evidence.h"

typedef gboolean (*ClassifyStep) (Evidence *evidence, Classification *ret);

/* classify_report.c */
gboolean step_report (Evidence *evidence, Classification *ret);
gboolean step_receipt (Evidence *evidence, Classification *ret);

/* classify_bounce.c */
gboolean step_bounce (Evidence *evidence, Classification *ret);
gboolean step_mail_system (Evidence *evidence, Classification *ret);

/* classify_reply.c */
gboolean step_reply_header (Evidence *evidence, Classification *ret);
gboolean step_reply_words (Evidence *evidence, Classification *ret);

/* classify_parts.c */
gboolean step_calendar (Evidence *evidence, Classification *ret);
gboolean step_encrypted (Evidence *evidence, Classification *ret);
gboolean step_opaque (Evidence *evidence, Classification *ret);

/* Sets *ret and returns TRUE, so that a step can end with it. */
static inline gboolean classified (Classification *ret, MailClass class, gboolean is_auto,
                                   const char *reason)
{
    *ret = (Classification){.class = class, .is_auto = is_auto, .reason = reason};
    return TRUE;
}

#endif
