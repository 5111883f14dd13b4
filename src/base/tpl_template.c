/* tpl_template.c - compiles Mustache into a flat list of nodes.
 *
 * (I1) Every SECTION has its END, and its inside leads from one HTML context to the same one.
 * (I2) Every VALUE of an HTML template has a place for which there is an escape rule.
 * (I3) Time is linear in the text: white space around a tag is looked at once per tag of its line.
 */
#include "tpl_template.h"

#include <string.h>

#include "error.h"

#define TEXT_BYTES_MAX (256 * 1024)
#define NESTING_MAX 32
#define NAME_BYTES_MAX 64
#define DELIMITER_BYTES_MAX 8

typedef struct {
    Template *template;
    const char *origin;
    const char *start, *p, *end; /* p: what is not in a node yet */
    guint line;                  /* of p */
    char open[DELIMITER_BYTES_MAX + 1], close[DELIMITER_BYTES_MAX + 1];
    gboolean at_line_start; /* nothing of the present line is in a node */
    HtmlContext html;
    guint depth;
    struct {
        guint node;
        HtmlContext html;
    } stack[NESTING_MAX];
    GError **error;
} Parser;

/* One tag of the source. */
typedef struct {
    const char *from, *to; /* with delimiters */
    char sigil;            /* '#', '^', '/', '>', '!', '=', '&' (also for three braces), or 0 */
    const char *inner;     /* what stands between, without the sigil and blanks */
    gsize length;
} Tag;

static gboolean fail (Parser *parser, const char *format, ...) G_GNUC_PRINTF (2, 3);
static gboolean fail (Parser *parser, const char *format, ...)
{
    va_list args;
    va_start (args, format);
    g_autofree char *text = g_strdup_vprintf (format, args);
    va_end (args);
    return error_fail (parser->error, ERR_REFUSED, "%s:%u: %s", parser->origin, parser->line, text);
}

static gboolean is_blank (char c)
{
    return c == ' ' || c == '\t';
}

static TplNode *add_node (Parser *parser, TplNodeKind kind)
{
    TplNode node = {.kind = kind, .line = parser->line};
    g_array_append_val (parser->template->nodes, node);
    return &g_array_index (parser->template->nodes, TplNode, parser->template->nodes->len - 1);
}

static void begin_line (Parser *parser)
{
    if (parser->at_line_start)
        add_node (parser, NODE_LINE);
    parser->at_line_start = FALSE;
}

/* Puts everything up to `to` into literal nodes, one a line. */
static gboolean add_literal (Parser *parser, const char *to)
{
    while (parser->p < to) {
        const char *newline = memchr (parser->p, '\n', (gsize)(to - parser->p));
        const char *stop = newline != NULL ? newline + 1 : to;
        if (*parser->p != '\n')
            begin_line (parser);
        TplNode *node = add_node (parser, NODE_LITERAL);
        node->text = parser->p;
        node->length = (gsize)(stop - parser->p);
        const char *problem = parser->template->is_html
                                  ? html_context_feed (&parser->html, node->text, node->length)
                                  : NULL;
        if (problem != NULL)
            return fail (parser, "%s", problem);
        parser->at_line_start = newline != NULL;
        parser->line += newline != NULL;
        parser->p = stop;
    }
    return TRUE;
}

static guint count_lines (const char *from, const char *to)
{
    guint n = 0;
    while ((from = memchr (from, '\n', (gsize)(to - from))) != NULL) {
        n++;
        from++;
    }
    return n;
}

static void trim (Tag *tag)
{
    while (tag->length > 0 && g_ascii_isspace (tag->inner[0])) {
        tag->inner++;
        tag->length--;
    }
    while (tag->length > 0 && g_ascii_isspace (tag->inner[tag->length - 1]))
        tag->length--;
}

/* Reads the tag that opens at `from`. */
static gboolean read_tag (Parser *parser, const char *from, Tag *ret_tag)
{
    const char *close = parser->close, *inner = from + strlen (parser->open);
    static const char sigils[] = "#^/>!=&{";
    Tag tag = {.from = from};
    if (inner < parser->end && strchr (sigils, *inner) != NULL && *inner != '\0')
        tag.sigil = *inner++;
    g_autofree char *triple = tag.sigil == '{'   ? g_strconcat ("}", close, NULL)
                              : tag.sigil == '=' ? g_strconcat ("=", close, NULL)
                                                 : NULL;
    const char *last = triple != NULL ? triple : close;
    const char *stop = g_strstr_len (inner, parser->end - inner, last);
    if (stop == NULL)
        return fail (parser, "a tag is opened here and never closed");
    tag.inner = inner;
    tag.length = (gsize)(stop - inner);
    tag.to = stop + strlen (last);
    if (tag.sigil == '{')
        tag.sigil = '&';
    trim (&tag);
    *ret_tag = tag;
    return TRUE;
}

