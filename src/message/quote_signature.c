/* quote_signature.c - finds signatures, mobile footers and delimited disclaimers.
 *
 * "-- " is trusted. Any other line of dashes may as well part two chapters of a person's text, so
 * what stands below must look like a signature: short lines with an address, a number or legal
 * words.
 */
#include "quote_mark.h"

#include <string.h>

#define SIGNATURE_LINES 40 /* below "-- " */
#define LOOSE_LINES 20     /* below "--" */
#define WEAK_LINES 12      /* below any other rule, unless it is legal text */
#define LEGAL_REACH 6      /* lines within which legal text says that it is */
#define CARD_WORDS 7       /* of a line of a card, and with an address or number in it: */
#define PROOF_WORDS 15
#define CARD_REACH 200 /* lines looked at below a rule, blank ones and all: keeps it linear */
#define FOOTER_WORDS_ABOVE_QUOTE 5

typedef enum {
    RULE_NONE,
    RULE_WEAK,   /* any drawn line */
    RULE_LOOSE,  /* "--", an em dash alone */
    RULE_STRICT, /* "-- " (RFC 3676, 4.3) */
} RuleKind;

static RuleKind rule_kind (const QuoteLine *line)
{
    const char *raw = line->raw;
    gsize len = line->raw_len;

    if (!(line->flags & LINE_RULE) || line->depth > 0)
        return RULE_NONE;
    if (len == 3 && memcmp (raw, "-- ", 3) == 0)
        return RULE_STRICT;
    while (len > 0 && g_ascii_isspace (raw[len - 1]))
        len--;
    if ((len == 2 && memcmp (raw, "--", 2) == 0) || (len == 3 && (guchar)raw[0] == 0xE2))
        return RULE_LOOSE;
    return RULE_WEAK;
}

/* G_MAXUINT if a patch, or a question where not even the rule is sure, is among the lines: that is
 * content. */
static guint count_filled (const QuoteLines *lines, guint from, guint to, RuleKind kind)
{
    guint n = 0;

    for (guint i = from; i < to && n <= SIGNATURE_LINES; i++) {
        if (g_str_has_prefix (quote_line (lines, i)->text, "diff --git "))
            return G_MAXUINT;
        if (kind != RULE_STRICT && g_str_has_suffix (quote_line (lines, i)->text, "?"))
            return G_MAXUINT;
        n += !quote_line_is_blank (quote_line (lines, i));
    }
    return n;
}

/* "[1] https://example.org/": what the text above refers to. */
static gboolean is_reference (const char *text)
{
    text += *text == '\\';
    return text[0] == '[' && g_ascii_isdigit (text[1]);
}

/* Whether the lines look like the card of a person or firm, a footer or a disclaimer. */
static gboolean is_card (const QuoteWords *words, const QuoteLines *lines, guint from, guint to,
                         gboolean *ret_is_legal)
{
    guint n = 0, n_short = 0, n_proof = 0;
    gboolean legal = FALSE;

    if (to - from > CARD_REACH)
        return FALSE;
    for (guint i = from; i < to; i++) {
        const QuoteLine *line = quote_line (lines, i);
        if (line->flags & (LINE_BLANK | LINE_RULE))
            continue;
        gboolean proof = line->flags & (LINE_WEB | LINE_ADDRESS) || line->n_numbers >= 3 ||
                         quote_words_is_footer (words, line->text, QUOTE_FOOTER_WORDS);
        if (g_str_has_prefix (line->text, "diff --git ") || is_reference (line->text))
            return FALSE;
        if (n++ < LEGAL_REACH)
            legal |= quote_words_is_legal (words, line->text);
        n_short += line->n_words <= 4;
        n_proof += proof;
        if (!legal && line->n_words > (proof ? PROOF_WORDS : CARD_WORDS))
            return FALSE;
        if (!legal && !proof && g_str_has_suffix (line->text, "?"))
            return FALSE;
    }
    *ret_is_legal = legal;
    if (legal)
        return n <= 4 * WEAK_LINES;
    return n <= WEAK_LINES && (n_proof > 0 || (n <= 3 && n_short == n));
}

