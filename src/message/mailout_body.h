/* mailout_body.h - the MIME tree of an outgoing mail. Private to mailout. One thread. */
#ifndef MAILOUT_BODY_H
#define MAILOUT_BODY_H

#include <glib.h>

typedef struct MailOutBody MailOutBody;

MailOutBody *mailout_body_new (void);
void mailout_body_free (MailOutBody *body);

void mailout_body_text (MailOutBody *body, const char *text);
void mailout_body_html (MailOutBody *body, const char *html);
/* `angle_id` is a clean Content-ID with its <>. */
void mailout_body_inline (MailOutBody *body, const char *angle_id, const char *type,
                          const char *name, GBytes *bytes);
void mailout_body_attach (MailOutBody *body, const char *name, GBytes *raw);

/* Appends the Content-* headers, an empty line and the body. */
void mailout_body_report (MailOutBody *body, const char *status);
void mailout_body_write (const MailOutBody *body, GString *out);

#endif
