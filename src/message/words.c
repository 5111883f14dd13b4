/* words.c - see words.h.
 *
 * Words side by side are joined before their charset is looked at: a character may be split over
 * two of them, and so may a group of base64.
 *
 * (I1) Linear: the next "?=" is searched once and remembered. */
#include "words.h"

#include "charset.h"
#include "transfer.h"

#include <string.h>

#define CHARSET_MAX 64

/* One encoded word; all pointers into the value. */
typedef struct {
    const char *charset;
    gsize charset_len;
    char encoding; /* 'b' or 'q' */
    const char *text;
    gsize text_len;
} Word;

/* Neighbouring words of one charset. */
typedef struct {
    char charset[CHARSET_MAX + 1];
    GString *bytes;     /* each word decoded by itself */
    GString *joined;    /* base64 text of all words together */
    gboolean is_broken; /* some word's base64 is no whole number of groups */
    gboolean is_cut; /* some word ends behind the first digit of a group: that is no padding lost */
    guint count;
} Run;

/* Splits "=?charset?b?" at the start of text. FALSE when that is not what stands there. */
static gboolean word_head (const char *text, gsize len, Word *ret_word)
{
    if (len < 8 || text[0] != '=' || text[1] != '?')
        return FALSE;
    gsize i = 2;
    while (i < len && i < CHARSET_MAX + 2 && (guchar)text[i] > ' ' && text[i] != '?')
        i++;
    if (i + 3 > len || text[i] != '?' || text[i + 2] != '?')
        return FALSE;
    char encoding = g_ascii_tolower (text[i + 1]);
    if (encoding != 'b' && encoding != 'q')
        return FALSE;
    *ret_word = (Word){text + 2, i - 2, encoding, text + i + 3, 0};
    return TRUE;
}

/* In Q text a "?" should be encoded but may not be: "What?=3F?=". The "?=" ends no word when a hex
 * number follows and a real end is near. */
static gboolean is_inside_q (const char *text, gsize at, gsize len)
{
    if (at + 6 > len || !g_ascii_isxdigit (text[at + 2]) || !g_ascii_isxdigit (text[at + 3]))
        return FALSE;
    for (gsize i = at + 4; i + 1 < len && i < at + 80 && text[i] != ' '; i++)
        if (text[i] == '?' && text[i + 1] == '=')
            return TRUE;
    return FALSE;
}

static gboolean word_at (const char *value, gsize at, gsize len, gsize *next_end, Word *ret_word)
{
    if (!word_head (value + at, len - at, ret_word))
        return FALSE;
    gsize start = (gsize)(ret_word->text - value);
    gsize end = MAX (*next_end, start);
    for (;;) {
        const char *found = end < len ? memmem (value + end, len - end, "?=", 2) : NULL;
        end = found != NULL ? (gsize)(found - value) : len;
        *next_end = end;
        if (found == NULL)
            return FALSE;
        if (ret_word->encoding != 'q' || !is_inside_q (value, end, len))
            break;
        end += 2;
    }
    /* Another word begins before this one ends: then this is none. */
    const char *other = memmem (ret_word->text, end - start, "=?", 2);
    Word inner;
    if (other != NULL && word_head (other, len - (gsize)(other - value), &inner))
        return FALSE;
    ret_word->text_len = end - start;
    return TRUE;
}

gsize words_length (const char *text, gsize at, gsize len, gsize *ret_next_end)
{
    Word word;
    if (!word_at (text, at, len, ret_next_end, &word))
        return 0;
    return (gsize)(word.text - text) + word.text_len + 2 - at;
}

static void decode_q (const char *text, gsize len, GString *out)
{
    for (gsize i = 0; i < len; i++) {
        if (text[i] == '_') {
            g_string_append_c (out, ' ');
        } else if (text[i] == '=' && i + 2 < len && g_ascii_isxdigit (text[i + 1]) &&
                   g_ascii_isxdigit (text[i + 2])) {
            g_string_append_c (out, (gchar)(g_ascii_xdigit_value (text[i + 1]) * 16 +
                                            g_ascii_xdigit_value (text[i + 2])));
            i += 2;
        } else {
            g_string_append_c (out, text[i]);
        }
    }
}

