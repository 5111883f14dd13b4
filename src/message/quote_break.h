/* quote_break.h - breaks lines in which an attribution shares its line with text. Private to the
 * layer. */
#ifndef QUOTE_BREAK_H
#define QUOTE_BREAK_H

#include "quote_line.h"

/* "I do. On 5 May 2020 at 10:02, Anna <anna@example.org> wrote: > Do you?" becomes three lines, of
 * which the second and third have LINE_JOINED. */
void quote_lines_break (const QuoteWords *words, QuoteLines *lines);

#endif
