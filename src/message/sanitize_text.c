/* sanitize_text.c - see sanitize_text.h. One pass over the lines, one over the characters of each.
 */
#include "sanitize_text.h"

#include <string.h>

#include "sanitize_url.h"

enum { QUOTES_MAX = 12, TAB = 8, EMAIL_MAX = 254 };

typedef struct {
    GString *out;
    guint quotes; /* open blockquotes */
    gboolean in_paragraph;
} Writer;

void sanitize_append_char (GString *out, gunichar c)
{
    static const struct {
        gunichar c;
        const char *markup;
    } escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {0xa0, "&nbsp;"}};
    for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
        if (escapes[i].c == c) {
            g_string_append (out, escapes[i].markup);
            return;
        }
    if (c == '\r')
        c = '\n';
    gboolean is_control = (c < ' ' && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
    gboolean is_override = c == 0x202d || c == 0x202e; /* show other text than there is */
    gboolean is_none = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    if (!is_control && !is_override)
        g_string_append_unichar (out, is_none ? 0xfffd : c); /* as parsers do */
}

/* ASCII that stands for itself in HTML. */
static gboolean is_plain (char c)
{
    return c >= ' ' && c < 0x7f && c != '&' && c != '<' && c != '>' && c != '"';
}

static gsize plain_run (const char *at, const char *end)
{
    gsize len = 0;
    while (at + len < end && is_plain (at[len]))
        len++;
    return len;
}

static void append_text (GString *out, const char *at, const char *end)
{
    while (at < end) {
        gsize plain = plain_run (at, end);
        g_string_append_len (out, at, (gssize)plain);
        at += plain;
        if (at == end)
            return;
        if (*at != '\r' || at[1] != '\n')
            sanitize_append_char (out, g_utf8_get_char (at));
        at = g_utf8_next_char (at);
    }
}

void sanitize_append_text (GString *out, const char *text)
{
    append_text (out, text, text + strlen (text));
}

static void append_link (GString *out, const char *url, const char *text, gsize text_len)
{
    g_autofree char *shown = g_strndup (text, text_len);
    g_string_append (out, "<a href=\"");
    sanitize_append_text (out, url);
    g_string_append (out, "\" rel=\"" SANITIZE_LINK_REL "\">");
    sanitize_append_text (out, shown);
    g_string_append (out, "</a>");
}

/* Bytes of the address that begins here, without the punctuation of the sentence around it. */
static gsize url_extent (const char *at, const char *end)
{
    gsize len = 0;
    gint open = 0;
    const char *behind = at;
    while (behind < end) {
        gunichar c = g_utf8_get_char (behind);
        if (c <= ' ' || c == 0x7f || strchr ("<>\"`", (int)MIN (c, 0x7fu)) != NULL ||
            (c >= 0x80 && !g_unichar_isalnum (c)))
            break;
        open += c == '(' ? 1 : c == ')' ? -1 : 0;
        behind = g_utf8_next_char (behind);
        if (open < 0)
            break;
        if (c >= 0x80 || strchr (".,;:!?'*_~]", (int)c) == NULL)
            len = (gsize)(behind - at);
    }
    return open < 0 && len == (gsize)(behind - at) ? len - 1 : len;
}

/* A web address here: writes it and returns its bytes; else 0. */
static gsize write_url (GString *out, const char *at, const char *end)
{
    static const char *const begins[] = {"https://", "http://", "www.", "mailto:"};
    for (gsize i = 0; i < G_N_ELEMENTS (begins); i++) {
        gsize begin_len = strlen (begins[i]);
        if ((gsize)(end - at) <= begin_len || g_ascii_strncasecmp (at, begins[i], begin_len) != 0)
            continue;
        gsize len = url_extent (at, end);
        if (len <= begin_len)
            return 0;
        g_autofree char *text =
            g_strdup_printf ("%s%.*s", begins[i][0] == 'w' ? "http://" : "", (int)len, at);
        g_autofree char *url = sanitize_url (text);
        if (url != NULL) {
            append_link (out, url, at, len);
        } else {
            g_autofree char *plain = g_strndup (at, len);
            sanitize_append_text (out, plain);
        }
        return len;
    }
    return 0;
}

static gboolean is_local_char (guchar c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&*+-/=?^_{|}~.", c) != NULL);
}

/* A mail address here: writes it and returns its bytes; else writes up to the end of what could
 * have been one, so that nothing is looked at twice. 0 when there is not even that. */
