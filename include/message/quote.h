/* quote.h - tells what somebody wrote from what they quoted. Pure, linear; thread: any. */
#ifndef QUOTE_H
#define QUOTE_H

#include <glib.h>

#include "message.h"

typedef struct {
    char *kept;   /* what the person wrote */
    char *elided; /* quotes, signatures, footers; "" when nothing was cut */
} Quote;

/* Cuts an answer in plain text (UTF-8, LF). If in doubt nothing is cut: never leaves nothing, never
 * cuts around text that stands between quotes. Owned. */
Quote *quote_split_text (const char *text);

/* What the writer of a message wrote in its text. In one that answers nothing a quote that no
 * program attributes is what it is about, and in one whose subject says that it passes on another
 * message that message is: they stay. Owned. */
Quote *quote_split_message (const Message *message);

/* The same for an HTML answer, by its structure. Both members are plain text. */
Quote *quote_split_html (const char *html, gssize len);

void quote_free (Quote *quote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Quote, quote_free)

#endif
