/* quote_break.c - breaks lines in which an attribution shares its line with text.
 *
 * Some programs lose the line ends around it. A line is broken only where what begins there is an
 * attribution by the rules for lines, with a date and an address or quoted lines below; a person's
 * "On Tuesday Bob wrote: ..." is not. A bounded number of places is tried in a line. */
#include "quote_break.h"

#include <string.h>

#include "quote_mark.h"
#include "quote_normal.h"

#define STARTS_MAX 4    /* places tried in a line */
#define LINES_BELOW 10  /* that may belong to the attribution or prove it */
#define NUMBER_REACH 40 /* bytes from the lead word within which its date begins */
#define VERB_REACH 40   /* bytes from the address to the colon behind the verb */

/* Where a line is broken: raw[start..end) is the attribution. */
typedef struct {
    guint line;
    gsize start, end;
} Break;

/* A line that may hold all that an attribution does. */
static gboolean can_break (const QuoteLine *line)
{
    const guint when = LINE_DATE | LINE_TIME;

    return line->depth == 0 && line->flags & when && line->n_words >= 5 &&
           line->flags & (LINE_ADDRESS | LINE_OPEN | LINE_WROTE_END | LINE_COLON_END) &&
           (line->words & WORD_LEAD || line->flags & LINE_DATE_FIRST) &&
           line->raw_len <= QUOTE_LINE_MAX;
}

/* Whether a lead word with a capital and a number soon behind it begins at raw[i]. */
static gboolean is_lead_at (const QuoteWords *words, const QuoteLine *line, gsize i)
{
    const char *word = line->raw + i;
    gsize len = 0, rest = line->raw_len - i;
    char normal[QUOTE_NORMAL_MAX];

    while (len < rest && len < 20 && word[len] != ' ')
        len++;
    if (!g_unichar_isupper (g_utf8_get_char (word)) || len == rest)
        return FALSE;
    gsize n = quote_normalise_to (word, len, normal);
    if (!(quote_words_look (words, normal, n) & WORD_LEAD))
        return FALSE;
    for (gsize j = len; j < rest && j < NUMBER_REACH; j++)
        if (g_ascii_isdigit (word[j]))
            return TRUE;
    return FALSE;
}

/* Whether a sentence, which may begin with a name, begins at raw[i]. */
static gboolean is_sentence_at (const QuoteLine *line, gsize i)
{
    return i >= 2 && strchr (".!?", line->raw[i - 2]) != NULL &&
           g_unichar_isupper (g_utf8_get_char (line->raw + i));
}

/* Behind the colon that ends "<anna@example.org> wrote:" from raw[start] on; raw_len if it ends the
 * line or there is none. */
static gsize end_of_verb (const QuoteLine *line, gsize start)
{
    gsize end = line->raw_len;
    const char *at = memchr (line->raw + start, '@', end - start);
    const char *close = at != NULL ? memchr (at, '>', (gsize)(line->raw + end - at)) : NULL;

    if (close == NULL)
        return end;
    gsize reach = MIN (VERB_REACH, (gsize)(line->raw + end - close));
    const char *colon = memchr (close, ':', reach);
    while (colon != NULL && g_ascii_isdigit (colon[-1]) && colon + 1 < close + reach &&
           g_ascii_isdigit (colon[1])) /* of a time */
        colon = memchr (colon + 1, ':', (gsize)(close + reach - colon - 1));
    gsize behind = colon != NULL ? (gsize)(colon + 1 - line->raw) : end;
    gsize text = behind;
    while (text < end && strchr ("*_ \t", line->raw[text]) != NULL)
        text++;
    return text < end ? behind : end;
}

/* The line or part of it, read as if it stood alone. */
static QuoteLine part_of (const QuoteWords *words, QuoteLines *lines, const QuoteLine *line,
                          gsize start, gsize end)
{
    QuoteLine part = {.raw = line->raw + start, .raw_len = end - start};

    quote_line_scan (words, lines, &part, NULL);
    if (start > 0)
        part.flags |= LINE_JOINED;
    return part;
}

