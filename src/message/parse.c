/* parse.c - bytes to Message, see message.h.
 *
 *   fields of the top -> structure (one pass over the lines) -> roles -> bodies -> decoded fields
 *
 * The fields are decoded last: raw 8-bit text in them is read in the charset that the body
 * declares.
 *
 * (I1) Linear in the size of the message, whatever it is; nothing recurses on input.
 * (I2) Every string of a Message is valid UTF-8; those of one line have no controls.
 * (I3) Past a bound the message is opaque: fields, but no parts and no text. */
#include "message.h"

#include "address_list.h"
#include "body.h"
#include "charset.h"
#include "charset_guess.h"
#include "dates.h"
#include "parts.h"
#include "sanitize.h"
#include "structure.h"
#include "text.h"
#include "words.h"

#include <string.h>

#define IDS_MAX 1000
#define GUESS_BYTES (64 * 1024)

static const MessageLimits default_limits = {
    .header_bytes = 1024 * 1024,
    .header_count = 10000,
    .nesting = 30,
    .parts = 1000,
    .text_bytes = 4 * 1024 * 1024,
    .addresses = 10000,
};

/* A Message with what only this file frees. */
typedef struct {
    Message public;
    GStringChunk *strings;
    char *text, *html;
    GBytes *lines; /* the message with line ends that are LF: raw itself, nearly always */
} Whole;

/* What one parse works with. */
typedef struct {
    Whole *whole;
    const char *data;
    gsize len;
    MessageLimits limits;
    GArray *fields; /* of Field: those of the top, as they stand */
    const char *fallback;
} Parser;

static MessageLimits complete_limits (const MessageLimits *given)
{
    MessageLimits limits = given != NULL ? *given : default_limits;
#define DEFAULT(name) limits.name = limits.name != 0 ? limits.name : default_limits.name
    DEFAULT (header_bytes);
    DEFAULT (header_count);
    DEFAULT (nesting);
    DEFAULT (parts);
    DEFAULT (text_bytes);
    DEFAULT (addresses);
#undef DEFAULT
    return limits;
}

static void set_opaque (Message *message, const char *reason)
{
    if (message->is_opaque)
        return;
    message->is_opaque = TRUE;
    message->opaque_reason = reason;
}

/* Collects the fields of the top. Returns where the body begins. */
static gsize read_fields (Parser *parser, Structure *structure)
{
    Message *message = &parser->whole->public;
    gsize end = MIN (parser->len, parser->limits.header_bytes);
    FieldReader reader = {.data = parser->data,
                          .end = parser->len,
                          .is_top = TRUE,
                          .stop = structure_is_boundary,
                          .stop_data = structure};
    Field field;
    while (field_next (&reader, &field)) {
        if (reader.at > end) {
            set_opaque (message, "header-size");
            break;
        }
        if (parser->fields->len >= parser->limits.header_count) {
            set_opaque (message, "header-count");
            break;
        }
        g_array_append_val (parser->fields, field);
        structure_field (structure, &field);
    }
    return reader.at;
}

/* The charset for text that declares none: the first one that a part names; else what the whole
 * looks like, since a subject alone is short for a guess. */
static const char *find_fallback (const Parser *parser)
{
    const Message *message = &parser->whole->public;
    const gsize len = MIN (parser->len, GUESS_BYTES);
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->charset != NULL && charset_is_known (part->charset))
            return part->charset;
    }
    if (charset_is_plain (parser->data, len) || g_utf8_validate (parser->data, (gssize)len, NULL))
        return NULL;
    return charset_guess (parser->data, len);
}

static void add_header (Parser *parser, const Field *field, const GString *value)
{
    Whole *whole = parser->whole;
    Header *header = g_new (Header, 1);
    header->name = g_string_chunk_insert_len (whole->strings, field->name, (gssize)field->name_len);
    if (charset_is_plain (value->str, value->len)) {
        char *kept = g_string_chunk_insert_len (whole->strings, value->str, (gssize)value->len);
        header->value = words_tidy (kept);
    } else {
        g_autofree char *utf8 =
            words_tidy (charset_to_utf8 (value->str, value->len, NULL, parser->fallback, NULL));
        header->value = g_string_chunk_insert (whole->strings, utf8);
    }
    g_ptr_array_add (whole->public.headers, header);
}

