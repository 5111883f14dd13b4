/* sanitize.c - see sanitize.h. gumbo's tree is written anew, and only what stands on the lists
 * (sanitize_tags, _attributes, _style, _url) is ever written; nothing of the input is copied but
 * text, escaped.
 *
 * (I1) The output has no element, attribute or address that is not on a list.
 * (I2) Every start tag has its end tag, and a browser that reads the output inside of any block of
 * a page or mail builds the tree that was written: no rule of HTML's parser moves an element out of
 *      its place, let alone out of the block it stands in. So an orphaned <li> or <td> cannot end
 *      one of the page's, and sanitising the output changes nothing. Nesting below sees to it.
 * (I3) Past a bound, the text is shown.
 *
 * For (I2) each open element knows what may follow inside of it:
 *   links and headings      none within one of their own kind
 *   blocks                  none within a paragraph: that paragraph is turned into a div
 *   items, terms            only where their list is the next element that counts
 *   rows, cells, ...        only directly within their proper parent, and nothing else there */
#include "sanitize.h"

#include <string.h>

#include "html_tree.h"
#include "safehtml_make.h"
#include "sanitize_attributes.h"
#include "sanitize_text.h"
#include "sanitize_url.h"

enum {
    DEPTH_MAX = 200,
    OUTPUT_MAX = 8 * 1024 * 1024,
    FALLBACK_MAX = 512 * 1024, /* of text that is shown for a document past a bound */
    ALT_MAX = 500,
};

typedef struct {
    const char *name; /* NULL: nothing was written for it */
    TagRole role;     /* its own, or that of the one around it when nothing was written */
    gboolean in_link, in_heading, has_list, has_terms;
    gint paragraph; /* index of the open <p> around, -1 for none */
    gsize start;    /* of its start tag in the output */
} Open;

typedef struct {
    const SanitizeRules *rules;
    GString *out;
    GString *attributes; /* of the element at hand */
    GArray *open;
    guint depth;        /* of what was written */
    gboolean after_pre; /* a browser ignores a newline here */
    gboolean is_over;   /* OUTPUT_MAX was reached */
} Writer;

static gboolean is_table_part (TagRole role)
{
    return role == ROLE_SECTION || role == ROLE_CAPTION || role == ROLE_ROW || role == ROLE_CELL;
}

/* Parts that hold only other parts. */
static gboolean is_table_frame (TagRole role)
{
    return role == ROLE_TABLE || role == ROLE_SECTION || role == ROLE_ROW;
}

static gboolean may_stand_in (TagRole role, TagRole parent)
{
    switch (role) {
    case ROLE_SECTION:
    case ROLE_CAPTION:
        return parent == ROLE_TABLE;
    case ROLE_ROW:
        return parent == ROLE_SECTION;
    case ROLE_CELL:
        return parent == ROLE_ROW;
    default:
        return !is_table_frame (parent);
    }
}

/* As what an element is written where it stands: as itself, as a division, or not at all. */
static TagRole role_in (const Writer *writer, TagRole role, const Open *parent)
{
    if (!may_stand_in (role, parent->role))
        return role == ROLE_ROW && !is_table_frame (parent->role) ? ROLE_DIVISION : ROLE_UNWRAP;
    if (writer->depth >= DEPTH_MAX && !is_table_part (role) && role != ROLE_VOID)
        return ROLE_UNWRAP;
    if (role == ROLE_LINK && parent->in_link)
        return ROLE_UNWRAP;
    if ((role == ROLE_HEADING && parent->in_heading) || (role == ROLE_ITEM && !parent->has_list) ||
        (role == ROLE_TERM && !parent->has_terms))
        return ROLE_DIVISION;
    return role;
}

/* Ends an open <p> as far as the rules go, by making it a <div> where it was written. */
static void paragraph_to_division (Writer *writer, gint index)
{
    Open *paragraph = &g_array_index (writer->open, Open, index);
    g_string_insert (writer->out, (gssize)paragraph->start + 2, "iv");
    writer->out->str[paragraph->start + 1] = 'd';
    paragraph->name = "div";
    paragraph->role = ROLE_DIVISION;
    for (guint i = (guint)index; i < writer->open->len; i++)
        g_array_index (writer->open, Open, i).paragraph = -1;
}