static void run_add (Run *run, const Word *word)
{
    if (run->count == 0) {
        memcpy (run->charset, word->charset, word->charset_len);
        run->charset[word->charset_len] = '\0';
    }
    run->count++;
    if (word->encoding == 'q') {
        decode_q (word->text, word->text_len, run->bytes);
        return;
    }
    gsize digits = 0;
    for (gsize i = 0; i < word->text_len; i++)
        digits += (guchar)word->text[i] > ' ' ? 1 : 0;
    run->is_broken = run->is_broken || digits % 4 != 0;
    run->is_cut = run->is_cut || digits % 4 == 1;
    transfer_decode (TRANSFER_BASE64, word->text, word->text_len, run->bytes);
    g_string_append_len (run->joined, word->text, (gssize)word->text_len);
}

/* Some programs cut one base64 text into words anywhere; others leave padding out. Decodes the
 * words as one text when that is what happened. */
static void run_rejoin (Run *run)
{
    if (!run->is_broken || run->count < 2 || run->joined->len == 0)
        return;
    g_autoptr (GString) whole = g_string_sized_new (run->joined->len);
    transfer_decode (TRANSFER_BASE64, run->joined->str, run->joined->len, whole);
    gboolean is_better = !g_utf8_validate (run->bytes->str, (gssize)run->bytes->len, NULL) &&
                         g_utf8_validate (whole->str, (gssize)whole->len, NULL);
    if (is_better || run->is_cut) {
        g_string_truncate (run->bytes, 0);
        g_string_append_len (run->bytes, whole->str, (gssize)whole->len);
    }
}

/* Ends a run: its bytes as UTF-8. */
static void run_flush (Run *run, const char *fallback, GString *out)
{
    if (run->count == 0)
        return;
    run_rejoin (run);
    g_autofree char *text =
        charset_to_utf8 (run->bytes->str, run->bytes->len, run->charset, fallback, NULL);
    g_string_append (out, text);
    g_string_truncate (run->bytes, 0);
    g_string_truncate (run->joined, 0);
    run->count = 0;
    run->is_broken = run->is_cut = FALSE;
}

static gboolean run_fits (const Run *run, const Word *word)
{
    return run->count > 0 && strlen (run->charset) == word->charset_len &&
           g_ascii_strncasecmp (run->charset, word->charset, word->charset_len) == 0;
}

static gboolean is_blank (const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isspace (text[i]))
            return FALSE;
    return TRUE;
}

static void append_plain (GString *out, const char *text, gsize len, const char *fallback)
{
    if (len == 0)
        return;
    g_autofree char *utf8 = charset_to_utf8 (text, len, NULL, fallback, NULL);
    g_string_append (out, utf8);
}

/* The whole of words_decode for a value that has "=?" in it. */
static char *decode_all (const char *value, gsize len, const char *fallback)
{
    GString *out = g_string_sized_new (len + 1);
    Run run = {.bytes = g_string_new (NULL), .joined = g_string_new (NULL)};
    gsize next_end = 0, plain = 0, at = 0;
    Word word;
    while (at < len) {
        const char *found = memmem (value + at, len - at, "=?", 2);
        if (found == NULL)
            break;
        at = (gsize)(found - value);
        if (!word_at (value, at, len, &next_end, &word)) {
            at++;
            continue;
        }
        gboolean is_neighbour = run.count > 0 && is_blank (value + plain, at - plain);
        if (!is_neighbour || !run_fits (&run, &word))
            run_flush (&run, fallback, out);
        if (!is_neighbour)
            append_plain (out, value + plain, at - plain, fallback);
        run_add (&run, &word);
        at = plain = (gsize)(word.text - value) + word.text_len + 2;
    }
    run_flush (&run, fallback, out);
    append_plain (out, value + plain, len - plain, fallback);
    g_string_free (run.bytes, TRUE);
    g_string_free (run.joined, TRUE);
    return g_string_free (out, FALSE);
}

char *words_tidy (char *text)
{
    for (char *p = text; *p != '\0'; p++)
        if ((guchar)*p < ' ' || *p == 0x7f)
            *p = ' ';
    return g_strstrip (text);
}

char *words_decode (const char *value, gsize len, const char *fallback)
{
    if (memmem (value, len, "=?", 2) == NULL)
        return words_tidy (charset_to_utf8 (value, len, NULL, fallback, NULL));
    return words_tidy (decode_all (value, len, fallback));
}