/* Adds one id without blanks: folding may have put some in. */
static void add_id (Parser *parser, GPtrArray *ids, const char *text, gsize len)
{
    g_autoptr (GString) id = g_string_sized_new (len + 1);
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isspace (text[i]))
            g_string_append_c (id, text[i]);
    if (id->len > 0)
        g_ptr_array_add (
            ids, g_string_chunk_insert_len (parser->whole->strings, id->str, (gssize)id->len));
}

/* The ids of a field: what stands in <...>; words with an "@" where nothing does. */
static void add_ids (Parser *parser, GPtrArray *ids, const char *value)
{
    gboolean has_brackets = strchr (value, '<') != NULL;
    while (*value != '\0' && ids->len < IDS_MAX) {
        value += has_brackets ? strcspn (value, "<") : strspn (value, " \t,");
        value += has_brackets ? strspn (value, "<") : 0;
        gsize len = strcspn (value, has_brackets ? ">" : " \t,");
        if (has_brackets || memchr (value, '@', len) != NULL)
            add_id (parser, ids, value, len);
        value += len;
    }
}

static void set_subject (Parser *parser, const GString *raw, const char *value)
{
    (void)value;
    g_autofree char *text = words_decode (raw->str, raw->len, parser->fallback);
    parser->whole->public.subject = g_string_chunk_insert (parser->whole->strings, text);
}

static void set_message_id (Parser *parser, const GString *raw, const char *value)
{
    (void)raw;
    g_autoptr (GPtrArray) ids = g_ptr_array_new();
    add_ids (parser, ids, value);
    if (ids->len == 0 && strpbrk (value, "<>") == NULL)
        add_id (parser, ids, value, strcspn (value, " \t"));
    if (ids->len > 0)
        parser->whole->public.message_id = ids->pdata[0];
}

static void set_date (Parser *parser, const GString *raw, const char *value)
{
    (void)raw;
    Message *message = &parser->whole->public;
    message->has_date = date_parse (value, &message->date_ms, &message->date_offset_minutes);
}

static void add_in_reply_to (Parser *parser, const GString *raw, const char *value)
{
    (void)raw;
    add_ids (parser, parser->whole->public.in_reply_to, value);
}

static void add_references (Parser *parser, const GString *raw, const char *value)
{
    (void)raw;
    add_ids (parser, parser->whole->public.references, value);
}

/* Fields that end up in members of Message. Addresses of repeated fields are joined; of the others
 * the first that says something counts. */
static const struct {
    const char *name;
    gsize list; /* offset of a GPtrArray of Address in Message; 0: none */
    gsize once; /* offset of a pointer in Message that is set when it was found; 0: always */
    void (*set) (Parser *parser, const GString *raw, const char *value);
} members[] = {
    {"From", G_STRUCT_OFFSET (Message, from), 0, NULL},
    {"Sender", G_STRUCT_OFFSET (Message, sender), 0, NULL},
    {"Reply-To", G_STRUCT_OFFSET (Message, reply_to), 0, NULL},
    {"To", G_STRUCT_OFFSET (Message, to), 0, NULL},
    {"Cc", G_STRUCT_OFFSET (Message, cc), 0, NULL},
    {"Subject", 0, G_STRUCT_OFFSET (Message, subject), set_subject},
    {"Message-ID", 0, G_STRUCT_OFFSET (Message, message_id), set_message_id},
    {"Date", 0, 0, set_date},
    {"In-Reply-To", 0, 0, add_in_reply_to},
    {"References", 0, 0, add_references},
};

/* Gives a field its place in Message, if it has one. */
static void set_member (Parser *parser, const Field *field, const GString *raw)
{
    Message *message = &parser->whole->public;
    const Header *header = message->headers->pdata[message->headers->len - 1];
    for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
        if (!field_is (field, members[i].name))
            continue;
        if (members[i].list != 0)
            address_list_add (G_STRUCT_MEMBER (GPtrArray *, message, members[i].list), raw->str,
                              raw->len, parser->fallback, parser->limits.addresses);
        else if (members[i].set == set_date && message->has_date)
            return;
        else if (members[i].once == 0 || G_STRUCT_MEMBER (char *, message, members[i].once) == NULL)
            members[i].set (parser, raw, header->value);
        return;
    }
}

