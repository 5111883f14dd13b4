/* quote_words.c - the words by which quotes, headers and footers are known, in all languages.
 *
 * The tables live in quote_languages.def; this file folds them into one hash of spellings, and into
 * lists for what can only be found inside a line. That takes some milliseconds, so it is done once.
 *
 * (I1) A line and a table entry are compared in the same normal form (quote_normalise).
 * (I2) The cost for a line is bounded by QUOTE_LINE_MAX times the size of the tables. */
#include "quote_words.h"

#include <string.h>

#include "quote_bits.h"
#include "quote_needles.h"
#include "quote_normal.h"

typedef struct {
    const char *code, *lead, *wrote, *quoting, *pronoun, *from, *date, *to, *subject, *other,
        *original, *forward, *passed_on, *footer, *device, *above, *legal, *postscript;
} Language;

#define LANGUAGE(name, ...) {.code = #name, __VA_ARGS__},
static const Language languages[] = {
#include "quote_languages.def"
};
#undef LANGUAGE

/* Which column of the table means what; columns without a bit are lists of their own. */
static const struct {
    gsize offset;
    guint bit;
} columns[] = {
    {G_STRUCT_OFFSET (Language, lead), WORD_LEAD},
    {G_STRUCT_OFFSET (Language, wrote), WORD_WROTE},
    {G_STRUCT_OFFSET (Language, quoting), WORD_QUOTING},
    {G_STRUCT_OFFSET (Language, pronoun), WORD_PRONOUN},
    {G_STRUCT_OFFSET (Language, from), NAME_FROM},
    {G_STRUCT_OFFSET (Language, date), NAME_DATE},
    {G_STRUCT_OFFSET (Language, to), NAME_TO},
    {G_STRUCT_OFFSET (Language, subject), NAME_SUBJECT},
    {G_STRUCT_OFFSET (Language, other), NAME_OTHER},
    {G_STRUCT_OFFSET (Language, original), PHRASE_ORIGINAL},
    {G_STRUCT_OFFSET (Language, forward), PHRASE_FORWARD},
    {G_STRUCT_OFFSET (Language, passed_on), WORD_PASSED_ON},
    {G_STRUCT_OFFSET (Language, device), WORD_DEVICE},
    {G_STRUCT_OFFSET (Language, postscript), PHRASE_POSTSCRIPT},
};

typedef struct {
    char *phrase;
    gsize len;
    guint bits;
} InsidePhrase;

/* "von meinem % gesendet" */
typedef struct {
    char *text;
    gsize head, tail;          /* bytes before and behind the hole */
    guint32 first, first_mask; /* the first four bytes, as far as they are before the hole */
    guint32 last, last_mask;   /* the last four, as far as they are behind it, last in memory */
    gsize has_hole;
    gboolean needs_device;
} Footer;

#define SPELLING_SLOTS 8192 /* a power of two, several times the spellings */

typedef struct {
    char *phrase; /* NULL in a free slot */
    gsize len;
    guint bits;
} Spelling;

struct QuoteWords {
    Spelling spellings[SPELLING_SLOTS]; /* each in the first free slot from its shape's on */
    guint n_spellings;
    GHashTable *inside;     /* first character -> GArray of InsidePhrase, scripts without blanks */
    GArray *footers;        /* Footer */
    QuoteBits shapes;       /* of the spellings; see shape_of */
    QuoteBits heads, tails; /* pairs of bytes that footers begin with, or end with behind a hole */
    guint footer_from[257]; /* footers[footer_from[c]] on begin with byte c; those with 0, anyhow */
    QuoteNeedles *above;
    QuoteNeedles *legal;
};

/* Scripts that put no blanks between words. */
static gboolean has_no_blanks (gunichar c)
{
    return (c >= 0x0E00 && c <= 0x0E7F) || (c >= 0x1100 && c <= 0x11FF) || c >= 0x2E80;
}

static void inside_phrase_clear (gpointer data)
{
    g_free (((InsidePhrase *)data)->phrase);
}

static void add_inside (QuoteWords *words, const char *phrase, guint bit)
{
    gpointer first = GUINT_TO_POINTER (g_utf8_get_char (phrase));
    InsidePhrase inside = {g_strdup (phrase), strlen (phrase), bit};
    GArray *phrases = g_hash_table_lookup (words->inside, first);

    if (phrases == NULL) {
        phrases = g_array_new (FALSE, FALSE, sizeof (InsidePhrase));
        g_array_set_clear_func (phrases, inside_phrase_clear);
        g_hash_table_insert (words->inside, first, phrases);
    }
    g_array_append_val (phrases, inside);
}

/* A number that few words share with a spelling. */
static guint32 shape_of (const char *phrase, gsize len)
{
    return (guint32)(guchar)phrase[0] | (guint32)(guchar)phrase[len / 2] << 8 |
           (guint32)(guchar)phrase[len - 1] << 16 | (guint32)len << 24;
}

