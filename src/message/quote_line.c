/* quote_line.c - the lines of an answer, each looked at once.
 *
 * Everything that later steps ask of a line (does it hold a date, an address, the verb of an
 * attribution) is found here in one pass over at most QUOTE_LINE_MAX bytes of it, so that those
 * steps combine bits and stay linear however long the text is.
 */
#include "quote_line.h"

#include <string.h>

/* What the scan of one line knows so far. */
typedef struct {
    const QuoteWords *words;
    QuoteLine *line;
    guint last_word;       /* QuoteWord bits of the word before */
    guint words_to_number; /* words before the first number */
    guint n_numbers;
    gboolean is_clock_next; /* "kl." or "klo" was read: 10.00 is a time */
    gboolean is_after_comma;
} Scan;

/* White space and what shows as nothing; unassigned characters may be tomorrow's faces. */
static gboolean is_blank_char (gunichar c)
{
    if (c < 0x80)
        return c <= ' ' || c == 0x7F;
    GUnicodeType type = g_unichar_type (c);
    return type == G_UNICODE_SPACE_SEPARATOR || type == G_UNICODE_FORMAT ||
           type == G_UNICODE_CONTROL;
}

static gsize skip_blanks (const char *s, gsize i, gsize len)
{
    while (i < len) {
        gunichar c = g_utf8_get_char (s + i);
        if (!is_blank_char (c))
            break;
        i += (gsize)(g_utf8_next_char (s + i) - (s + i));
    }
    return i;
}

/* How many '>' lead the line; sets *ret_rest to where its own text begins. */
static guint quote_depth (const char *s, gsize len, gsize *ret_rest)
{
    guint depth = 0;
    gsize i = skip_blanks (s, 0, len);

    *ret_rest = i;
    while (i < len && s[i] == '>') {
        depth++;
        *ret_rest = i = skip_blanks (s, i + 1, len);
    }
    return depth;
}

/* "| quoted" and "Anna> quoted": a quote only where an attribution says so. */
static gboolean is_bar_quote (const char *s, gsize len, gsize *ret_rest)
{
    gsize i = skip_blanks (s, 0, len), start = i;

    if (i < len && s[i] == '|') {
        *ret_rest = skip_blanks (s, i + 1, len);
        return memchr (s + i + 1, '|', len - i - 1) == NULL;
    }
    while (i < len && i - start < 12 && g_ascii_isalpha (s[i]))
        i++;
    if (i == start || i == len || s[i] != '>')
        return FALSE;
    *ret_rest = skip_blanks (s, i + 1, len);
    return TRUE;
}

/* 1-2 digits, a separator, 2 digits: a time. d.d.d, d/d/d, d-d-d: a date. Returns the bytes used.
 */
static gsize scan_number (Scan *scan, const char *s)
{
    guint value = 0;
    gsize i = 0;

    while (g_ascii_isdigit (s[i])) {
        value = value < 100000 ? value * 10 + (guint)(s[i] - '0') : value;
        i++;
    }
    scan->n_numbers++;
    if (i == 4 && value >= 1970 && value < 2100)
        scan->line->flags |= LINE_YEAR;
    if (i <= 2 && value < 25 && g_ascii_isdigit (s[i + (s[i] != '\0')]) &&
        (s[i] == ':' || s[i] == 'h' || (s[i] == '.' && scan->is_clock_next)))
        scan->line->flags |= LINE_TIME;
    if (s[i] != '\0' && strchr ("./-", s[i]) != NULL && g_ascii_isdigit (s[i + 1])) {
        gsize j = i + 1;
        while (g_ascii_isdigit (s[j]))
            j++;
        if (s[j] == s[i] && g_ascii_isdigit (s[j + 1]) && i <= 4 && j - i <= 3)
            scan->line->flags |= LINE_DATE;
    }
    scan->is_clock_next = FALSE;
    return i;
}