static void decode_fields (Parser *parser)
{
    for (guint i = 0; i < parser->fields->len; i++) {
        const Field *field = &g_array_index (parser->fields, Field, i);
        g_autoptr (GString) raw = field_unfold (field);
        add_header (parser, field, raw);
        set_member (parser, field, raw);
    }
    if (parser->whole->public.subject == NULL)
        parser->whole->public.subject = "";
}

/* The body of a winmail.dat counts where the message itself has none. */
static void add_winmail (Body *body, WinmailBody *winmail)
{
    gboolean has_body = body->has_html || body->text->len > 0;
    if (!has_body && winmail->text != NULL)
        body_add_text (body, winmail->text);
    if (!has_body && winmail->html != NULL)
        body_add_html (body, winmail->html);
    g_free (winmail->text);
    g_free (winmail->html);
}

/* Text and HTML; a message that has only HTML gets its text from that. */
static void decode_body (Parser *parser, Structure *structure)
{
    Whole *whole = parser->whole;
    WinmailBody winmail = {NULL};
    Body body = {.text = g_string_new (NULL),
                 .html = g_string_new (NULL),
                 .left_text = parser->limits.text_bytes,
                 .left_html = parser->limits.text_bytes,
                 .fallback = parser->fallback};
    body_collect (&body, structure);
    parts_open_winmail (structure, &winmail);
    parts_set_sizes (structure);
    whole->public.tnef_class = winmail.class;
    add_winmail (&body, &winmail);
    if (body_needs_text (&body) || (body.html_leads && body.has_text)) {
        g_autofree char *first = html_to_text (body.html->str, (gssize)body.html->len);
        gboolean is_all = body_needs_text (&body);
        whole->text =
            is_all ? g_steal_pointer (&first) : g_strconcat (first, "\n", body.text->str, NULL);
    } else {
        whole->text = g_string_free (g_steal_pointer (&body.text), FALSE);
    }
    whole->html = body.has_html ? g_string_free (g_steal_pointer (&body.html), FALSE) : NULL;
    if (body.text != NULL)
        g_string_free (body.text, TRUE);
    if (body.html != NULL)
        g_string_free (body.html, TRUE);
    gsize max = parser->limits.text_bytes;
    gboolean is_text_cut = whole->text != NULL && text_cut (whole->text, max);
    gboolean is_html_cut = whole->html != NULL && text_cut (whole->html, max);
    whole->public.is_cut = body.is_cut || is_text_cut || is_html_cut;
}

/* Mail of old Macintosh programs has CR for line ends, as its first line tells. It is read through
 * a copy of the same size, so that every offset holds for both. */
static GBytes *bytes_with_lines (GBytes *raw)
{
    gsize len = 0;
    const char *data = g_bytes_get_data (raw, &len);
    gsize first = 0;
    while (first < len && data[first] != '\r' && data[first] != '\n')
        first++;
    while (first < len && data[first] == '\r')
        first++;
    if (first == 0 || (first < len && data[first] == '\n') || data[first - 1] != '\r')
        return g_bytes_ref (raw);
    char *copy = g_memdup2 (data, len);
    for (gsize i = 0; i < len; i++)
        if (copy[i] == '\r' && (i + 1 == len || copy[i + 1] != '\n'))
            copy[i] = '\n';
    return g_bytes_new_take (copy, len);
}

static Whole *whole_new (GBytes *raw)
{
    Whole *whole = g_new0 (Whole, 1);
    Message *message = &whole->public;
    GPtrArray **const lists[] = {&message->from, &message->sender, &message->reply_to, &message->to,
                                 &message->cc};
    whole->strings = g_string_chunk_new (4096);
    message->raw = g_bytes_ref (raw);
    whole->lines = bytes_with_lines (raw);
    message->headers = g_ptr_array_new_with_free_func (g_free);
    message->parts = g_ptr_array_new_with_free_func (g_free);
    message->in_reply_to = g_ptr_array_new();
    message->references = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
        *lists[i] = g_ptr_array_new_with_free_func ((GDestroyNotify)address_free);
    return whole;
}

