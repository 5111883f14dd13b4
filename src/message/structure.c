/* structure.c - see structure.h.
 *
 * One pass over the lines. A stack holds the multiparts that are open; a line that begins with "--"
 * is compared with their boundaries, innermost first, and closes what is open above the one it
 * fits.
 *
 *            separator                    separator, end, or one of an outer level
 *   PREAMBLE ---------> fields -> leaf body ----------------------------------> next part
 *                               -> multipart: pushed, PREAMBLE                  or epilogue
 *
 * (I1) Linear: a line is compared with at most nesting_max boundaries, and only when its length
 * fits; looking for a boundary that no header names is done SNIFFS_MAX times a message. (I2) Bodies
 * lie within the data, in order, and do not overlap unless one contains the other. (I3) Nothing
 * recurses. */
#include "structure.h"

#include "params.h"
#include "words.h"

#include <string.h>

#define BOUNDARY_MAX 1000
#define SNIFFS_MAX 4
#define SNIFF_LINE_MAX 200
#define END_SEARCHES_MAX 4

/* An open multipart. */
typedef struct {
    guint node;
    guint children;
    const char *boundary;
    gsize boundary_len;
} Level;

typedef struct {
    Structure *structure;
    GArray *levels; /* of Level */
    gint leaf;      /* whose body is being passed over, or -1 */
    guint sniffs;
} Cutter;

static Node *node_at (const Structure *structure, guint index)
{
    return &g_array_index (structure->nodes, Node, index);
}

static void node_clear (gpointer data)
{
    Node *node = data;
    g_free (node->boundary);
}

Structure *structure_new (const char *data, gsize len, GPtrArray *parts, GStringChunk *strings,
                          const MessageLimits *limits)
{
    Structure *structure = g_new0 (Structure, 1);
    structure->data = data;
    structure->len = len;
    structure->parts = parts;
    structure->strings = strings;
    structure->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
    g_array_set_clear_func (structure->nodes, node_clear);
    structure->nesting_max = limits->nesting;
    structure->parts_max = limits->parts;
    return structure;
}

void structure_free (Structure *structure)
{
    if (structure == NULL)
        return;
    g_array_unref (structure->nodes);
    g_free (structure);
}

static void add_node (Structure *structure, gint parent, guint position, guint depth)
{
    const char *parent_type =
        parent >= 0 ? node_at (structure, (guint)parent)->part->type : "multipart/mixed";
    Part *part = g_new0 (Part, 1);
    gboolean is_digest = strcmp (parent_type, "multipart/digest") == 0;
    part->role = PART_ATTACHMENT;
    part->type = is_digest ? "message/rfc822" : "text/plain";
    part->encoding = "7bit";
    part->depth = depth;
    part->outer = -1;
    Node node = {.part = part, .parent = parent, .position = position};
    node.in_alternative = strcmp (parent_type, "multipart/alternative") == 0 ||
                          (parent >= 0 && node_at (structure, (guint)parent)->in_alternative);
    g_ptr_array_add (structure->parts, part);
    g_array_append_val (structure->nodes, node);
}

gboolean structure_is_boundary (gconstpointer data, const char *line, gsize len)
{
    const Structure *structure = data;
    const char *boundary = node_at (structure, 0)->boundary;
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    return boundary != NULL && len > 2 && line[0] == '-' && line[1] == '-' &&
           strlen (boundary) == len - 2 && memcmp (line + 2, boundary, len - 2) == 0;
}

void structure_add_root (Structure *structure)
{
    add_node (structure, -1, 0, 0);
}

static const char *keep (Structure *structure, const char *text)
{
    return g_string_chunk_insert (structure->strings, text);
}

/* Sets the name of a part: as written, and for a file, without the path that old programs send
 * along. Takes text; NULL and "" change nothing. */
static void set_name (Structure *structure, Part *part, char *take_text)
{
    g_autofree char *text = take_text;
    if (text == NULL || text[0] == '\0')
        return;
    part->written_name = keep (structure, text);
    gboolean has_path =
        text[0] == '\\' || (g_ascii_isalpha (text[0]) && text[1] == ':' && text[2] == '\\');
    char *name = has_path ? strrchr (text, '\\') + 1 : text;
    g_strdelimit (name, "/\\", '_');
    part->name = keep (structure, name[0] != '\0' ? name : "_");
}

