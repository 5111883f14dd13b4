/* transfer.c - see transfer.h.
 *
 * libetpan has decoders too; what they do with a "=" at a line end followed by a blank, with text
 * behind padding and with doubled "=" loses content, so these are our own.
 *
 * (I1) One pass, no byte is looked at more than twice.
 * (I2) transfer_size gives exactly the length that transfer_decode makes. */
#include "transfer.h"

#include <string.h>

#define CONTINUE_DIGITS 128
#define NAME_LINES 20 /* that may stand before "begin" */

/* Where decoded bytes go: into a string, or only counted when out is NULL. */
typedef struct {
    GString *out;
    gsize size;
} Sink;

static void sink_put (Sink *sink, const char *bytes, gsize len)
{
    sink->size += len;
    if (sink->out != NULL)
        g_string_append_len (sink->out, bytes, (gssize)len);
}

Transfer transfer_from_name (const char *value)
{
    static const struct {
        const char *letters;
        Transfer transfer;
    } names[] = {
        {"base64", TRANSFER_BASE64},
        {"quotedprintable", TRANSFER_QUOTED_PRINTABLE},
        {"xuuencode", TRANSFER_UUENCODE},
        {"xuue", TRANSFER_UUENCODE},
        {"uuencode", TRANSFER_UUENCODE},
        {"uue", TRANSFER_UUENCODE},
        {"quotedprintible", TRANSFER_QUOTED_PRINTABLE},
        {"quotedprintabe", TRANSFER_QUOTED_PRINTABLE},
        {"quoteprintable", TRANSFER_QUOTED_PRINTABLE},
        {"qp", TRANSFER_QUOTED_PRINTABLE},
    };
    char letters[20] = "";
    gsize n = 0;
    for (; value != NULL && *value != '\0' && strchr (";,(", *value) == NULL; value++)
        if (g_ascii_isalnum (*value) && n + 1 < sizeof letters)
            letters[n++] = g_ascii_tolower (*value);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (strcmp (names[i].letters, letters) == 0)
            return names[i].transfer;
    return TRANSFER_IDENTITY;
}

/* Six bits of a base64 digit. */
static const guint8 *base64_values (void)
{
#define V(c, n) [c] = (n) + 1
    /* One more than the value, so that what is not named is 0. */
    static const guint8 table[256] = {
        V ('A', 0),  V ('B', 1),  V ('C', 2),  V ('D', 3),  V ('E', 4),  V ('F', 5),  V ('G', 6),
        V ('H', 7),  V ('I', 8),  V ('J', 9),  V ('K', 10), V ('L', 11), V ('M', 12), V ('N', 13),
        V ('O', 14), V ('P', 15), V ('Q', 16), V ('R', 17), V ('S', 18), V ('T', 19), V ('U', 20),
        V ('V', 21), V ('W', 22), V ('X', 23), V ('Y', 24), V ('Z', 25), V ('a', 26), V ('b', 27),
        V ('c', 28), V ('d', 29), V ('e', 30), V ('f', 31), V ('g', 32), V ('h', 33), V ('i', 34),
        V ('j', 35), V ('k', 36), V ('l', 37), V ('m', 38), V ('n', 39), V ('o', 40), V ('p', 41),
        V ('q', 42), V ('r', 43), V ('s', 44), V ('t', 45), V ('u', 46), V ('v', 47), V ('w', 48),
        V ('x', 49), V ('y', 50), V ('z', 51), V ('0', 52), V ('1', 53), V ('2', 54), V ('3', 55),
        V ('4', 56), V ('5', 57), V ('6', 58), V ('7', 59), V ('8', 60), V ('9', 61), V ('+', 62),
        V ('/', 63),
    };
#undef V
    return table;
}

/* Whether the text behind padding is more base64: its first line that is not blank has only digits,
 * in whole groups of four. A long line is believed by its beginning, which keeps (I1). */
