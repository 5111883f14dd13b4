/* classify.h - what kind of mail it is: written by a person, or one of those never taken. Pure.
 *
 * Every class but CLASS_PERSON passes the gateway untouched. The first that fits, in this order:
 *  1. report, bounce by structure: multipart/report, a report alone, message classes of Outlook.
 *     Nothing that a report carries (the returned mail, its calendar, its list headers) counts.
 *  2. bounce by header or by words: what a mail system says of a delivery, failed, late or made.
 *  3. calendar: text/calendar with any method, .ics, meetings of Outlook. Automatic only when the
 *     answer says so (Auto-Submitted: auto-replied).
 *  4. report by words: read receipts and reports of providers that do not use multipart/report.
 *  5. autoreply by header, through a list too; then by words alone, never through a list.
 *  6. bounce, for what else has a null sender or a mail system as author.
 *  7. bulk, for what else says Auto-Submitted, and list servers' own letters.
 *  8. encrypted, private: also on a list.
 *  9. list: a person's mail through a list, whatever its Precedence.
 * 10. bulk: trackers, machines, no-reply senders, campaigns, Precedence: junk. What shows the hand of
 *     a person (a mail program, an answer) is not. Precedence: bulk alone is list: old list servers
 *     put it on what people write, and nothing else.
 * 11. resent: Resent-*, Auto-Submitted: auto-forwarded.
 * 12. opaque: winmail.dat that cannot be read, or a bound of the parser was passed.
 * 13. person.
 *
 * is_auto means: no person wrote it; nothing that a person wrote may ever have it. So it is TRUE for
 * bounce, autoreply, report and bulk, FALSE for the other classes (an automatic answer to an
 * invitation excepted). In doubt FALSE: such a mail is at worst taken as a post.
 *
 * Words, languages, headers and senders stand in src/policy/classify_*.def, one line each. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "message.h"

typedef enum {
    CLASS_PERSON,
    CLASS_BOUNCE,
    CLASS_AUTOREPLY,
    CLASS_REPORT,    /* read receipts, ARF, DMARC and other machine reports */
    CLASS_LIST,
    CLASS_CALENDAR,
    CLASS_ENCRYPTED,
    CLASS_BULK,      /* other automatic mail */
    CLASS_RESENT,
    CLASS_PRIVATE,   /* Sensitivity */
    CLASS_OPAQUE,    /* winmail.dat that cannot be read, or past a bound of the parser */
} MailClass;

typedef struct {
    MailClass class;
    gboolean is_auto;   /* no person wrote it */
    const char *reason; /* stable code (policy_reason_text), static: "null-sender", "calendar" */
} Classification;

/* sender: envelope sender without <>, "" for the null sender, NULL when unknown (then Return-Path
 * is asked). Linear in the size of the message; looks at the headers, the types of the parts and the
 * beginning of the text. Thread: any. */
Classification classify_message (const Message *message, const char *sender);

const char *classify_name (MailClass class); /* "person", "bounce", ... */

#endif
