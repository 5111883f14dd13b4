/* fields.c - see fields.h.
 *
 * (I1) Linear: a line is looked at once, and AHEAD_LINES times more when lines before it are junk.
 * (I2) reader->at never passes reader->end. */
#include "fields.h"

#include <string.h>

#define AHEAD_LINES 12 /* looked at behind a line of junk */

/* The length of the line at this place without its line end; *ret_next is the place behind it. */
static gsize line_length (const FieldReader *reader, gsize at, gsize *ret_next)
{
    const char *line = reader->data + at;
    const char *end = memchr (line, '\n', reader->end - at);
    gsize len = end != NULL ? (gsize)(end - line) : reader->end - at;
    *ret_next = at + len + (end != NULL ? 1 : 0);
    while (len > 0 && line[len - 1] == '\r')
        len--;
    return len;
}

/* The length of the name when the line is a field, else 0; *ret_colon is the place of its colon. */
static gsize name_length (const char *line, gsize len, gsize *ret_colon)
{
    gsize n = 0;
    while (n < len && (guchar)line[n] > ' ' && (guchar)line[n] < 0x7f && line[n] != ':')
        n++;
    gsize colon = n;
    while (colon < len && (line[colon] == ' ' || line[colon] == '\t'))
        colon++;
    *ret_colon = colon;
    return colon < len && line[colon] == ':' ? n : 0;
}

/* Names that are believed behind a line of junk. */
static gboolean is_known_name (const char *name, gsize len)
{
    static const char *const known[] = {
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "received",
        "reply-to",
        "sender",
        "in-reply-to",
        "references",
        "return-path",
        "delivered-to",
        "user-agent",
        "importance",
        "priority",
        "precedence",
        "organization",
        "thread-topic",
        "thread-index",
        "dkim-signature",
        "status",
        "errors-to",
        "lines",
        "comments",
        "keywords",
    };
    static const char *const prefixes[] = {"content-", "x-", "list-", "resent-", "auto-", "arc-"};
    for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
        if (strlen (known[i]) == len && g_ascii_strncasecmp (known[i], name, len) == 0)
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++) {
        gsize size = strlen (prefixes[i]);
        if (len > size && g_ascii_strncasecmp (prefixes[i], name, size) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_blank (char c)
{
    return c == ' ' || c == '\t';
}

/* Whether the block goes on behind a line that is no field: fields follow, a known one among the
 * first of them. */
static gboolean goes_on (const FieldReader *reader, gsize at)
{
    for (guint lines = 0; lines < AHEAD_LINES && at < reader->end; lines++) {
        gsize next, colon;
        gsize len = line_length (reader, at, &next);
        const char *line = reader->data + at;
        gsize name_len = name_length (line, len, &colon);
        if (name_len > 0 && is_known_name (line, name_len))
            return TRUE;
        if (len == 0 || (name_len == 0 && (lines == 0 || !is_blank (line[0]))))
            return FALSE;
        at = next;
    }
    return FALSE;
}

static gboolean is_mbox_line (const char *line, gsize len)
{
    return (len > 5 && memcmp (line, "From ", 5) == 0) ||
           (len > 6 && memcmp (line, ">From ", 6) == 0);
}

/* Passes over what may stand before the first field of a message. */
static void skip_top (FieldReader *reader)
{
    gsize at = reader->at;
    reader->is_top = FALSE;
    if (reader->end - at >= 3 && memcmp (reader->data + at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    for (;;) {
        gsize next, colon;
        if (at >= reader->end)
            return;
        const char *line = reader->data + at;
        gsize len = line_length (reader, at, &next);
        if (name_length (line, len, &colon) > 0) {
            reader->at = at;
            return;
        }
        if (len > 0 && !is_mbox_line (line, len))
            return;
        at = next;
        if (len > 0)
            reader->at = at;
    }
}

gboolean field_next (FieldReader *reader, Field *ret_field)
{
    if (reader->is_top)
        skip_top (reader);
    while (reader->at < reader->end) {
        gsize next, colon;
        const char *line = reader->data + reader->at;
        gsize len = line_length (reader, reader->at, &next);
        if (len == 0) {
            reader->at = next;
            return FALSE;
        }
        if (reader->stop != NULL && reader->stop (reader->stop_data, line, len))
            return FALSE;
        gsize name_len = name_length (line, len, &colon);
        if (name_len == 0) {
            if (!is_blank (line[0]) && !is_mbox_line (line, len) && !goes_on (reader, next))
                return FALSE;
            reader->at = next;
            continue;
        }
        ret_field->name = line;
        ret_field->name_len = name_len;
        ret_field->value = line + colon + 1;
        while (next < reader->end && is_blank (reader->data[next]))
            line_length (reader, next, &next);
        ret_field->value_len = (gsize)(reader->data + next - ret_field->value);
        reader->at = next;
        return TRUE;
    }
    return FALSE;
}

gboolean field_is (const Field *field, const char *name)
{
    return strlen (name) == field->name_len &&
           g_ascii_strncasecmp (name, field->name, field->name_len) == 0;
}

GString *field_unfold (const Field *field)
{
    GString *out = g_string_sized_new (field->value_len + 1);
    gsize at = 0;
    while (at < field->value_len) {
        const char *line = field->value + at;
        const char *end = memchr (line, '\n', field->value_len - at);
        gsize len = end != NULL ? (gsize)(end - line) : field->value_len - at;
        at += len + 1;
        while (len > 0 && (g_ascii_isspace (*line))) {
            line++;
            len--;
        }
        while (len > 0 && g_ascii_isspace (line[len - 1]))
            len--;
        if (len > 0 && out->len > 0)
            g_string_append_c (out, ' ');
        g_string_append_len (out, line, (gssize)len);
    }
    return out;
}
