/* classify.h - what kind of mail it is: written by a person, or one of those never taken. Pure. */
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
    const char *reason; /* stable code, static: "null-sender", "auto-submitted", "calendar", ... */
} Classification;

/* sender: envelope sender without <>, "" for the null sender, NULL when unknown. */
Classification classify_message (const Message *message, const char *sender);

const char *classify_name (MailClass class); /* "person", "bounce", ... */

#endif
