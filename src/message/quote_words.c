/* quote_words.c - the words by which quotes, headers and footers are known, in all languages.
 *
 * The tables live in quote_languages.def; this file folds them into one hash of spellings, and into
 * lists for what can only be found inside a line. That takes some milliseconds, so it is done once.
 *
 * (I1) A line and a table entry are compared in the same normal form (quote_normalise).
 * (I2) The cost for a line is bounded by QUOTE_LINE_MAX times the size of the tables. */
#include "quote_words.h"

#include <string.h>

#include "quote_needles.h"

typedef struct {
    const char *code, *lead, *wrote, *quoting, *pronoun, *from, *date, *to, *subject, *other,
        *original, *forward, *footer, *device, *above, *legal, *postscript;
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
    gsize head, tail; /* bytes before and behind the hole */
    gsize has_hole;
    gboolean needs_device;
} Footer;

#define SHAPE_COUNT 65536

struct QuoteWords {
    GHashTable *spellings; /* normalised text -> QuoteWord bits */
    GHashTable *inside;    /* first character -> GArray of InsidePhrase, scripts without blanks */
    GArray *footers;       /* Footer */
    guint8 shapes[SHAPE_COUNT / 8]; /* of the spellings; see shape_of */
    guint footer_from[257]; /* footers[footer_from[c]] on begin with byte c; those with 0, anyhow */
    QuoteNeedles *above;
    QuoteNeedles *legal;
};

/* Characters that stand for themselves in no comparison. */
static gboolean is_invisible (gunichar c)
{
    return c == '*' || c == 0xAD || c == 0x307 || /* what case folding leaves of a Turkish I */
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || c == 0xFFFC;
}

/* The ASCII form of look-alikes, so that the tables need only one spelling. */
static gunichar plain_char (gunichar c)
{
    if (c >= 0x80 && g_unichar_isdigit (c))
        return (gunichar)('0' + g_unichar_digit_value (c));
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
        return '-';
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x02BC:
    case 0xB4:
    case '`':
        return '\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0xAB:
    case 0xBB:
        return '"';
    default:
        return g_unichar_isspace (c) ? ' ' : c;
    }
}

/* quote_normalise for ASCII, which most text is. */
static char *normalise_ascii (const char *text, gsize len)
{
    char *out = g_malloc (len + 1);
    gsize n = 0;

    for (gsize i = 0; i < len && text[i] != '\0'; i++) {
        char c = g_ascii_tolower (text[i]);
        if (c == '*')
            continue;
        if (c == '`')
            c = '\'';
        else if (g_ascii_isspace (c))
            c = ' ';
        if (c != ' ' || (n > 0 && out[n - 1] != ' '))
            out[n++] = c;
    }
    if (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

char *quote_normalise (const char *text, gsize len)
{
    gboolean ascii = TRUE;
    gsize end = 0;

    while (end < len && end < QUOTE_LINE_MAX)
        ascii &= (guchar)text[end++] < 0x80;
    while (end < len && end > 0 && ((guchar)text[end] & 0xC0) == 0x80)
        end--;

    if (ascii)
        return normalise_ascii (text, end);
    g_autofree char *composed = g_utf8_normalize (text, (gssize)end, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *cased = composed != NULL ? g_utf8_casefold (composed, -1) : g_strdup ("");
    g_autofree char *folded = g_utf8_normalize (cased, -1, G_NORMALIZE_NFC);

    GString *out = g_string_sized_new (end + 1);
    for (const char *p = folded; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);
        if (is_invisible (c))
            continue;
        c = plain_char (c);
        if (c != ' ' || (out->len > 0 && out->str[out->len - 1] != ' '))
            g_string_append_unichar (out, c);
    }
    if (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate (out, out->len - 1);
    return g_string_free (out, FALSE);
}

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

/* A number that few words share with a spelling: lets most words of a text pass without a search.
 */
static guint shape_of (const char *phrase, gsize len)
{
    guint32 ends = (guint32)(guchar)phrase[0] | (guint32)(guchar)phrase[len / 2] << 8 |
                   (guint32)(guchar)phrase[len - 1] << 16 | (guint32)len << 24;
    return (ends * 0x9E3779B1u) >> 16;
}

static void add_spelling (QuoteWords *words, char *take_phrase, guint bit)
{
    gsize len = strlen (take_phrase);
    guint shape = len > 0 ? shape_of (take_phrase, len) : 0;
    guint known = GPOINTER_TO_UINT (g_hash_table_lookup (words->spellings, take_phrase));

    words->shapes[shape / 8] |= (guint8)(1 << shape % 8);
    g_hash_table_replace (words->spellings, take_phrase, GUINT_TO_POINTER (known | bit));
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
        g_array_append_val (words->footers, footer);
    }
}

/* What a line that is this footer begins with; 0 when that may be anything. */
static guchar first_byte (const Footer *footer)
{
    return footer->head > 0 ? (guchar)footer->text[0] : 0;
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

    words->spellings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
    char key[64];

    if (len == 0 || len >= sizeof key)
        return 0;
    guint shape = shape_of (phrase, len);
    if (!(words->shapes[shape / 8] & 1 << shape % 8))
        return 0;
    memcpy (key, phrase, len);
    key[len] = '\0';
    return GPOINTER_TO_UINT (g_hash_table_lookup (words->spellings, key));
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

/* Whether the line is the pattern, and if so the span that its '%' stands for; an empty one without
 * '%'. */
static gboolean match_footer (const Footer *footer, const char *line, gsize len, gsize *ret_from,
                              gsize *ret_to)
{
    gsize fixed = footer->head + footer->tail;

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
                                gboolean needs_device)
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
    return !needs_device && n_words >= 1 && n_words <= 3;
}

/* The line without what may stand around a footer: brackets, dashes, a link behind it. */
static void footer_bounds (const char **ret_line, gsize *ret_len)
{
    const char *line = *ret_line;
    while (*line != '\0' && strchr ("([<-_=>\" ", *line) != NULL)
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
static gboolean is_footer_among (const QuoteWords *words, guchar first, const char *line, gsize len)
{
    gsize from = 0, to = 0;

    for (guint i = words->footer_from[first]; i < words->footer_from[first + 1]; i++) {
        const Footer *footer = &g_array_index (words->footers, Footer, i);
        if (match_footer (footer, line, len, &from, &to) &&
            (!footer->has_hole ||
             is_footer_name (words, line + from, to - from, footer->needs_device)))
            return TRUE;
    }
    return FALSE;
}

gboolean quote_words_is_footer (const QuoteWords *words, const char *line)
{
    gsize len;

    footer_bounds (&line, &len);
    return len >= 4 && len <= 160 &&
           (is_footer_among (words, 0, line, len) ||
            is_footer_among (words, (guchar)*line, line, len));
}

gboolean quote_words_is_reply_above (const QuoteWords *words, const char *line)
{
    return strlen (line) <= 160 && quote_needles_occur (words->above, line);
}

gboolean quote_words_is_legal (const QuoteWords *words, const char *line)
{
    return quote_needles_occur (words->legal, line);
}