/* Widens a tag that stands alone on its line over the whole line. FALSE when it does not. */
static gboolean widen (const Parser *parser, const Tag *tag, const char **ret_from,
                       const char **ret_to)
{
    const char *from = tag->from, *to = tag->to;
    if (tag->sigil == '\0' || tag->sigil == '&')
        return FALSE;
    while (from > parser->start && is_blank (from[-1]))
        from--;
    while (to < parser->end && is_blank (*to))
        to++;
    if (from > parser->start && from[-1] != '\n')
        return FALSE;
    if (to + 1 < parser->end && to[0] == '\r' && to[1] == '\n')
        to++;
    if (to < parser->end && *to != '\n')
        return FALSE;
    *ret_from = from;
    *ret_to = to < parser->end ? to + 1 : to;
    return TRUE;
}

static gboolean set_delimiters (Parser *parser, const Tag *tag)
{
    g_autofree char *text = g_strndup (tag->inner, tag->length);
    g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
    guint n = g_strv_length (words);
    const char *open = words[0], *close = n > 1 ? words[n - 1] : "";
    for (guint i = 1; i + 1 < n; i++)
        if (*words[i] != '\0')
            return fail (parser, "{{=OPEN CLOSE=}} takes two delimiters");
    if (n < 2 || *open == '\0' || *close == '\0' || strlen (open) > DELIMITER_BYTES_MAX ||
        strlen (close) > DELIMITER_BYTES_MAX || strchr (text, '=') != NULL)
        return fail (parser, "{{=OPEN CLOSE=}} takes two delimiters of at most %d bytes, without =",
                     DELIMITER_BYTES_MAX);
    g_strlcpy (parser->open, open, sizeof parser->open);
    g_strlcpy (parser->close, close, sizeof parser->close);
    return TRUE;
}

/* The name in a tag, checked. NULL with an error when it is none. Lives as long as the template. */
static const char *tag_name (Parser *parser, const Tag *tag)
{
    gboolean good = tag->length > 0 && tag->length <= NAME_BYTES_MAX;
    for (gsize i = 0; good && i < tag->length; i++)
        good = g_ascii_isalnum (tag->inner[i]) || strchr ("_-.", tag->inner[i]) != NULL;
    if (good)
        return g_string_chunk_insert_len (parser->template->strings, tag->inner,
                                          (gssize)tag->length);
    g_autofree char *shown = g_utf8_make_valid (tag->inner, (gssize)MIN (tag->length, 40));
    fail (parser, "\"%s\" is no name: letters, digits, _ - and . are allowed", shown);
    return NULL;
}

static gboolean add_value (Parser *parser, const Tag *tag)
{
    TplPlace place = PLACE_PLAIN;
    gboolean raw = tag->sigil == '&';
    const char *name = tag_name (parser, tag), *problem = NULL;
    if (name == NULL)
        return FALSE;
    if (parser->template->is_html)
        problem = html_context_value (&parser->html, raw, &place);
    else if (raw)
        problem = "{{{ }}} takes HTML, and this is a plain text";
    if (problem != NULL)
        return fail (parser, "{{%s}}: %s", name, problem);
    begin_line (parser);
    TplNode *node = add_node (parser, raw ? NODE_RAW : NODE_VALUE);
    node->place = place;
    node->text = name;
    node->path = strcmp (name, ".") == 0 ? g_new0 (char *, 1) : g_strsplit (name, ".", -1);
    return TRUE;
}

static gboolean open_section (Parser *parser, const Tag *tag)
{
    const char *name = tag_name (parser, tag);
    if (name == NULL)
        return FALSE;
    if (parser->depth == NESTING_MAX)
        return fail (parser, "{{#%s}}: more than %d sections in one another", name, NESTING_MAX);
    const char *problem = parser->template->is_html ? html_context_section (&parser->html) : NULL;
    if (problem != NULL)
        return fail (parser, "{{#%s}}: %s", name, problem);
    TplNode *node = add_node (parser, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED);
    node->text = name;
    node->path = strcmp (name, ".") == 0 ? g_new0 (char *, 1) : g_strsplit (name, ".", -1);
    parser->stack[parser->depth].node = parser->template->nodes->len - 1;
    parser->stack[parser->depth++].html = parser->html;
    return TRUE;
}

/* A section that is repeated must not join the name it ends in to the one it begins with, where
 * values follow: {{#x}}click="{{y}}" on{{/x}}. */
static gboolean joins_names (const Parser *parser, guint from)
{
    if (parser->html.state != HTML_ATTRIBUTE)
        return FALSE;
    for (guint i = from; i < parser->template->nodes->len; i++)
        if (g_array_index (parser->template->nodes, TplNode, i).kind == NODE_VALUE)
            return TRUE;
    return FALSE;
}

