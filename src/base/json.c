/* json.c - see json.h.
 *
 * (I1) Whatever is written is valid UTF-8: text is checked byte by byte and damaged sequences are
 *      replaced.
 * (I2) Commas, nesting and closing brackets come from a stack, never from the caller. */
#include "json.h"

#include <math.h>
#include <string.h>

struct Json {
    GString *out;
    GString *closers;    /* one of "}]" for each open level */
    gboolean has_member; /* the innermost level is not empty */
    guint indent;
};

static const char *const short_escapes[128] = {
    ['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r",
    ['\t'] = "\\t", ['\b'] = "\\b",  ['\f'] = "\\f",
};

/* U+0080 to U+009F: terminals take some of them for the begin of a command. */
static gboolean is_upper_control (const char *at)
{
    return (guchar)at[0] == 0xc2 && (guchar)at[1] >= 0x80 && (guchar)at[1] <= 0x9f;
}

/* Appends bytes known to be valid UTF-8, escaped; plain stretches are copied whole. */
static void append_escaped (GString *out, const char *text, gsize len)
{
    const char *end = text + len;
    const char *plain = text;
    for (const char *at = text; at < end; at++) {
        guchar byte = (guchar)*at;
        if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f && !is_upper_control (at))
            continue;
        g_string_append_len (out, plain, at - plain);
        if (byte == 0xc2)
            byte = (guchar) * ++at;
        plain = at + 1;
        if (byte < 0x80 && short_escapes[byte] != NULL)
            g_string_append (out, short_escapes[byte]);
        else
            g_string_append_printf (out, "\\u%04x", byte);
    }
    g_string_append_len (out, plain, end - plain);
}

void json_append_quoted (GString *out, const char *text)
{
    gsize rest = strlen (text);
    g_string_append_c (out, '"');
    while (rest > 0) {
        const char *bad = NULL;
        g_utf8_validate (text, (gssize)rest, &bad);
        gsize good = (gsize)(bad - text);
        append_escaped (out, text, good);
        if (good == rest)
            break;
        g_string_append (out, "\xef\xbf\xbd");
        text += good + 1;
        rest -= good + 1;
    }
    g_string_append_c (out, '"');
}

static void new_line (Json *json)
{
    if (json->indent == 0)
        return;
    g_string_append_c (json->out, '\n');
    for (gsize n = json->closers->len * json->indent; n > 0; n--)
        g_string_append_c (json->out, ' ');
}

/* What comes before every value: comma, line break, key. */
static void begin_value (Json *json, const char *key)
{
    gsize depth = json->closers->len;
    gboolean in_object = depth > 0 && json->closers->str[depth - 1] == '}';
    g_assert (in_object == (key != NULL));
    g_assert (depth > 0 || json->out->len == 0);
    if (json->has_member)
        g_string_append (json->out, json->indent == 0 ? ", " : ",");
    if (depth > 0)
        new_line (json);
    if (key != NULL) {
        json_append_quoted (json->out, key);
        g_string_append (json->out, ": ");
    }
    json->has_member = TRUE;
}

static void open_level (Json *json, const char *key, char opener, char closer)
{
    begin_value (json, key);
    g_string_append_c (json->out, opener);
    g_string_append_c (json->closers, closer);
    json->has_member = FALSE;
}

Json *json_new (guint indent)
{
    Json *json = g_new0 (Json, 1);
    json->out = g_string_new (NULL);
    json->closers = g_string_new (NULL);
    json->indent = indent;
    return json;
}

void json_free (Json *json)
{
    if (json == NULL)
        return;
    g_string_free (json->out, TRUE);
    g_string_free (json->closers, TRUE);
    g_free (json);
}

void json_open_object (Json *json, const char *key)
{
    open_level (json, key, '{', '}');
}

void json_open_array (Json *json, const char *key)
{
    open_level (json, key, '[', ']');
}

void json_close (Json *json)
{
    gsize depth = json->closers->len;
    g_assert (depth > 0);
    char closer = json->closers->str[depth - 1];
    g_string_truncate (json->closers, depth - 1);
    if (json->has_member)
        new_line (json);
    g_string_append_c (json->out, closer);
    json->has_member = TRUE;
}

void json_text (Json *json, const char *key, const char *text)
{
    begin_value (json, key);
    if (text == NULL)
        g_string_append (json->out, "null");
    else
        json_append_quoted (json->out, text);
}

void json_int (Json *json, const char *key, gint64 number)
{
    begin_value (json, key);
    g_string_append_printf (json->out, "%" G_GINT64_FORMAT, number);
}

void json_double (Json *json, const char *key, double number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    begin_value (json, key);
    if (isfinite (number))
        g_string_append (json->out, g_ascii_formatd (digits, sizeof digits, "%.6g", number));
    else
        g_string_append (json->out, "null");
}

void json_bool (Json *json, const char *key, gboolean value)
{
    begin_value (json, key);
    g_string_append (json->out, value ? "true" : "false");
}

void json_null (Json *json, const char *key)
{
    json_text (json, key, NULL);
}

const char *json_get (const Json *json)
{
    return json->out->str;
}
