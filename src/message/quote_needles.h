/* quote_needles.h - whether one of some phrases occurs in a line. Private to the layer. */
#ifndef QUOTE_NEEDLES_H
#define QUOTE_NEEDLES_H

#include <glib.h>

/* Phrases of at least three bytes. Made, filled, then only read: thread any. */
typedef struct QuoteNeedles QuoteNeedles;

/* Owned. */
QuoteNeedles *quote_needles_new (void);

/* Adds a phrase. Takes it. */
void quote_needles_add (QuoteNeedles *needles, char *take_phrase);

/* Whether any of them occurs in the line. One look at each byte of the line, whatever their number.
 */
gboolean quote_needles_occur (const QuoteNeedles *needles, const char *line);

#endif
