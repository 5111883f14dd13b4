/* quote.c - tells what somebody wrote from what they quoted, in plain text.
 *
 * Lines are read once (quote_line), marked (quote_attribution, quote_header, quote_signature),
 * joined to alternating runs of text and quote, and then a few rules decide, always for keeping
 * when in doubt:
 *
 *   runs of text and quote     see quote_run.c
 *   anything | "Original Message", headers, attribution without '>'   cut to the end
 *   anything | forwarded message       all stays: a forward is content
 *
 * (I1) Every line that is not blank is in exactly one of kept and elided, in its order; one that
 * holds text and an attribution is two (quote_break.c).
 * (I2) kept is never blank unless the answer is.
 * (I3) Each step looks at a bounded number of lines around a line: linear time.
 * (I4) Of a text with more than LINES_MAX lines nothing is cut: nobody wrote that by hand, and what
 * is known of each line takes memory.
 */
#include "quote.h"

#include <string.h>

#include "quote_break.h"
#include "quote_fence.h"
#include "quote_hint.h"
#include "quote_mark.h"
#include "quote_run.h"

#define HINTED_LINES 4 /* of an attribution that only the client marks */

#define REMARK_REACH 4 /* lines within which the quote follows a remark on it */
#define REMARK_WORDS 8

#define LINES_MAX 20000

typedef enum {
    MARK_TEXT,
    MARK_BLANK,
    MARK_QUOTE,
    MARK_ATTRIBUTION,
    MARK_LONE, /* an attribution with no quote below it: text, as long as any quote stays */
} Mark;

typedef struct {
    const QuoteWords *words;
    const QuoteLines *lines;
    guint8 *marks;     /* Mark of each line */
    guint8 *cut;       /* whether each line goes */
    guint8 *hints;     /* QuoteHint of each line */
    guint *next_quote; /* the first quoted line from each line on */
    GArray *runs;
    guint tail; /* first line of what is cut to the end */
    gboolean is_forward;
    gboolean is_new;       /* answers nothing */
    gboolean is_passed_on; /* says in its subject that it is a forward */
} Splitter;

static void cut_lines (Splitter *s, guint from, guint to)
{
    if (to > from)
        memset (s->cut + from, TRUE, to - from);
}

static gboolean is_quote_mark (guint8 mark)
{
    return mark == MARK_QUOTE || mark == MARK_ATTRIBUTION;
}

/* ">From here on" is what mbox files make of a line of text. */
static gboolean is_escaped_from (const QuoteLines *lines, guint i)
{
    const QuoteLine *line = quote_line (lines, i);
    const QuoteLine *below = quote_line (lines, i + 1);

    return line->raw_len > 6 && memcmp (line->raw, ">From ", 6) == 0 &&
           (i == 0 || quote_line (lines, i - 1)->depth == 0) &&
           (below == NULL || below->depth == 0);
}

/* A piece of a long quoted line that was wrapped on its way: between two quoted lines, short, and
 * the line above is full and ends in the middle of a sentence. */
static gboolean is_orphan (const QuoteLines *lines, guint i)
{
    const QuoteLine *line = quote_line (lines, i);
    const QuoteLine *above = i > 0 ? quote_line (lines, i - 1) : NULL;
    const QuoteLine *below = quote_line (lines, i + 1);

    if (above == NULL || below == NULL || above->depth == 0 || below->depth == 0)
        return FALSE;
    if (line->flags & LINE_WEB && strchr ("(<[", line->raw[0]) != NULL)
        return TRUE;
    gsize end = strlen (above->text);
    gboolean is_over = end > 0 && strchr (".?!:;)", above->text[end - 1]) != NULL;
    gboolean is_word = line->n_words <= 2 && above->raw_len >= 70;
    return above->raw_len >= 60 && line->raw_len < above->raw_len && line->raw_len <= 40 &&
           !is_over && (is_word || !(line->flags & LINE_CAPITAL));
}

/* Whether a header block or an attribution is itself the first of the quoted lines. */
static gboolean is_attributed_inside (const Splitter *s, guint i)
{
    guint n;
    guint depth = quote_line (s->lines, i)->depth;

    for (guint end = i + 4; i < s->lines->len && i < end; i++) {
        const QuoteLine *line = quote_line (s->lines, i);
        if (line->depth != depth)
            return FALSE;
        if (!(line->flags & LINE_BLANK) && (quote_attribution_at (s->lines, i, &n) == SURE_ALONE ||
                                            quote_original_at (s->words, s->lines, i)))
            return TRUE;
    }
    return FALSE;
}