/* A run of letters. Numbers end it, so that "5th" and "2015年" come apart. */
static gsize scan_word (Scan *scan, const char *s)
{
    gsize i = 0;

    while (s[i] != '\0') {
        gunichar c = g_utf8_get_char (s + i);
        if (!(g_unichar_isalpha (c) || g_unichar_ismark (c) || c == '\''))
            break;
        i += (gsize)(g_utf8_next_char (s + i) - (s + i));
    }
    guint bits = quote_words_look (scan->words, s, i);
    if (s[i] == '(' || s[i] == '/') { /* napisał(a), כתב/ה */
        gsize j = i + 1;
        while (s[j] != '\0' && s[j] != ' ' && j < i + 12)
            j++;
        while (j > i + 1 && strchr (":,", s[j - 1]) != NULL)
            j--;
        bits |= quote_words_look (scan->words, s, j);
    }
    if (scan->line->n_words == 0)
        scan->line->first |= bits;
    gboolean pronoun = bits & WORD_PRONOUN && !(bits & WORD_LEAD); /* Polish "on" is English "on" */
    if ((pronoun &&
         (scan->is_after_comma || scan->line->n_words == 0 || scan->last_word & WORD_WROTE)) ||
        (bits & WORD_WROTE && scan->last_word & WORD_PRONOUN && !(scan->last_word & WORD_LEAD)))
        scan->line->flags |= LINE_STORY;
    scan->is_after_comma = FALSE;
    scan->line->words |= bits;
    scan->line->n_words++;
    scan->last_word = bits;
    if (scan->n_numbers == 0)
        scan->words_to_number++;
    if ((i == 2 && memcmp (s, "kl", 2) == 0) || (i == 3 && memcmp (s, "klo", 3) == 0) ||
        (i == 3 && memcmp (s, "ore", 3) == 0) || (i == 5 && memcmp (s, "pukul", 5) == 0))
        scan->is_clock_next = TRUE;
    return i;
}

static void scan_at_sign (Scan *scan, const char *start, const char *at)
{
    const char *begin = at;

    if (at == start || !g_ascii_isalnum (at[1]) || at[-1] == ' ')
        return;
    while (begin > start && begin > at - 80 && strchr (" <([\"", begin[-1]) == NULL)
        begin--;
    scan->line->flags |= LINE_ADDRESS;
    while (begin > start && begin[-1] == ' ')
        begin--;
    if (begin > start && strchr ("<([", begin[-1]) != NULL)
        scan->line->flags |= begin[-1] == '<' ? LINE_BRACKETED | LINE_ANGLED : LINE_BRACKETED;
}

static void scan_words (Scan *scan)
{
    const char *start = scan->line->text;

    for (const char *p = start; *p != '\0';) {
        gunichar c = g_utf8_get_char (p);
        if (g_ascii_isdigit (*p)) {
            p += scan_number (scan, p);
            continue;
        }
        if (g_unichar_isalpha (c)) {
            p += scan_word (scan, p);
            continue;
        }
        if (c == '@')
            scan_at_sign (scan, start, p);
        if (c == ',')
            scan->is_after_comma = TRUE;
        p = g_utf8_next_char (p);
    }
    QuoteLine *line = scan->line;
    guint inside = quote_words_look_inside (scan->words, start);
    line->words |= inside;
    line->n_numbers = scan->n_numbers;
    if ((line->flags & LINE_YEAR) && scan->n_numbers >= 2)
        line->flags |= LINE_DATE;
    if (scan->n_numbers > 0 && scan->words_to_number <= 3)
        line->flags |= LINE_DATE_FIRST;
    if (scan->last_word & WORD_WROTE)
        line->flags |= LINE_WROTE_END;
    if (strstr (start, "://") != NULL || strstr (start, "www.") != NULL)
        line->flags |= LINE_WEB;
}

/* Takes the dashes off both ends of the normal form, and notes what the ends were. */
static void scan_ends (QuoteLine *line)
{
    char *text = line->text;
    gsize head = 0, len = strlen (text), end = len;

    while (text[head] != '\0' && strchr ("-_=#~+ ", text[head]) != NULL)
        head++;
    while (end > head && strchr ("-_=#~+ ", text[end - 1]) != NULL)
        end--;
    if (head == len && len > 0)
        return;
    if (head >= 2)
        line->flags |= LINE_DASHES;
    if (head >= 2 && len - end >= 2)
        line->flags |= LINE_DASHED;
    if (end > head && text[end - 1] == ':') {
        gsize i = end - 1;
        while (i > head && text[i - 1] == ' ')
            i--;
        line->flags |= LINE_COLON_END;
        if (i > head && (strchr (">)]", text[i - 1]) != NULL || g_ascii_isdigit (text[i - 1])))
            line->flags |= LINE_NAME_END;
    }
    if (head > 1 || (head == 1 && text[0] != '-')) /* a list item keeps its dash */
        memmove (text, text + head, end - head + 1);
    else
        head = 0;
    text[end - head] = '\0';
}

/* NAME bits of the header that the line is, 0 when it is none. Tables have a tab for the colon. */
static guint scan_header (const QuoteWords *words, const char *text, const char *own, gsize own_len)
{
    const char *colon = strchr (text, ':');
    const char *tab = memchr (own, '\t', MIN (own_len, 40));

    if (colon == NULL && tab != NULL) {
        g_autofree char *name = quote_normalise (own, (gsize)(tab - own));
        return quote_words_look (words, name, strlen (name)) & NAME_ANY;
    }
    if (colon == NULL || colon - text > 40)
        return 0;
    gsize len = (gsize)(colon - text);
    while (len > 0 && strchr (" _", text[len - 1]) != NULL)
        len--;
    while (len > 0 && strchr ("_ |", *text) != NULL) {
        text++;
        len--;
    }
    return quote_words_look (words, text, len) & NAME_ANY;
}

