/* smtp.h - sends mails to Postfix over one kept connection. */
#ifndef SMTP_H
#define SMTP_H

#include <glib.h>

typedef enum {
    SMTP_SENT,
    SMTP_RETRY,       /* a 4xx answer */
    SMTP_REFUSED,     /* a 5xx answer: trying again will not help */
    SMTP_UNREACHABLE, /* no connection, or it broke: nothing is known about this mail */
} SmtpResult;

typedef struct Smtp Smtp;

/* url: smtp://HOST:PORT or smtps://. Errors: INTERNAL. One thread. */
Smtp *smtp_new (const char *url, const char *helo, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void smtp_free (Smtp *smtp);

/* How long a server may take over one mail; two minutes unless set. */
void smtp_set_patience (Smtp *smtp, guint seconds);
/* The daemon is stopping: a mail under way has five seconds left, then it counts as unreachable.
 * Thread: any. */
void smtp_hurry (Smtp *smtp);

/* Sends one mail to one recipient. sender "" is the null sender. Line ends may be LF or CRLF.
 * *ret_text: the server's last answer (when sent, with Postfix's queue id of the mail), or what went
 * wrong; owned by the caller. */
SmtpResult smtp_send (Smtp *smtp, const char *sender, const char *recipient, GBytes *mail,
                      char **ret_text) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Smtp, smtp_free)

#endif
