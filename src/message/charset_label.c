/* charset_label.c - see charset_label.h.
 *
 * (I1) iconv sees only names of our table or plain words without its "//" switches. */
#include "charset_label.h"

#include <iconv.h>
#include <string.h>

typedef struct {
    const char *label; /* lower case, no blanks, quotes, '_' as '-' */
    CharsetKind kind;
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
    /* Numbers of Windows, as winmail.dat and RTF name charsets. */
    {"cp20127", KIND_UNKNOWN, NULL},
    {"cp28591", KIND_LATIN, NULL},
    {"cp20866", KIND_ICONV, "KOI8-R"},
    {"cp21866", KIND_ICONV, "KOI8-U"},
    {"cp50222", KIND_ISO2022JP, NULL},
    {"cp20932", KIND_ICONV, "EUC-JP"},
    {"cp51932", KIND_ICONV, "EUC-JP"},
    {"cp51949", KIND_ICONV, "CP949"},
    {"cp52936", KIND_HZ, NULL},
    {"cp54936", KIND_ICONV, "GB18030"},
    {"cp65000", KIND_ICONV, "UTF-7"},
    {"cp1200", KIND_ICONV, "UTF-16LE"},
    {"cp1201", KIND_ICONV, "UTF-16BE"},
    {"cp10000", KIND_ICONV, "MACINTOSH"},
    /* Words that iconv would take for something of this machine. */
    {"char", KIND_UNKNOWN, NULL},
    {"wchar-t", KIND_UNKNOWN, NULL},
    {"internal", KIND_UNKNOWN, NULL},
    {"unknown", KIND_UNKNOWN, NULL},
};

/* Writes the label in the form of the table; "" when it cannot be one. */
static void label_tidy (const char *label, char *ret_tidy)
{
    gsize n = 0;
    ret_tidy[0] = '\0';
    label += strspn (label, " \t\"'=");
    if (g_ascii_strncasecmp (label, "charset=", 8) == 0)
        label += 8;
    if (g_ascii_strncasecmp (label, "3D", 2) == 0)
        label += 2; /* a "=" that was quoted-printable once */
    for (; *label != '\0'; label++) {
        char c = g_ascii_tolower (*label);
        if (c == '*' || c == ';' || c == ',')
            break; /* RFC 2231: a language follows; or another parameter */
        if (g_ascii_isspace (c) || c == '"' || c == '\'' || c == '<' || c == '>')
            continue;
        if (c == '_')
            c = '-';
        if (n + 1 >= CHARSET_LABEL_MAX || (!g_ascii_isalnum (c) && strchr (".-:+()", c) == NULL)) {
            ret_tidy[0] = '\0';
            return;
        }
        ret_tidy[n++] = c;
    }
    ret_tidy[n] = '\0';
    char *junk = strstr (ret_tidy, "http-equiv"); /* of a <meta>, by a mistake of Outlook */
    if (junk != NULL)
        *junk = '\0';
}

/* Labels that are a known number in a form of their own: "cp-850", "windows1250", "win-1253",
 * "8859-2", "iso-88592", "cp28592". FALSE when it is none. */
static gboolean label_by_number (char *tidy)
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
            g_snprintf (tidy, CHARSET_LABEL_MAX, "cp%s", pages[i]);
            return TRUE;
        }
    }
    gboolean is_page = g_str_has_prefix (number, "2859");
    if (!is_page && !g_str_has_prefix (number, "8859"))
        return FALSE;
    number += is_page || number[4] != '-' ? 4 : 5;
    gsize digits = strspn (number, "0123456789");
    if (digits != 1 && digits != 2)
        return FALSE;
    g_autofree char *kept = g_strndup (number, digits);
    g_snprintf (tidy, CHARSET_LABEL_MAX, "iso-8859-%s", kept);
    return TRUE;
}

static const Charset *find (const char *tidy)
{
    for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
        if (strcmp (charsets[i].label, tidy) == 0)
            return &charsets[i];
    return NULL;
}

CharsetKind charset_label_lookup (const char *label, char *room, const char **ret_iconv)
{
    *ret_iconv = NULL;
    if (label == NULL)
        return KIND_UNKNOWN;
    label_tidy (label, room);
    const Charset *found = find (room);
    if (found == NULL && label_by_number (room))
        found = find (room);
    if (found == NULL && g_str_has_prefix (room, "x-") && strlen (room) > 2) {
        g_autofree char *bare = g_strdup (room + 2);
        found = find (bare);
        if (found == NULL)
            g_strlcpy (room, bare, CHARSET_LABEL_MAX);
    }
    if (found != NULL) {
        *ret_iconv = found->iconv_name;
        return found->kind;
    }
    iconv_t probe = room[0] != '\0' ? iconv_open ("UTF-8", room) : (iconv_t)-1;
    if (probe == (iconv_t)-1)
        return KIND_UNKNOWN;
    iconv_close (probe);
    *ret_iconv = room;
    return KIND_ICONV;
}
