/* charset_guess.c - see charset_guess.h.
 *
 * Two ways, each where it is right more often:
 *
 *   libuchardet   letters of one byte: it knows which follow which in some thirty languages
 *   our own       Chinese, Japanese, Korean and short Cyrillic, where it needs more text: each
 *                 charset is asked how many of its commonest characters the bytes would be. The
 *                 ranges are those of the charsets' own standards, whose authors put the common
 *                 characters first.
 *
 * Western text has bytes above 0x7f one at a time; where they come in runs it is another script.
 * A Western charset is never guessed: that is what is read when nothing else is found.
 *
 * (I1) At most SCAN_BYTES are looked at, from the first byte above 0x7f on. */
#include "charset_guess.h"

#include <string.h>
#include <uchardet/uchardet.h>

#define SCAN_BYTES (16 * 1024)
#define LEAST_HIGH 4
#define SHORT_HIGH 12 /* below, uchardet says Greek of what it does not know */
#define LIE_HIGH 16   /* bytes and kinds of them, below which a Western label is believed */
#define LIE_KINDS 8
#define LONG_HIGH 24 /* from here on, it knows Chinese, Japanese and Korean better too */

/* What uchardet's answers are worth. */
typedef enum { ANSWER_NONE, ANSWER_SCRIPT, ANSWER_GREEK, ANSWER_LATIN, ANSWER_WIDE } AnswerKind;

typedef struct {
    const char *answer; /* as uchardet says it */
    AnswerKind kind;
    guint least_high;         /* bytes above 0x7f, below which it is not believed */
    const char *name;         /* for iconv */
    const char *name_windows; /* when bytes from 0x80 to 0x9f are there, or NULL */
} Answer;

/* Its other answers (DOS and Macintosh for Latin letters, rare parts of ISO 8859) are wrong more
 * often than right. */
static const Answer answers[] = {
    {"WINDOWS-1251", ANSWER_SCRIPT, LEAST_HIGH, "CP1251", NULL},
    {"KOI8-R", ANSWER_SCRIPT, LEAST_HIGH, "KOI8-U", NULL}, /* the same, and Ukrainian */
    {"ISO-8859-5", ANSWER_SCRIPT, LEAST_HIGH, "ISO-8859-5", NULL},
    {"IBM866", ANSWER_SCRIPT, LEAST_HIGH, "CP866", NULL},
    {"IBM855", ANSWER_SCRIPT, LEAST_HIGH, "CP855", NULL},
    {"MAC-CYRILLIC", ANSWER_SCRIPT, LEAST_HIGH, "CP1251", NULL}, /* nearly the same letters */
    {"ISO-8859-7", ANSWER_GREEK, LEAST_HIGH, "ISO-8859-7", "CP1253"},
    {"WINDOWS-1253", ANSWER_GREEK, LEAST_HIGH, "CP1253", NULL},
    {"WINDOWS-1255", ANSWER_SCRIPT, LEAST_HIGH, "CP1255", NULL},
    {"ISO-8859-8", ANSWER_SCRIPT, LEAST_HIGH, "ISO-8859-8", "CP1255"},
    {"WINDOWS-1256", ANSWER_SCRIPT, LEAST_HIGH, "CP1256", NULL},
    {"ISO-8859-6", ANSWER_SCRIPT, LEAST_HIGH, "ISO-8859-6", "CP1256"},
    {"TIS-620", ANSWER_SCRIPT, LEAST_HIGH, "CP874", NULL},
    {"ISO-8859-11", ANSWER_SCRIPT, LEAST_HIGH, "CP874", NULL},
    {"WINDOWS-1250", ANSWER_LATIN, 2, "CP1250", NULL},
    {"ISO-8859-2", ANSWER_LATIN, 2, "ISO-8859-2", "CP1250"},
    {"ISO-8859-9", ANSWER_LATIN, 2, "CP1254", NULL},
    {"ISO-8859-13", ANSWER_LATIN, 4, "CP1257", NULL},
    {"WINDOWS-1257", ANSWER_LATIN, 4, "CP1257", NULL},
    {"EUC-JP", ANSWER_WIDE, LEAST_HIGH, "EUC-JP-MS", NULL},
    {"SHIFT_JIS", ANSWER_WIDE, LEAST_HIGH, "CP932", NULL},
    {"UHC", ANSWER_WIDE, LEAST_HIGH, "CP949", NULL},
    {"EUC-KR", ANSWER_WIDE, LEAST_HIGH, "CP949", NULL},
    {"GB18030", ANSWER_WIDE, LEAST_HIGH, "GB18030", NULL},
    {"BIG5", ANSWER_WIDE, LEAST_HIGH, "BIG5-HKSCS", NULL},
};

