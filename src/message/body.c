/* body.c - see body.h.
 *
 *   bytes of the part -> transfer decoding -> without uuencoded files -> UTF-8 -> LF -> unflowed
 *
 * (I1) Linear; at most left_text and left_html decoded bytes are taken.
 * (I2) What is collected is valid UTF-8 without CR and without controls but tab and LF. */
#include "body.h"

#include "charset.h"
#include "parts.h"

#include <string.h>

/* Line ends to LF, other controls to blanks, and no byte order mark; in place. */
static gsize tidy (char *text, gsize len)
{
    char *to = text;
    const char *from = text, *end = text + len;
    if (len >= 3 && memcmp (from, "\xef\xbb\xbf", 3) == 0)
        from += 3;
    while (from < end) {
        guchar byte = (guchar)*from++;
        if (byte >= ' ' && byte != 0x7f) {
            *to++ = (char)byte;
        } else if (byte == '\r') {
            while (from < end && *from == '\r')
                from++;
            if (from >= end || *from != '\n')
                *to++ = '\n';
        } else {
            *to++ = byte == '\n' || byte == '\t' ? (char)byte : ' ';
        }
    }
    *to = '\0';
    return (gsize)(to - text);
}

/* The quote depth of a flowed line; *ret_at is where its text begins, stuffing removed. */
static guint flowed_depth (const char *line, gsize len, gsize *ret_at)
{
    guint depth = 0;
    while (depth < len && line[depth] == '>')
        depth++;
    *ret_at = depth + (depth < len && line[depth] == ' ' ? 1 : 0);
    return depth;
}

/* Whether a line goes on in the next. One of nothing but blanks and quote marks of another program
 * does not, whatever it ends with: it keeps paragraphs apart. */
static gboolean line_flows (const char *text, gsize len)
{
    if (len == 0 || text[len - 1] != ' ')
        return FALSE;
    for (gsize i = 0; i < len; i++)
        if (text[i] != ' ' && text[i] != '>')
            return TRUE;
    return FALSE;
}

void body_unflow (GString *text, gboolean is_delsp)
{
    g_autoptr (GString) out = g_string_sized_new (text->len + 1);
    gboolean is_open = FALSE; /* the last line flows on */
    guint open_depth = 0;
    for (gsize at = 0; at < text->len;) {
        const char *line = text->str + at;
        const char *end = memchr (line, '\n', text->len - at);
        gsize len = end != NULL ? (gsize)(end - line) : text->len - at, start;
        at += len + 1;
        guint depth = flowed_depth (line, len, &start);
        gboolean is_signature = len - start == 3 && memcmp (line + start, "-- ", 3) == 0;
        gboolean flows = line_flows (line + start, len - start) && !is_signature;
        if (!is_open || depth != open_depth || is_signature) {
            if (is_open)
                g_string_append_c (out, '\n');
            for (guint i = 0; i < depth; i++)
                g_string_append_c (out, '>');
            if (depth > 0 && start > depth && len > start)
                g_string_append_c (out, ' ');
        }
        gsize keep = len - start - (flows && is_delsp ? 1 : 0);
        g_string_append_len (out, line + start, (gssize)keep);
        if (!flows && end != NULL)
            g_string_append_c (out, '\n');
        is_open = flows;
        open_depth = depth;
    }
    if (is_open && text->len > 0 && text->str[text->len - 1] == '\n')
        g_string_append_c (out, '\n');
    g_string_assign (text, out->str);
}

/* Text parts follow each other on lines of their own. */
static void join (GString *all, const char *text, gsize len)
{
    if (all->len > 0 && all->str[all->len - 1] != '\n')
        g_string_append_c (all, '\n');
    g_string_append_len (all, text, (gssize)len);
}

