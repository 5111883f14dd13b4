/* base64.c - see base64.h.
 *
 * (B1) base64_decode_exact succeeds only when encoding the result was tried and gave the same text.
 */
#include "base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The values of the alphabet's characters; 64 for all others. */
static void make_values (guint8 values[256])
{
    memset (values, 64, 256);
    for (guint8 i = 0; i < 64; i++)
        values[(guint8)alphabet[i]] = i;
}

/* What the first line and the end of the text say. */
static gboolean guess_form (const char *text, gsize len, Base64Form *form)
{
    const char *line_end = memchr (text, '\n', len);

    if (len == 0)
        return FALSE;
    form->ends_line = text[len - 1] == '\n';
    form->is_crlf = line_end != NULL && line_end > text && line_end[-1] == '\r';
    form->line_length =
        (guint)(line_end == NULL ? len : (gsize)(line_end - text) - (form->is_crlf ? 1 : 0));
    return form->line_length > 0 && form->line_length <= 998;
}

/* Decodes up to the padding, skipping line ends only. 0 when something else stands there. */
static gsize decode (const char *text, gsize len, guint8 *out)
{
    guint8 values[256];
    guint32 bits = 0;
    guint count = 0;
    gsize size = 0, i = 0;

    make_values (values);
    for (; i < len && text[i] != '='; i++) {
        guint8 value = values[(guint8)text[i]];

        if (value == 64) {
            if (text[i] != '\n' && text[i] != '\r')
                return 0;
            continue;
        }
        bits = bits << 6 | value;
        if (++count % 4 == 0) {
            out[size++] = (guint8)(bits >> 16);
            out[size++] = (guint8)(bits >> 8);
            out[size++] = (guint8)bits;
        }
    }
    if (count % 4 == 2)
        out[size++] = (guint8)(bits >> 4);
    if (count % 4 == 3) {
        out[size++] = (guint8)(bits >> 10);
        out[size++] = (guint8)(bits >> 2);
    }
    return count % 4 == 1 ? 0 : size;
}

gsize base64_length (gsize size, const Base64Form *form)
{
    gsize characters = (size + 2) / 3 * 4;
    gsize lines = (characters + form->line_length - 1) / form->line_length;
    gsize ends = lines - (form->ends_line || lines == 0 ? 0 : 1);

    return characters + ends * (form->is_crlf ? 2 : 1);
}

/* Writes the line end where a line is full. */
static char *end_line (char *out, const Base64Form *form)
{
    if (form->is_crlf)
        *out++ = '\r';
    *out++ = '\n';
    return out;
}

void base64_encode (const guint8 *bytes, gsize size, const Base64Form *form, char *out)
{
    guint column = 0;

    for (gsize i = 0; i < size; i += 3) {
        guint32 bits = (guint32)bytes[i] << 16 | (i + 1 < size ? (guint32)bytes[i + 1] << 8 : 0) |
                       (i + 2 < size ? bytes[i + 2] : 0);
        char four[4] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63], alphabet[bits >> 6 & 63],
                        alphabet[bits & 63]};

        if (i + 2 >= size)
            four[3] = '=';
        if (i + 1 >= size)
            four[2] = '=';
        if (column + 4 < form->line_length) {
            memcpy (out, four, 4);
            out += 4;
            column += 4;
            continue;
        }
        for (guint k = 0; k < 4; k++) {
            *out++ = four[k];
            if (++column == form->line_length && (k < 3 || i + 3 < size)) {
                out = end_line (out, form);
                column = 0;
            }
        }
    }
    if (form->ends_line)
        end_line (out, form);
}

guint8 *base64_decode_exact (const char *text, gsize len, gsize *ret_size, Base64Form *ret_form)
{
    Base64Form form;

    if (!guess_form (text, len, &form))
        return NULL;
    g_autofree guint8 *bytes = g_malloc (len / 4 * 3 + 3);
    gsize size = decode (text, len, bytes);

    if (size == 0 || base64_length (size, &form) != len)
        return NULL;
    g_autofree char *again = g_malloc (len);

    base64_encode (bytes, size, &form, again);
    if (memcmp (again, text, len) != 0)
        return NULL; /* B1 */
    *ret_size = size;
    *ret_form = form;
    return g_steal_pointer (&bytes);
}