/* How well some bytes fit: characters read, common ones among them, bytes that are none. */
typedef struct {
    guint characters, common, bad;
} Fit;

typedef struct {
    const char *name;
    void (*measure) (const guchar *bytes, gsize len, Fit *ret_fit);
    guint least_common; /* percent of all characters, below which it is not this one */
} Guess;

static gboolean is_within (guint byte, guint first, guint last)
{
    return byte >= first && byte <= last;
}

/* Two bytes 0xa1-0xfe each; common_first..common_last are the rows of common characters. */
static void measure_pairs (const guchar *bytes, gsize len, guint common_first, guint common_last,
                           Fit *fit)
{
    for (gsize i = 0; i < len; i++) {
        if (bytes[i] < 0x80)
            continue;
        if (i + 1 == len)
            return;
        if (!is_within (bytes[i], 0xa1, 0xfe) || !is_within (bytes[i + 1], 0xa1, 0xfe)) {
            fit->bad++;
            continue;
        }
        fit->characters++;
        fit->common += is_within (bytes[i], common_first, common_last) ? 1 : 0;
        i++;
    }
}

/* Level 1 of GB 2312: 3,755 characters in the order of their sound, nearly all of modern text. */
static void measure_gb (const guchar *bytes, gsize len, Fit *fit)
{
    measure_pairs (bytes, len, 0xb0, 0xd7, fit);
}

/* The syllables of KS X 1001. */
static void measure_korean (const guchar *bytes, gsize len, Fit *fit)
{
    measure_pairs (bytes, len, 0xb0, 0xc8, fit);
}

/* The two rows of kana: no Japanese text is without. */
static void measure_euc_jp (const guchar *bytes, gsize len, Fit *fit)
{
    measure_pairs (bytes, len, 0xa4, 0xa5, fit);
}

static void measure_shift_jis (const guchar *bytes, gsize len, Fit *fit)
{
    for (gsize i = 0; i < len; i++) {
        if (bytes[i] < 0x80)
            continue;
        if (is_within (bytes[i], 0xa1, 0xdf)) { /* half-width kana: rare in mail */
            fit->characters++;
            continue;
        }
        if (i + 1 == len)
            return;
        gboolean is_lead = is_within (bytes[i], 0x81, 0x9f) || is_within (bytes[i], 0xe0, 0xef);
        if (!is_lead || !is_within (bytes[i + 1], 0x40, 0xfc) || bytes[i + 1] == 0x7f) {
            fit->bad++;
            continue;
        }
        fit->characters++;
        fit->common += bytes[i] == 0x82 || bytes[i] == 0x83 ? 1 : 0;
        i++;
    }
}

/* Level 1 of Big5: 5,401 characters in the order of their strokes. */
static void measure_big5 (const guchar *bytes, gsize len, Fit *fit)
{
    for (gsize i = 0; i < len; i++) {
        if (bytes[i] < 0x80)
            continue;
        if (i + 1 == len)
            return;
        guint trail = bytes[i + 1];
        gboolean is_trail = is_within (trail, 0x40, 0x7e) || is_within (trail, 0xa1, 0xfe);
        if (!is_within (bytes[i], 0xa1, 0xf9) || !is_trail) {
            fit->bad++;
            continue;
        }
        fit->characters++;
        fit->common += is_within (bytes[i], 0xa4, 0xc6) ? 1 : 0;
        i++;
    }
}

/* Small letters stand in one block in each of the two; text is mostly small letters. */
static void measure_cyrillic (const guchar *bytes, gsize len, guint small_first, guint small_last,
                              Fit *fit)
{
    for (gsize i = 0; i < len; i++) {
        if (bytes[i] < 0x80)
            continue;
        fit->characters++;
        fit->common += is_within (bytes[i], small_first, small_last) ? 1 : 0;
        fit->bad += is_within (bytes[i], 0x80, 0x9f) ? 1 : 0;
    }
}

static void measure_windows_1251 (const guchar *bytes, gsize len, Fit *fit)
{
    measure_cyrillic (bytes, len, 0xe0, 0xff, fit);
}

static void measure_koi8 (const guchar *bytes, gsize len, Fit *fit)
{
    measure_cyrillic (bytes, len, 0xc0, 0xdf, fit);
}

/* What the bytes above 0x7f look like as a whole. */
typedef struct {
    gsize high, runs;
    gsize controls; /* from 0x80 to 0x9f */
    gsize accents;  /* where Greek has its vowels with an accent: in nearly every word */
} Shape;