/* Whether the next quoted lines below line i have no attribution of their own: then they are what
 * the one above announces ("[...]" or an answer stands between), and text is mixed with quotes. */
static gboolean is_quoted_below (const Splitter *s, guint i)
{
    guint quote = s->next_quote[i], n_lines;

    if (quote >= s->lines->len || quote_line (s->lines, quote)->depth > 1)
        return FALSE;
    if (is_attributed_inside (s, quote))
        return FALSE;
    for (guint above = quote; above > i && quote - above < 8; above--)
        if (quote_attribution_at (s->lines, above - 1, &n_lines) != SURE_NOT ||
            quote_original_at (s->words, s->lines, above - 1))
            return FALSE;
    return TRUE;
}

/* "[...]", "... snip ...", "[I wrote:]" right above a quote: says what was left out of it. */
static gboolean is_remark (const Splitter *s, guint i)
{
    const QuoteLine *line = quote_line (s->lines, i);
    guint next = quote_line_next_filled (s->lines, i + 1, REMARK_REACH);
    const char *text = line->text;

    if (line->n_words > REMARK_WORDS || next >= s->lines->len ||
        quote_line (s->lines, next)->depth == 0)
        return FALSE;
    return strchr ("[(<{", *text) != NULL || g_str_has_prefix (text, "..") ||
           strstr (text, "snip") != NULL;
}

/* Where quoting goes on without '>' from line i, and something was written above. */
static gboolean is_tail (const Splitter *s, guint i, QuoteSure sure, guint n_lines)
{
    if (s->hints[i] == HINT_TAIL || quote_original_at (s->words, s->lines, i))
        return TRUE;
    if (sure != SURE_ALONE)
        return FALSE;
    guint next = quote_line_next_filled (s->lines, i + n_lines, s->lines->len);
    if (next >= s->lines->len)
        return TRUE;
    const QuoteLine *line = quote_line (s->lines, next);
    return line->depth == 0 && !(line->flags & LINE_BAR) && s->hints[next] != HINT_QUOTE &&
           !is_remark (s, next) && !is_quoted_below (s, next);
}

/* quote_attribution_at, or what the client says is one, right above a quote: people also write in
 * Gmail's box of the attribution. */
static QuoteSure attribution_at (const Splitter *s, guint i, guint *ret_n_lines)
{
    guint n = 0;

    while (n < HINTED_LINES && i + n < s->lines->len && s->hints[i + n] == HINT_ATTRIBUTION &&
           !quote_line_is_blank (quote_line (s->lines, i + n)))
        n++;
    guint next = quote_line_next_filled (s->lines, i + n, HINTED_LINES);
    if (n == 0 || next >= s->lines->len ||
        (quote_line (s->lines, next)->depth == 0 && s->hints[next] != HINT_QUOTE))
        return quote_attribution_at (s->lines, i, ret_n_lines);
    *ret_n_lines = n;
    return SURE_ALONE;
}

/* The mark of the last line above i that is not blank, within reach. */
static guint8 mark_above (const Splitter *s, guint i)
{
    for (guint n = 0; i > 0 && n < 4; i--, n++)
        if (s->marks[i - 1] != MARK_BLANK)
            return s->marks[i - 1];
    return MARK_BLANK;
}

/* Marks the lines from i on that belong together, and says how many they are. */
static guint mark_at (Splitter *s, guint i, gboolean *has_text)
{
    const QuoteLine *line = quote_line (s->lines, i);
    guint n_lines = 1;

    if (quote_line_is_blank (line)) {
        s->marks[i] = MARK_BLANK;
        return 1;
    }
    if (line->depth > 0 && !(line->flags & LINE_ARROWS)) {
        s->marks[i] = is_escaped_from (s->lines, i) ? MARK_TEXT : MARK_QUOTE;
        return 1;
    }
    if (line->flags & LINE_BAR && is_quote_mark (mark_above (s, i))) {
        s->marks[i] = MARK_QUOTE;
        return 1;
    }
    if (quote_forward_at (s->words, s->lines, i) ||
        ((!*has_text || s->is_passed_on) && quote_original_at (s->words, s->lines, i))) {
        s->is_forward = TRUE; /* nothing of the writer's above, or so it says: passed on */
        return s->lines->len - i;
    }
    if (s->hints[i] == HINT_SIGNATURE) {
        s->marks[i] = MARK_BLANK;
        s->cut[i] = TRUE;
        return 1;
    }
    if (s->hints[i] == HINT_QUOTE) {
        s->marks[i] = MARK_QUOTE;
        return 1;
    }
    QuoteSure sure = attribution_at (s, i, &n_lines);
    if (is_tail (s, i, sure, n_lines) && *has_text) {
        s->tail = i;
        return s->lines->len - i;
    }
    if (sure != SURE_NOT) {
        memset (s->marks + i, MARK_ATTRIBUTION, n_lines);
        return n_lines;
    }
    s->marks[i] = is_orphan (s->lines, i) ? MARK_QUOTE : MARK_TEXT;
    if (!*has_text && s->marks[i] == MARK_TEXT && !(line->flags & LINE_RULE) &&
        !quote_words_is_footer (s->words, line->text, QUOTE_FOOTER_WORDS))
        *has_text = TRUE;
    return 1;
}

