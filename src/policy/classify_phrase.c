/* classify_phrase.c - see classify_phrase.h.
 *
 * A scan first threads the wanted phrases onto chains by a hash of their first bytes, on the stack,
 * and then walks the text once. So there is no state to keep, and the cost is that of the table
 * plus that of the text. */
#include "classify_phrase.h"

#include <string.h>

#include "text.h"

#define BUCKETS 2048

static const Phrase phrases[] = {
#define PHRASE(kind, language, text) {PHRASE_##kind, language, text},
#include "classify_phrases_bounce.def"
#include "classify_phrases_subject.def"
#include "classify_phrases_reply.def"
#include "classify_phrases_receipt.def"
#undef PHRASE
};

G_STATIC_ASSERT (G_N_ELEMENTS (phrases) < G_MAXUINT16);
G_STATIC_ASSERT (PHRASE_KINDS <= 32);

/* The last letter of the alphabets whose words are separated by blanks and take no prefixes. */
#define LAST_SEPARATED_LETTER 0x058f
#define SHARP_S 0xdf

const Phrase *phrase_table (gsize *ret_count)
{
    *ret_count = G_N_ELEMENTS (phrases);
    return phrases;
}

/* Plain characters for their typographic forms; 0 for what is left out. */
static gunichar plain (gunichar c)
{
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x02bc:
    case 0x00b4:
    case '`':
        return '\'';
    case 0x201c:
    case 0x201d:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
        return '-';
    case 0xff1a:
        return ':';
    case 0x00ad:
    case 0x200b:
    case 0x200e:
    case 0x200f:
    case 0xfeff:
        return 0;
    default:
        return c;
    }
}

char *phrase_fold (const char *text)
{
    g_autofree char *folded = text_fold (text);
    GString *out = g_string_sized_new (strlen (folded) + 1);
    gboolean blank = FALSE;
    for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p)) {
        guchar byte = (guchar)*p;
        gunichar c = byte < 0x80 && byte != '`' ? byte : plain (g_utf8_get_char (p));
        if (c == 0)
            continue;
        if (c <= 0x20 || c == 0x7f || (c > 0x7f && g_unichar_isspace (c))) {
            blank = TRUE;
            continue;
        }
        if (blank && out->len > 0)
            g_string_append_c (out, ' ');
        blank = FALSE;
        if (c < 0x80)
            g_string_append_c (out, (gchar)c);
        else if (c == SHARP_S)
            g_string_append (out, "ss");
        else
            g_string_append_unichar (out, c);
    }
    return g_string_free (out, FALSE);
}

static guint bucket_of (const char *text)
{
    guint a = (guchar)text[0], b = (guchar)text[1], c = (guchar)text[2];
    return (a * 31u * 31u + b * 31u + c) % BUCKETS;
}

/* Whether a phrase that begins at p begins in the middle of a word. */
static gboolean is_inside_word (const char *text, const char *p)
{
    gunichar first = g_utf8_get_char (p);
    if (p == text || first > LAST_SEPARATED_LETTER || !g_unichar_isalnum (first))
        return FALSE;
    gunichar before = g_utf8_get_char (g_utf8_prev_char (p));
    return before <= LAST_SEPARATED_LETTER && g_unichar_isalnum (before);
}

PhraseHits phrase_scan (const char *folded, guint32 kinds)
{
    PhraseHits hits = {0};
    guint16 head[BUCKETS] = {0}, next[G_N_ELEMENTS (phrases)];
    for (guint i = 0; i < G_N_ELEMENTS (phrases); i++) {
        if ((kinds & PHRASE_BIT (phrases[i].kind)) == 0)
            continue;
        guint bucket = bucket_of (phrases[i].text);
        next[i] = head[bucket];
        head[bucket] = (guint16)(i + 1);
    }
    const char *end = folded + strlen (folded);
    for (const char *p = folded; end - p >= PHRASE_LEAST; p = g_utf8_next_char (p)) {
        for (guint16 i = head[bucket_of (p)]; i != 0; i = next[i - 1]) {
            const Phrase *phrase = &phrases[i - 1];
            if (phrase_has (&hits, phrase->kind) || !g_str_has_prefix (p, phrase->text) ||
                is_inside_word (folded, p))
                continue;
            hits.kinds |= PHRASE_BIT (phrase->kind);
            hits.first[phrase->kind] = (gsize)(p - folded);
        }
    }
    return hits;
}

const char *phrase_at_start (const char *folded, PhraseKind kind)
{
    gsize longest = 0;
    for (guint i = 0; i < G_N_ELEMENTS (phrases); i++)
        if (phrases[i].kind == kind && phrases[i].text[0] == folded[0] &&
            g_str_has_prefix (folded, phrases[i].text))
            longest = MAX (longest, strlen (phrases[i].text));
    return longest > 0 ? folded + longest : NULL;
}
