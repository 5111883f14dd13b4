/* quote_attribution.c - finds lines such as "On Monday, Anna <anna@example.org> wrote:".
 *
 * No grammar of any language: an attribution is a short run of lines with a date, a time, an
 * address and a verb in some mixture, that begins like one (a lead word, a date or a name) and ends
 * like one (a colon or the verb). What is missing has to be made up for by quoted lines behind it.
 * So word order does not matter, and a client in a language without a table is known by date,
 * address and colon.
 */
#include "quote_mark.h"

#include <string.h>

#define ATTRIBUTION_LINES 6
#define ATTRIBUTION_BYTES 700
#define ATTRIBUTION_WORDS 40
#define REST_WORDS 5
#define QUOTE_REACH 4 /* lines within which the quote has to follow */

/* The lines of a candidate taken together. */
typedef struct {
    const QuoteLine *first;
    guint flags, words, n_words, n_lines;
    gsize bytes;
    guint ends;            /* flags of the last line */
    gboolean is_paragraph; /* nothing of the writer's stands directly above */
} Candidate;

static gboolean has (const Candidate *candidate, guint flags)
{
    return (candidate->flags & flags) == flags;
}

/* Whether the lines, as far as taken, say all that a program would: no quote is needed as proof. */
static gboolean is_sure (const Candidate *c)
{
    gboolean wrote = (c->words & WORD_WROTE) != 0;
    gboolean lead = (c->first->first & WORD_LEAD) != 0;
    gboolean when = (c->flags & (LINE_DATE | LINE_TIME)) != 0;
    gboolean colon = (c->ends & LINE_COLON_END) != 0;
    gboolean story = has (c, LINE_STORY) && !has (c, LINE_ADDRESS);
    gboolean start = lead || c->first->flags & LINE_DATE_FIRST;

    if (story || !(c->is_paragraph || c->first->flags & LINE_CAPITAL))
        return FALSE;
    if (wrote && has (c, LINE_DASHED) && c->n_lines == 1)
        return TRUE; /* ---- Anna wrote ---- */
    if (wrote && when && has (c, LINE_ADDRESS))
        return start || c->is_paragraph || has (c, LINE_BRACKETED);
    if (wrote && has (c, LINE_DATE | LINE_TIME))
        return start || (c->is_paragraph && c->n_words <= 16);
    if (wrote && lead && when && c->is_paragraph)
        return c->n_words <= 16 && strchr (c->first->text, ',') != NULL;
    if (colon && has (c, LINE_DATE | LINE_ANGLED) && c->n_words <= 16 && c->ends & LINE_NAME_END)
        return c->first->flags & LINE_DATE &&
               (c->first->flags & LINE_DATE_FIRST || has (c, LINE_TIME));
    if (wrote && c->is_paragraph && has (c, LINE_BRACKETED))
        return c->n_words <= 14;
    return c->first->first & WORD_QUOTING && colon && has (c, LINE_ADDRESS);
}

/* Whether quoted lines behind it would make it an attribution. */
static gboolean is_likely (const Candidate *c)
{
    gboolean colon = (c->ends & LINE_COLON_END) != 0;
    gboolean story =
        has (c, LINE_STORY) && !has (c, LINE_ADDRESS) && !has (c, LINE_DATE | LINE_TIME);

    if (c->n_words > 30 || story)
        return FALSE;
    if (c->words & WORD_WROTE)
        return c->n_lines == 1 || c->is_paragraph || has (c, LINE_DATE | LINE_TIME);
    if (c->first->name & NAME_FROM && has (c, LINE_ADDRESS))
        return TRUE;
    if (has (c, LINE_DATE | LINE_TIME | LINE_DATE_FIRST) && c->n_lines == 1 && c->n_words <= 6 &&
        c->is_paragraph)
        return TRUE; /* 2016-03-03 17:21 GMT+01:00 Anna de Vries */
    if (has (c, LINE_DATE | LINE_BRACKETED))
        return TRUE;
    if (colon && has (c, LINE_DATE | LINE_TIME | LINE_ADDRESS | LINE_CAPITAL) && c->n_lines == 1)
        return TRUE;
    return colon && c->is_paragraph && c->n_words <= 20 && c->flags & (LINE_DATE | LINE_ADDRESS);
}

static gboolean is_quoted (const QuoteLine *line, guint depth)
{
    return line->depth > depth || (line->depth == depth && line->flags & LINE_BAR);
}

/* Whether the next line that is not blank is quoted, deeper than the attribution itself. */
static gboolean is_quote_next (const QuoteLines *lines, guint i, guint depth)
{
    guint end = i + QUOTE_REACH;

    for (; i < lines->len && i < end; i++) {
        const QuoteLine *line = quote_line (lines, i);
        if (is_quoted (line, depth))
            return TRUE;
        if (!(line->flags & LINE_BLANK))
            return FALSE;
    }
    return FALSE;
}

/* Whether an attribution that goes on in further lines may begin with this one. */
static gboolean can_wrap (const Candidate *c)
{
    const QuoteLine *line = c->first;
    gboolean starts = line->first & (WORD_LEAD | WORD_QUOTING) || line->flags & LINE_DATE_FIRST ||
                      line->words & WORD_LEAD;
    guint evidence = LINE_DATE | LINE_TIME | LINE_YEAR | LINE_ADDRESS | LINE_OPEN;

    if (line->flags & LINE_COLON_END && line->words & WORD_WROTE)
        return FALSE;
    if (starts && (line->n_numbers > 0 || line->flags & evidence))
        return c->is_paragraph || line->flags & LINE_CAPITAL ||
               (line->flags & (LINE_DATE | LINE_DATE_FIRST)) == (LINE_DATE | LINE_DATE_FIRST);
    return c->is_paragraph && (line->flags & evidence || line->words & WORD_WROTE);
}