/* Whether the attribution would be one on a line of its own. */
static gboolean is_break (const QuoteWords *words, QuoteLines *lines, const Break *place)
{
    const QuoteLine *line = &lines->at[place->line];
    QuoteLine some[3 + LINES_BELOW];
    QuoteLines few = {.at = some};
    guint n_lines = 0;

    if (place->start == 0 && place->end == line->raw_len)
        return FALSE;
    if (place->start > 0)
        some[few.len++] = part_of (words, lines, line, 0, place->start);
    guint i = few.len;
    some[few.len++] = part_of (words, lines, line, place->start, place->end);
    if (place->end < line->raw_len)
        some[few.len++] = part_of (words, lines, line, place->end, line->raw_len);
    for (guint n = 1; n <= LINES_BELOW && place->line + n < lines->len; n++)
        some[few.len++] = lines->at[place->line + n];
    if (quote_attribution_at (&few, i, &n_lines) == SURE_NOT ||
        (place->end < line->raw_len && n_lines != 1))
        return FALSE;
    guint flags = 0;
    for (guint n = 0; n < n_lines; n++)
        flags |= some[i + n].flags;
    guint next = quote_line_next_filled (&few, i + n_lines, LINES_BELOW);
    gboolean is_quoted = next < few.len && some[next].depth > 0;
    return flags & (LINE_DATE | LINE_TIME) && (is_quoted || flags & LINE_ADDRESS);
}

/* Whether what stands before raw[len] may be the name that an attribution begins with. */
static gboolean is_name (const QuoteLine *line, gsize len)
{
    while (len > 0 && line->raw[len - 1] == ' ')
        len--;
    return len == 0 || memchr (line->raw, '@', len) != NULL ||
           (strchr (".,;:!?)", line->raw[len - 1]) == NULL && (guchar)line->raw[len - 1] < 0xE0);
}

/* Tries the beginning of the line and each lead word in it; FALSE when it is to stay whole. */
static gboolean find_break (const QuoteWords *words, QuoteLines *lines, Break *place)
{
    const QuoteLine *line = &lines->at[place->line];
    guint n_tried = 0, n_lines;
    gboolean is_whole = quote_attribution_at (lines, place->line, &n_lines) != SURE_NOT;

    if (is_whole && line->first & WORD_LEAD)
        return FALSE;
    for (gsize i = 0; i + 1 < line->raw_len && n_tried < STARTS_MAX; i++) {
        gboolean is_start =
            i == 0 ? (line->first & WORD_LEAD || line->flags & LINE_DATE_FIRST)
                   : line->raw[i - 1] == ' ' && line->raw[i] != ' ' &&
                         (is_lead_at (words, line, i) || (is_whole && is_sentence_at (line, i)));
        if (!is_start)
            continue;
        if (is_whole && is_name (line, i))
            continue;
        n_tried++;
        place->start = i;
        place->end = end_of_verb (line, i);
        if (is_break (words, lines, place))
            return TRUE;
    }
    return FALSE;
}

/* The lines anew, broken where it was found that they are to be. */
static void break_at (const QuoteWords *words, QuoteLines *lines, const GArray *breaks)
{
    QuoteLine *at = g_new0 (QuoteLine, lines->len + 2 * breaks->len);
    guint n = 0, next = 0;

    for (guint i = 0; i < lines->len; i++) {
        const QuoteLine *line = &lines->at[i];
        const Break *place = next < breaks->len ? &g_array_index (breaks, Break, next) : NULL;
        if (place == NULL || place->line != i) {
            at[n++] = *line;
            continue;
        }
        if (place->start > 0)
            at[n++] = part_of (words, lines, line, 0, place->start);
        at[n++] = part_of (words, lines, line, place->start, place->end);
        if (place->end < line->raw_len)
            at[n++] = part_of (words, lines, line, place->end, line->raw_len);
        next++;
    }
    g_free (lines->at);
    lines->at = at;
    lines->len = n;
}

void quote_lines_break (const QuoteWords *words, QuoteLines *lines)
{
    g_autoptr (GArray) breaks = NULL;

    for (guint i = 0; i < lines->len; i++) {
        Break place = {.line = i};
        if (!can_break (&lines->at[i]) || !find_break (words, lines, &place))
            continue;
        if (breaks == NULL)
            breaks = g_array_new (FALSE, FALSE, sizeof (Break));
        g_array_append_val (breaks, place);
    }
    if (breaks != NULL)
        break_at (words, lines, breaks);
}
