/* mailout.h - an outgoing mail, built part by part. Headers are set by functions that encode; a line
 * break in a value cannot get out: controls become blanks in texts and are left out of addresses and
 * ids. One thread. */
#ifndef MAILOUT_H
#define MAILOUT_H

#include <glib.h>
#include "address.h"

typedef struct MailOut MailOut;

MailOut *mailout_new (void);
void mailout_free (MailOut *mail);

/* Addresses are written as they are, quoted where need be, an IDN by its A-labels. What is no
 * local@domain is not written at all. */
void mailout_from (MailOut *mail, const char *name, const char *addr);
void mailout_reply_to (MailOut *mail, const char *name, const char *addr);
void mailout_to (MailOut *mail, const char *name, const char *addr); /* may be called again */
void mailout_subject (MailOut *mail, const char *subject);
void mailout_date (MailOut *mail, gint64 time_ms);
void mailout_message_id (MailOut *mail, const char *id);  /* without <> */
void mailout_in_reply_to (MailOut *mail, const char *id); /* without <>; adds to References too */
void mailout_reference (MailOut *mail, const char *id);   /* one more, oldest first */
void mailout_list_id (MailOut *mail, const char *name, const char *id);
/* A header from this program's own fixed names, such as "Archived-At"; the value is encoded if
 * need be. Names of headers that have a function of their own are a programming error. */
void mailout_header (MailOut *mail, const char *name, const char *value);

void mailout_text (MailOut *mail, const char *text); /* UTF-8 */
void mailout_html (MailOut *mail, const char *html); /* whole document, UTF-8 */
/* An image shown in the HTML by cid:. */
void mailout_inline (MailOut *mail, const char *content_id, const char *type, const char *name,
                     GBytes *bytes);
/* A message as attachment: message/rfc822 when it is 7-bit throughout (a bare LF becomes CRLF), else,
 * as RFC 2046 allows it no encoding, an octet-stream with exactly its bytes. */
void mailout_attach_message (MailOut *mail, const char *name, GBytes *raw);
/* Makes the mail a delivery status notification (RFC 3464). `status` is the part for programs: lines
 * "Name: value" in ASCII, a blank line between what is about all and each recipient. The text comes
 * before it, what is attached (the message that is returned) behind. */
void mailout_report (MailOut *mail, const char *status);

/* TRUE when an address has a local part that is not ASCII: the header then has UTF-8 in it (RFC 6532)
 * and the next hop must offer SMTPUTF8. */
gboolean mailout_needs_smtputf8 (const MailOut *mail);

/* The finished message with CRLF line ends, lines of at most 76 characters in encoded parts (998
 * elsewhere), 7-bit but for addresses that need SMTPUTF8. The same calls give the same bytes. Owned. */
GBytes *mailout_finish (MailOut *mail);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailOut, mailout_free)

#endif
