/* mailout_encode.c - see mailout_encode.h. RFC 2045 (bodies), 2047 (words), 2231 (parameters), 5322
 * 2.2.3 (folding). */
#include "mailout_encode.h"

#include <string.h>

enum {
    LINE_MAX_CHARS = 76,
    WORD_MAX = 64,        /* an encoded word with its frame: RFC 2047 allows 75 */
    UNBROKEN_MAX = 900,   /* of a word that cannot be folded; a line may have 998 */
    PARAMETER_PIECE = 54, /* of a value in pieces */
    BASE64_BYTES = 57,    /* that make a line of 76 characters */
};

static const char word_head[] = "=?utf-8?";

char *encode_clean (const char *text)
{
    g_autofree char *valid = g_utf8_make_valid (text == NULL ? "" : text, -1);
    GString *out = g_string_sized_new (strlen (valid));
    gboolean has_blank = FALSE;
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar c = g_utf8_get_char (at);
        if (c <= ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
            has_blank = out->len > 0;
            continue;
        }
        if (has_blank)
            g_string_append_c (out, ' ');
        has_blank = FALSE;
        g_string_append_unichar (out, c);
    }
    return g_string_free (out, FALSE);
}

static gboolean is_word_safe (guchar c)
{
    return g_ascii_isalnum (c) || c == '-' || c == '!' || c == '*' || c == '+' || c == '/';
}

/* Whether the "Q" form of RFC 2047 does: it is what people can read in a raw mail. */
static gboolean is_mostly_plain (const char *text)
{
    gsize escaped = 0, len = strlen (text);
    for (gsize i = 0; i < len; i++)
        escaped += is_word_safe ((guchar)text[i]) || text[i] == ' ' ? 0 : 1;
    return escaped * 2 <= len;
}

static void append_q (GString *out, const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        guchar c = (guchar)text[i];
        if (c == ' ')
            g_string_append_c (out, '_');
        else if (is_word_safe (c))
            g_string_append_c (out, (char)c);
        else
            g_string_append_printf (out, "=%02X", c);
    }
}

static void append_word (GString *out, const char *text, gsize len, gboolean is_q)
{
    if (out->len > 0)
        g_string_append_c (out, ' ');
    g_string_append (out, word_head);
    g_string_append (out, is_q ? "q?" : "b?");
    if (is_q) {
        append_q (out, text, len);
    } else {
        g_autofree char *base64 = g_base64_encode ((const guchar *)text, len);
        g_string_append (out, base64);
    }
    g_string_append (out, "?=");
}

/* Encoded words of whole characters each, with blanks between. */
static char *encode_words (const char *text)
{
    GString *out = g_string_new (NULL);
    gboolean is_q = is_mostly_plain (text);
    const gsize room = WORD_MAX - strlen (word_head) - 4;
    const char *from = text;
    gsize used = 0;
    for (const char *at = text; *at != '\0';) {
        const char *next = g_utf8_next_char (at);
        gsize bytes = (gsize)(next - at);
        gboolean is_plain = *at == ' ' || is_word_safe ((guchar)*at);
        gsize cost = is_q ? (is_plain ? 1 : 3 * bytes) : bytes;
        if (used + cost > (is_q ? room : room / 4 * 3)) {
            append_word (out, from, (gsize)(at - from), is_q);
            from = at;
            used = 0;
        }
        used += cost;
        at = next;
    }
    if (*from != '\0')
        append_word (out, from, strlen (from), is_q);
    return g_string_free (out, FALSE);
}

/* ASCII, nothing that looks like an encoded word, and can be folded. The text is clean. */
static gboolean is_plain (const char *text)
{
    gsize unbroken = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if ((guchar)*at >= 0x7f)
            return FALSE;
        unbroken = *at == ' ' ? 0 : unbroken + 1;
        if (unbroken > UNBROKEN_MAX)
            return FALSE;
    }
    return strstr (text, "=?") == NULL;
}

char *encode_unstructured (const char *text)
{
    g_autofree char *clean = encode_clean (text);
    return is_plain (clean) ? g_steal_pointer (&clean) : encode_words (clean);
}

/* `text` with quotes and backslashes escaped, in quotes. */
static char *quote (const char *text)
{
    GString *out = g_string_new ("\"");
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, *at);
    }
    g_string_append_c (out, '"');
    return g_string_free (out, FALSE);
}

char *encode_phrase (const char *text)
{
    g_autofree char *clean = encode_clean (text);
    if (!is_plain (clean))
        return encode_words (clean);
    for (const char *at = clean; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at) && strchr (" !#$%&'*+-/=?^_`{|}~", *at) == NULL)
            return quote (clean);
    return g_steal_pointer (&clean);
}

/* Bytes up to the next place to fold at. A short quoted string is kept whole: not everybody unfolds
 * inside of one. */
static gsize unfoldable_length (const char *at)
{
    gsize len = 0;
    while (at[len] != '\0' && at[len] != ' ') {
        if (at[len] == '"') {
            const char *close = strchr (at + len + 1, '"');
            if (close != NULL && close - at <= LINE_MAX_CHARS)
                len = (gsize)(close - at);
        }
        len++;
    }
    return len;
}

void encode_header (GString *out, const char *name, const char *value)
{
    g_string_append (out, name);
    g_string_append_c (out, ':');
    gsize column = strlen (name) + 1;
    for (const char *at = value; *at != '\0';) {
        gsize len = unfoldable_length (at);
        if (column > 1 && column + 1 + len > LINE_MAX_CHARS && at != value) {
            g_string_append (out, "\r\n");
            column = 0;
        }
        g_string_append_c (out, ' ');
        g_string_append_len (out, at, (gssize)len);
        column += len + 1;
        at += len;
        at += *at == ' ' ? 1 : 0;
    }
    g_string_append (out, "\r\n");
}