static gsize write_email (GString *out, const char *at, const char *end)
{
    gsize local = 0, left = (gsize)(end - at);
    while (local < left && is_local_char ((guchar)at[local]))
        local++;
    gsize len = local, dots = 0;
    if (local > 0 && local < left && at[local] == '@') {
        gsize host = local + 1;
        for (; host < left && (g_ascii_isalnum (at[host]) || at[host] == '-' || at[host] == '.');
             host++)
            dots += at[host] == '.' && g_ascii_isalnum (at[host + 1]) ? 1 : 0;
        while (host > local + 1 && !g_ascii_isalnum (at[host - 1]))
            host--;
        len = host;
    }
    if (dots > 0 && len <= EMAIL_MAX && g_ascii_isalnum (at[0]) &&
        g_strstr_len (at, (gssize)len, "..") == NULL && g_ascii_isalnum (at[local + 1])) {
        g_autofree char *text = g_strndup (at, len);
        g_autofree char *escaped = g_uri_escape_string (text, "@", FALSE);
        g_autofree char *url = g_strconcat ("mailto:", escaped, NULL);
        append_link (out, url, at, len);
    } else {
        append_text (out, at, at + len);
    }
    return len;
}

/* One line without its line end. Blanks that HTML would fold become no-break spaces. */
static void write_line (GString *out, const char *line, const char *end)
{
    gsize column = 0;
    gboolean at_word = TRUE, after_blank = TRUE;
    for (const char *at = line; at < end;) {
        if (*at == ' ' || *at == '\t') {
            gsize width = *at == ' ' ? 1 : TAB - column % TAB;
            gboolean is_run = width > 1 || after_blank || (at + 1 < end && at[1] == '\t');
            for (gsize i = 0; i < width; i++)
                g_string_append (out, is_run ? "&nbsp;" : " ");
            column += width;
            at_word = after_blank = TRUE;
            at++;
            continue;
        }
        gsize used = at_word ? write_url (out, at, end) : 0;
        if (used == 0 && at_word)
            used = write_email (out, at, end);
        gunichar c = g_utf8_get_char (at);
        if (used == 0) {
            sanitize_append_char (out, c);
            used = (gsize)(g_utf8_next_char (at) - at);
            at_word =
                c < 0x80 ? strchr ("<([{,;:\"'|>=*_", (int)c) != NULL : !g_unichar_isalnum (c);
        } else {
            at_word = FALSE;
        }
        after_blank = FALSE;
        column += used;
        at += used;
    }
}

static void end_paragraph (Writer *writer)
{
    if (writer->in_paragraph)
        g_string_append (writer->out, "</p>\n");
    writer->in_paragraph = FALSE;
}

static void set_quotes (Writer *writer, guint quotes)
{
    if (quotes != writer->quotes)
        end_paragraph (writer);
    for (; writer->quotes < quotes; writer->quotes++)
        g_string_append (writer->out, "<blockquote>\n");
    for (; writer->quotes > quotes; writer->quotes--)
        g_string_append (writer->out, "</blockquote>\n");
}

/* Counts and passes the quote marks: "> > x", ">>x". One blank behind the last is part of it. */
static const char *skip_quote_marks (const char *line, const char *end, guint *ret_quotes)
{
    const char *at = line;
    for (*ret_quotes = 0; at < end && *ret_quotes < QUOTES_MAX; (*ret_quotes)++) {
        gboolean is_spaced = *ret_quotes > 0 && *at == ' ' && at + 1 < end && at[1] == '>';
        if (!is_spaced && *at != '>')
            break;
        at += is_spaced ? 2 : 1;
    }
    return *ret_quotes > 0 && at < end && *at == ' ' ? at + 1 : at;
}

static gboolean is_blank (const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at == end;
}

char *sanitize_text_markup (const char *text)
{
    g_autofree char *valid = g_utf8_make_valid (text, -1);
    Writer writer = {.out = g_string_sized_new (strlen (valid) + 16)};
    for (const char *line = valid; *line != '\0';) {
        const char *newline = line + strcspn (line, "\n");
        const char *end = newline > line && newline[-1] == '\r' ? newline - 1 : newline;
        guint quotes = 0;
        const char *content = skip_quote_marks (line, end, &quotes);
        set_quotes (&writer, quotes);
        if (is_blank (content, end)) {
            end_paragraph (&writer);
        } else {
            g_string_append (writer.out, writer.in_paragraph ? "<br>\n" : "<p>");
            writer.in_paragraph = TRUE;
            write_line (writer.out, content, end);
        }
        line = *newline == '\0' ? newline : newline + 1;
    }
    end_paragraph (&writer);
    set_quotes (&writer, 0);
    return g_string_free (writer.out, FALSE);
}