/* "text/plain" of what a Content-Type says; NULL when that is no type. */
static char *tidy_type (const char *value)
{
    if (strcmp (value, "text") == 0)
        return g_strdup ("text/plain");
    const char *slash = strchr (value, '/');
    if (slash == NULL || slash == value || slash[1] == '\0')
        return NULL;
    return g_strdup (value);
}

/* The root of a multipart/related, as a Content-ID is kept: without its brackets. */
static void set_start (Structure *structure, Node *node, const Params *params)
{
    g_autofree char *start = params_token (params, "start");
    if (start == NULL || strcmp (node->part->type, "multipart/related") != 0)
        return;
    g_strdelimit (start, "<>", ' ');
    node->start = keep (structure, g_strstrip (start));
}

static void set_type (Structure *structure, Node *node, const Params *params)
{
    g_autofree char *type = tidy_type (params_value (params));
    g_autofree char *charset = params_token (params, "charset");
    g_autofree char *format = params_token (params, "format");
    g_autofree char *delsp = params_token (params, "delsp");
    g_autofree char *boundary = params_token (params, "boundary");
    Part *part = node->part;
    if (type != NULL)
        part->type = keep (structure, type);
    node->has_type = TRUE;
    if (charset != NULL && g_strstrip (charset)[0] != '\0')
        part->charset = keep (structure, charset);
    if (part->name == NULL)
        set_name (structure, part, params_text (params, "name", NULL));
    if (part->name == NULL)
        set_name (structure, part, params_text (params, "filename", NULL));
    node->is_flowed = format != NULL && g_ascii_strcasecmp (format, "flowed") == 0;
    node->is_delsp = delsp != NULL && g_ascii_strcasecmp (delsp, "yes") == 0;
    if (boundary != NULL && g_str_has_prefix (part->type, "multipart/") &&
        strlen (boundary) <= BOUNDARY_MAX)
        node->boundary = g_strchomp (g_steal_pointer (&boundary));
    set_start (structure, node, params);
}

static void set_disposition (Structure *structure, Node *node, const Params *params)
{
    const char *value = params_value (params);
    char *name = params_text (params, "filename", NULL);
    if (name == NULL)
        name = params_text (params, "name", NULL);
    set_name (structure, node->part, name);
    /* RFC 2183: what is not known counts as an attachment. */
    node->part->is_attachment_declared = value[0] != '\0' && strcmp (value, "inline") != 0;
}

static void set_encoding (Structure *structure, Node *node, const GString *value)
{
    static const char *const names[] = {
        [TRANSFER_BASE64] = "base64",
        [TRANSFER_QUOTED_PRINTABLE] = "quoted-printable",
        [TRANSFER_UUENCODE] = "x-uuencode",
    };
    node->has_encoding = TRUE;
    node->transfer = transfer_from_name (value->str);
    if (node->transfer != TRANSFER_IDENTITY) {
        node->part->encoding = names[node->transfer];
        return;
    }
    g_autofree char *lower = g_ascii_strdown (value->str, (gssize)MIN (value->len, 40));
    if (g_str_has_prefix (lower, "8bit") || g_str_has_prefix (lower, "binary"))
        node->part->encoding = keep (structure, lower[0] == '8' ? "8bit" : "binary");
}

static void set_content_id (Structure *structure, Node *node, GString *value)
{
    g_strstrip (value->str);
    char *id = value->str;
    gsize len = strlen (id);
    if (len >= 2 && id[0] == '<' && id[len - 1] == '>') {
        id[len - 1] = '\0';
        id++;
    }
    g_autofree char *text = words_decode (id, strlen (id), NULL);
    if (text[0] != '\0')
        node->part->content_id = keep (structure, text);
}

void structure_field (Structure *structure, const Field *field)
{
    if (field->name_len < 8 || g_ascii_strncasecmp (field->name, "content-", 8) != 0)
        return;
    Node *node = node_at (structure, structure->nodes->len - 1);
    g_autoptr (GString) value = field_unfold (field);
    if (value->len == 0)
        return;
    if (field_is (field, "content-type") && !node->has_type) {
        g_autoptr (Params) params = params_parse (value->str, value->len);
        set_type (structure, node, params);
    } else if (field_is (field, "content-disposition")) {
        g_autoptr (Params) params = params_parse (value->str, value->len);
        set_disposition (structure, node, params);
    } else if (field_is (field, "content-transfer-encoding") && !node->has_encoding) {
        set_encoding (structure, node, value);
    } else if (field_is (field, "content-id")) {
        set_content_id (structure, node, value);
    }
}

