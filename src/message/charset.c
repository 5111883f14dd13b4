/* charset.c - see charset.h.
 *
 * iconv does the conversions; what stands here is what mail needs beside it: labels as they are
 * really written, labels that lie, and damaged bytes.
 *
 * (I1) Every result is valid UTF-8 without NUL.
 * (I2) iconv sees only names that charset_label.c allows. */
#include "charset.h"

#include "charset_escapes.h"
#include "charset_guess.h"
#include "charset_label.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define META_SCAN_BYTES 2048

/* Windows-1252 from 0x80 to 0x9f; its holes are U+FFFD. */
static const gunichar windows_1252[32] = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

gboolean charset_is_plain (const char *bytes, gsize len)
{
    const guint64 high = 0x8080808080808080U;
    if (memchr (bytes, 0x1b, len) != NULL)
        return FALSE;
    gsize i = 0;
    for (; i + 8 <= len; i += 8) {
        guint64 word;
        memcpy (&word, bytes + i, 8);
        if ((word & high) != 0)
            return FALSE;
    }
    for (; i < len; i++)
        if ((guchar)bytes[i] >= 0x80)
            return FALSE;
    return TRUE;
}

/* Runs iconv over everything; what it refuses becomes U+FFFD, byte by byte. *ret_errors counts. */
static GString *convert (const char *name, const char *bytes, gsize len, gsize *ret_errors)
{
    GString *out = g_string_sized_new (len + len / 2 + 16);
    iconv_t conversion = iconv_open ("UTF-8", name);
    char *in = (char *)bytes;
    gsize in_left = len;
    *ret_errors = 0;
    if (conversion == (iconv_t)-1) {
        *ret_errors = len + 1;
        return out;
    }
    while (in_left > 0) {
        char chunk[4096];
        char *to = chunk;
        gsize to_left = sizeof chunk;
        gsize result = iconv (conversion, &in, &in_left, &to, &to_left);
        int problem = result == (gsize)-1 ? errno : 0;
        g_string_append_len (out, chunk, to - chunk);
        if (problem == 0 || problem == E2BIG)
            continue;
        (*ret_errors)++;
        gboolean is_euro = *in == (char)0x80 && strcmp (name, "GB18030") == 0; /* as in cp936 */
        g_string_append (out, is_euro ? "\xe2\x82\xac" : REPLACEMENT);
        if (problem == EINVAL || in_left == 0)
            break; /* a character cut off at the end */
        in++;
        in_left--;
    }
    char rest[64];
    char *to = rest;
    gsize to_left = sizeof rest;
    if (iconv (conversion, NULL, NULL, &to, &to_left) != (gsize)-1)
        g_string_append_len (out, rest, to - rest);
    iconv_close (conversion);
    return out;
}

/* Bytes as Windows-1252, which is what "Latin 1" means in mail. */
static GString *from_latin (const char *bytes, gsize len)
{
    GString *out = g_string_sized_new (len + len / 4 + 1);
    for (gsize i = 0; i < len; i++) {
        guchar byte = (guchar)bytes[i];
        if (byte < 0x80)
            g_string_append_c (out, (gchar)byte);
        else
            g_string_append_unichar (out, byte < 0xa0 ? windows_1252[byte - 0x80] : byte);
    }
    return out;
}

/* How many bytes of a sequence that is no UTF-8 become one U+FFFD: as many as begin a character
 * (Unicode 3.9, "maximal subpart"; all browsers do so). */
