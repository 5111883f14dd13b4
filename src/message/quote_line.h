/* quote_line.h - the lines of an answer, each looked at once. Private to the layer. */
#ifndef QUOTE_LINE_H
#define QUOTE_LINE_H

#include "quote_words.h"

/* What a line holds, as far as quotes, headers and signatures are concerned. */
typedef enum {
    LINE_BLANK = 1 << 0,
    LINE_YEAR = 1 << 1,       /* a number between 1970 and 2099 */
    LINE_DATE = 1 << 2,       /* a whole date: 5/5/2020, 2020-05-05, 5 May 2020 */
    LINE_TIME = 1 << 3,       /* 10:00, 10h00, kl. 10.00 */
    LINE_ADDRESS = 1 << 4,    /* anna@example.org */
    LINE_BRACKETED = 1 << 5,  /* an address in <>, () or [] */
    LINE_DATE_FIRST = 1 << 6, /* begins with a number, or with at most three words and a number */
    LINE_COLON_END = 1 << 7,
    LINE_WROTE_END = 1 << 8, /* the last word is a verb of attributions */
    LINE_OPEN = 1 << 9,      /* a '<' that is not closed */
    LINE_CAPITAL = 1 << 10,  /* does not begin with a small letter */
    LINE_RULE = 1 << 11,     /* nothing but -_=~*#+ and the like */
    LINE_DASHED = 1 << 12,   /* begins and ends with at least two dashes, with words between */
    LINE_WEB = 1 << 13,      /* a web address */
    LINE_BAR = 1 << 14,      /* quoted by '|' or by initials, which only an attribution proves */
    LINE_HANGING = 1 << 15,  /* a '>' that only closes the '<' of the line before */
    LINE_STORY = 1 << 16,    /* a pronoun or article where an attribution has a name: "I wrote:" */
    LINE_DASHES = 1 << 17,   /* begins with at least two dashes or underscores */
    LINE_NAME_END = 1 << 19, /* ends with an address, a bracket or a time, and a colon */
    LINE_ANGLED = 1 << 20,   /* an address in <> */
    LINE_ARROWS = 1 << 18,   /* ">>> Anna 5/5/2020 10:00 >>>" */
    LINE_JOINED = 1 << 21,   /* goes on where the one before ends (quote_break.h) */
} LineFlag;

typedef struct {
    const char *raw; /* as it came, not NUL-terminated */
    gsize raw_len;
    const char *text; /* normal form (quote_normal.h), without the quote prefix and dashes around */
    gsize len;        /* of text */
    guint flags;      /* LineFlag */
    guint words;      /* QuoteWord bits of all its words */
    guint first;      /* QuoteWord bits of its first word */
    guint name;       /* NAME bits when it is a header of an embedded message */
    guint n_words;
    guint n_numbers;
    guint depth; /* how often it is quoted; 0 is the writer's own */
} QuoteLine;

typedef struct {
    QuoteLine *at;
    guint len;
    GStringChunk *texts;
} QuoteLines;

/* The lines of a text (valid UTF-8; LF or CRLF), which must outlive them. Owned. */
QuoteLines *quote_lines_new (const QuoteWords *words, const char *text);

void quote_lines_free (QuoteLines *lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuoteLines, quote_lines_free)

/* Reads a line whose raw bytes are set; its text goes to lines->texts. `before` may be NULL. */
void quote_line_scan (const QuoteWords *words, QuoteLines *lines, QuoteLine *line,
                      const QuoteLine *before);

/* Line i, NULL when there is none. */
static inline const QuoteLine *quote_line (const QuoteLines *lines, guint i)
{
    return i < lines->len ? &lines->at[i] : NULL;
}

/* The next line from i on that is not blank, at most within `reach` lines; lines->len if none. */
guint quote_line_next_filled (const QuoteLines *lines, guint i, guint reach);

/* Whether all it has been quoted, or the line has nothing in it. */
static inline gboolean quote_line_is_blank (const QuoteLine *line)
{
    return (line->flags & (LINE_BLANK | LINE_BAR | LINE_HANGING)) == LINE_BLANK && line->depth == 0;
}

#endif