/* An attribution that no quote follows, because it stands above everything or in prose, is text. */
static void settle_attributions (Splitter *s)
{
    gboolean quote_below = FALSE;

    for (guint i = s->tail; i > 0; i--) {
        guint8 *mark = &s->marks[i - 1];
        if (*mark == MARK_ATTRIBUTION && !quote_below)
            *mark = MARK_LONE;
        else if (*mark != MARK_BLANK)
            quote_below = is_quote_mark (*mark);
    }
}

/* The drawn line above a quoted message belongs to it, and so does "Message du 05/05/20 10:02". */
static void widen_tail (Splitter *s)
{
    s->tail = quote_original_start (s->words, s->lines, s->tail);
    while (s->tail > 0) {
        const QuoteLine *above = quote_line (s->lines, s->tail - 1);
        gboolean is_title = above->first & WORD_QUOTING && above->flags & LINE_DATE;
        if (!(above->flags & (LINE_BLANK | LINE_RULE) || is_title) || above->depth > 0)
            return;
        s->tail--;
    }
}

static void mark_lines (Splitter *s)
{
    gboolean has_text = FALSE;
    guint next_quote = s->lines->len;

    for (guint i = s->lines->len; i > 0; i--) {
        if (quote_line (s->lines, i - 1)->depth > 0)
            next_quote = i - 1;
        s->next_quote[i - 1] = next_quote;
    }
    guint pgp = quote_pgp_header (s->lines);

    cut_lines (s, 0, pgp);
    memset (s->marks, MARK_BLANK, pgp);
    for (guint i = pgp; i < s->lines->len;)
        i += mark_at (s, i, &has_text);
    if (s->tail < s->lines->len)
        widen_tail (s);
    settle_attributions (s);
}

/* Joins the lines above the tail to runs. */
static void find_runs (Splitter *s)
{
    QuoteRun *run = NULL;

    for (guint i = 0; i < s->tail; i++) {
        if (s->marks[i] != MARK_BLANK) {
            QuoteRunKind kind = is_quote_mark (s->marks[i]) ? RUN_QUOTE : RUN_TEXT;
            if (run == NULL || run->kind != kind) {
                QuoteRun next = {.kind = kind, .from = i};
                g_array_append_val (s->runs, next);
                run = &g_array_index (s->runs, QuoteRun, s->runs->len - 1);
                if (kind == RUN_QUOTE && s->marks[i] == MARK_QUOTE)
                    run->is_attributed = is_attributed_inside (s, i);
            }
            run->is_attributed |= s->marks[i] == MARK_ATTRIBUTION || s->hints[i] == HINT_QUOTE;
        }
        if (run != NULL)
            run->to = i + 1;
    }
}

/* Whether anything that is not blank stays. */
static gboolean keeps_something (const Splitter *s)
{
    for (guint i = 0; i < s->lines->len; i++)
        if (!s->cut[i] && !quote_line_is_blank (quote_line (s->lines, i)))
            return TRUE;
    return FALSE;
}

/* Whether line i follows the one before without a line end, both having the same fate. */
static gboolean is_joined (const Splitter *s, guint i)
{
    return i > 0 && i < s->lines->len && quote_line (s->lines, i)->flags & LINE_JOINED &&
           !!s->cut[i] == !!s->cut[i - 1];
}

/* Without the blanks before what was cut off the same line. */
static gsize shown_len (const Splitter *s, guint i)
{
    const QuoteLine *line = quote_line (s->lines, i), *next = quote_line (s->lines, i + 1);
    gsize len = line->raw_len;

    if (next != NULL && next->flags & LINE_JOINED && !is_joined (s, i + 1))
        while (len > 0 && line->raw[len - 1] == ' ')
            len--;
    return len;
}

/* The lines with this fate, without blank ones at the ends; one blank line where others lay
 * between. */