Message *message_parse (GBytes *raw, const MessageLimits *limits)
{
    Parser parser = {.whole = whole_new (raw), .limits = complete_limits (limits)};
    Message *message = &parser.whole->public;
    parser.data = g_bytes_get_data (parser.whole->lines, &parser.len);
    parser.data = parser.data != NULL ? parser.data : "";
    parser.fields = g_array_new (FALSE, FALSE, sizeof (Field));
    g_autoptr (Structure) structure = structure_new (parser.data, parser.len, message->parts,
                                                     parser.whole->strings, &parser.limits);
    structure_add_root (structure);
    gsize body_at = read_fields (&parser, structure);
    if (!message->is_opaque)
        structure_cut (structure, body_at);
    if (structure->opaque_reason != NULL)
        set_opaque (message, structure->opaque_reason);
    parser.fallback = find_fallback (&parser);
    decode_fields (&parser);
    if (message->is_opaque) {
        g_ptr_array_set_size (message->parts, 0);
    } else {
        structure_assign_roles (structure);
        decode_body (&parser, structure);
    }
    message->text = parser.whole->text != NULL ? parser.whole->text : "";
    message->html = parser.whole->html;
    g_array_unref (parser.fields);
    return message;
}

void message_free (Message *message)
{
    if (message == NULL)
        return;
    Whole *whole = (Whole *)message;
    GPtrArray *const lists[] = {message->headers,    message->parts, message->in_reply_to,
                                message->references, message->from,  message->sender,
                                message->reply_to,   message->to,    message->cc};
    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
        g_ptr_array_unref (lists[i]);
    g_bytes_unref (message->raw);
    g_bytes_unref (whole->lines);
    g_string_chunk_free (whole->strings);
    g_free (whole->text);
    g_free (whole->html);
    g_free (whole);
}

const char *message_header (const Message *message, const char *name)
{
    for (guint i = 0; i < message->headers->len; i++) {
        const Header *header = message->headers->pdata[i];
        if (g_ascii_strcasecmp (header->name, name) == 0)
            return header->value;
    }
    return NULL;
}

char *header_decode (const char *value)
{
    return words_decode (value, strlen (value), NULL);
}

gint64 header_parse_date (const char *value)
{
    gint64 time_ms = 0;
    gint offset = 0;
    return date_parse (value, &time_ms, &offset) ? time_ms : 0;
}

char *message_date_text (const Message *message)
{
    return message->has_date ? date_format (message->date_ms, message->date_offset_minutes)
                             : g_strdup ("");
}

/* Some of these bytes, decoded. No bytes have no address either. */
static GBytes *decode_range (GBytes *bytes, gsize offset, gsize size, const Part *part)
{
    gsize len = 0;
    const char *data = g_bytes_get_data (bytes, &len);
    g_autoptr (GString) out = g_string_sized_new (part->size + 1);
    if (data != NULL && offset <= len && size <= len - offset)
        transfer_decode (transfer_from_name (part->encoding), data + offset, size, out);
    return g_string_free_to_bytes (g_steal_pointer (&out));
}

/* The bytes of a part that stands in the message itself. */
static GBytes *decode_own (const Message *message, const Part *part)
{
    return decode_range (((const Whole *)message)->lines, part->raw_offset, part->raw_size, part);
}

GBytes *message_part_decode (const Message *message, const Part *part)
{
    if (part->outer < 0)
        return decode_own (message, part);
    g_autoptr (GBytes) outer = decode_own (message, message->parts->pdata[part->outer]);
    return decode_range (outer, part->inner_offset, part->inner_size, part);
}

const Part *message_part_by_id (const Message *message, const char *content_id)
{
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->content_id != NULL && strcmp (part->content_id, content_id) == 0)
            return part;
    }
    return NULL;
}