static gboolean base64_continues (const char *data, gsize len)
{
    const guint8 *values = base64_values();
    gsize i = 0, digits = 0;
    while (i < len && g_ascii_isspace (data[i]))
        i++;
    for (; i < len && data[i] != '\n' && data[i] != '\r' && digits < CONTINUE_DIGITS; i++) {
        if (data[i] != '=' && values[(guchar)data[i]] == 0)
            return FALSE;
        digits++;
    }
    return digits > 0 && digits % 4 == 0;
}

static void decode_base64 (const char *data, gsize len, Sink *sink)
{
    const guint8 *values = base64_values();
    char chunk[3 * 1024] = "";
    gsize filled = 0;
    guint32 bits = 0;
    guint count = 0;
    for (gsize i = 0; i < len; i++) {
        guint8 value = values[(guchar)data[i]];
        if (value != 0) {
            bits = bits << 6 | (guint32)(value - 1);
            if (++count < 4)
                continue;
            chunk[filled++] = (char)(bits >> 16);
            chunk[filled++] = (char)(bits >> 8);
            chunk[filled++] = (char)bits;
            count = 0;
            if (filled == sizeof chunk) {
                sink_put (sink, chunk, filled);
                filled = 0;
            }
        } else if (data[i] == '=' && count >= 2) {
            const char rest[2] = {(char)(bits >> (count == 2 ? 4 : 10)), (char)(bits >> 2)};
            sink_put (sink, chunk, filled);
            sink_put (sink, rest, count - 1);
            filled = 0;
            count = 0;
            while (i + 1 < len && data[i + 1] == '=')
                i++;
            if (!base64_continues (data + i + 1, len - i - 1))
                return;
        }
    }
    sink_put (sink, chunk, filled);
    if (count >= 2) {
        const char rest[2] = {(char)(bits >> (count == 2 ? 4 : 10)), (char)(bits >> 2)};
        sink_put (sink, rest, count - 1);
    }
}

/* Behind a "=": how many bytes a soft line break takes (blanks, then a line end or the end of the
 * data), or 0 when it is none. */
static gsize soft_break (const char *data, gsize len)
{
    gsize i = 0;
    while (i < len && (data[i] == ' ' || data[i] == '\t'))
        i++;
    if (i == len)
        return i + 1;
    if (data[i] == '\n')
        return i + 2;
    if (data[i] == '\r')
        return i + (i + 1 < len && data[i + 1] == '\n' ? 3 : 2);
    return 0;
}

static void decode_quoted (const char *data, gsize len, Sink *sink)
{
    gsize i = 0;
    while (i < len) {
        gsize plain = i;
        while (i < len && data[i] != '=' && data[i] != ' ' && data[i] != '\t')
            i++;
        sink_put (sink, data + plain, i - plain);
        if (i == len)
            break;
        if (data[i] != '=') {
            /* Blanks at the end of a line were added on the way. */
            gsize blanks = i;
            while (i < len && (data[i] == ' ' || data[i] == '\t'))
                i++;
            if (i < len && data[i] != '\n' && data[i] != '\r')
                sink_put (sink, data + blanks, i - blanks);
            continue;
        }
        if (i + 2 < len && g_ascii_isxdigit (data[i + 1]) && g_ascii_isxdigit (data[i + 2])) {
            char byte = (char)(g_ascii_xdigit_value (data[i + 1]) * 16 +
                               g_ascii_xdigit_value (data[i + 2]));
            sink_put (sink, &byte, 1);
            i += 3;
            continue;
        }
        gsize skipped = soft_break (data + i + 1, len - i - 1);
        if (skipped == 0) {
            sink_put (sink, "=", 1);
            skipped = 1;
        }
        i += skipped;
    }
}

