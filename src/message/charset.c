/* charset.c - see charset.h.
 *
 * iconv does the conversions; what stands here is what mail needs beside it: labels as they are
 * really written, labels that lie, and damaged bytes.
 *
 * (I1) Every result is valid UTF-8 without NUL.
 * (I2) iconv sees only names of our table or plain words without its "//" switches. */
#include "charset.h"

#include "charset_escapes.h"
#include "charset_guess.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define LABEL_MAX 40
#define META_SCAN_BYTES 2048

typedef enum {
    KIND_UNKNOWN, /* no label, or one that says nothing */
    KIND_LATIN,   /* Western: what is written here when a program does not know */
    KIND_UTF8,
    KIND_ISO2022JP,
    KIND_HZ,
    KIND_ICONV,
} Kind;

typedef struct {
    const char *label; /* lower case, no blanks, quotes, '_' as '-' */
    Kind kind;
    const char *iconv_name;
} Charset;

/* Labels that iconv does not know, or knows too narrowly: mail says gb2312 and means GB18030. */
static const Charset charsets[] = {
    {"us-ascii", KIND_UNKNOWN, NULL}, /* with 8-bit bytes in it, it is something else */
    {"ascii", KIND_UNKNOWN, NULL},
    {"ansi-x3.4-1968", KIND_UNKNOWN, NULL},
    {"646", KIND_UNKNOWN, NULL},
    {"iso-8859-1", KIND_LATIN, NULL},
    {"iso8859-1", KIND_LATIN, NULL},
    {"iso88591", KIND_LATIN, NULL},
    {"iso-8859-1-windows-3.1-latin-1", KIND_LATIN, NULL},
    {"8859-1", KIND_LATIN, NULL},
    {"latin1", KIND_LATIN, NULL},
    {"latin-1", KIND_LATIN, NULL},
    {"l1", KIND_LATIN, NULL},
    {"cp819", KIND_LATIN, NULL},
    {"windows-1252", KIND_LATIN, NULL},
    {"windows1252", KIND_LATIN, NULL},
    {"cp1252", KIND_LATIN, NULL},
    {"cp-1252", KIND_LATIN, NULL},
    {"x-cp1252", KIND_LATIN, NULL},
    {"ansi", KIND_LATIN, NULL},
    {"utf-8", KIND_UTF8, NULL},
    {"utf8", KIND_UTF8, NULL},
    {"utf-8mb4", KIND_UTF8, NULL},
    {"utf8mb4", KIND_UTF8, NULL},
    {"unicode-1-1-utf-8", KIND_UTF8, NULL},
    {"cp65001", KIND_UTF8, NULL},
    {"iso-2022-jp", KIND_ISO2022JP, NULL},
    {"iso-2022-jp-1", KIND_ISO2022JP, NULL},
    {"iso-2022-jp-2", KIND_ISO2022JP, NULL},
    {"iso-2022-jp-3", KIND_ISO2022JP, NULL},
    {"iso-2022-jp-ms", KIND_ISO2022JP, NULL},
    {"csiso2022jp", KIND_ISO2022JP, NULL},
    {"cp50220", KIND_ISO2022JP, NULL},
    {"cp50221", KIND_ISO2022JP, NULL},
    {"jis", KIND_ISO2022JP, NULL},
    {"hz-gb-2312", KIND_HZ, NULL},
    {"hz", KIND_HZ, NULL},
    {"shift-jis", KIND_ICONV, "CP932"},
    {"shiftjis", KIND_ICONV, "CP932"},
    {"x-sjis", KIND_ICONV, "CP932"},
    {"sjis", KIND_ICONV, "CP932"},
    {"ms-kanji", KIND_ICONV, "CP932"},
    {"windows-31j", KIND_ICONV, "CP932"},
    {"cp932", KIND_ICONV, "CP932"},
    {"euc-jp", KIND_ICONV, "EUC-JP"},
    {"eucjp", KIND_ICONV, "EUC-JP"},
    {"x-euc-jp", KIND_ICONV, "EUC-JP"},
    {"gb2312", KIND_ICONV, "GB18030"},
    {"gb-2312", KIND_ICONV, "GB18030"},
    {"gb2312-80", KIND_ICONV, "GB18030"},
    {"gb-2312-80", KIND_ICONV, "GB18030"},
    {"chinese", KIND_ICONV, "GB18030"},
    {"euc-cn", KIND_ICONV, "GB18030"},
    {"cn-gb", KIND_ICONV, "GB18030"},
    {"gbk", KIND_ICONV, "GB18030"},
    {"x-gbk", KIND_ICONV, "GB18030"},
    {"cp936", KIND_ICONV, "GB18030"},
    {"windows-936", KIND_ICONV, "GB18030"},
    {"gb18030", KIND_ICONV, "GB18030"},
    {"big5", KIND_ICONV, "BIG5-HKSCS"},
    {"big-5", KIND_ICONV, "BIG5-HKSCS"},
    {"cn-big5", KIND_ICONV, "BIG5-HKSCS"},
    {"x-x-big5", KIND_ICONV, "BIG5-HKSCS"},
    {"big5-eten", KIND_ICONV, "BIG5-HKSCS"},
    {"cp950", KIND_ICONV, "CP950"},
    {"euc-kr", KIND_ICONV, "CP949"},
    {"euckr", KIND_ICONV, "CP949"},
    {"ks-c-5601", KIND_ICONV, "CP949"},
    {"ks-c-5601-1987", KIND_ICONV, "CP949"},
    {"ks-c-5601-1989", KIND_ICONV, "CP949"},
    {"ksc5601", KIND_ICONV, "CP949"},
    {"korean", KIND_ICONV, "CP949"},
    {"windows-949", KIND_ICONV, "CP949"},
    {"iso-8859-8-i", KIND_ICONV, "ISO-8859-8"},
    {"iso-8859-8-e", KIND_ICONV, "ISO-8859-8"},
    {"iso-8859-6-i", KIND_ICONV, "ISO-8859-6"},
    {"iso-8859-6-e", KIND_ICONV, "ISO-8859-6"},
    {"iso-8859-9", KIND_ICONV, "CP1254"},
    {"iso-8859-11", KIND_ICONV, "CP874"},
    {"tis-620", KIND_ICONV, "CP874"},
    {"windows-874", KIND_ICONV, "CP874"},
    {"latin2", KIND_ICONV, "ISO-8859-2"},
    {"latin-2", KIND_ICONV, "ISO-8859-2"},
    {"latin9", KIND_ICONV, "ISO-8859-15"},
    {"latin-9", KIND_ICONV, "ISO-8859-15"},
    {"koi8", KIND_ICONV, "KOI8-R"},
    {"koi8r", KIND_ICONV, "KOI8-R"},
    {"koi8-ru", KIND_ICONV, "KOI8-U"},
    {"x-cp1250", KIND_ICONV, "CP1250"},
    {"x-cp1251", KIND_ICONV, "CP1251"},
    {"win-1251", KIND_ICONV, "CP1251"},
    {"win1251", KIND_ICONV, "CP1251"},
    {"windows1251", KIND_ICONV, "CP1251"},
    {"x-mac-roman", KIND_ICONV, "MACINTOSH"},
    {"mac", KIND_ICONV, "MACINTOSH"},
    {"macroman", KIND_ICONV, "MACINTOSH"},
    {"x-mac-cyrillic", KIND_ICONV, "MAC-CYRILLIC"},
    {"x-mac-ukrainian", KIND_ICONV, "MAC-CYRILLIC"},
    {"x-mac-ce", KIND_ICONV, "MAC-CENTRALEUROPE"},
    {"utf7", KIND_ICONV, "UTF-7"},
    {"unicode-1-1-utf-7", KIND_ICONV, "UTF-7"},
    {"x-unicode-2-0-utf-7", KIND_ICONV, "UTF-7"},
    {"utf-16", KIND_ICONV, "UTF-16"},
    {"unicode", KIND_ICONV, "UTF-16"},
    {"ucs-2", KIND_ICONV, "UTF-16"},
    /* Words that iconv would take for something of this machine. */
    {"char", KIND_UNKNOWN, NULL},
    {"wchar-t", KIND_UNKNOWN, NULL},
    {"internal", KIND_UNKNOWN, NULL},
    {"unknown", KIND_UNKNOWN, NULL},
};

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