static char *collect (const Splitter *s, gboolean cut)
{
    GString *out = g_string_new (NULL);
    guint last = 0, n_blank = 0;

    for (guint i = 0; i < s->lines->len; i++) {
        const QuoteLine *line = quote_line (s->lines, i);
        if (!!s->cut[i] != cut)
            continue;
        if (quote_line_is_blank (line)) {
            n_blank++;
            continue;
        }
        if (out->len > 0 && !is_joined (s, i)) {
            gboolean is_gap = i - last != n_blank + 1;
            for (guint j = is_gap && !cut ? 1 : n_blank; j > 0; j--)
                g_string_append_c (out, '\n');
            g_string_append_c (out, '\n');
        }
        g_string_append_len (out, line->raw, (gssize)shown_len (s, i));
        n_blank = 0;
        last = i;
    }
    return g_string_free (out, FALSE);
}

/* How many runs are quotes. */
static guint count_quotes (const Splitter *s)
{
    guint n = 0;

    for (guint i = 0; i < s->runs->len; i++)
        n += g_array_index (s->runs, QuoteRun, i).kind == RUN_QUOTE;
    return n;
}

/* "Anna wrote:", the answer, and then the quote: where that goes, so does what announced it. */
static void cut_lone_attributions (Splitter *s, guint n_quotes_before)
{
    if (n_quotes_before == 0 || count_quotes (s) > 0)
        return;
    for (guint i = 0; i < s->tail; i++)
        s->cut[i] |= s->marks[i] == MARK_LONE;
}

static void splitter_run (Splitter *s)
{
    mark_lines (s);
    if (s->is_forward) {
        memset (s->cut, FALSE, s->lines->len);
        return;
    }
    find_runs (s);
    guint n_quotes = count_quotes (s);
    gboolean has_text = quote_runs_cut (s->words, s->lines, s->is_new, s->runs, s->cut);
    cut_lone_attributions (s, n_quotes);
    cut_lines (s, s->tail, s->lines->len);
    if (!has_text || !keeps_something (s))
        memset (s->cut, FALSE, s->lines->len);
}

/* I4 */
static gboolean has_too_many_lines (const char *text)
{
    guint n = 0;

    for (const char *p = text; (p = strchr (p, '\n')) != NULL; p++)
        if (++n > LINES_MAX)
            return TRUE;
    return FALSE;
}

static Quote *keep_all (const char *text)
{
    Quote *quote = g_new0 (Quote, 1);

    quote->kept = g_strdup (text);
    quote->elided = g_strdup ("");
    return quote;
}

static Quote *split (const char *text, const GArray *spans, const Message *message)
{
    if (has_too_many_lines (text))
        return keep_all (text);
    const QuoteWords *words = quote_words_get();
    g_autoptr (QuoteLines) lines = quote_lines_new (words, text);
    quote_lines_fence (lines);
    quote_lines_break (words, lines);
    g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (QuoteRun));
    g_autofree guint8 *marks = g_malloc0 (lines->len + 1), *cut = g_malloc0 (lines->len + 1);
    g_autofree guint8 *hints = g_malloc0 (lines->len + 1);
    g_autofree guint *next_quote = g_new0 (guint, lines->len + 1);
    Splitter s = {.words = words,
                  .lines = lines,
                  .marks = marks,
                  .cut = cut,
                  .hints = hints,
                  .next_quote = next_quote,
                  .runs = runs,
                  .is_new = message != NULL && message->in_reply_to->len == 0 &&
                            message->references->len == 0,
                  .is_passed_on =
                      message != NULL && quote_words_is_passed_on (words, message->subject),
                  .tail = lines->len};
    Quote *quote = g_new0 (Quote, 1);

    if (spans != NULL)
        quote_hints_paint (lines, text, spans, hints);
    splitter_run (&s);
    quote->kept = collect (&s, FALSE);
    quote->elided = collect (&s, TRUE);
    return quote;
}

Quote *quote_split_hinted (const char *text, const GArray *spans)
{
    return split (text, spans, NULL);
}

Quote *quote_split_text (const char *text)
{
    if (g_utf8_validate (text, -1, NULL))
        return split (text, NULL, NULL);
    g_autofree char *valid = g_utf8_make_valid (text, -1);
    return split (valid, NULL, NULL);
}

Quote *quote_split_message (const Message *message)
{
    return split (message->text, NULL, message);
}

void quote_free (Quote *quote)
{
    if (quote == NULL)
        return;
    g_free (quote->kept);
    g_free (quote->elided);
    g_free (quote);
}