/* One byte below 0x80 ends no run: the second bytes of Big5 and Shift_JIS may be letters. */
static Shape shape_of (const guchar *bytes, gsize len)
{
    Shape shape = {0};
    gsize since = 2; /* bytes since the last high one */
    for (gsize i = 0; i < len; i++) {
        gboolean is_high = bytes[i] >= 0x80;
        shape.high += is_high ? 1 : 0;
        shape.controls += is_within (bytes[i], 0x80, 0x9f) ? 1 : 0;
        shape.accents += is_within (bytes[i], 0xdc, 0xdf) || is_within (bytes[i], 0xfc, 0xfe);
        shape.runs += is_high && since >= 2 ? 1 : 0;
        since = is_high ? 0 : since + 1;
    }
    return shape;
}

static const char *guess_own (const guchar *bytes, gsize len)
{
    /* Japanese first: its kana are a sign that nothing else gives. */
    static const Guess guesses[] = {
        {"EUC-JP-MS", measure_euc_jp, 25}, {"CP932", measure_shift_jis, 25},
        {"CP949", measure_korean, 85},     {"GB18030", measure_gb, 60},
        {"BIG5-HKSCS", measure_big5, 60},  {"CP1251", measure_windows_1251, 70},
        {"KOI8-U", measure_koi8, 70},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (guesses); i++) {
        Fit fit = {0};
        guesses[i].measure (bytes, len, &fit);
        if (fit.bad * 50 <= fit.characters &&
            fit.common * 100 >= fit.characters * guesses[i].least_common && fit.characters > 0)
            return guesses[i].name;
    }
    return NULL;
}

/* What uchardet says, as far as it is believed of so many bytes. NULL when it is not. */
static const Answer *ask_uchardet (const char *text, gsize len, const Shape *shape)
{
    const Answer *answer = NULL;
    uchardet_t detector = uchardet_new();
    if (uchardet_handle_data (detector, text, len) == 0) {
        uchardet_data_end (detector);
        const char *said = uchardet_get_charset (detector);
        for (gsize i = 0; answer == NULL && i < G_N_ELEMENTS (answers); i++) {
            if (g_ascii_strcasecmp (answers[i].answer, said) == 0 &&
                shape->high >= answers[i].least_high)
                answer = &answers[i];
        }
    }
    uchardet_delete (detector);
    return answer;
}

/* Whether our own guess comes before the answer. */
static gboolean is_own_better (const Answer *answer, const Shape *shape)
{
    switch (answer != NULL ? answer->kind : ANSWER_NONE) {
    case ANSWER_WIDE:
        return shape->high < LONG_HIGH;
    case ANSWER_GREEK:
        return shape->high < SHORT_HIGH && shape->accents == 0;
    case ANSWER_SCRIPT:
        return FALSE;
    default:
        return TRUE;
    }
}

/* Passes over the plain beginning and bounds the rest. */
static void find_scope (const char **text, gsize *len)
{
    gsize first = 0;
    while (first < *len && (guchar)(*text)[first] < 0x80)
        first++;
    *text += first;
    *len = MIN (*len - first, SCAN_BYTES);
}

static gboolean is_thick_shape (const Shape *shape)
{
    return shape->high >= LEAST_HIGH && shape->high >= shape->runs * 3;
}

/* How many different bytes above 0x7f there are: drawn lines have few. */
static guint count_kinds (const guchar *bytes, gsize len)
{
    gboolean is_there[128] = {FALSE};
    guint kinds = 0;
    for (gsize i = 0; i < len; i++) {
        if (bytes[i] >= 0x80 && !is_there[bytes[i] - 0x80]) {
            is_there[bytes[i] - 0x80] = TRUE;
            kinds++;
        }
    }
    return kinds;
}

const char *charset_guess_script (const char *text, gsize len)
{
    find_scope (&text, &len);
    const Shape shape = shape_of ((const guchar *)text, len);
    const gboolean is_enough = shape.high >= LIE_HIGH && is_thick_shape (&shape) &&
                               count_kinds ((const guchar *)text, len) >= LIE_KINDS;
    return is_enough ? charset_guess (text, len) : NULL;
}

const char *charset_guess (const char *text, gsize len)
{
    find_scope (&text, &len);
    const Shape shape = shape_of ((const guchar *)text, len);
    const gboolean is_thick = is_thick_shape (&shape);
    const Answer *answer = shape.high >= 2 ? ask_uchardet (text, len, &shape) : NULL;
    if (is_thick && is_own_better (answer, &shape)) {
        const char *own = guess_own ((const guchar *)text, len);
        if (own != NULL)
            return own;
    }
    if (answer == NULL || is_thick != (answer->kind != ANSWER_LATIN))
        return NULL;
    return shape.controls > 0 && answer->name_windows != NULL ? answer->name_windows : answer->name;
}
