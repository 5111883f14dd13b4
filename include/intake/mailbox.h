/* mailbox.h - reads messages out of an mbox, a Maildir, a folder of .eml files or a single message. */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <glib.h>

typedef struct Mailbox Mailbox;

/* Opens what `path` is: "-" is a single message or mbox on standard input. Errors: NOT_FOUND,
 * REFUSED neither of these, INTERNAL cannot be read. */
Mailbox *mailbox_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mailbox_close (Mailbox *mailbox);

/* Goes on at a position that mailbox_next gave before. Only an mbox can; others begin anew. */
void mailbox_seek (Mailbox *mailbox, gint64 position);

/* The next message, or NULL: the end when *error is not set. In an mbox lines ">From " lose one ">"
 * (mboxrd). *ret_position is where the next one begins. A file of a Maildir that cannot be read is an
 * error. Owned. */
GBytes *mailbox_next (Mailbox *mailbox, gint64 *ret_position, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* For progress: bytes of an mbox, number of files otherwise. */
gint64 mailbox_size (const Mailbox *mailbox);

/* A name for the mailbox as it is, for resuming: its full path and the start of its content. NULL when
 * it cannot be resumed. Owned. */
char *mailbox_source (const Mailbox *mailbox);

/* Appends a message to an mbox text (mboxrd): a From_ line, quoted body, a blank line. */
void mailbox_append (GString *mbox, GBytes *raw, const char *sender, gint64 received_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mailbox, mailbox_close)

#endif
