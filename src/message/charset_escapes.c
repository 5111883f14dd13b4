/* charset_escapes.c - see charset_escapes.h.
 *
 * What an escape switches on is told by the high bit in EUC:
 *
 *   ESC $ B   two bytes, JIS X 0208     both with the high bit
 *   ESC $ ( D two bytes, JIS X 0212     0x8f before them
 *   ESC ( I   one byte, half-width kana 0x8e before it
 *   ESC ( B   ASCII; a line end too, since damaged mail loses escapes
 *
 * (I1) Linear; unknown escapes are dropped. */
#include "charset_escapes.h"

#include <string.h>

typedef enum { MODE_ASCII, MODE_KANJI, MODE_KANA, MODE_EXTRA } Mode;

static const struct {
    const char *sequence; /* behind ESC */
    Mode mode;
} escapes[] = {
    {"(B", MODE_ASCII}, {"(J", MODE_ASCII}, {"(H", MODE_ASCII},  {"$B", MODE_KANJI},
    {"$@", MODE_KANJI}, {"(I", MODE_KANA},  {"$(D", MODE_EXTRA}, {"$(B", MODE_KANJI},
};

gboolean escapes_has_japanese (const char *bytes, gsize len)
{
    return memmem (bytes, len, "\x1b$B", 3) != NULL || memmem (bytes, len, "\x1b$@", 3) != NULL ||
           memmem (bytes, len, "\x1b(I", 3) != NULL;
}

/* The length of a known escape's sequence behind ESC, 0 for none; *ret_mode is set when known. */
static gsize escape_length (const char *bytes, gsize len, Mode *ret_mode)
{
    for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++) {
        gsize size = strlen (escapes[i].sequence);
        if (len >= size && memcmp (bytes, escapes[i].sequence, size) == 0) {
            *ret_mode = escapes[i].mode;
            return size;
        }
    }
    return 0;
}

static void put_high (GString *out, char byte)
{
    g_string_append_c (out, (gchar)((guchar)byte | 0x80));
}

/* One character that an escape switched on. Returns how many bytes it took. */
static gsize put_character (GString *out, const char *bytes, gsize len, Mode mode)
{
    if (mode != MODE_KANJI)
        g_string_append_c (out, (gchar)(mode == MODE_KANA ? 0x8e : 0x8f));
    put_high (out, bytes[0]);
    if (mode == MODE_KANA || len < 2 || (guchar)bytes[1] <= ' ')
        return 1;
    put_high (out, bytes[1]);
    return 2;
}

GString *escapes_iso2022jp_as_euc (const char *bytes, gsize len)
{
    GString *out = g_string_sized_new (len + 1);
    Mode mode = MODE_ASCII;
    for (gsize i = 0; i < len;) {
        guchar byte = (guchar)bytes[i];
        if (byte == 0x1b) {
            i += 1 + escape_length (bytes + i + 1, len - i - 1, &mode);
            continue;
        }
        if (byte == '\n')
            mode = MODE_ASCII;
        if (mode == MODE_ASCII || byte <= ' ' || byte >= 0x7f) {
            g_string_append_c (out, bytes[i++]);
            continue;
        }
        i += put_character (out, bytes + i, len - i, mode);
    }
    return out;
}

GString *escapes_hz_as_gb (const char *bytes, gsize len)
{
    GString *out = g_string_sized_new (len + 1);
    gboolean in_gb = FALSE;
    for (gsize i = 0; i < len; i++) {
        char next = i + 1 < len ? bytes[i + 1] : '\0';
        if (bytes[i] == '~' && (next == '{' || next == '}')) {
            in_gb = next == '{';
            i++;
        } else if (bytes[i] == '~' && !in_gb && (next == '~' || next == '\n')) {
            if (next == '~')
                g_string_append_c (out, '~');
            i++;
        } else if (in_gb && bytes[i] > ' ') {
            put_high (out, bytes[i]);
        } else {
            in_gb = in_gb && bytes[i] != '\n';
            g_string_append_c (out, bytes[i]);
        }
    }
    return out;
}