static void candidate_add (Candidate *candidate, const QuoteLine *line)
{
    candidate->flags |= line->flags;
    candidate->words |= line->words;
    candidate->n_words += line->n_words;
    candidate->bytes += strlen (line->text) + 1;
    candidate->ends = line->flags;
    candidate->n_lines++;
    if (has (candidate, LINE_OPEN | LINE_ADDRESS))
        candidate->flags |= LINE_BRACKETED | LINE_ANGLED;
}

/* A line that begins an attribution of its own ends the one before. */
static gboolean begins_anew (const QuoteLine *first, const QuoteLine *line)
{
    gboolean is_start = first->first & WORD_LEAD || first->flags & LINE_DATE_FIRST;
    gboolean when = (line->flags & (LINE_DATE | LINE_TIME)) != 0;

    if (!(line->flags & LINE_CAPITAL))
        return FALSE;
    if (line->first & (WORD_LEAD | WORD_QUOTING) && when && !g_ascii_isdigit (*line->text))
        return TRUE;
    if (is_start || first->flags & (LINE_OPEN | LINE_ADDRESS))
        return FALSE;
    return (line->flags & LINE_DATE_FIRST && when) ||
           (line->flags & LINE_COLON_END && line->flags & LINE_BRACKETED);
}

/* "On Tuesday, 5 May 2020 at 10:02," and a blank line before the name. */
static gboolean can_pause (const Candidate *c, const QuoteLine *line)
{
    return quote_line_is_blank (line) && c->n_lines > 0 && c->first->first & WORD_LEAD &&
           c->is_paragraph && has (c, LINE_DATE | LINE_TIME) && c->n_words <= 12 &&
           !(c->words & WORD_WROTE) && !(c->ends & LINE_COLON_END);
}

static gboolean can_begin (const QuoteLine *line)
{
    guint evidence = LINE_DATE | LINE_TIME | LINE_YEAR | LINE_ADDRESS | LINE_OPEN | LINE_DATE_FIRST;

    if (line->flags & (LINE_BLANK | LINE_RULE) || line->raw_len > ATTRIBUTION_BYTES)
        return FALSE;
    return line->flags & evidence || line->words & (WORD_WROTE | WORD_QUOTING) ||
           (line->first & WORD_LEAD && line->n_numbers > 0);
}

static gboolean is_paragraph_start (const QuoteLines *lines, guint i)
{
    const QuoteLine *line = quote_line (lines, i);
    const QuoteLine *above = i > 0 ? quote_line (lines, i - 1) : NULL;

    return above == NULL || above->flags & (LINE_BLANK | LINE_RULE) || above->depth != line->depth;
}

/* "On Tuesday at 10:02 wrote" / "Anna de Vries:": the name may follow on a line of its own, or no
 * more than the colon. How many lines are added. */
static guint count_rest (const QuoteLines *lines, guint i, const QuoteLine *last)
{
    const QuoteLine *line = quote_line (lines, i);

    if (line == NULL || last->flags & LINE_COLON_END || !(last->flags & LINE_WROTE_END))
        return 0;
    return line->depth == last->depth && line->flags & LINE_COLON_END &&
           !(line->flags & LINE_RULE) && line->n_words <= REST_WORDS && line->n_numbers == 0;
}

QuoteSure quote_attribution_at (const QuoteLines *lines, guint i, guint *ret_n_lines)
{
    const QuoteLine *first = quote_line (lines, i);
    Candidate candidate = {.first = first};

    if (first->flags & LINE_ARROWS && first->flags & (LINE_DATE | LINE_TIME | LINE_ADDRESS)) {
        *ret_n_lines = 1;
        return SURE_ALONE;
    }
    if (!can_begin (first))
        return SURE_NOT;
    candidate.is_paragraph = is_paragraph_start (lines, i);
    for (guint n = 0; n < ATTRIBUTION_LINES && i + n < lines->len; n++) {
        const QuoteLine *line = quote_line (lines, i + n);
        if (can_pause (&candidate, line))
            continue;
        if (line->depth != first->depth || line->flags & (LINE_BLANK | LINE_RULE) ||
            (n == 1 && !can_wrap (&candidate)) || (n > 0 && begins_anew (first, line)))
            return SURE_NOT;
        candidate_add (&candidate, line);
        if (candidate.bytes > ATTRIBUTION_BYTES || candidate.n_words > ATTRIBUTION_WORDS)
            return SURE_NOT;
        *ret_n_lines = n + 1;
        gboolean ends = (line->flags & (LINE_COLON_END | LINE_WROTE_END)) != 0;
        if (ends && is_sure (&candidate)) {
            *ret_n_lines += count_rest (lines, i + n + 1, line);
            return SURE_ALONE;
        }
        if ((ends || has (&candidate, LINE_BRACKETED) || has (&candidate, LINE_DATE | LINE_TIME)) &&
            is_likely (&candidate) && is_quote_next (lines, i + n + 1, first->depth))
            return SURE_BEFORE_QUOTE;
    }
    return SURE_NOT;
}
