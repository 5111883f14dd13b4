/* mailout_body.c - see mailout_body.h.
 *
 *   multipart/mixed                    only with attached messages; multipart/report for a report
 *   +- multipart/alternative           only with both texts
 *   |  +- text/plain
 *   |  +- multipart/related            only with inline images
 *   |     +- text/html
 *   |     +- image/...
 *   +- message/delivery-status         only of a report
 *   +- message/rfc822
 *
 * An entity is its headers, an empty line and its encoded body, ending in CRLF. */
#include "mailout_body.h"

#include <string.h>

#include "mailout_encode.h"

/* Of a 7bit body, longer lines are wrapped by quoted-printable: a text as people may see it
 * (RFC 5322 2.1.1), markup only where a line could be too long for SMTP. */
enum { PLAIN_LINE_MAX = 78, MARKUP_LINE_MAX = 900, RAW_LINE_MAX = 998 };

struct MailOutBody {
    char *text, *html;   /* valid UTF-8 or NULL */
    GPtrArray *images;   /* of GString: entities */
    GPtrArray *messages; /* of GString: entities */
    gboolean is_report;  /* the first of the messages is a delivery status */
};

static void free_entity (gpointer entity)
{
    g_string_free (entity, TRUE);
}

MailOutBody *mailout_body_new (void)
{
    MailOutBody *body = g_new0 (MailOutBody, 1);
    body->images = g_ptr_array_new_with_free_func (free_entity);
    body->messages = g_ptr_array_new_with_free_func (free_entity);
    return body;
}

void mailout_body_free (MailOutBody *body)
{
    g_free (body->text);
    g_free (body->html);
    g_ptr_array_unref (body->images);
    g_ptr_array_unref (body->messages);
    g_free (body);
}

void mailout_body_text (MailOutBody *body, const char *text)
{
    g_free (body->text);
    body->text = g_utf8_make_valid (text, -1);
}

void mailout_body_html (MailOutBody *body, const char *html)
{
    g_free (body->html);
    body->html = g_utf8_make_valid (html, -1);
}

/* A file name of one line without path. Owned. */
static char *file_name (const char *name)
{
    char *clean = encode_clean (name);
    return g_strdelimit (clean, "/\\", '_');
}

/* The type when it is token/token, else a type that no client acts on. Owned. */
static char *media_type (const char *type)
{
    guint slashes = 0;
    for (const char *at = type == NULL ? "" : type; *at != '\0'; at++) {
        slashes += *at == '/' ? 1 : 0;
        if (!g_ascii_isalnum (*at) && strchr ("/!#$&-^_.+", *at) == NULL)
            slashes = 2;
        if (slashes == 2)
            break;
    }
    gboolean is_good =
        slashes == 1 && type[0] != '/' && !g_str_has_suffix (type, "/") && strlen (type) < 80;
    return is_good ? g_ascii_strdown (type, -1) : g_strdup ("application/octet-stream");
}

static void write_disposition (GString *out, const char *kind, const char *name)
{
    g_autoptr (GString) value = g_string_new (kind);
    g_autofree char *clean = file_name (name);
    if (clean[0] != '\0')
        encode_parameter (value, "filename", clean);
    encode_header (out, "Content-Disposition", value->str);
}

static GString *text_entity (const char *type, gsize line_max, const char *text)
{
    GString *out = g_string_new (NULL);
    Encoding encoding = encoding_for_text (text, line_max);
    g_autofree char *value = g_strconcat (type, "; charset=utf-8", NULL);
    encode_header (out, "Content-Type", value);
    encode_header (out, "Content-Transfer-Encoding", encoding_name (encoding));
    g_string_append (out, "\r\n");
    encode_text (out, text, encoding);
    return out;
}

void mailout_body_inline (MailOutBody *body, const char *angle_id, const char *type,
                          const char *name, GBytes *bytes)
{
    GString *out = g_string_new (NULL);
    g_autofree char *clean_type = media_type (type);
    encode_header (out, "Content-Type", clean_type);
    encode_header (out, "Content-Transfer-Encoding", "base64");
    encode_header (out, "Content-ID", angle_id);
    write_disposition (out, "inline", name);
    g_string_append (out, "\r\n");
    gsize len = 0;
    const guchar *data = g_bytes_get_data (bytes, &len);
    encode_base64 (out, data, len);
    g_ptr_array_add (body->images, out);
}

/* Whether a line begins as a boundary of ours does: "------=_NextPart" of others is none. */
static gboolean has_boundary (const char *raw, gsize len)
{
    static const char boundary[] = "\n--" ENCODE_BOUNDARY;
    return g_strstr_len (raw, (gssize)MIN (len, sizeof boundary - 2), boundary + 1) != NULL ||
           g_strstr_len (raw, (gssize)len, boundary) != NULL;
}