/* A line between two line ends; its own blanks and CR at the end are cut off. */
static gsize line_at (const Structure *structure, gsize at, gsize *ret_next)
{
    const char *line = structure->data + at;
    const char *end = memchr (line, '\n', structure->len - at);
    gsize len = end != NULL ? (gsize)(end - line) : structure->len - at;
    *ret_next = at + len + (end != NULL ? 1 : 0);
    while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    return len;
}

/* Which open multipart the line belongs to: its place on the stack, or -1. */
static gint find_level (const GArray *levels, const char *line, gsize len, gboolean *ret_is_end)
{
    if (len < 2 || line[0] != '-' || line[1] != '-' || len > BOUNDARY_MAX + 4)
        return -1;
    for (gint pass = 0; pass < 2; pass++) {
        gsize size = len - 2;
        *ret_is_end = pass == 1;
        if (pass == 1 && (size < 2 || line[len - 1] != '-' || line[len - 2] != '-'))
            return -1;
        size -= pass == 1 ? 2 : 0;
        for (gint i = (gint)levels->len - 1; i >= 0; i--) {
            const Level *level = &g_array_index (levels, Level, i);
            if (level->boundary_len == size && memcmp (level->boundary, line + 2, size) == 0)
                return i;
        }
    }
    return -1;
}

static gboolean is_stop (gconstpointer data, const char *line, gsize len)
{
    gboolean is_end;
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    return find_level (data, line, len, &is_end) >= 0;
}

/* Whether the end line of a boundary follows somewhere. */
static gboolean has_end_line (const Structure *structure, gsize at, const char *line, gsize len)
{
    g_autoptr (GString) end = g_string_new ("\n");
    g_string_append_len (end, line, (gssize)len);
    g_string_append (end, "--");
    return memmem (structure->data + at, structure->len - at, end->str, end->len) != NULL;
}

/* Looks for a boundary that no header names: the first line "--..." with a Content- field behind,
 * or with its end line somewhere. */
static char *sniff_boundary (Cutter *cutter, gsize at)
{
    const Structure *structure = cutter->structure;
    guint searches = 0;
    if (cutter->sniffs++ >= SNIFFS_MAX)
        return NULL;
    while (at < structure->len) {
        gsize next, behind;
        gsize len = line_at (structure, at, &next);
        const char *line = structure->data + at;
        at = next;
        if (len < 3 || len > SNIFF_LINE_MAX || line[0] != '-' || line[1] != '-' ||
            next >= structure->len)
            continue;
        gsize size = line_at (structure, next, &behind);
        if (size > 8 && g_ascii_strncasecmp (structure->data + next, "content-", 8) == 0)
            return g_strndup (line + 2, len - 2);
        if (line[len - 1] != '-' && searches++ < END_SEARCHES_MAX &&
            has_end_line (structure, next - 1, line, len))
            return g_strndup (line + 2, len - 2);
    }
    return NULL;
}

/* A multipart without a boundary gets the one that stands there; one whose boundary is said to be
 * empty keeps that when there is none. */
static void sniff_for (Cutter *cutter, Node *node, gsize at)
{
    char *found = sniff_boundary (cutter, at);
    if (found == NULL)
        return;
    g_free (node->boundary);
    node->boundary = found;
}

/* What follows the fields of the newest node begins at `at`. */
static void begin_body (Cutter *cutter, gsize at)
{
    Structure *structure = cutter->structure;
    guint index = structure->nodes->len - 1;
    Node *node = node_at (structure, index);
    node->content_at = at;
    node->part->raw_offset = at;
    gboolean is_multipart = g_str_has_prefix (node->part->type, "multipart/");
    if (is_multipart && (node->boundary == NULL || node->boundary[0] == '\0'))
        sniff_for (cutter, node, at);
    if (!is_multipart || node->boundary == NULL) {
        cutter->leaf = (gint)index;
        return;
    }
    if (cutter->levels->len >= structure->nesting_max) {
        structure->opaque_reason = "nesting";
        return;
    }
    node->part->role = PART_MULTIPART;
    Level level = {
        .node = index, .boundary = node->boundary, .boundary_len = strlen (node->boundary)};
    g_array_append_val (cutter->levels, level);
    cutter->leaf = -1;
}