/* The spelling, or the free slot where it would be. */
static guint find_spelling (const QuoteWords *words, const char *phrase, gsize len)
{
    guint slot = quote_bit_of (shape_of (phrase, len)) % SPELLING_SLOTS;

    for (;; slot = (slot + 1) % SPELLING_SLOTS) {
        const Spelling *spelling = &words->spellings[slot];
        if (spelling->phrase == NULL ||
            (spelling->len == len && memcmp (spelling->phrase, phrase, len) == 0))
            return slot;
    }
}

static void add_spelling (QuoteWords *words, char *take_phrase, guint bit)
{
    gsize len = strlen (take_phrase);
    Spelling *spelling = &words->spellings[find_spelling (words, take_phrase, len)];

    if (spelling->phrase == NULL) {
        words->n_spellings++;
        g_assert (words->n_spellings < SPELLING_SLOTS / 2);
        quote_bits_add (&words->shapes, shape_of (take_phrase, len));
        *spelling = (Spelling){.phrase = take_phrase, .len = len};
    } else {
        g_free (take_phrase);
    }
    spelling->bits |= bit;
}

/* Takes in each phrase of a column of the table: "on|at|in". */
static void add_phrases (QuoteWords *words, const char *list, guint bit, QuoteNeedles *to)
{
    if (list == NULL)
        return;
    g_auto (GStrv) phrases = g_strsplit (list, "|", -1);
    for (guint i = 0; phrases[i] != NULL; i++) {
        char *phrase = quote_normalise (phrases[i], strlen (phrases[i]));
        if (to != NULL) {
            quote_needles_add (to, phrase);
            continue;
        }
        if (has_no_blanks (g_utf8_get_char (phrase)))
            add_inside (words, phrase, bit);
        add_spelling (words, phrase, bit);
    }
}

static void footer_clear (gpointer data)
{
    g_free (((Footer *)data)->text);
}

static void add_footers (QuoteWords *words, const char *list)
{
    g_auto (GStrv) patterns = g_strsplit (list != NULL ? list : "", "|", -1);

    for (guint i = 0; patterns[i] != NULL; i++) {
        Footer footer = {.text = quote_normalise (patterns[i], strlen (patterns[i]))};
        footer.head = strcspn (footer.text, "%#");
        footer.has_hole = footer.text[footer.head] != '\0';
        footer.needs_device = footer.text[footer.head] == '#';
        footer.tail = strlen (footer.text + footer.head + footer.has_hole);
        gsize n = MIN (footer.head, 4);
        memcpy (&footer.first, footer.text, n);
        memset (&footer.first_mask, 0xFF, n);
        n = MIN (footer.tail, 4);
        memcpy ((char *)&footer.last + 4 - n, footer.text + strlen (footer.text) - n, n);
        memset ((char *)&footer.last_mask + 4 - n, 0xFF, n);
        if (footer.head >= 2)
            quote_bits_add (&words->heads, quote_pair_at (footer.text));
        else if (footer.tail >= 2)
            quote_bits_add (&words->tails, quote_pair_at (footer.text + strlen (footer.text) - 2));
        g_array_append_val (words->footers, footer);
    }
}

/* What a line that is this footer begins with; 0 when that may be anything. */
static guchar first_byte (const Footer *footer)
{
    return footer->head >= 2 ? (guchar)footer->text[0] : 0;
}

static int by_first_byte (gconstpointer a, gconstpointer b)
{
    return (int)first_byte (a) - (int)first_byte (b);
}

static void sort_footers (QuoteWords *words)
{
    guint next = 0;

    g_array_sort (words->footers, by_first_byte);
    for (guint c = 0; c < 256; c++) {
        words->footer_from[c] = next;
        while (next < words->footers->len &&
               first_byte (&g_array_index (words->footers, Footer, next)) == c)
            next++;
    }
    words->footer_from[256] = next;
}

static QuoteWords *words_new (void)
{
    QuoteWords *words = g_new0 (QuoteWords, 1);

    words->inside = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    words->footers = g_array_new (FALSE, FALSE, sizeof (Footer));
    g_array_set_clear_func (words->footers, footer_clear);
    words->above = quote_needles_new();
    words->legal = quote_needles_new();
    for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
        const Language *language = &languages[i];
        for (guint j = 0; j < G_N_ELEMENTS (columns); j++)
            add_phrases (words, G_STRUCT_MEMBER (const char *, language, columns[j].offset),
                         columns[j].bit, NULL);
        add_footers (words, language->footer);
        add_phrases (words, language->above, 0, words->above);
        add_phrases (words, language->legal, 0, words->legal);
    }
    sort_footers (words);
    return words;
}

const QuoteWords *quote_words_get (void)
{
    static gsize words = 0; /* written once, by whoever comes first: constant to everybody */

    if (g_once_init_enter (&words))
        g_once_init_leave (&words, GPOINTER_TO_SIZE (words_new()));
    return GSIZE_TO_POINTER (words);
}

guint quote_words_look (const QuoteWords *words, const char *phrase, gsize len)
{
    if (len == 0 || !quote_bits_may_have (&words->shapes, shape_of (phrase, len)))
        return 0;
    return words->spellings[find_spelling (words, phrase, len)].bits;
}