/* Whether a message can travel as it is: 7-bit lines that end in LF or CRLF. */
static gboolean is_7bit_message (const char *raw, gsize len)
{
    gsize column = 0;
    if (has_boundary (raw, len))
        return FALSE;
    for (gsize i = 0; i < len; i++) {
        guchar c = (guchar)raw[i];
        gboolean is_bare_cr = c == '\r' && (i + 1 == len || raw[i + 1] != '\n');
        column = c == '\n' ? 0 : column + 1;
        if (c >= 0x80 || c == 0 || is_bare_cr || column > RAW_LINE_MAX)
            return FALSE;
    }
    return TRUE;
}

/* RFC 2046 5.2.1 allows message/rfc822 no base64: what is not 7-bit goes as a file of its bytes. */
void mailout_body_attach (MailOutBody *body, const char *name, GBytes *raw)
{
    GString *out = g_string_new (NULL);
    gsize len = 0;
    const char *data = g_bytes_get_data (raw, &len);
    gboolean is_7bit = len > 0 && is_7bit_message (data, len);
    encode_header (out, "Content-Type", is_7bit ? "message/rfc822" : "application/octet-stream");
    encode_header (out, "Content-Transfer-Encoding", is_7bit ? "7bit" : "base64");
    write_disposition (out, "attachment", name);
    g_string_append (out, "\r\n");
    if (is_7bit) {
        g_autofree char *copy = g_strndup (data, len);
        encode_text (out, copy, ENCODING_7BIT);
    } else {
        encode_base64 (out, (const guchar *)data, len);
    }
    g_ptr_array_add (body->messages, out);
}

void mailout_body_report (MailOutBody *body, const char *status)
{
    GString *out = g_string_new (NULL);
    g_autofree char *ascii = g_str_to_ascii (status, "C");
    char *mark;
    while ((mark = strstr (ascii, ENCODE_BOUNDARY)) != NULL)
        *mark = '-';
    encode_header (out, "Content-Type", "message/delivery-status");
    encode_header (out, "Content-Transfer-Encoding", encoding_name (ENCODING_7BIT));
    g_string_append (out, "\r\n");
    encode_text (out, ascii, ENCODING_7BIT);
    g_ptr_array_insert (body->messages, 0, out);
    body->is_report = TRUE;
}

/* Joins entities. Nothing in them looks like the boundary: quoted-printable and base64 never have
 * "=_"; text that has it, and a message with a line that begins so, are not sent as 7bit. Levels
 * differ by subtype.
 */
static GString *multipart_entity (const char *subtype, const char *parameters, GPtrArray *entities)
{
    g_autofree char *boundary = g_strconcat (ENCODE_BOUNDARY, subtype, NULL);
    g_autofree char *value =
        g_strdup_printf ("multipart/%s; boundary=\"%s\"%s", subtype, boundary, parameters);
    GString *out = g_string_new (NULL);
    encode_header (out, "Content-Type", value);
    g_string_append (out, "\r\n");
    for (guint i = 0; i < entities->len; i++) {
        const GString *entity = entities->pdata[i];
        g_string_append_printf (out, "--%s\r\n", boundary);
        g_string_append_len (out, entity->str, (gssize)entity->len);
        g_string_append (out, "\r\n");
    }
    g_string_append_printf (out, "--%s--\r\n", boundary);
    return out;
}

/* `take_first` followed by copies of `others` under one multipart; alone when there are none. */
static GString *wrap (const char *subtype, const char *parameters, GString *take_first,
                      const GPtrArray *others)
{
    if (others->len == 0)
        return take_first;
    g_autoptr (GPtrArray) all = g_ptr_array_new();
    g_ptr_array_add (all, take_first);
    for (guint i = 0; i < others->len; i++)
        g_ptr_array_add (all, others->pdata[i]);
    GString *out = multipart_entity (subtype, parameters, all);
    g_string_free (take_first, TRUE);
    return out;
}

static GString *content_entity (const MailOutBody *body)
{
    GString *html = NULL;
    if (body->html != NULL)
        html = wrap ("related", "; type=\"text/html\"",
                     text_entity ("text/html", MARKUP_LINE_MAX, body->html), body->images);
    if (html != NULL && body->text == NULL)
        return html;
    GString *text =
        text_entity ("text/plain", PLAIN_LINE_MAX, body->text == NULL ? "" : body->text);
    g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (free_entity);
    if (html != NULL)
        g_ptr_array_add (others, html);
    return wrap ("alternative", "", text, others);
}

void mailout_body_write (const MailOutBody *body, GString *out)
{
    const char *subtype = body->is_report ? "report" : "mixed";
    const char *parameters = body->is_report ? "; report-type=delivery-status" : "";
    g_autoptr (GString) entity = wrap (subtype, parameters, content_entity (body), body->messages);
    g_string_append_len (out, entity->str, (gssize)entity->len);
}