void encode_parameter (GString *value, const char *name, const char *text)
{
    g_autofree char *clean = encode_clean (text);
    if (is_plain (clean) && strlen (clean) <= PARAMETER_PIECE) {
        g_autofree char *quoted = quote (clean);
        g_string_append_printf (value, "; %s=%s", name, quoted);
        return;
    }
    g_autofree char *escaped = g_uri_escape_string (clean, NULL, FALSE);
    guint piece = 0;
    for (const char *at = escaped; *at != '\0'; piece++) {
        gsize len = MIN (strlen (at), (gsize)PARAMETER_PIECE);
        /* "%C3" stays in one piece. */
        for (gsize back = 1; back <= 2 && len > back && at[len] != '\0'; back++)
            if (at[len - back] == '%') {
                len -= back;
                break;
            }
        g_string_append_printf (value, "; %s*%u*=%s%.*s", name, piece, piece == 0 ? "utf-8''" : "",
                                (int)len, at);
        at += len;
    }
}

const char *encoding_name (Encoding encoding)
{
    static const char *const names[] = {"7bit", "quoted-printable", "base64"};
    return names[encoding];
}

Encoding encoding_for_text (const char *text, gsize line_max)
{
    gsize column = 0, odd = 0, len = 0;
    gboolean is_7bit = strstr (text, "\nFrom ") == NULL && !g_str_has_prefix (text, "From ") &&
                       strstr (text, ENCODE_BOUNDARY) == NULL;
    for (const char *at = text; *at != '\0'; at++, len++) {
        guchar c = (guchar)*at;
        column = c == '\n' ? 0 : column + 1;
        gboolean is_line_end = c == '\n' || (c == '\r' && at[1] == '\n');
        gboolean is_trailing = (c == ' ' || c == '\t') && (at[1] == '\n' || at[1] == '\r');
        if (c >= 0x7f || (c < ' ' && c != '\t' && !is_line_end))
            odd++;
        if (column > line_max || is_trailing)
            is_7bit = FALSE;
    }
    if (odd == 0)
        return is_7bit ? ENCODING_7BIT : ENCODING_QUOTED_PRINTABLE;
    return odd > len / 3 ? ENCODING_BASE64 : ENCODING_QUOTED_PRINTABLE;
}

/* Text with CRLF line ends, the last line included. */
static GString *with_crlf (const char *text)
{
    GString *out = g_string_sized_new (strlen (text) * 17 / 16 + 2);
    do {
        gsize len = strcspn (text, "\n");
        gboolean has_end = text[len] == '\n';
        g_string_append_len (out, text,
                             (gssize)(has_end && len > 0 && text[len - 1] == '\r' ? len - 1 : len));
        g_string_append (out, "\r\n");
        text += has_end ? len + 1 : len;
    } while (*text != '\0');
    return out;
}

/* Bytes of the line that begins here, with its end, when quoted-printable is the line itself; else
 * 0.
 */
static gsize plain_line (const char *line)
{
    gsize len = 0;
    while (len <= LINE_MAX_CHARS &&
           ((line[len] >= ' ' && line[len] < 0x7f && line[len] != '=') || line[len] == '\t'))
        len++;
    gboolean is_whole = line[len] == '\r' && line[len + 1] == '\n';
    gboolean has_blank_end = len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t');
    if (!is_whole || has_blank_end || len > LINE_MAX_CHARS || *line == '.' ||
        g_str_has_prefix (line, "From "))
        return 0;
    return len + 2;
}

/* RFC 2045 6.7; also hides a "From " and a lone dot at the begin of a line. */
static void encode_quoted_printable (GString *out, const GString *text)
{
    gsize column = 0;
    for (const char *at = text->str; *at != '\0'; at++) {
        guchar c = (guchar)*at;
        gsize plain = column == 0 ? plain_line (at) : 0;
        if (plain > 0) {
            g_string_append_len (out, at, (gssize)plain);
            at += plain - 1;
            continue;
        }
        if (c == '\r' && at[1] == '\n') {
            g_string_append (out, "\r\n");
            column = 0;
            at++;
            continue;
        }
        gboolean at_line_end = at[1] == '\r' && at[2] == '\n';
        gboolean is_literal =
            (c > ' ' && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !at_line_end);
        if (column == 0 && (c == '.' || (c == 'F' && g_str_has_prefix (at, "From "))))
            is_literal = FALSE;
        gsize need = is_literal ? 1 : 3;
        if (column + need > LINE_MAX_CHARS - (at_line_end ? 0 : 1)) {
            g_string_append (out, "=\r\n");
            column = 0;
            if (c == '.' || c == 'F') {
                is_literal = FALSE;
                need = 3;
            }
        }
        if (is_literal)
            g_string_append_c (out, (char)c);
        else
            g_string_append_printf (out, "=%02X", c);
        column += need;
    }
}

void encode_base64 (GString *out, const guchar *bytes, gsize len)
{
    for (gsize at = 0; at < len; at += BASE64_BYTES) {
        g_autofree char *line = g_base64_encode (bytes + at, MIN (len - at, (gsize)BASE64_BYTES));
        g_string_append (out, line);
        g_string_append (out, "\r\n");
    }
}

void encode_text (GString *out, const char *text, Encoding encoding)
{
    g_autoptr (GString) lines = with_crlf (text);
    if (encoding == ENCODING_BASE64)
        encode_base64 (out, (const guchar *)lines->str, lines->len);
    else if (encoding == ENCODING_QUOTED_PRINTABLE)
        encode_quoted_printable (out, lines);
    else
        g_string_append_len (out, lines->str, (gssize)lines->len);
}