/* What holds inside of an element of this role, given what holds around it. */
static void set_inside (Open *open, TagRole role, guint index)
{
    open->role = role;
    if (role == ROLE_INLINE)
        return;
    open->in_link = open->in_link || role == ROLE_LINK;
    open->in_heading = open->in_heading || role == ROLE_HEADING;
    if (role == ROLE_PARAGRAPH)
        open->paragraph = (gint)index;
    if (role == ROLE_LINK || role == ROLE_PARAGRAPH || role == ROLE_DIVISION)
        return;
    open->has_list = role == ROLE_LIST;
    open->has_terms = role == ROLE_TERMS;
    if (is_table_frame (role) || is_table_part (role)) {
        open->in_heading = FALSE;
        open->paragraph = -1;
    }
}

static void write_start (Writer *writer, const char *name)
{
    g_string_append_printf (writer->out, "<%s", name);
    g_string_append_len (writer->out, writer->attributes->str, (gssize)writer->attributes->len);
    g_string_append_c (writer->out, '>');
    writer->after_pre = FALSE;
}

/* The address of an image that came with the mail, or NULL. */
static char *image_address (const Writer *writer, const GumboElement *element)
{
    const char *src = html_attribute (element, "src");
    g_autofree char *id = src == NULL ? NULL : sanitize_url_cid (src);
    if (id == NULL || writer->rules->cid == NULL)
        return NULL;
    g_autofree char *address = writer->rules->cid (id, writer->rules->data);
    if (address == NULL || !g_utf8_validate (address, -1, NULL))
        return NULL;
    gboolean is_path = address[0] == '/' && address[1] != '/' && address[1] != '\\';
    gboolean is_good = is_path || g_str_has_prefix (address, "cid:") ||
                       g_str_has_prefix (address, "https://") ||
                       g_str_has_prefix (address, "http://");
    return is_good ? g_steal_pointer (&address) : NULL;
}

/* An image, or what it shows in words: remote ones are never loaded. */
static void write_image (Writer *writer, const GumboElement *element)
{
    const gsize before = writer->out->len;
    const char *alt = html_attribute (element, "alt");
    g_autofree char *words =
        g_strstrip (g_strdup (alt == NULL || strlen (alt) > ALT_MAX ? "" : alt));
    g_autofree char *address = image_address (writer, element);
    if (address != NULL) {
        g_string_append (writer->out, "<img src=\"");
        sanitize_append_text (writer->out, address);
        g_string_append (writer->out, "\" alt=\"");
        sanitize_append_text (writer->out, words);
        g_string_append_c (writer->out, '"');
        g_string_append_len (writer->out, writer->attributes->str, (gssize)writer->attributes->len);
        g_string_append_c (writer->out, '>');
    } else if (words[0] != '\0') {
        g_string_append_c (writer->out, '[');
        sanitize_append_text (writer->out, words);
        g_string_append_c (writer->out, ']');
    }
    writer->after_pre = writer->after_pre && writer->out->len == before;
}

/* Prepares the attributes; the role becomes UNWRAP for what would do nothing. */
static TagRole prepare (Writer *writer, const GumboElement *element, const TagRule *rule,
                        TagRole role)
{
    g_string_truncate (writer->attributes, 0);
    if (role == ROLE_LINK) {
        const char *href = html_attribute (element, "href");
        g_autofree char *url = href == NULL ? NULL : sanitize_url (href);
        if (url == NULL)
            return ROLE_UNWRAP;
        g_string_append (writer->attributes, " href=\"");
        sanitize_append_text (writer->attributes, url);
        g_string_append (writer->attributes, "\" rel=\"" SANITIZE_LINK_REL "\"");
    }
    sanitize_attributes (writer->attributes, element, rule, writer->rules->for_mail);
    gboolean says_nothing = rule->tag == GUMBO_TAG_SPAN || rule->tag == GUMBO_TAG_FONT;
    return says_nothing && writer->attributes->len == 0 ? ROLE_UNWRAP : role;
}

