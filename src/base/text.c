/* text.c - see text.h.
 *
 * (I1) Every result is valid UTF-8, whatever came in.
 * (I2) Every function is linear in its input. */
#include "text.h"

#include <string.h>

#define REPLACEMENT 0xfffd
#define ELLIPSIS "\xe2\x80\xa6"
#define DECOMPOSED_MAX 8

/* The character at *p, which is moved behind it; REPLACEMENT for one byte that is none. */
static gunichar next_char (const char **p, const char *end)
{
    guchar first = (guchar) * *p;
    if (first < 0x80) {
        (*p)++;
        return first;
    }
    gunichar c = g_utf8_get_char_validated (*p, end - *p);
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        (*p)++;
        return REPLACEMENT;
    }
    *p = g_utf8_next_char (*p);
    return c;
}

static gboolean is_control (gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

char *text_clean (const char *bytes, gssize len)
{
    const char *p = bytes, *end = bytes + (len < 0 ? strlen (bytes) : (gsize)len);
    GString *out = g_string_sized_new ((gsize)(end - p) + 1);
    while (p < end) {
        gunichar c = next_char (&p, end);
        if (c == '\r' && p < end && *p == '\n')
            continue;
        if (is_control (c) && c != '\t' && c != '\n')
            c = ' ';
        g_string_append_unichar (out, c);
    }
    return g_string_free (out, FALSE);
}

/* Marks that turn the direction of all text behind them, until somebody turns it back: in one line
 * among others' they could only mislead. */
static gboolean is_direction_override (gunichar c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* How many bytes from `p` on are visible ASCII: most of most texts, copied as they are. */
static gsize visible_run (const char *p, const char *end)
{
    const char *start = p;
    while (p<end && * p> ' ' && *p < 0x7f)
        p++;
    return (gsize)(p - start);
}

char *text_one_line (const char *text)
{
    const char *p = text, *end = text + strlen (text);
    GString *out = g_string_sized_new ((gsize)(end - p) + 1);
    gboolean blank = FALSE;
    while (p < end) {
        gsize run = visible_run (p, end);
        if (run > 0) {
            if (blank && out->len > 0)
                g_string_append_c (out, ' ');
            blank = FALSE;
            g_string_append_len (out, p, (gssize)run);
            p += run;
            continue;
        }
        gunichar c = next_char (&p, end);
        if (is_direction_override (c))
            continue;
        if (is_control (c) || g_unichar_isspace (c)) {
            blank = TRUE;
            continue;
        }
        if (blank && out->len > 0)
            g_string_append_c (out, ' ');
        blank = FALSE;
        g_string_append_unichar (out, c);
    }
    return g_string_free (out, FALSE);
}

/* Where to cut so that `kept` characters remain, or fewer when a word ends in the last third. */
static const char *cut_point (const char *text, gsize kept)
{
    const char *hard = g_utf8_offset_to_pointer (text, (glong)kept);
    while (hard > text && g_unichar_ismark (g_utf8_get_char (hard)))
        hard = g_utf8_prev_char (hard);
    const char *least = g_utf8_offset_to_pointer (text, (glong)(kept - kept / 3));
    for (const char *p = hard; p > least; p--)
        if (*p == ' ')
            return p;
    return hard;
}

char *text_ellipsis (const char *text, gsize max_chars)
{
    g_autofree char *line = text_one_line (text);
    if (g_utf8_strlen (line, -1) <= (glong)MIN (max_chars, G_MAXLONG))
        return g_steal_pointer (&line);
    if (max_chars == 0)
        return g_strdup ("");
    gsize length = (gsize)(cut_point (line, max_chars - 1) - line);
    while (length > 0 && strchr (" ,;:-", line[length - 1]) != NULL)
        length--;
    return g_strdup_printf ("%.*s" ELLIPSIS, (int)length, line);
}

/* Folds one line, of which `end` is the end. */
static void wrap_line (GString *out, const char *line, const char *end, gsize columns)
{
    gsize column = 0;
    while (line < end) {
        const char *word = line;
        while (line < end && *line != ' ')
            line++;
        gsize width = (gsize)g_utf8_pointer_to_offset (word, line);
        gboolean is_new_line = column > 0 && column + 1 + width > columns;
        if (column > 0)
            g_string_append_c (out, is_new_line ? '\n' : ' ');
        column = width + (is_new_line || column == 0 ? 0 : column + 1);
        g_string_append_len (out, word, line - word);
        while (line < end && *line == ' ')
            line++;
    }
}

char *text_wrap (const char *text, gsize columns)
{
    GString *out = g_string_sized_new (strlen (text) + 16);
    for (const char *line = text; *line != '\0';) {
        const char *end = line + strcspn (line, "\n");
        gboolean is_short = g_utf8_strlen (line, end - line) <= (glong)columns;
        if (is_short || *line == ' ' || *line == '\t')
            g_string_append_len (out, line, end - line);
        else
            wrap_line (out, line, end, columns);
        if (*end == '\n')
            g_string_append_c (out, *end++);
        line = end;
    }
    return g_string_free (out, FALSE);
}

gboolean text_cut (char *text, gsize max)
{
    if (strlen (text) <= max)
        return FALSE;
    while (max > 0 && ((guchar)text[max] & 0xc0) == 0x80)
        max--;
    text[max] = '\0';
    return TRUE;
}

/* Simple case folding: the small letter of the capital, so that final sigma, long s and the micro
 * sign meet their usual forms. The dotless i stays itself. */
static gunichar fold_case (gunichar c)
{
    if (c == 0x131)
        return c;
    return g_unichar_tolower (g_unichar_toupper (g_unichar_tolower (c)));
}

/* The bare letter of a Latin letter with diacritics; c itself when it is something else. */
static gunichar without_diacritics (gunichar c)
{
    gunichar parts[DECOMPOSED_MAX];
    gsize n = g_unichar_fully_decompose (c, FALSE, parts, DECOMPOSED_MAX);
    return n > 1 && n <= DECOMPOSED_MAX && g_ascii_isalpha ((gchar)parts[0]) && parts[0] < 0x80
               ? parts[0]
               : c;
}

char *text_fold (const char *text)
{
    const char *p = text, *end = text + strlen (text);
    GString *out = g_string_sized_new ((gsize)(end - p) + 1);
    while (p < end) {
        gunichar c = next_char (&p, end);
        if (c < 0x80) {
            g_string_append_c (out, g_ascii_tolower ((gchar)c));
            continue;
        }
        if (c >= 0x300 && c <= 0x331) /* combining diacritics, as unicode61 sees them */
            continue;
        g_string_append_unichar (out, without_diacritics (fold_case (c)));
    }
    return g_string_free (out, FALSE);
}

gboolean text_is_one_of (const char *word, const char *const *list)
{
    for (; list != NULL && *list != NULL; list++)
        if (g_ascii_strcasecmp (word, *list) == 0)
            return TRUE;
    return FALSE;
}

gboolean text_equal_secret (const void *a, const void *b, gsize len)
{
    const volatile guchar *left = a, *right = b;
    guchar difference = 0;
    for (gsize i = 0; i < len; i++)
        difference = (guchar)(difference | (left[i] ^ right[i]));
    return difference == 0;
}

char *text_size (guint64 size_bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)size_bytes;
    guint unit = 0;
    for (; value >= 999.5 && unit + 1 < G_N_ELEMENTS (units); unit++)
        value /= 1000;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd (number, sizeof number, unit == 0 || value >= 9.95 ? "%.0f" : "%.1f", value);
    return g_strdup_printf ("%s %s", number, units[unit]);
}
