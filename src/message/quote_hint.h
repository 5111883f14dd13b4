/* quote_hint.h - what the structure of an HTML answer says about lines of its text. Private to the
 * layer. */
#ifndef QUOTE_HINT_H
#define QUOTE_HINT_H

#include "quote.h"
#include "quote_line.h"

/* The role of a span of text. */
typedef enum {
    HINT_NONE = 0,
    HINT_ATTRIBUTION, /* "On Monday, Anna wrote:", in whatever language */
    HINT_QUOTE,       /* the box in which a client puts all of the message it answers */
    HINT_TAIL,        /* the header of a quoted message: from its beginning on, all is quoted */
    HINT_SIGNATURE,
    HINT_COUNT,
} QuoteHint;

/* Sets ret_hints[i] to the QuoteHint of line i of the text: of the spans (HtmlTextSpan) that cover
 * it the one that is named first in the enumeration; HINT_TAIL only at the line where it begins. */
void quote_hints_paint (const QuoteLines *lines, const char *text, const GArray *spans,
                        guint8 *ret_hints);

/* quote_split_text with the spans (HtmlTextSpan, whose role is a QuoteHint) of structure in the
 * text, which is valid UTF-8. spans may be NULL. Owned. */
Quote *quote_split_hinted (const char *text, const GArray *spans);

#endif
