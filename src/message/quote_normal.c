/* quote_normal.c - the form in which lines and tables of words are compared.
 *
 * Composing and folding by the book costs more than all else that is done with a line, so what one
 * character becomes is kept for those that no other character around them can change; only a line
 * with another one (a combining mark, a rare script) is done by the book.
 *
 * (I1) Both ways give the same form. */
#include "quote_normal.h"

#include <string.h>

#define FORM_MAX 6 /* bytes of a form that is kept */

/* What a character becomes; NO_FORM when that has to be looked up in the book. */
typedef struct {
    guint8 len;
    char bytes[FORM_MAX];
} Form;

#define NO_FORM 0xFF

/* The characters whose forms are kept: Latin, Greek, Cyrillic; punctuation; kana; full width. */
static const struct {
    gunichar first, last;
} kept[] = {{0x80, 0x52F}, {0x2000, 0x206F}, {0x3000, 0x30FF}, {0xFF01, 0xFF5E}};

#define FORM_COUNT (0x4B0 + 0x70 + 0x100 + 0x5E)

typedef struct {
    Form forms[FORM_COUNT];
} Forms;

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

static gsize normalise_by_book (const char *text, gsize len, char out[QUOTE_NORMAL_MAX])
{
    g_autofree char *composed = g_utf8_normalize (text, (gssize)len, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *cased = composed != NULL ? g_utf8_casefold (composed, -1) : g_strdup ("");
    g_autofree char *folded = g_utf8_normalize (cased, -1, G_NORMALIZE_NFC);
    gsize n = 0;

    for (const char *p = folded; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);
        if (is_invisible (c))
            continue;
        c = plain_char (c);
        if (n + FORM_MAX >= QUOTE_NORMAL_MAX)
            break;
        if (c != ' ' || (n > 0 && out[n - 1] != ' '))
            n += (gsize)g_unichar_to_utf8 (c, out + n);
    }
    return n;
}

/* A character alone comes out as it does among others unless it has to do with marks. */
static Form form_of (gunichar c)
{
    char text[8], out[QUOTE_NORMAL_MAX];
    Form form = {.len = NO_FORM};
    gsize len = (gsize)g_unichar_to_utf8 (c, text);
    g_autofree char *parts = g_utf8_normalize (text, (gssize)len, G_NORMALIZE_NFKD);

    if (g_unichar_ismark (c) || parts == NULL || (*parts == ' ' && parts[1] != '\0'))
        return form;
    if (*parts == ' ') { /* a blank is collapsed where it stands */
        form.len = 1;
        form.bytes[0] = ' ';
        return form;
    }
    len = normalise_by_book (text, len, out);
    if (len <= FORM_MAX) {
        form.len = (guint8)len;
        memcpy (form.bytes, out, len);
    }
    return form;
}

static const Forms *forms_get (void)
{
    static gsize made = 0; /* written once, by whoever comes first: constant to everybody */

    if (g_once_init_enter (&made)) {
        Forms *forms = g_new0 (Forms, 1);
        guint n = 0;
        for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
            for (gunichar c = kept[i].first; c <= kept[i].last; c++)
                forms->forms[n++] = form_of (c);
        g_once_init_leave (&made, GPOINTER_TO_SIZE (forms));
    }
    return GSIZE_TO_POINTER (made);
}

static const Form *form_find (const Forms *forms, gunichar c)
{
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
        if (c >= kept[i].first && c <= kept[i].last)
            return &forms->forms[n + c - kept[i].first];
        n += kept[i].last - kept[i].first + 1;
    }
    return NULL;
}

/* Ideographs and Korean syllables are their own form, and so are faces. */
static gboolean is_own_form (gunichar c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0x1F300 && c <= 0x1FAFF);
}

#define SAME_4(c) c, c + 1, c + 2, c + 3
#define SAME_16(c) SAME_4 (c), SAME_4 (c + 4), SAME_4 (c + 8), SAME_4 (c + 12)

/* What an ASCII character becomes; NUL for emphasis, which goes. */
static const char plain_ascii[128] = {
    SAME_4 (0),
    SAME_4 (4),
    8,
    ' ',
    ' ',
    11,
    ' ',
    ' ',
    14,
    15,
    SAME_16 (16),
    SAME_4 (' '),
    SAME_4 ('$'),
    '(',
    ')',
    '\0',
    '+',
    SAME_4 (','),
    SAME_16 ('0'),
    '@',
    'a',
    'b',
    'c',
    SAME_4 ('d'),
    SAME_4 ('h'),
    SAME_4 ('l'),
    SAME_4 ('p'),
    SAME_4 ('t'),
    'x',
    'y',
    'z',
    '[',
    SAME_4 ('\\'),
    '\'',
    'a',
    'b',
    'c',
    SAME_4 ('d'),
    SAME_4 ('h'),
    SAME_4 ('l'),
    SAME_16 ('p'),
};