gboolean uuencode_begin (const char *line, gsize len, const char **ret_name, gsize *ret_name_len)
{
    if (len < 11 || memcmp (line, "begin ", 6) != 0)
        return FALSE;
    gsize i = 6;
    while (i < len && line[i] >= '0' && line[i] <= '7')
        i++;
    if (i < 9 || i > 10 || i + 1 >= len || line[i] != ' ')
        return FALSE;
    while (len > i && g_ascii_isspace (line[len - 1]))
        len--;
    if (len <= i + 1)
        return FALSE;
    *ret_name = line + i + 1;
    *ret_name_len = len - i - 1;
    return TRUE;
}

char *uuencode_name (const char *data, gsize len)
{
    const char *name;
    gsize name_len;
    for (guint lines = 0; lines < NAME_LINES && len > 0; lines++) {
        const char *end = memchr (data, '\n', len);
        const gsize size = end != NULL ? (gsize)(end - data) : len;
        if (uuencode_begin (data, size, &name, &name_len))
            return g_strndup (name, name_len);
        data += size + (end != NULL ? 1 : 0);
        len -= size + (end != NULL ? 1 : 0);
    }
    return NULL;
}

gboolean uuencode_is_data (const char *line, gsize len)
{
    if (len > 0 && line[len - 1] == '\r')
        len--;
    if (len < 2 || line[0] <= ' ' || line[0] > 'M')
        return FALSE;
    gsize bytes = (gsize)(line[0] - ' ');
    gsize digits = (bytes + 2) / 3 * 4;
    for (gsize i = 1; i < len && i <= digits; i++)
        if (line[i] < ' ' || line[i] > '`')
            return FALSE;
    /* Blanks at the end may be lost, a check character of any kind may be added. */
    return len - 1 <= digits + 1 && len - 1 + 3 >= digits;
}

static void decode_uu_line (const char *line, gsize len, Sink *sink)
{
    gsize bytes = (gsize)(line[0] - ' ') & 0x3f;
    for (gsize at = 1; bytes > 0; at += 4) {
        guint32 bits = 0;
        for (gsize k = 0; k < 4; k++) {
            char c = at + k < len && line[at + k] >= ' ' ? line[at + k] : ' ';
            bits = bits << 6 | (guint32)((c - ' ') & 0x3f);
        }
        const char group[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
        gsize count = MIN (bytes, 3);
        sink_put (sink, group, count);
        bytes -= count;
    }
}

static void decode_uu (const char *data, gsize len, Sink *sink)
{
    gboolean has_begun = FALSE, is_first = TRUE;
    const char *name;
    gsize name_len;
    for (gsize at = 0; at < len;) {
        const char *line = data + at;
        const char *end = memchr (line, '\n', len - at);
        gsize size = end != NULL ? (gsize)(end - line) : len - at;
        at += size + 1;
        if (size > 0 && line[size - 1] == '\r')
            size--;
        if (!has_begun && uuencode_begin (line, size, &name, &name_len)) {
            has_begun = TRUE;
        } else if (uuencode_is_data (line, size) && (has_begun || is_first)) {
            has_begun = TRUE;
            decode_uu_line (line, size, sink);
        } else if (has_begun && size >= 3 && memcmp (line, "end", 3) == 0) {
            return;
        }
        is_first = is_first && size == 0;
    }
}

static void decode_identity (const char *data, gsize len, Sink *sink)
{
    sink_put (sink, data, len);
}

static void decode_into (Transfer transfer, const char *data, gsize len, Sink *sink)
{
    static void (*const decoders[]) (const char *, gsize, Sink *) = {
        [TRANSFER_IDENTITY] = decode_identity,
        [TRANSFER_BASE64] = decode_base64,
        [TRANSFER_QUOTED_PRINTABLE] = decode_quoted,
        [TRANSFER_UUENCODE] = decode_uu,
    };
    decoders[transfer](data, len, sink);
}

void transfer_decode (Transfer transfer, const char *data, gsize len, GString *out)
{
    Sink sink = {.out = out};
    decode_into (transfer, data, len, &sink);
}

gsize transfer_size (Transfer transfer, const char *data, gsize len)
{
    Sink sink = {.out = NULL};
    decode_into (transfer, data, len, &sink);
    return sink.size;
}