static gsize damaged_length (const guchar *bytes, gsize len)
{
    const guchar lead = bytes[0], second = len > 1 ? bytes[1] : 0;
    if (lead < 0xc2 || lead > 0xf4 || (second & 0xc0) != 0x80)
        return 1;
    const gboolean is_wrong_second =
        (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
        (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
    if (lead < 0xe0 || is_wrong_second)
        return 1;
    return lead >= 0xf0 && len > 2 && (bytes[2] & 0xc0) == 0x80 ? 3 : 2;
}

/* Bytes that are mostly UTF-8: each damaged sequence becomes one U+FFFD. *ret_good counts whole
 * characters beyond ASCII, *ret_damaged the sequences that are none. */
static GString *from_utf8 (const char *bytes, gsize len, gsize *ret_good, gsize *ret_damaged)
{
    GString *out = g_string_sized_new (len + 16);
    const char *end = bytes + len;
    *ret_good = *ret_damaged = 0;
    while (bytes < end) {
        const char *bad = NULL;
        gboolean is_valid = g_utf8_validate (bytes, end - bytes, &bad);
        for (const char *p = bytes; p < bad; p++)
            *ret_good += ((guchar)*p >= 0xc2) ? 1 : 0;
        g_string_append_len (out, bytes, bad - bytes);
        if (is_valid)
            break;
        if (*bad == '\0') {
            g_string_append_c (out, ' ');
            bytes = bad + 1;
            continue;
        }
        (*ret_damaged)++;
        g_string_append (out, REPLACEMENT);
        bytes = bad + damaged_length ((const guchar *)bad, (gsize)(end - bad));
    }
    return out;
}

/* EUC-JP by its standard (wave dash U+301C); with the vendors' characters only where it has some.
 */
static GString *from_euc_jp (const char *bytes, gsize len)
{
    gsize errors = 0;
    g_autoptr (GString) out = convert ("EUC-JP", bytes, len, &errors);
    return errors == 0 ? g_steal_pointer (&out) : convert ("EUC-JP-MS", bytes, len, &errors);
}

static GString *from_iso2022jp (const char *bytes, gsize len)
{
    g_autoptr (GString) euc = escapes_iso2022jp_as_euc (bytes, len);
    return from_euc_jp (euc->str, euc->len);
}

/* UTF-8 if it is that, else the fallback if it reads without an error, else Windows-1252. */
static GString *from_unknown (const char *bytes, gsize len, const char *fallback)
{
    char tidy[CHARSET_LABEL_MAX];
    const char *name = NULL;
    if (escapes_has_japanese (bytes, len))
        return from_iso2022jp (bytes, len);
    gsize good = 0, damaged = 0;
    if (g_utf8_validate (bytes, (gssize)len, NULL))
        return g_string_new_len (bytes, (gssize)len);
    g_autoptr (GString) utf8 = from_utf8 (bytes, len, &good, &damaged);
    if (good > 8 * (damaged + 1))
        return g_steal_pointer (&utf8);
    gsize errors = 0;
    if (charset_label_lookup (fallback, tidy, &name) == KIND_ICONV) {
        g_autoptr (GString) out = convert (name, bytes, len, &errors);
        if (errors == 0)
            return g_steal_pointer (&out);
    }
    name = charset_guess (bytes, len);
    if (name != NULL)
        return convert (name, bytes, len, &errors);
    return from_latin (bytes, len);
}

/* A declared charset of iconv's; overruled when it cannot be true and UTF-8 can. */
static GString *from_named (const char *name, const char *bytes, gsize len)
{
    gsize errors = 0;
    gboolean is_wide = g_str_has_prefix (name, "UTF-16") || g_str_has_prefix (name, "utf-16") ||
                       g_str_has_prefix (name, "utf-32");
    if (is_wide && charset_is_plain (bytes, len) && memchr (bytes, '\0', len) == NULL)
        return g_string_new_len (bytes, (gssize)len); /* blanks and line ends would have a NUL */
    if (strcmp (name, "EUC-JP") == 0 && !g_utf8_validate (bytes, (gssize)len, NULL))
        return from_euc_jp (bytes, len);
    g_autoptr (GString) out = convert (name, bytes, len, &errors);
    gboolean is_plain_too = g_str_has_prefix (name, "UTF-7") && charset_is_plain (bytes, len);
    if (errors > 0 && (is_plain_too || g_utf8_validate (bytes, (gssize)len, NULL)))
        return g_string_new_len (bytes, (gssize)len);
    /* A label that fits nothing: what else it may be, if that fits without an error. */
    const char *other = errors >= 3 && errors > len / 20 ? charset_guess (bytes, len) : NULL;
    if (other != NULL) {
        g_autoptr (GString) guessed = convert (other, bytes, len, &errors);
        if (errors == 0)
            return g_steal_pointer (&guessed);
    }
    return g_steal_pointer (&out);
}

static GString *from_declared (CharsetKind kind, const char *name, const char *bytes, gsize len,
                               const char *fallback)
{
    gsize good = 0, damaged = 0, errors = 0;
    if (kind == KIND_ICONV)
        return from_named (name, bytes, len);
    if (kind == KIND_ISO2022JP)
        return escapes_has_japanese (bytes, len) || charset_is_plain (bytes, len)
                   ? from_iso2022jp (bytes, len)
                   : from_unknown (bytes, len, "CP932");
    if (kind == KIND_HZ) {
        g_autoptr (GString) gb = escapes_hz_as_gb (bytes, len);
        return convert ("GB18030", gb->str, gb->len, &errors);
    }
    if (kind == KIND_UTF8 && !escapes_has_japanese (bytes, len)) {
        g_autoptr (GString) out = from_utf8 (bytes, len, &good, &damaged);
        if (damaged <= 4 * good)
            return g_steal_pointer (&out);
    }
    if (kind == KIND_LATIN && !g_utf8_validate (bytes, (gssize)len, NULL) &&
        !escapes_has_japanese (bytes, len)) {
        const char *script = charset_guess_script (bytes, len);
        return script != NULL ? convert (script, bytes, len, &errors) : from_latin (bytes, len);
    }
    return from_unknown (bytes, len, fallback);
}

char *charset_to_utf8 (const char *bytes, gsize len, const char *label, const char *fallback,
                       gsize *ret_len)
{
    char tidy[CHARSET_LABEL_MAX];
    const char *name = NULL;
    CharsetKind kind = charset_label_lookup (label, tidy, &name);
    GString *out = NULL;
    if (kind != KIND_ICONV && kind != KIND_HZ && charset_is_plain (bytes, len))
        out = g_string_new_len (bytes, (gssize)len);
    else
        out = from_declared (kind, name, bytes, len, fallback);
    for (char *at = memchr (out->str, '\0', out->len); at != NULL;
         at = memchr (at, '\0', out->len - (gsize)(at - out->str)))
        *at = ' ';
    /* iconv takes what 32-bit charsets hold beyond Unicode, and writes it down. */
    if (kind == KIND_ICONV && !g_utf8_validate (out->str, (gssize)out->len, NULL)) {
        char *valid = g_utf8_make_valid (out->str, (gssize)out->len);
        g_string_free (out, TRUE);
        out = g_string_new (valid);
        g_free (valid);
    }
    if (ret_len != NULL)
        *ret_len = out->len;
    return g_string_free (out, FALSE);
}

gboolean charset_is_known (const char *label)
{
    char tidy[CHARSET_LABEL_MAX];
    const char *name = NULL;
    return charset_label_lookup (label, tidy, &name) != KIND_UNKNOWN;
}

char *charset_of_html (const char *html, gsize len)
{
    g_autofree char *head = g_ascii_strdown (html, (gssize)MIN (len, META_SCAN_BYTES));
    for (const char *meta = strstr (head, "<meta"); meta != NULL; meta = strstr (meta, "<meta")) {
        meta += 5;
        const char *end = strchr (meta, '>');
        const char *at = g_strstr_len (meta, end != NULL ? end - meta : -1, "charset");
        if (at == NULL)
            continue;
        at += strlen ("charset");
        at += strspn (at, " \t\r\n");
        if (*at != '=')
            continue;
        at++;
        at += strspn (at, " \t\r\n\"'");
        gsize size = strcspn (at, " \t\r\n\"';/>");
        if (size > 0 && size < CHARSET_LABEL_MAX) /* a <meta> that can be read is not in UTF-16 */
            return g_str_has_prefix (at, "utf-16") ? g_strdup ("utf-8") : g_strndup (at, size);
    }
    return NULL;
}
