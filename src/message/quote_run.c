/* quote_run.c - alternating runs of text and quote, and which of them go.
 *
 *   text | quote                           the quote is cut
 *   quote | text                           the quote is cut (written below), a line that was picked
 *                                          out for the answer is not
 *   text | quote with attribution | text   the quote is cut
 *   quote | text | quote | text ...        answers between quotes: these stay; a quote behind the
 *                                          last answer is cut
 *   "The manual says:" | quote             shown, not answered: stays
 */
#include "quote_run.h"

#include <string.h>

#include "quote_mark.h"

typedef struct {
    const QuoteWords *words;
    const QuoteLines *lines;
    gboolean is_new; /* answers nothing: a quote is cited unless a program says otherwise */
    GArray *runs;
    guint8 *cut;
} Cutter;

static QuoteRun *run_at (const Cutter *cutter, guint i)
{
    return &g_array_index (cutter->runs, QuoteRun, i);
}

static void cut_lines (Cutter *cutter, guint from, guint to)
{
    if (to > from)
        memset (cutter->cut + from, TRUE, to - from);
}

/* Cuts signatures and footers off each run of text, and drops the runs that were nothing else. */
static void cut_signatures (Cutter *cutter)
{
    for (guint i = 0; i < cutter->runs->len;) {
        QuoteRun *run = run_at (cutter, i);
        if (run->kind == RUN_TEXT) {
            guint start = quote_signature_at (cutter->words, cutter->lines, run->from, run->to);
            cut_lines (cutter, start, run->to);
            run->is_empty =
                quote_line_next_filled (cutter->lines, run->from, start - run->from) >= start;
        }
        if (run->is_empty) {
            g_array_remove_index (cutter->runs, i);
            continue;
        }
        QuoteRun *before = i > 0 ? run_at (cutter, i - 1) : NULL;
        if (before != NULL && before->kind == run->kind) {
            before->to = run->to;
            before->is_attributed |= run->is_attributed;
            g_array_remove_index (cutter->runs, i);
            continue;
        }
        i++;
    }
}

/* "The manual says:" and a quote, or what an interpreter printed: shown, not answered. */
static gboolean is_citation (const Cutter *cutter, guint i)
{
    const QuoteRun *run = run_at (cutter, i);
    const QuoteRun *above = i > 0 ? run_at (cutter, i - 1) : NULL;
    gboolean is_deep = TRUE;

    if (run->is_attributed || above == NULL)
        return FALSE;
    if (cutter->is_new)
        return TRUE;
    for (guint j = run->from; j < run->to && is_deep; j++) {
        const QuoteLine *line = quote_line (cutter->lines, j);
        is_deep = line->depth == 0 || line->depth >= 3;
    }
    guint last = above->to;
    while (last > above->from && quote_line_is_blank (quote_line (cutter->lines, last - 1)))
        last--;
    return is_deep ||
           (last > above->from && quote_line (cutter->lines, last - 1)->flags & LINE_COLON_END);
}

static void cut_run (Cutter *cutter, guint i)
{
    const QuoteRun *run = run_at (cutter, i);
    cut_lines (cutter, run->from, run->to);
    g_array_remove_index (cutter->runs, i);
}

/* More than a line that somebody picked out to answer it. */
static gboolean is_long (const Cutter *cutter, guint i)
{
    const QuoteRun *run = run_at (cutter, i);
    guint n = 0;

    for (guint j = run->from; j < run->to; j++)
        n += !(quote_line (cutter->lines, j)->flags & LINE_BLANK);
    return n > 1;
}

/* The rules of the file comment. */
static void cut_quotes (Cutter *cutter)
{
    guint n_quotes = 0, quote = 0;
    guint last = cutter->runs->len;

    if (last > 1 && run_at (cutter, last - 1)->kind == RUN_QUOTE) {
        if (!is_citation (cutter, last - 1))
            cut_run (cutter, last - 1);
        return;
    }
    for (guint i = 0; i < last; i++)
        if (run_at (cutter, i)->kind == RUN_QUOTE) {
            n_quotes++;
            quote = i;
        }
    if (n_quotes == 1 && quote + 1 < last &&
        (run_at (cutter, quote)->is_attributed ||
         (quote == 0 && !cutter->is_new && is_long (cutter, quote))))
        cut_run (cutter, quote);
}

gboolean quote_runs_cut (const QuoteWords *words, const QuoteLines *lines, gboolean is_new,
                         GArray *runs, guint8 *cut)
{
    Cutter cutter = {.words = words, .lines = lines, .is_new = is_new, .runs = runs, .cut = cut};

    cut_signatures (&cutter);
    cut_quotes (&cutter);
    for (guint i = 0; i < runs->len; i++)
        if (run_at (&cutter, i)->kind == RUN_TEXT)
            return TRUE;
    return FALSE;
}