/* A line of nothing but the characters that people and programs draw lines with. */
static gboolean is_rule (const char *s, gsize len)
{
    gsize n = 0;

    for (gsize i = skip_blanks (s, 0, len); i < len; i = skip_blanks (s, i, len)) {
        gunichar c = g_utf8_get_char (s + i);
        gboolean is_line = (c < 0x80 && strchr ("-_=~*#+", (int)c) != NULL) || c == 0x1427 ||
                           (c >= 0x2010 && c <= 0x2015) || (c >= 0x2500 && c <= 0x2501);
        if (!is_line || len > 400)
            return FALSE;
        i += (gsize)(g_utf8_next_char (s + i) - (s + i));
        n += c < 0x80 ? 1 : 2;
    }
    return n >= 2;
}

/* Whether a '<' stands open at the end of the line. */
static gboolean leaves_open (const char *s, gsize len)
{
    for (gsize i = MIN (len, QUOTE_LINE_MAX); i > 0; i--) {
        if (s[i - 1] == '>')
            return FALSE;
        if (s[i - 1] == '<')
            return i == len || s[i] != ' ';
    }
    return FALSE;
}

static void scan_line (const QuoteWords *words, QuoteLine *line, const QuoteLine *before)
{
    gsize rest = 0;

    line->depth = quote_depth (line->raw, line->raw_len, &rest);
    if (line->depth > 0 && before != NULL && before->depth == 0 && (before->flags & LINE_OPEN)) {
        line->depth = 0; /* "Anna <anna@example.org" / "> wrote:" */
        line->flags |= LINE_HANGING;
    } else if (line->depth > 0 && line->raw_len > 4 && memcmp (line->raw, ">>", 2) == 0 &&
               memcmp (line->raw + line->raw_len - 2, "<<", 2) == 0) {
        line->depth = 0; /* ">>> look here <<<" */
        rest = 0;
    } else if (line->depth == 0 && is_bar_quote (line->raw, line->raw_len, &rest)) {
        line->flags |= LINE_BAR;
    }
    const char *own = line->raw + rest;
    gsize own_len = line->raw_len - rest;
    while (own_len > 0 && g_ascii_isspace (own[own_len - 1]))
        own_len--;
    if (own_len == 0 || skip_blanks (own, 0, own_len) == own_len) {
        line->flags |= LINE_BLANK;
        line->text = g_strdup ("");
        return;
    }
    line->text = quote_normalise (own, own_len);
    if (is_rule (own, own_len))
        line->flags |= LINE_RULE;
    if (!g_unichar_islower (g_utf8_get_char (own)))
        line->flags |= LINE_CAPITAL;
    if (line->depth >= 3 && g_str_has_suffix (line->text, ">>>")) {
        line->flags |= LINE_ARROWS;
        line->depth = 0;
    }
    if (leaves_open (own, own_len))
        line->flags |= LINE_OPEN;
    scan_ends (line);
    line->name = scan_header (words, line->text, own, own_len);
    Scan scan = {.words = words, .line = line};
    scan_words (&scan);
}

static void quote_line_clear (gpointer data)
{
    g_free (((QuoteLine *)data)->text);
}

GArray *quote_lines_new (const QuoteWords *words, const char *text)
{
    GArray *lines = g_array_new (FALSE, TRUE, sizeof (QuoteLine));

    g_array_set_clear_func (lines, quote_line_clear);
    for (const char *p = text; *p != '\0';) {
        const char *end = strchrnul (p, '\n');
        QuoteLine line = {.raw = p, .raw_len = (gsize)(end - p)};
        while (line.raw_len > 0 && line.raw[line.raw_len - 1] == '\r')
            line.raw_len--;
        scan_line (words, &line,
                   lines->len > 0 ? &g_array_index (lines, QuoteLine, lines->len - 1) : NULL);
        g_array_append_val (lines, line);
        p = *end == '\0' ? end : end + 1;
    }
    return lines;
}

const QuoteLine *quote_line (const GArray *lines, guint i)
{
    return i < lines->len ? &g_array_index (lines, QuoteLine, i) : NULL;
}

guint quote_line_next_filled (const GArray *lines, guint i, guint reach)
{
    for (guint end = i + reach; i < lines->len && i < end; i++)
        if (!quote_line_is_blank (quote_line (lines, i)))
            return i;
    return lines->len;
}

gboolean quote_line_is_blank (const QuoteLine *line)
{
    return (line->flags & (LINE_BLANK | LINE_BAR | LINE_HANGING)) == LINE_BLANK && line->depth == 0;
}
