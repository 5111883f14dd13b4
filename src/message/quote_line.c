/* quote_line.c - the lines of an answer, each looked at once.
 *
 * Everything that later steps ask of a line (does it hold a date, an address, the verb of an
 * attribution) is found here in one pass over at most QUOTE_LINE_MAX bytes of it, so that those
 * steps combine bits and stay linear however long the text is.
 */
#include "quote_line.h"

#include <string.h>

#include "quote_normal.h"

/* What bytes a line holds, so that most steps are not done at all. */
enum {
    HAS_HIGH = 1 << 0, /* not ASCII */
    HAS_WIDE = 1 << 1, /* beyond U+07FF: scripts without blanks, among others */
    HAS_LESS = 1 << 2, /* < */
    HAS_COLON = 1 << 3,
    HAS_TAB = 1 << 4,
    IS_LETTER = 1 << 5, /* small, and the apostrophe within words */
    IS_DIGIT = 1 << 6,
};

static const guint8 byte_classes[256] = {
    ['a' ... 'z'] = IS_LETTER,  ['\''] = IS_LETTER,
    ['0' ... '9'] = IS_DIGIT,   ['\t'] = HAS_TAB,
    [':'] = HAS_COLON,          ['<'] = HAS_LESS,
    [0x80 ... 0xDF] = HAS_HIGH, [0xE0 ... 0xFF] = HAS_HIGH | HAS_WIDE,
};

/* What the scan of one line knows so far. */
typedef struct {
    const QuoteWords *words;
    QuoteLine *line;
    guint seen;            /* HAS bits of the line */
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
        if ((guchar)s[i] > ' ' && (guchar)s[i] < 0x7F)
            break;
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

/* 10.02.03 behind a year: s[i] and s[j] are the separators. */
static gboolean is_clock (const Scan *scan, const char *s, gsize i, gsize j)
{
    return scan->line->flags & LINE_YEAR && i == 2 && *s <= '2' && j == 5 &&
           g_ascii_isdigit (s[7]) && !g_ascii_isdigit (s[8]);
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
    scan->is_after_comma = FALSE;
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
            scan->line->flags |= is_clock (scan, s, i, j) ? LINE_DATE | LINE_TIME : LINE_DATE;
    }
    scan->is_clock_next = FALSE;
    return i;
}

/* A run of letters. Numbers end it, so that "5th" and "2015年" come apart. */
static gsize scan_word (Scan *scan, const char *s)
{
    gsize i = 0;

    for (;;) {
        while (byte_classes[(guchar)s[i]] & IS_LETTER)
            i++;
        if (!(s[i] & 0x80) || !quote_is_letter (g_utf8_get_char (s + i)))
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
    if (i == 3 && memcmp (s, "www.", 4) == 0)
        scan->line->flags |= LINE_WEB;
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
        guint8 class = byte_classes[(guchar)*p];
        gunichar c = class & HAS_HIGH ? g_utf8_get_char (p) : (guchar)*p;
        if (class & IS_DIGIT) {
            p += scan_number (scan, p);
            continue;
        }
        if (class & HAS_HIGH ? g_unichar_isalpha (c) : class & IS_LETTER && c != '\'') {
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
    if (scan->seen & HAS_WIDE)
        line->words |= quote_words_look_inside (scan->words, start);
    line->n_numbers = scan->n_numbers;
    if ((line->flags & LINE_YEAR) && scan->n_numbers >= 2)
        line->flags |= LINE_DATE;
    if (scan->n_numbers > 0 && scan->words_to_number <= 3)
        line->flags |= LINE_DATE_FIRST;
    if (scan->last_word & WORD_WROTE)
        line->flags |= LINE_WROTE_END;
    if (scan->seen & HAS_COLON && strstr (start, "://") != NULL)
        line->flags |= LINE_WEB;
}

static gboolean is_dash (char c)
{
    return c == '-' || c == ' ' || c == '_' || c == '=' || c == '#' || c == '~' || c == '+';
}

/* Takes the dashes off both ends of the normal form, and notes what the ends were. */
static void scan_ends (QuoteLine *line, char *text)
{
    gsize head = 0, len = line->len, end = len;

    while (is_dash (text[head]))
        head++;
    while (end > head && is_dash (text[end - 1]))
        end--;
    line->text = text;
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
    if (head == 1 && text[0] == '-')
        head = 0; /* a list item keeps its dash */
    line->text = text + head;
    line->len = end - head;
    text[end] = '\0';
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

static guint classes_of (const char *s, gsize len)
{
    guint seen = 0;

    for (gsize i = 0; i < len; i++)
        seen |= byte_classes[(guchar)s[i]];
    return seen;
}

void quote_line_scan (const QuoteWords *words, QuoteLines *lines, QuoteLine *line,
                      const QuoteLine *before)
{
    char text[QUOTE_NORMAL_MAX];
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
        line->text = "";
        return;
    }
    guint seen = classes_of (own, own_len);
    line->len = quote_normalise_to (own, own_len, text);
    if (is_rule (own, own_len))
        line->flags |= LINE_RULE;
    if (*own & 0x80 ? !g_unichar_islower (g_utf8_get_char (own)) : *own < 'a' || *own > 'z')
        line->flags |= LINE_CAPITAL;
    if (line->depth >= 3 && line->len >= 3 && memcmp (text + line->len - 3, ">>>", 3) == 0) {
        line->flags |= LINE_ARROWS;
        line->depth = 0;
    }
    if (seen & HAS_LESS && leaves_open (own, own_len))
        line->flags |= LINE_OPEN;
    scan_ends (line, g_string_chunk_insert_len (lines->texts, text, (gssize)line->len));
    if (seen & (HAS_COLON | HAS_TAB | HAS_HIGH))
        line->name = scan_header (words, line->text, own, own_len);
    Scan scan = {.words = words, .line = line, .seen = seen};
    scan_words (&scan);
}

/* Lines of the text, the last one perhaps without an end. */
static guint count_lines (const char *text)
{
    guint n = 1;

    for (const char *p = text; (p = strchr (p, '\n')) != NULL; p++)
        n++;
    return n;
}

QuoteLines *quote_lines_new (const QuoteWords *words, const char *text)
{
    QuoteLines *lines = g_new0 (QuoteLines, 1);

    lines->at = g_new0 (QuoteLine, count_lines (text));
    lines->texts = g_string_chunk_new (4096);
    for (const char *p = text; *p != '\0';) {
        const char *end = strchrnul (p, '\n');
        QuoteLine *line = &lines->at[lines->len];
        line->raw = p;
        line->raw_len = (gsize)(end - p);
        while (line->raw_len > 0 && p[line->raw_len - 1] == '\r')
            line->raw_len--;
        quote_line_scan (words, lines, line, lines->len > 0 ? line - 1 : NULL);
        lines->len++;
        p = *end == '\0' ? end : end + 1;
    }
    return lines;
}

void quote_lines_free (QuoteLines *lines)
{
    if (lines == NULL)
        return;
    g_free (lines->at);
    g_string_chunk_free (lines->texts);
    g_free (lines);
}

guint quote_line_next_filled (const QuoteLines *lines, guint i, guint reach)
{
    for (guint end = i + reach; i < lines->len && i < end; i++)
        if (!quote_line_is_blank (quote_line (lines, i)))
            return i;
    return lines->len;
}