/* The body of a node ends before the boundary that begins at `at`, to which the line end before it
 * belongs; or with the data. */
static void end_body (const Structure *structure, Node *node, gsize at)
{
    gsize end = at;
    if (at < structure->len && end > node->content_at && structure->data[end - 1] == '\n')
        end--;
    if (end > node->content_at && end != at && structure->data[end - 1] == '\r')
        end--;
    node->part->raw_size = end - node->content_at;
}

/* Closes the multiparts above `keep` and the open leaf. */
static void close_levels (Cutter *cutter, guint keep_count, gsize at)
{
    Structure *structure = cutter->structure;
    if (cutter->leaf >= 0)
        end_body (structure, node_at (structure, (guint)cutter->leaf), at);
    cutter->leaf = -1;
    while (cutter->levels->len > keep_count) {
        const Level *level = &g_array_index (cutter->levels, Level, cutter->levels->len - 1);
        end_body (structure, node_at (structure, level->node), at);
        g_array_set_size (cutter->levels, cutter->levels->len - 1);
    }
}

/* Reads the fields of the next part of the multipart on top of the stack. Returns where its body
 * begins. */
static gsize begin_part (Cutter *cutter, gsize at)
{
    Structure *structure = cutter->structure;
    Level *level = &g_array_index (cutter->levels, Level, cutter->levels->len - 1);
    if (structure->nodes->len >= structure->parts_max) {
        structure->opaque_reason = "parts";
        return at;
    }
    add_node (structure, (gint)level->node, level->children++, cutter->levels->len);
    FieldReader reader = {.data = structure->data,
                          .at = at,
                          .end = structure->len,
                          .stop = is_stop,
                          .stop_data = cutter->levels};
    Field field;
    while (field_next (&reader, &field))
        structure_field (structure, &field);
    begin_body (cutter, reader.at);
    return reader.at;
}

static void cut_lines (Cutter *cutter, gsize at)
{
    Structure *structure = cutter->structure;
    while (at < structure->len && cutter->levels->len > 0 && structure->opaque_reason == NULL) {
        gsize next;
        const char *line = structure->data + at;
        if (line[0] != '-' || at + 1 >= structure->len || line[1] != '-') {
            const char *end = memchr (line, '\n', structure->len - at);
            at = end != NULL ? (gsize)(end - structure->data) + 1 : structure->len;
            continue;
        }
        gboolean is_end = FALSE;
        gsize len = line_at (structure, at, &next);
        gint level = find_level (cutter->levels, line, len, &is_end);
        if (level >= 0) {
            close_levels (cutter, (guint)level + 1, at);
            if (is_end)
                close_levels (cutter, (guint)level, at);
            else
                next = begin_part (cutter, next);
        }
        at = next;
    }
    close_levels (cutter, 0, structure->len);
}

/* Nothing stands before the end line: a multipart that holds no parts. */
static gboolean is_empty_multipart (const Structure *structure, const char *boundary, gsize at)
{
    while (at < structure->len && g_ascii_isspace (structure->data[at]))
        at++;
    g_autofree char *end = g_strdup_printf ("--%s--", boundary);
    gsize size = strlen (end);
    return structure->len - at >= size && memcmp (structure->data + at, end, size) == 0;
}

void structure_cut (Structure *structure, gsize at)
{
    Cutter cutter = {.structure = structure, .leaf = -1};
    cutter.levels = g_array_new (FALSE, FALSE, sizeof (Level));
    begin_body (&cutter, at);
    gboolean is_cut = cutter.levels->len > 0;
    cut_lines (&cutter, at);
    Node *root = node_at (structure, 0);
    if (is_cut && structure->nodes->len == 1 && structure->opaque_reason == NULL &&
        !is_empty_multipart (structure, root->boundary, at)) {
        /* The boundary that was named does not occur. */
        char *found = sniff_boundary (&cutter, at);
        g_free (root->boundary);
        root->boundary = found;
        root->part->role = PART_ATTACHMENT;
        cutter.sniffs = SNIFFS_MAX;
        begin_body (&cutter, at);
        cut_lines (&cutter, at);
    }
    g_array_unref (cutter.levels);
}