gboolean quote_words_is_passed_on (const QuoteWords *words, const char *subject)
{
    char normal[QUOTE_NORMAL_MAX];

    quote_normalise_to (subject, strlen (subject), normal);
    gsize len = strcspn (normal, ":");
    while (len > 0 && normal[len - 1] == ' ')
        len--;
    return (quote_words_look (words, normal, len) & WORD_PASSED_ON) != 0;
}

guint quote_words_look_inside (const QuoteWords *words, const char *line)
{
    guint bits = 0;

    for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p)) {
        if ((guchar)*p < 0xE0) /* below U+0800 */
            continue;
        gunichar c = g_utf8_get_char (p);
        if (!has_no_blanks (c))
            continue;
        const GArray *phrases = g_hash_table_lookup (words->inside, GUINT_TO_POINTER (c));
        for (guint i = 0; phrases != NULL && i < phrases->len; i++) {
            const InsidePhrase *inside = &g_array_index (phrases, InsidePhrase, i);
            if (strncmp (p, inside->phrase, inside->len) == 0)
                bits |= inside->bits;
        }
    }
    return bits;
}

/* Whether the line, of four bytes at least, is the pattern, and if so the span that its '%' stands
 * for; an empty one without '%'. */
static gboolean match_footer (const Footer *footer, const char *line, gsize len, gsize *ret_from,
                              gsize *ret_to)
{
    gsize fixed = footer->head + footer->tail;
    guint32 first, last;

    memcpy (&first, line, 4);
    memcpy (&last, line + len - 4, 4);
    if ((first & footer->first_mask) != footer->first || (last & footer->last_mask) != footer->last)
        return FALSE;
    if (footer->has_hole ? len < fixed : len != fixed)
        return FALSE;
    if (memcmp (footer->text, line, footer->head) != 0 ||
        memcmp (footer->text + footer->head + footer->has_hole, line + len - footer->tail,
                footer->tail) != 0)
        return FALSE;
    *ret_from = footer->head;
    *ret_to = len - footer->tail;
    return TRUE;
}

/* The free part of a footer names a device or program, or is short: "my desk, which is much easier
 * than my phone" is prose. */
static gboolean is_footer_name (const QuoteWords *words, const char *name, gsize len,
                                guint max_words)
{
    guint n_words = 0;
    gsize i = 0;

    while (i < len) {
        gsize start = i;
        while (i < len && strchr (" ,.;:!?<>()[]'-", name[i]) == NULL)
            i++;
        if (i > start) {
            n_words++;
            if (quote_words_look (words, name + start, i - start) & WORD_DEVICE)
                return TRUE;
        }
        if (i < len && (strchr (",;!?", name[i]) != NULL ||
                        (name[i] == '.' && i + 1 < len && name[i + 1] == ' ')))
            return FALSE;
        i++;
    }
    if (quote_words_look_inside (words, name) & WORD_DEVICE)
        return TRUE;
    return n_words >= 1 && n_words <= max_words;
}

static gboolean is_ascii_mark (char c)
{
    return g_ascii_isprint (c) && !g_ascii_isalnum (c);
}

/* The line without what may stand around a footer: brackets, dashes, a link behind it. */
static void footer_bounds (const char **ret_line, gsize *ret_len)
{
    const char *line = *ret_line;
    while (is_ascii_mark (*line) && strchr ("([<-_=>\" ", *line) != NULL)
        line++;
    gsize len = strlen (line);
    const char *link = strstr (line, "http");
    if (link != NULL && link > line && strchr ("<([ ", link[-1]) != NULL)
        len = (gsize)(link - line);
    while (len > 0 && strchr ("])<([->_=.!\" ", line[len - 1]) != NULL)
        len--;
    *ret_line = line;
    *ret_len = len;
}

/* Whether the line is one of the footers that begin with this byte. */
static gboolean is_footer_among (const QuoteWords *words, guchar first, const char *line, gsize len,
                                 guint max_words)
{
    gsize from = 0, to = 0;

    for (guint i = words->footer_from[first]; i < words->footer_from[first + 1]; i++) {
        const Footer *footer = &g_array_index (words->footers, Footer, i);
        if (match_footer (footer, line, len, &from, &to) &&
            (!footer->has_hole ||
             is_footer_name (words, line + from, to - from, footer->needs_device ? 0 : max_words)))
            return TRUE;
    }
    return FALSE;
}

gboolean quote_words_is_footer (const QuoteWords *words, const char *line, guint max_words)
{
    gsize len;

    footer_bounds (&line, &len);
    if (len < 4 || len > 160)
        return FALSE;
    return (quote_bits_may_have (&words->tails, quote_pair_at (line + len - 2)) &&
            is_footer_among (words, 0, line, len, max_words)) ||
           (quote_bits_may_have (&words->heads, quote_pair_at (line)) &&
            is_footer_among (words, (guchar)*line, line, len, max_words));
}

gboolean quote_words_is_reply_above (const QuoteWords *words, const char *line)
{
    return strlen (line) <= 160 && quote_needles_occur (words->above, line);
}

gboolean quote_words_is_legal (const QuoteWords *words, const char *line)
{
    return quote_needles_occur (words->legal, line);
}
