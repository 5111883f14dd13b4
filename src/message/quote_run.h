/* quote_run.h - alternating runs of text and quote, and which of them go. Private to the layer. */
#ifndef QUOTE_RUN_H
#define QUOTE_RUN_H

#include "quote_line.h"

typedef enum {
    RUN_TEXT,
    RUN_QUOTE,
} QuoteRunKind;

/* Lines from..to that belong together, with the blank ones behind them. */
typedef struct {
    QuoteRunKind kind;
    guint from, to;
    gboolean is_attributed; /* of quotes: a program says whose words they are */
    gboolean is_empty;      /* of text: nothing but signature and footer */
} QuoteRun;

/* Sets cut[i] for each line of the runs (QuoteRun, alternating) that goes: signatures and footers,
 * then quotes. What goes wholly is taken out of runs.
 * In what is_new, and answers nothing, only quotes with an attribution go.
 * FALSE when no text of the writer is left. */
gboolean quote_runs_cut (const QuoteWords *words, const QuoteLines *lines, gboolean is_new,
                         GArray *runs, guint8 *cut);

#endif
