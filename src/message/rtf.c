/* rtf.c - see rtf.h.
 *
 * HTML that Outlook packed into RTF comes out as text too: its tags stand in groups that are passed
 * over, and what is between \htmlrtf and \htmlrtf0 is there for RTF readers only.
 *
 * (I1) Linear: groups are a stack of two flags each, kept as bits in a growing array. */
#include "rtf.h"

#include "charset.h"

#include <string.h>

#define COMPRESSED 0x75465a4cU   /* "LZFu" */
#define UNCOMPRESSED 0x414c454dU /* "MELA" */
#define HEADER_SIZE 16
#define WINDOW_SIZE 4096
#define WORD_MAX 32

/* What the window holds before the first byte. */
static const char window_start[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

static guint32 number_at (const char *data)
{
    const guchar *bytes = (const guchar *)data;
    return (guint32)bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

/* Unpacks what stands behind the header: flag bytes, each for eight literals or references. */
static GString *decompress (const char *data, gsize len, gsize max)
{
    GString *out = g_string_new (NULL);
    char window[WINDOW_SIZE] = "";
    gsize write = sizeof window_start - 1;
    memcpy (window, window_start, write);
    for (gsize at = 0; at < len && out->len < max;) {
        guint flags = (guchar)data[at++];
        for (guint bit = 0; bit < 8 && at < len && out->len < max; bit++) {
            if ((flags & 1U << bit) == 0) {
                window[write] = data[at++];
                g_string_append_c (out, window[write]);
                write = (write + 1) % WINDOW_SIZE;
                continue;
            }
            if (at + 1 >= len)
                return out;
            guint token = (guint)(guchar)data[at] << 8 | (guchar)data[at + 1];
            at += 2;
            gsize from = token >> 4;
            if (from == write)
                return out; /* the end */
            for (guint n = (token & 15) + 2; n > 0; n--) {
                window[write] = window[from];
                g_string_append_c (out, window[write]);
                write = (write + 1) % WINDOW_SIZE;
                from = (from + 1) % WINDOW_SIZE;
            }
        }
    }
    return out;
}

typedef struct {
    const char *rtf;
    gsize at, len;
    GString *out;             /* UTF-8 */
    GString *bytes;           /* 8-bit characters that wait for their neighbours */
    GByteArray *groups;       /* of the open groups: was the text around them hidden? */
    gboolean is_hidden;       /* in a group that is no text */
    gboolean is_rtf_only;     /* between \htmlrtf and \htmlrtf0 */
    guint skip_after_unicode; /* \ucN */
    guint skip;               /* characters that only stand in for a \u */
    char *code_page;
} Reader;

static void flush_bytes (Reader *reader)
{
    if (reader->bytes->len == 0)
        return;
    g_autofree char *text =
        charset_to_utf8 (reader->bytes->str, reader->bytes->len, reader->code_page, NULL, NULL);
    g_string_append (reader->out, text);
    g_string_truncate (reader->bytes, 0);
}

/* A character of text. */
static void put_byte (Reader *reader, char byte)
{
    if (reader->skip > 0) {
        reader->skip--;
        return;
    }
    if (!reader->is_hidden && !reader->is_rtf_only)
        g_string_append_c (reader->bytes, byte);
}

static void put_text (Reader *reader, const char *text)
{
    flush_bytes (reader);
    if (!reader->is_hidden && !reader->is_rtf_only)
        g_string_append (reader->out, text);
}

static void put_unicode (Reader *reader, gint number)
{
    gunichar c = (gunichar)(number < 0 ? number + 65536 : number);
    char utf8[8] = "";
    if (c > 0 && g_unichar_validate (c))
        g_unichar_to_utf8 (c, utf8);
    put_text (reader, utf8);
    reader->skip = reader->skip_after_unicode;
}

/* Words that begin a group which is no text. */
static gboolean is_hiding (const char *word)
{
    static const char *const words[] = {"fonttbl",   "colortbl", "stylesheet", "info",
                                        "pict",      "header",   "footer",     "generator",
                                        "listtable", "object",   "themedata",  "htmltag"};
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (strcmp (word, words[i]) == 0)
            return TRUE;
    return FALSE;
}

static void on_word (Reader *reader, const char *word, gboolean has_number, gint number)
{
    static const struct {
        const char *word, *text;
    } texts[] = {
        {"par", "\n"},
        {"line", "\n"},
        {"tab", "\t"},
        {"cell", "\t"},
        {"row", "\n"},
        {"bullet", "\xe2\x80\xa2"},
        {"emdash", "\xe2\x80\x94"},
        {"endash", "\xe2\x80\x93"},
        {"lquote", "\xe2\x80\x98"},
        {"rquote", "\xe2\x80\x99"},
        {"ldblquote", "\xe2\x80\x9c"},
        {"rdblquote", "\xe2\x80\x9d"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        if (strcmp (word, texts[i].word) == 0) {
            put_text (reader, texts[i].text);
            return;
        }
    }
    if (strcmp (word, "u") == 0 && has_number)
        put_unicode (reader, number);
    else if (strcmp (word, "uc") == 0 && number >= 0 && number < 16)
        reader->skip_after_unicode = (guint)number;
    else if (strcmp (word, "htmlrtf") == 0)
        reader->is_rtf_only = !has_number || number != 0;
    else if (strcmp (word, "ansicpg") == 0 && number > 0) {
        g_free (reader->code_page);
        reader->code_page = g_strdup_printf ("cp%d", number);
    } else if (is_hiding (word))
        reader->is_hidden = TRUE;
}

/* "\word-12 ": letters, a number, and one blank that belongs to it. */
static void read_word (Reader *reader)
{
    char word[WORD_MAX] = "";
    gsize n = 0;
    gboolean is_negative = FALSE, has_number = FALSE;
    gint number = 0;
    while (reader->at < reader->len && g_ascii_isalpha (reader->rtf[reader->at])) {
        if (n + 1 < WORD_MAX)
            word[n++] = reader->rtf[reader->at];
        reader->at++;
    }
    if (reader->at < reader->len && reader->rtf[reader->at] == '-') {
        is_negative = TRUE;
        reader->at++;
    }
    while (reader->at < reader->len && g_ascii_isdigit (reader->rtf[reader->at])) {
        has_number = TRUE;
        if (number < 10000000)
            number = number * 10 + (reader->rtf[reader->at] - '0');
        reader->at++;
    }
    if (reader->at < reader->len && reader->rtf[reader->at] == ' ')
        reader->at++;
    on_word (reader, word, has_number, is_negative ? -number : number);
}

/* Behind a backslash. */
static void read_control (Reader *reader)
{
    char c = reader->rtf[reader->at];
    if (g_ascii_isalpha (c)) {
        read_word (reader);
        return;
    }
    reader->at++;
    if (c == '\'' && reader->at + 1 < reader->len) {
        gint high = g_ascii_xdigit_value (reader->rtf[reader->at]);
        gint low = g_ascii_xdigit_value (reader->rtf[reader->at + 1]);
        reader->at += 2;
        if (high >= 0 && low >= 0)
            put_byte (reader, (char)(high * 16 + low));
    } else if (c == '~') {
        put_text (reader, "\xc2\xa0");
    } else if (c == '*') {
        reader->is_hidden = TRUE;
    } else if (c == '\n' || c == '\r') {
        put_text (reader, "\n");
    } else if (c == '\\' || c == '{' || c == '}') {
        put_byte (reader, c);
    }
}

static void read_all (Reader *reader)
{
    while (reader->at < reader->len) {
        char c = reader->rtf[reader->at++];
        if (c == '{') {
            guint8 was_hidden = reader->is_hidden ? 1 : 0;
            g_byte_array_append (reader->groups, &was_hidden, 1);
        } else if (c == '}') {
            flush_bytes (reader);
            if (reader->groups->len == 0)
                continue;
            reader->is_hidden = reader->groups->data[reader->groups->len - 1] != 0;
            g_byte_array_set_size (reader->groups, reader->groups->len - 1);
        } else if (c == '\\') {
            if (reader->at < reader->len)
                read_control (reader);
        } else if (c != '\r' && c != '\n' && c != '\0') {
            put_byte (reader, c);
        }
    }
    flush_bytes (reader);
}

char *rtf_to_text (const char *rtf, gsize len, const char *code_page)
{
    Reader reader = {.rtf = rtf,
                     .len = len,
                     .out = g_string_new (NULL),
                     .bytes = g_string_new (NULL),
                     .groups = g_byte_array_new(),
                     .skip_after_unicode = 1,
                     .code_page = g_strdup (code_page)};
    read_all (&reader);
    g_string_free (reader.bytes, TRUE);
    g_byte_array_unref (reader.groups);
    g_free (reader.code_page);
    return g_string_free (reader.out, FALSE);
}

char *rtf_compressed_to_text (const char *data, gsize len, const char *code_page, gsize max)
{
    if (len < HEADER_SIZE)
        return NULL;
    gsize size = MIN (number_at (data + 4), max);
    guint32 kind = number_at (data + 8);
    data += HEADER_SIZE;
    len -= HEADER_SIZE;
    if (kind == UNCOMPRESSED)
        return rtf_to_text (data, MIN (len, size), code_page);
    if (kind != COMPRESSED)
        return NULL;
    g_autoptr (GString) rtf = decompress (data, len, size);
    return rtf_to_text (rtf->str, MIN (rtf->len, size), code_page);
}