/* Writes the label in the form of the table; "" when it cannot be one. */
static void label_tidy (const char *label, char *ret_tidy)
{
    gsize n = 0;
    ret_tidy[0] = '\0';
    for (; *label != '\0'; label++) {
        char c = g_ascii_tolower (*label);
        if (c == '*')
            break; /* RFC 2231: a language follows */
        if (g_ascii_isspace (c) || c == '"' || c == '\'' || c == '<' || c == '>')
            continue;
        if (c == '_')
            c = '-';
        if (n + 1 >= LABEL_MAX || (!g_ascii_isalnum (c) && strchr (".-:+()", c) == NULL)) {
            ret_tidy[0] = '\0';
            return;
        }
        ret_tidy[n++] = c;
    }
    ret_tidy[n] = '\0';
}

/* Labels that are a known number in a form of their own: "cp-850", "windows1250", "win-1253",
 * "8859-2", "iso-88592". */
static void label_by_number (char *tidy)
{
    static const char *const pages[] = {"437",  "737",  "775",  "850",  "852",  "855",  "857",
                                        "858",  "860",  "861",  "862",  "863",  "864",  "865",
                                        "866",  "869",  "874",  "1250", "1251", "1252", "1253",
                                        "1254", "1255", "1256", "1257", "1258"};
    const char *number = tidy;
    while (*number != '\0' && !g_ascii_isdigit (*number))
        number++;
    for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
        if (strcmp (number, pages[i]) == 0 && tidy[0] != 'k') {
            g_snprintf (tidy, LABEL_MAX, "cp%s", pages[i]);
            return;
        }
    }
    if (!g_str_has_prefix (number, "8859"))
        return;
    number += number[4] == '-' ? 5 : 4;
    gsize digits = strspn (number, "0123456789");
    if (digits == 1 || digits == 2) {
        g_autofree char *kept = g_strndup (number, digits);
        g_snprintf (tidy, LABEL_MAX, "iso-8859-%s", kept);
    }
}