static gboolean close_section (Parser *parser, const Tag *tag)
{
    const char *name = tag_name (parser, tag);
    if (name == NULL)
        return FALSE;
    if (parser->depth == 0)
        return fail (parser, "{{/%s}} closes what is not open", name);
    parser->depth--;
    guint index = parser->template->nodes->len;
    add_node (parser, NODE_END)->text = name;
    TplNode *begin =
        &g_array_index (parser->template->nodes, TplNode, parser->stack[parser->depth].node);
    const HtmlContext *before = &parser->stack[parser->depth].html;
    begin->end = index;
    if (strcmp (begin->text, name) != 0)
        return fail (parser, "{{/%s}} closes {{#%s}} of line %u", name, begin->text, begin->line);
    if (!parser->template->is_html)
        return TRUE;
    if (joins_names (parser, parser->stack[parser->depth].node))
        return fail (parser, "{{/%s}}: white space is missing before it", name);
    const char *problem = html_context_section (&parser->html);
    if (problem != NULL || !html_context_same (before, &parser->html))
        return fail (parser, "{{/%s}}: %s", name,
                     problem != NULL ? problem
                                     : "tags or quotes that a section opens it must close");
    parser->html.needs_break |= before->needs_break;
    return TRUE;
}

static gboolean add_partial (Parser *parser, const Tag *tag, const char *indent, gsize length)
{
    const char *name = tag_name (parser, tag);
    if (name == NULL)
        return FALSE;
    if (parser->template->is_html && parser->html.state != HTML_TEXT)
        return fail (parser, "{{> %s}}: a partial may stand between tags only", name);
    const char *suffix = parser->template->is_html ? ".html" : ".txt";
    TplNode *node = add_node (parser, NODE_PARTIAL);
    node->text = g_string_chunk_insert_len (parser->template->strings, indent, (gssize)length);
    node->path = g_new0 (char *, 2);
    node->path[0] = strchr (name, '.') != NULL ? g_strdup (name) : g_strconcat (name, suffix, NULL);
    return TRUE;
}

static gboolean add_tag (Parser *parser, const Tag *tag, gboolean alone, const char *from)
{
    switch (tag->sigil) {
    case '!':
        return TRUE;
    case '=':
        return set_delimiters (parser, tag);
    case '#':
    case '^':
        return open_section (parser, tag);
    case '/':
        return close_section (parser, tag);
    case '>':
        return add_partial (parser, tag, from, alone ? (gsize)(tag->from - from) : 0);
    default:
        return add_value (parser, tag);
    }
}

static gboolean parse_next_tag (Parser *parser, const char *open)
{
    Tag tag = {0};
    const char *from = open, *to;
    guint line = parser->line;
    parser->line += count_lines (parser->p, open);
    if (!read_tag (parser, open, &tag))
        return FALSE;
    parser->line = line;
    gboolean alone = widen (parser, &tag, &from, &to);
    if (!alone)
        to = tag.to;
    if (!add_literal (parser, from))
        return FALSE;
    if (!alone && tag.sigil != '!' && tag.sigil != '=')
        begin_line (parser);
    if (!add_tag (parser, &tag, alone, from))
        return FALSE;
    parser->line += count_lines (from, to);
    parser->p = to;
    return TRUE;
}

static gboolean parse_all (Parser *parser)
{
    const char *open;
    while ((open = g_strstr_len (parser->p, parser->end - parser->p, parser->open)) != NULL)
        if (!parse_next_tag (parser, open))
            return FALSE;
    if (!add_literal (parser, parser->end))
        return FALSE;
    if (parser->depth > 0) {
        const TplNode *begin = &g_array_index (parser->template->nodes, TplNode,
                                               parser->stack[parser->depth - 1].node);
        return fail (parser, "{{#%s}} of line %u is never closed", begin->text, begin->line);
    }
    if (parser->template->is_html && parser->html.state != HTML_TEXT)
        return fail (parser, "the template ends in the middle of a tag, comment or script");
    return TRUE;
}

static void node_clear (TplNode *node)
{
    g_strfreev (node->path);
}

void template_free (Template *template)
{
    if (template == NULL)
        return;
    g_array_unref (template->nodes);
    g_string_chunk_free (template->strings);
    g_free (template->text);
    g_free (template->name);
    g_free (template);
}

Template *template_parse (const char *name, const char *origin, const char *text, gsize len,
                          GError **error)
{
    g_autoptr (Template) template = g_new0 (Template, 1);
    template->name = g_strdup (name);
    template->text = g_strndup (text, len);
    template->is_html = g_str_has_suffix (name, ".html");
    template->strings = g_string_chunk_new (256);
    template->nodes = g_array_new (FALSE, FALSE, sizeof (TplNode));
    g_array_set_clear_func (template->nodes, (GDestroyNotify)node_clear);
    Parser parser = {.template = template,
                     .origin = origin,
                     .start = template->text,
                     .p = template->text,
                     .end = template->text + len,
                     .line = 1,
                     .open = "{{",
                     .close = "}}",
                     .at_line_start = TRUE,
                     .error = error};
    if (len > TEXT_BYTES_MAX || !g_utf8_validate_len (text, len, NULL)) {
        fail (&parser, "a template is UTF-8 text of at most %d kB", TEXT_BYTES_MAX / 1024);
        return NULL;
    }
    return parse_all (&parser) ? g_steal_pointer (&template) : NULL;
}
