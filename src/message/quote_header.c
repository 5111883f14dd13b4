/* quote_header.c - finds "-----Original Message-----", header blocks of quoted messages, and
 * forwards.
 *
 * Header names are looked up whole ("von", "sent", "发件人"), whatever the language, the order and
 * the emphasis. One name alone proves nothing ("From: the desk of ..."): it takes a block.
 */
#include "quote_mark.h"

#include <string.h>

#define BLOCK_LINES 24    /* how far a header block is looked at */
#define BLOCK_CONTINUES 6 /* lines that a long To: may go on */
#define ABOVE_WORDS 8     /* of "reply above this line" where no dashes stand around it */
#define BLOCK_BLANKS 3    /* blank lines between two headers */
#define HEADER_LINE_WORDS 8
#define NOTES_REACH 16 /* lines from "To" to "Subject" */
#define NOTES_ABOVE 2  /* lines below "To" that may have the date */
#define NOTES_TITLE 4  /* lines above "To": the author and the date */
#define PHRASE_WORDS 8 /* of a separator that no dashes stand around */

/* What a block of headers has shown so far. */
typedef struct {
    guint names; /* NAME bits */
    guint n_headers;
    gboolean has_address, has_date, has_moment, has_patch;
    gboolean is_ordered; /* From, Sent, To: travellers write From, To, Date */
} Block;

static void block_read (const QuoteLines *lines, guint i, Block *block)
{
    guint depth = quote_line (lines, i)->depth;
    guint n_other = 0, n_blank = 0;
    const guint when = LINE_DATE | LINE_TIME;

    for (guint end = i + BLOCK_LINES; i < lines->len && i < end; i++) {
        const QuoteLine *line = quote_line (lines, i);
        if (line->flags & LINE_BLANK && line->depth <= depth) {
            if (++n_blank > BLOCK_BLANKS)
                return;
            continue;
        }
        guint name = line->depth == depth ? line->name : 0;
        if (name == 0 && (n_blank > 0 || ++n_other > BLOCK_CONTINUES))
            return;
        block->has_address |= (line->flags & LINE_ADDRESS) != 0;
        if (name != 0) {
            block->names |= name;
            block->n_headers++;
            block->has_date |= name & NAME_DATE && line->n_numbers >= 2;
            block->has_patch |= name & NAME_SUBJECT && strstr (line->text, ": [patch") != NULL;
            block->has_moment |= name & NAME_DATE && (line->flags & when) == when;
            block->is_ordered |= block->n_headers == 3 && name & NAME_TO && block->has_moment;
            n_other = n_blank = 0;
        }
    }
}

/* Travel plans have From:, To: and Date: too, but neither addresses nor a subject. */
static gboolean is_block (const Block *block)
{
    gboolean from = (block->names & NAME_FROM) != 0, to = (block->names & NAME_TO) != 0;
    gboolean subject = (block->names & NAME_SUBJECT) != 0;
    gboolean date = (block->names & NAME_DATE) != 0;

    if (block->n_headers < 2)
        return FALSE;
    if (from && subject && (date || to || block->has_address))
        return TRUE;
    if (block->has_date && block->has_address && (from || to))
        return TRUE;
    return block->n_headers >= 3 && from && to && (block->has_address || block->is_ordered);
}

/* What git format-patch writes first: the headers below are those of a patch, which is content. */
static gboolean is_patch_head (const QuoteLines *lines, guint i)
{
    for (guint n = 1; n <= 4 && n <= i; n++)
        if (strstr (quote_line (lines, i - n)->text, " mon sep 17 00:00:00 2001") != NULL)
            return TRUE;
    return FALSE;
}

/* A whole block on one line, as what makes text of HTML leaves it:
 * "From: Anna Sent: 5 May 2020 10:02 To: Bob Subject: Roofs". */
static gboolean is_header_line (const QuoteWords *words, const QuoteLine *line)
{
    guint names = line->name, n = 1;
    const char *start = line->text;

    if (!(names & NAME_FROM) || line->n_words < HEADER_LINE_WORDS || !(line->flags & LINE_DATE))
        return FALSE;
    for (const char *p = strchr (start, ':'); p != NULL && n < 8; p = strchr (p + 1, ':')) {
        const char *word = p;
        while (word > start && word[-1] != ' ')
            word--;
        guint name = quote_words_look (words, word, (gsize)(p - word)) & NAME_ANY;
        n += word > start && name != 0;
        names |= name;
    }
    return n >= 4 && names & NAME_TO && names & NAME_DATE && names & NAME_SUBJECT;
}

static gboolean is_header_block (const QuoteLines *lines, guint i)
{
    Block block = {0};

    if (quote_line (lines, i)->name == 0)
        return FALSE;
    block_read (lines, i, &block);
    gboolean is_patch = block.has_patch && !(block.names & NAME_TO);
    return is_block (&block) && !is_patch && !is_patch_head (lines, i);
}