/* What a label stands for. *ret_iconv is set for KIND_ICONV; it may point into tidy. */
static Kind label_lookup (const char *label, char *tidy, const char **ret_iconv)
{
    *ret_iconv = NULL;
    if (label == NULL)
        return KIND_UNKNOWN;
    label_tidy (label, tidy);
    for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++) {
        if (strcmp (charsets[i].label, tidy) == 0) {
            *ret_iconv = charsets[i].iconv_name;
            return charsets[i].kind;
        }
    }
    if (tidy[0] == '\0')
        return KIND_UNKNOWN;
    label_by_number (tidy);
    iconv_t probe = iconv_open ("UTF-8", tidy);
    if (probe == (iconv_t)-1) {
        if (!g_str_has_prefix (tidy, "x-"))
            return KIND_UNKNOWN;
        return label_lookup (label + 2, tidy, ret_iconv);
    }
    iconv_close (probe);
    *ret_iconv = tidy;
    return KIND_ICONV;
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
    char tidy[LABEL_MAX];
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
    if (label_lookup (fallback, tidy, &name) == KIND_ICONV) {
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

static GString *from_declared (Kind kind, const char *name, const char *bytes, gsize len,
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
    char tidy[LABEL_MAX];
    const char *name = NULL;
    Kind kind = label_lookup (label, tidy, &name);
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
    char tidy[LABEL_MAX];
    const char *name = NULL;
    return label_lookup (label, tidy, &name) != KIND_UNKNOWN;
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
        if (size > 0 && size < LABEL_MAX) /* a <meta> that can be read is not in UTF-16 */
            return g_str_has_prefix (at, "utf-16") ? g_strdup ("utf-8") : g_strndup (at, size);
    }
    return NULL;
}