/* Appends a stretch of decoded bytes, as UTF-8 with LF. */
static void append_text (const Body *body, const char *charset, const char *bytes, gsize len,
                         GString *out)
{
    gsize size = 0;
    g_autofree char *text = charset_to_utf8 (bytes, len, charset, body->fallback, &size);
    g_string_append_len (out, text, (gssize)tidy (text, size));
}

/* A text: what stands around uuencoded files is the text, the files become parts. */
static void add_text (Body *body, Structure *structure, guint index, const char *bytes, gsize len)
{
    const Node node = g_array_index (structure->nodes, Node, index);
    g_autoptr (GString) text = g_string_new (NULL);
    gsize at = 0;
    while (at < len) {
        UuFile file;
        gboolean found = parts_find_uuencoded (bytes, at, len, &file);
        append_text (body, node.part->charset, bytes + at, (found ? file.start : len) - at, text);
        at = found ? file.end : len;
        if (found)
            parts_add_uuencoded (structure, index, bytes, &file, body->fallback);
    }
    if (node.is_flowed)
        body_unflow (text, node.is_delsp);
    join (body->text, text->str, text->len);
    body->has_text = TRUE;
}

static void add_html (Body *body, const Node *node, const char *bytes, gsize len)
{
    const char *declared = node->part->charset;
    g_autofree char *named =
        declared == NULL || !charset_is_known (declared) ? charset_of_html (bytes, len) : NULL;
    g_autoptr (GString) html = g_string_new (NULL);
    append_text (body, named != NULL ? named : declared, bytes, len, html);
    join (body->html, html->str, html->len);
    body->has_html = TRUE;
}

static void add_tidy (GString *all, const char *utf8)
{
    g_autofree char *text = g_strdup (utf8);
    join (all, text, tidy (text, strlen (text)));
}

void body_add_text (Body *body, const char *utf8)
{
    add_tidy (body->text, utf8);
    body->has_text = TRUE;
}

void body_add_html (Body *body, const char *utf8)
{
    add_tidy (body->html, utf8);
    body->has_html = TRUE;
}

void body_decode_part (const Structure *structure, const Part *part, GString *out)
{
    transfer_decode (transfer_from_name (part->encoding), structure->data + part->raw_offset,
                     part->raw_size, out);
}

/* A text in an alternative that is neither plain nor HTML is there for other programs. */
static gboolean is_shown (const Node *node)
{
    return node->part->role == PART_HTML || !node->in_alternative ||
           strcmp (node->part->type, "text/plain") == 0;
}

static void collect_part (Body *body, Structure *structure, guint index)
{
    const Node *node = &g_array_index (structure->nodes, Node, index);
    Part *part = node->part;
    gboolean is_html = part->role == PART_HTML;
    const char *bytes = structure->data + part->raw_offset;
    gsize len = part->raw_size;
    g_autoptr (GString) decoded = NULL;
    if (node->transfer != TRANSFER_IDENTITY) {
        decoded = g_string_sized_new (part->raw_size + 1);
        body_decode_part (structure, part, decoded);
        bytes = decoded->str;
        len = decoded->len;
    }
    part->size = len;
    if (!is_shown (node))
        return;
    if (is_html && !body->has_text && !body->has_html)
        body->html_leads = TRUE;
    else if (!is_html && node->in_alternative)
        body->html_leads = FALSE;
    gsize *left = is_html ? &body->left_html : &body->left_text;
    gsize taken = MIN (len, *left);
    *left -= taken;
    body->is_cut = body->is_cut || taken < len;
    if (is_html)
        add_html (body, node, bytes, taken);
    else
        add_text (body, structure, index, bytes, taken);
}

gboolean body_needs_text (const Body *body)
{
    return body->has_html && strspn (body->text->str, " \t\n") == body->text->len;
}

void body_collect (Body *body, Structure *structure)
{
    for (guint i = 0; i < structure->nodes->len; i++) {
        PartRole role = g_array_index (structure->nodes, Node, i).part->role;
        if (role == PART_TEXT || role == PART_HTML)
            collect_part (body, structure, i);
    }
}
