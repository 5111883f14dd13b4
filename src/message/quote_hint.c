/* quote_hint.c - brings what the structure of an HTML answer says to the lines of its text. Linear:
 * spans may nest as deep as they like, only their ends are counted. */
#include "quote_hint.h"

#include "totext.h"

/* The line in which byte `at` lies, or the next one; lines->len behind the last. */
static guint line_at (const QuoteLines *lines, const char *at)
{
    guint low = 0, high = lines->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        const QuoteLine *line = quote_line (lines, middle);
        if (line->raw + line->raw_len > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void quote_hints_paint (const QuoteLines *lines, const char *text, const GArray *spans,
                        guint8 *ret_hints)
{
    g_autofree int *changes = g_new0 (int, (gsize)(lines->len + 1) * HINT_COUNT);
    int open[HINT_COUNT] = {0};

    for (guint i = 0; i < spans->len; i++) {
        const HtmlTextSpan *span = &g_array_index (spans, HtmlTextSpan, i);
        if (span->from == span->to && span->role != HINT_TAIL)
            continue;
        guint from = line_at (lines, text + span->from);
        while (from < lines->len && quote_line_is_blank (quote_line (lines, from)))
            from++;
        guint to = span->role == HINT_TAIL ? from + 1 : line_at (lines, text + span->to - 1) + 1;
        to = MIN (to, lines->len);
        if (from >= to)
            continue;
        changes[from * HINT_COUNT + span->role]++;
        changes[to * HINT_COUNT + span->role]--;
    }
    for (guint i = 0; i < lines->len; i++)
        for (guint hint = HINT_COUNT - 1; hint > HINT_NONE; hint--) {
            open[hint] += changes[i * HINT_COUNT + hint];
            if (open[hint] > 0)
                ret_hints[i] = (guint8)hint;
        }
}