static gboolean on_enter (const GumboElement *element, gpointer data)
{
    Writer *writer = data;
    const TagRule *rule = sanitize_tag_rule (element);
    if (writer->is_over || rule->role == ROLE_DROP || html_is_hidden (element))
        return FALSE;
    const Open *parent = &g_array_index (writer->open, Open, writer->open->len - 1);
    TagRole role = rule->role == ROLE_UNWRAP ? ROLE_UNWRAP : role_in (writer, rule->role, parent);
    if (role != ROLE_UNWRAP)
        role = prepare (writer, element, rule, role);
    if (role >= ROLE_RULE && parent->paragraph >= 0)
        paragraph_to_division (writer, parent->paragraph);
    if (role == ROLE_IMAGE) {
        write_image (writer, element);
        return FALSE;
    }
    if (role == ROLE_VOID || role == ROLE_RULE) {
        write_start (writer, rule->name);
        return FALSE;
    }
    Open open = *parent;
    open.name = role == rule->role ? rule->name : role == ROLE_DIVISION ? "div" : NULL;
    if (open.name != NULL) {
        open.start = writer->out->len;
        set_inside (&open, role, writer->open->len);
        write_start (writer, open.name);
        writer->after_pre = role == ROLE_PRE;
        writer->depth++;
    }
    g_array_append_val (writer->open, open);
    return TRUE;
}

static void on_leave (const GumboElement *element, gpointer data)
{
    (void)element;
    Writer *writer = data;
    const Open *open = &g_array_index (writer->open, Open, writer->open->len - 1);
    if (open->name != NULL) {
        g_string_append_printf (writer->out, "</%s>", open->name);
        writer->depth--;
        writer->after_pre = FALSE;
    }
    g_array_set_size (writer->open, writer->open->len - 1);
}

static void on_text (const char *text, gpointer data)
{
    Writer *writer = data;
    const Open *parent = &g_array_index (writer->open, Open, writer->open->len - 1);
    writer->is_over = writer->is_over || writer->out->len > OUTPUT_MAX;
    if (writer->is_over || text[0] == '\0')
        return;
    if (is_table_frame (parent->role) && text[strspn (text, " \t\r\n")] != '\0')
        return;
    if (writer->after_pre && (text[0] == '\n' || text[0] == '\r'))
        g_string_append_c (writer->out, '\n');
    writer->after_pre = FALSE;
    sanitize_append_text (writer->out, text);
}

/* The fragment, or NULL when a bound was passed. */
static char *write_tree (const HtmlTree *tree, const SanitizeRules *rules)
{
    static const HtmlVisitor visitor = {on_enter, on_leave, on_text};
    const Open outside = {.role = ROLE_BLOCK, .paragraph = -1};
    Writer writer = {.rules = rules,
                     .out = g_string_new (NULL),
                     .attributes = g_string_new (NULL),
                     .open = g_array_new (FALSE, FALSE, sizeof (Open))};
    g_array_append_val (writer.open, outside);
    html_tree_walk (tree, &visitor, &writer);
    g_array_unref (writer.open);
    g_string_free (writer.attributes, TRUE);
    gboolean is_over = writer.is_over || writer.out->len > OUTPUT_MAX;
    char *markup = g_string_free (writer.out, is_over);
    return is_over ? NULL : g_strstrip (markup);
}

/* The words of a document that is too costly, as far as anybody would read on. */
static char *fallback_markup (const char *html, gsize len)
{
    g_autofree char *text = html_strip (html, len);
    if (strlen (text) > FALLBACK_MAX) {
        char *cut = g_utf8_find_prev_char (text, text + FALLBACK_MAX);
        if (cut != NULL)
            *cut = '\0';
    }
    return sanitize_text_markup (text);
}

SafeHtml *sanitize_html (const char *html, gssize len, const SanitizeRules *rules)
{
    static const SanitizeRules defaults = {NULL, NULL, FALSE};
    gsize size = len < 0 ? strlen (html) : (gsize)len;
    g_autoptr (HtmlTree) tree = html_tree_new (html, (gssize)size);
    char *markup = tree == NULL ? NULL : write_tree (tree, rules == NULL ? &defaults : rules);
    return safehtml_make (markup != NULL ? markup : fallback_markup (html, size));
}

SafeHtml *sanitize_text (const char *text)
{
    return safehtml_make (sanitize_text_markup (text));
}
