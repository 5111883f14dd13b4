/* charset_guess.c - see charset_guess.h.
 *
 * Western text has bytes above 0x7f one at a time. Where they come in runs, each charset is asked
 * how many of its commonest characters the bytes would be; the first that nearly everything fits
 * wins. The ranges are those of the charsets' own standards: their authors put the common
 * characters first. */
#include "charset_guess.h"

#include <string.h>

#define SCAN_BYTES 4096
#define LEAST_HIGH 4

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

/* Bytes above 0x7f come in runs with three of them and more: words of another script. One byte
 * below ends no run: the second bytes of Big5 and Shift_JIS may be letters. */
static gboolean is_thick (const guchar *bytes, gsize len)
{
    gsize high = 0, runs = 0;
    gsize since = 2; /* bytes since the last high one */
    for (gsize i = 0; i < len; i++) {
        gboolean is_high = bytes[i] >= 0x80;
        high += is_high ? 1 : 0;
        runs += is_high && since >= 2 ? 1 : 0;
        since = is_high ? 0 : since + 1;
    }
    return high >= LEAST_HIGH && high >= runs * 3;
}

const char *charset_guess (const char *text, gsize len)
{
    /* Japanese first: its kana are a sign that nothing else gives. */
    static const Guess guesses[] = {
        {"EUC-JP-MS", measure_euc_jp, 25}, {"CP932", measure_shift_jis, 25},
        {"CP949", measure_korean, 85},     {"GB18030", measure_gb, 60},
        {"BIG5-HKSCS", measure_big5, 60},  {"CP1251", measure_windows_1251, 70},
        {"KOI8-R", measure_koi8, 70},
    };
    const guchar *bytes = (const guchar *)text;
    gsize scanned = MIN (len, SCAN_BYTES);
    if (!is_thick (bytes, scanned))
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS (guesses); i++) {
        Fit fit = {0};
        guesses[i].measure (bytes, scanned, &fit);
        if (fit.bad * 50 <= fit.characters &&
            fit.common * 100 >= fit.characters * guesses[i].least_common && fit.characters > 0)
            return guesses[i].name;
    }
    return NULL;
}