/* What Notes writes above To: - "Anna de Vries" and "05/05/2020 10:02 AM", on one line or two. */
static gboolean is_notes_block (const QuoteLines *lines, guint i)
{
    const guint when = LINE_DATE | LINE_TIME;
    const QuoteLine *line = quote_line (lines, i);
    Block block = {0};

    if (line->n_words > 10 || line->flags & LINE_COLON_END)
        return FALSE;
    if ((line->flags & when) != when) {
        i = quote_line_next_filled (lines, i + 1, 2);
        if (line->n_words > (line->flags & LINE_ADDRESS ? 9 : 5) || i >= lines->len)
            return FALSE;
        const QuoteLine *below = quote_line (lines, i);
        if (below->n_words > 10 || (below->flags & when) != when)
            return FALSE;
    }
    i = quote_line_next_filled (lines, i + 1, 4);
    if (i >= lines->len || !(quote_line (lines, i)->name & NAME_TO))
        return FALSE;
    block_read (lines, i, &block);
    return (block.names & NAME_SUBJECT) != 0;
}

/* Whether the line is one header name and nothing else, as Notes writes them. */
static gboolean is_bare_name (const QuoteWords *words, const QuoteLine *line, guint name)
{
    return line->n_words == 1 && line->n_numbers == 0 && line->depth == 0 &&
           quote_words_look (words, line->text, line->len) & name;
}

/* "To", the names, "cc", "Subject", each on a line of its own, with a date just above or below
 * "To". */
static gboolean is_notes_table (const QuoteWords *words, const QuoteLines *lines, guint i)
{
    const guint when = LINE_DATE | LINE_TIME;
    gboolean has_date = FALSE;

    if (!is_bare_name (words, quote_line (lines, i), NAME_TO))
        return FALSE;
    for (guint j = i - MIN (i, NOTES_REACH); j < lines->len && j <= i + NOTES_REACH; j++) {
        const QuoteLine *line = quote_line (lines, j);
        has_date |= j <= i + NOTES_ABOVE && (line->flags & when) == when && line->n_words <= 10;
        if (j > i && has_date && is_bare_name (words, line, NAME_SUBJECT))
            return TRUE;
    }
    return FALSE;
}

/* Bits of the phrase that the line is; of its beginning, when dashes end it. */
static guint separator_phrase (const QuoteWords *words, const QuoteLine *line)
{
    if (line->n_words > PHRASE_WORDS && !(line->flags & LINE_DASHES))
        return 0;
    const char *dashes = strstr (line->text, "--");
    gsize len = dashes != NULL ? (gsize)(dashes - line->text) : strlen (line->text);

    while (len > 0 && strchr (" :<>\"[]().", line->text[len - 1]) != NULL)
        len--;
    gsize start = 0;
    while (start < len && strchr (" <>\"[](", line->text[start]) != NULL)
        start++;
    guint bits = quote_words_look (words, line->text + start, len - start);
    if (line->flags & LINE_DASHES && bits == 0) { /* ----- Forwarded by Anna on 5/5/2020 ----- */
        const char *blank = strchr (line->text, ' ');
        const char *second = blank != NULL ? strchr (blank + 1, ' ') : NULL;
        if (second != NULL)
            bits = quote_words_look (words, line->text, (gsize)(second - line->text));
    }
    return bits;
}

gboolean quote_original_at (const QuoteWords *words, const QuoteLines *lines, guint i)
{
    const QuoteLine *line = quote_line (lines, i);

    if (line->flags & (LINE_BLANK | LINE_RULE))
        return FALSE;
    if (is_header_block (lines, i) || is_header_line (words, line) || is_notes_block (lines, i) ||
        is_notes_table (words, lines, i))
        return TRUE;
    if (!(separator_phrase (words, line) & PHRASE_ORIGINAL))
        return (line->n_words <= ABOVE_WORDS || line->flags & LINE_DASHES) &&
               quote_words_is_reply_above (words, line->text);
    if (line->flags & LINE_DASHES)
        return TRUE;
    guint next = quote_line_next_filled (lines, i + 1, 3);
    gboolean is_phrase = line->n_words >= 2 || (guchar)line->text[0] >= 0xE0; /* not just "Reply" */
    return next < lines->len && is_phrase && quote_line (lines, next)->name != 0;
}

guint quote_original_start (const QuoteWords *words, const QuoteLines *lines, guint i)
{
    guint start = i;

    if (!is_bare_name (words, quote_line (lines, i), NAME_TO))
        return i;
    for (guint n = 0; n < NOTES_TITLE && start > 0; n++) {
        const QuoteLine *above = quote_line (lines, start - 1);
        if (n > 0 && above->flags & LINE_BLANK)
            return start;
        if (above->n_words > 10 || above->depth > 0)
            return i;
        start--;
    }
    return start;
}

gboolean quote_forward_at (const QuoteWords *words, const QuoteLines *lines, guint i)
{
    const QuoteLine *line = quote_line (lines, i);

    if (line->flags & (LINE_BLANK | LINE_RULE) || line->depth > 0 ||
        !(separator_phrase (words, line) & PHRASE_FORWARD))
        return FALSE;
    if (line->flags & (LINE_DASHES | LINE_COLON_END))
        return TRUE;
    guint next = quote_line_next_filled (lines, i + 1, 3);
    return next < lines->len && quote_line (lines, next)->name != 0;
}