/* FALSE for what has no form of its own: nothing is said of out then. */
static gboolean normalise_by_forms (const char *text, gsize len, char out[QUOTE_NORMAL_MAX],
                                    gsize *ret_len)
{
    const Forms *forms = forms_get();
    gsize n = 0;

    for (gsize i = 0, step; i < len && text[i] != '\0'; i += step) {
        gunichar c = g_utf8_get_char (text + i);
        char plain[1];
        const char *bytes = text + i;
        gsize used = step = (gsize)(g_utf8_next_char (text + i) - (text + i));
        if (c < 0x80) {
            plain[0] = plain_ascii[c];
            used = plain[0] != '\0';
            bytes = plain;
        } else if (!is_own_form (c)) {
            const Form *form = form_find (forms, c);
            if (form == NULL || form->len == NO_FORM)
                return FALSE;
            bytes = form->bytes;
            used = form->len;
        }
        if (n + FORM_MAX >= QUOTE_NORMAL_MAX)
            return FALSE;
        if (used == 1 && *bytes == ' ' && (n == 0 || out[n - 1] == ' '))
            continue;
        for (gsize j = 0; j < used; j++)
            out[n++] = bytes[j];
    }
    *ret_len = n;
    return TRUE;
}

#define EIGHT(c) (G_GUINT64_CONSTANT (0x0101010101010101) * (c))

/* The high bit of each byte that is c; all bytes are ASCII. */
static guint64 bytes_equal (guint64 eight, guint64 c)
{
    return ~((eight ^ EIGHT (c)) + EIGHT (0x7F)) & EIGHT (0x80);
}

/* Whether the eight bytes only have to be made small: no emphasis, controls or two blanks, the
 * ninth looked at too. */
static gboolean is_smooth (guint64 eight, guint64 shifted)
{
    guint64 controls = ~(eight + EIGHT (0x60)) & EIGHT (0x80);
    guint64 blanks = bytes_equal (eight, ' ') & bytes_equal (shifted, ' ');

    return (controls | blanks | bytes_equal (eight, '*') | bytes_equal (eight, '`')) == 0;
}

static guint64 small_letters (guint64 eight)
{
    guint64 from_a = eight + EIGHT (0x80 - 'A'), behind_z = eight + EIGHT (0x7F - 'Z');
    return eight | ((from_a ^ behind_z) & EIGHT (0x80)) >> 2;
}

/* For ASCII, which most text is: eight bytes at a time where that can be. */
static gsize normalise_ascii (const char *text, gsize len, char *out)
{
    gsize n = 0, i = 0, smooth_to = 0;
    guint64 eight, shifted;

    while (i < len) {
        if (i + 9 <= len && i >= smooth_to && n > 0 && (out[n - 1] != ' ' || text[i] != ' ')) {
            memcpy (&eight, text + i, 8);
            memcpy (&shifted, text + i + 1, 8);
            if (is_smooth (eight, shifted)) {
                eight = small_letters (eight);
                memcpy (out + n, &eight, 8);
                n += 8;
                i += 8;
                continue;
            }
            smooth_to = i + 8;
        }
        char c = plain_ascii[(guchar)text[i++]];
        if (c != '\0' && (c != ' ' || (n > 0 && out[n - 1] != ' ')))
            out[n++] = c;
    }
    return n;
}

static gboolean is_ascii (const char *text, gsize len)
{
    guint64 all = 0, eight;
    gsize i = 0;

    for (; i + 8 <= len; i += 8) {
        memcpy (&eight, text + i, 8);
        all |= eight;
    }
    for (; i < len; i++)
        all |= (guchar)text[i];
    return (all & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

gsize quote_normalise_to (const char *text, gsize len, char out[QUOTE_NORMAL_MAX])
{
    gsize end = MIN (len, QUOTE_LINE_MAX), n = 0;

    while (end < len && end > 0 && ((guchar)text[end] & 0xC0) == 0x80)
        end--;

    if (is_ascii (text, end))
        n = normalise_ascii (text, end, out);
    else if (!normalise_by_forms (text, end, out, &n))
        n = normalise_by_book (text, end, out);
    if (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return n;
}

char *quote_normalise (const char *text, gsize len)
{
    char out[QUOTE_NORMAL_MAX];
    gsize n = quote_normalise_to (text, len, out);
    return g_strndup (out, n);
}

gboolean quote_is_letter (gunichar c)
{
    if (c < 0x80)
        return g_ascii_isalpha ((char)c);
    if ((c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x3B1 && c <= 0x3C9) ||
        (c >= 0x400 && c <= 0x481) || (c >= 0x3041 && c <= 0x3096) ||
        (c >= 0x30A1 && c <= 0x30FA) || (c >= 0x4E00 && c <= 0x9FFF) ||
        (c >= 0xAC00 && c <= 0xD7A3))
        return TRUE;
    return g_unichar_isalpha (c) || g_unichar_ismark (c);
}
