/* quote_fence.h - code between fences and patches are text. Private to the layer. */
#ifndef QUOTE_FENCE_H
#define QUOTE_FENCE_H

#include "quote_line.h"

/* Takes all meaning off the lines between "```" and "```": whatever they look like, somebody shows
 * them; and off the lines of each hunk of a patch. A fence that nobody closes changes nothing. */
void quote_lines_fence (QuoteLines *lines);

#endif