static gboolean is_postscript (const QuoteWords *words, const QuoteLine *line)
{
    gsize len = strcspn (line->text, " :,-");
    return (quote_words_look (words, line->text, len) & PHRASE_POSTSCRIPT) != 0;
}

/* Whether a paragraph of a person comes first below the rule: with a blank line before it, and of a
 * length that no name has. */
static gboolean is_chapter (const QuoteWords *words, const QuoteLines *lines, guint i, guint next)
{
    const QuoteLine *line = quote_line (lines, next);

    return next > i + 1 && line->n_words > PROOF_WORDS &&
           !(line->flags & (LINE_WEB | LINE_ADDRESS)) && !quote_words_is_legal (words, line->text);
}

/* Whether the signature begins with the rule at i. */
static gboolean is_signature (const QuoteWords *words, const QuoteLines *lines, guint from, guint i,
                              guint to)
{
    RuleKind kind = rule_kind (quote_line (lines, i));
    guint next = quote_line_next_filled (lines, i + 1, to - i);
    gboolean above = i > from && !quote_line_is_blank (quote_line (lines, i - 1));

    if (kind == RULE_NONE)
        return FALSE;
    if (next >= to)
        return kind >= RULE_LOOSE || !above || to < lines->len;
    if (is_postscript (words, quote_line (lines, next)))
        return FALSE;
    guint filled = count_filled (lines, i + 1, MIN (to, i + 4 * SIGNATURE_LINES), kind);
    if (kind == RULE_STRICT && filled <= SIGNATURE_LINES)
        return TRUE;
    if (kind == RULE_LOOSE && filled <= LOOSE_LINES && !is_chapter (words, lines, i, next))
        return TRUE;
    gboolean is_legal = FALSE;
    return is_card (words, lines, i + 1, to, &is_legal) && (!above || is_legal);
}

/* A footer of a device or program. One that stands alone above a quote may name something longer:
 * "Sent from a magnificent torch of pixels". */
static gboolean is_footer_at (const QuoteWords *words, const QuoteLines *lines, guint i,
                              gboolean is_last)
{
    const QuoteLine *line = quote_line (lines, i);
    gboolean is_alone = is_last && i > 0 && quote_line_is_blank (quote_line (lines, i - 1));

    return line->depth == 0 && !(line->flags & (LINE_BLANK | LINE_RULE)) &&
           quote_words_is_footer (words, line->text,
                                  is_alone ? FOOTER_WORDS_ABOVE_QUOTE : QUOTE_FOOTER_WORDS);
}

static gboolean is_pgp_signature (const QuoteLine *line)
{
    return line->depth == 0 && line->flags & LINE_DASHED &&
           strcmp (line->text, "begin pgp signature") == 0;
}

guint quote_pgp_header (const QuoteLines *lines)
{
    guint i = quote_line_next_filled (lines, 0, lines->len);

    if (i >= lines->len || !(quote_line (lines, i)->flags & LINE_DASHED) ||
        strcmp (quote_line (lines, i)->text, "begin pgp signed message") != 0)
        return 0;
    for (i++; i < lines->len && g_str_has_prefix (quote_line (lines, i)->text, "hash: ");)
        i++;
    return i;
}

guint quote_signature_at (const QuoteWords *words, const QuoteLines *lines, guint from, guint to)
{
    gboolean is_start = TRUE, is_legal = FALSE;
    guint last = to;

    while (last > from && quote_line_is_blank (quote_line (lines, last - 1)))
        last--;

    for (guint i = from; i < to; i++) {
        const QuoteLine *line = quote_line (lines, i);
        if (is_pgp_signature (line))
            return i;
        if (line->flags & LINE_RULE && is_signature (words, lines, from, i, to))
            return i;
        gboolean is_last = i + 1 == last && to < lines->len;
        if (!(line->flags & LINE_BLANK) && is_footer_at (words, lines, i, is_last)) {
            guint next = quote_line_next_filled (lines, i + 1, to - i);
            if (next >= to || (!is_start && is_card (words, lines, i + 1, to, &is_legal) &&
                               !is_postscript (words, quote_line (lines, next))))
                return i;
        }
        is_start &= (line->flags & LINE_BLANK) != 0;
    }
    return to;
}
