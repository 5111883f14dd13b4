/* totext.c - readable text of HTML mail: what a person would see, as lines. See sanitize.h.
 *
 * Breaks are owed, not written: a block owes one line break, a paragraph two, and they are paid
 * when the next visible character comes. So empty markup leaves no empty lines, and the text
 * neither begins nor ends with one. (I1) The output is at most a constant times the input: prefixes
 * and addresses are bounded. */
#include "sanitize.h"

#include <string.h>

#include "html_tree.h"
#include "totext.h"
#include "sanitize_url.h"

enum {
    BREAKS_MAX = 3,             /* two empty lines */
    PREFIX_MAX = 32,            /* bytes of quote marks and indentation before a line */
    ADDRESS_MAX = 1000,         /* a longer link is not written out */
    ADDRESSES_MAX = 1024 * 1024 /* of all links that are written out */
};

typedef enum {
    TEXT_INLINE,
    TEXT_BLOCK,     /* begins and ends a line */
    TEXT_PARAGRAPH, /* with an empty line around it */
    TEXT_BREAK,
    TEXT_RULE,
    TEXT_QUOTE,
    TEXT_LIST,
    TEXT_NUMBERED,
    TEXT_ITEM,
    TEXT_ROW,
    TEXT_CELL,
    TEXT_LINK,
    TEXT_IMAGE,
    TEXT_PRE,
    TEXT_SKIP, /* with all that is in it */
} TextKind;

static const struct {
    GumboTag tag;
    TextKind kind;
} kinds[] = {
    {GUMBO_TAG_P, TEXT_PARAGRAPH},      {GUMBO_TAG_H1, TEXT_PARAGRAPH},
    {GUMBO_TAG_H2, TEXT_PARAGRAPH},     {GUMBO_TAG_H3, TEXT_PARAGRAPH},
    {GUMBO_TAG_H4, TEXT_PARAGRAPH},     {GUMBO_TAG_H5, TEXT_PARAGRAPH},
    {GUMBO_TAG_H6, TEXT_PARAGRAPH},     {GUMBO_TAG_DL, TEXT_PARAGRAPH},
    {GUMBO_TAG_DIV, TEXT_BLOCK},        {GUMBO_TAG_CENTER, TEXT_BLOCK},
    {GUMBO_TAG_SECTION, TEXT_BLOCK},    {GUMBO_TAG_ARTICLE, TEXT_BLOCK},
    {GUMBO_TAG_HEADER, TEXT_BLOCK},     {GUMBO_TAG_FOOTER, TEXT_BLOCK},
    {GUMBO_TAG_MAIN, TEXT_BLOCK},       {GUMBO_TAG_ADDRESS, TEXT_BLOCK},
    {GUMBO_TAG_TABLE, TEXT_BLOCK},      {GUMBO_TAG_CAPTION, TEXT_BLOCK},
    {GUMBO_TAG_DT, TEXT_BLOCK},         {GUMBO_TAG_DD, TEXT_BLOCK},
    {GUMBO_TAG_FORM, TEXT_BLOCK},       {GUMBO_TAG_FIELDSET, TEXT_BLOCK},
    {GUMBO_TAG_FIGURE, TEXT_BLOCK},     {GUMBO_TAG_FIGCAPTION, TEXT_BLOCK},
    {GUMBO_TAG_BR, TEXT_BREAK},         {GUMBO_TAG_HR, TEXT_RULE},
    {GUMBO_TAG_BLOCKQUOTE, TEXT_QUOTE}, {GUMBO_TAG_UL, TEXT_LIST},
    {GUMBO_TAG_MENU, TEXT_LIST},        {GUMBO_TAG_DIR, TEXT_LIST},
    {GUMBO_TAG_OL, TEXT_NUMBERED},      {GUMBO_TAG_LI, TEXT_ITEM},
    {GUMBO_TAG_TR, TEXT_ROW},           {GUMBO_TAG_TD, TEXT_CELL},
    {GUMBO_TAG_TH, TEXT_CELL},          {GUMBO_TAG_A, TEXT_LINK},
    {GUMBO_TAG_IMG, TEXT_IMAGE},        {GUMBO_TAG_PRE, TEXT_PRE},
    {GUMBO_TAG_XMP, TEXT_PRE},          {GUMBO_TAG_PLAINTEXT, TEXT_PRE},
    {GUMBO_TAG_LISTING, TEXT_PRE},      {GUMBO_TAG_HEAD, TEXT_SKIP},
    {GUMBO_TAG_SCRIPT, TEXT_SKIP},      {GUMBO_TAG_STYLE, TEXT_SKIP},
    {GUMBO_TAG_TITLE, TEXT_SKIP},       {GUMBO_TAG_TEMPLATE, TEXT_SKIP},
    {GUMBO_TAG_IFRAME, TEXT_SKIP},      {GUMBO_TAG_NOFRAMES, TEXT_SKIP},
    {GUMBO_TAG_NOEMBED, TEXT_SKIP},     {GUMBO_TAG_SVG, TEXT_SKIP},
    {GUMBO_TAG_MATH, TEXT_SKIP},        {GUMBO_TAG_SELECT, TEXT_SKIP},
    {GUMBO_TAG_TEXTAREA, TEXT_SKIP},    {GUMBO_TAG_VIDEO, TEXT_SKIP},
    {GUMBO_TAG_AUDIO, TEXT_SKIP},       {GUMBO_TAG_CANVAS, TEXT_SKIP},
};

/* What must be undone when an element ends. */
typedef struct {
    TextKind kind;
    gboolean has_margin;
    gsize prefix_len; /* of the outer */
    guint number;     /* of the outer list */
    gboolean is_pre;  /* of the outer */
    gsize text_from;  /* where a link's text begins in the output */
    guint role;       /* what the caller takes the element for; its text begins here: */
    gsize role_from;
} Open;

typedef struct {
    GString *out;
    GString *prefix;     /* of every line: "> " per quote, blanks per list */
    gsize breaks_prefix; /* the shortest prefix since breaks are owed: empty lines get that */
    guint breaks;        /* owed */
    char blank;          /* owed: 0, ' ' or a tab */
    gboolean is_pre;
    gboolean has_cell;   /* a cell of this row was written on this line */
    gboolean at_cell;    /* a cell begins: its blocks begin no line */
    gsize link_from;     /* where the text of the link begins; G_MAXSIZE before it has any */
    guint number;        /* of the next list item; 0 in an unnumbered list */
    char marker[16];     /* before the next line: "- ", "12. " */
    gsize marker_at;     /* length of the prefix that stands before it */
    gsize address_bytes; /* written out so far */
    GArray *open;
    HtmlTextRole role_of; /* NULL: nobody asks */
    GArray *spans;
} Writer;

static TextKind kind_of (const GumboElement *element)
{
    if (element->tag_namespace != GUMBO_NAMESPACE_HTML)
        return TEXT_SKIP;
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (kinds[i].tag == element->tag)
            return kinds[i].kind;
    return TEXT_INLINE;
}

static void owe_breaks (Writer *writer, guint breaks)
{
    if (writer->at_cell)
        return;
    writer->breaks = MAX (writer->breaks, breaks);
    writer->breaks_prefix = MIN (writer->breaks_prefix, writer->prefix->len);
    writer->blank = 0;
    writer->has_cell = FALSE;
}

static void trim_line (GString *out)
{
    while (out->len > 0 && (out->str[out->len - 1] == ' ' || out->str[out->len - 1] == '\t'))
        g_string_truncate (out, out->len - 1);
}

/* Begins a line: prefix and list marker. */
static void begin_line (Writer *writer)
{
    if (writer->marker[0] != '\0') {
        g_string_append_len (writer->out, writer->prefix->str, (gssize)writer->marker_at);
        g_string_append (writer->out, writer->marker);
        writer->marker[0] = '\0';
    } else {
        g_string_append_len (writer->out, writer->prefix->str, (gssize)writer->prefix->len);
    }
}

/* Pays what is owed before a visible character. */
static void settle (Writer *writer)
{
    if (writer->out->len == 0) {
        begin_line (writer);
    } else if (writer->breaks > 0) {
        for (guint i = 0; i < writer->breaks; i++) {
            trim_line (writer->out);
            g_string_append_c (writer->out, '\n');
            if (i + 1 < writer->breaks)
                g_string_append_len (writer->out, writer->prefix->str,
                                     (gssize)MIN (writer->breaks_prefix, writer->prefix->len));
        }
        begin_line (writer);
    } else if (writer->blank != 0) {
        g_string_append_c (writer->out, writer->blank);
    }
    writer->breaks = 0;
    writer->breaks_prefix = G_MAXSIZE;
    writer->blank = 0;
    writer->at_cell = FALSE;
    if (writer->link_from == G_MAXSIZE)
        writer->link_from = writer->out->len;
}

static void write_break (Writer *writer)
{
    writer->breaks = MIN (writer->breaks + 1, (guint)BREAKS_MAX);
    writer->breaks_prefix = MIN (writer->breaks_prefix, writer->prefix->len);
    writer->blank = 0;
}

static void write_pre_char (Writer *writer, gunichar c)
{
    if (c == '\n') {
        write_break (writer);
        return;
    }
    settle (writer);
    g_string_append_unichar (writer->out, c);
}

/* A no-break space is visible: paragraphs made of one are how people make an empty line. */
static void on_text (const char *text, gpointer data)
{
    Writer *writer = data;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar c = g_utf8_get_char (at);
        if (c == '\r' || c == 0xFEFF || c == 0x200B || c == 0x00AD || c == 0x034F || c == 0x200C)
            continue; /* fillers that newsletters put into hidden lines */
        if (c < ' ' && c != '\t' && c != '\n')
            c = ' ';
        if (writer->is_pre) {
            write_pre_char (writer, c == 0xA0 ? ' ' : c);
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (writer->out->len > 0 && writer->breaks == 0 && writer->blank == 0)
                writer->blank = ' ';
        } else {
            settle (writer);
            g_string_append_unichar (writer->out, c == 0xA0 ? ' ' : c);
        }
    }
}

static void write_words (Writer *writer, const char *before, const char *text, const char *behind)
{
    settle (writer);
    g_string_append (writer->out, before);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar c = g_utf8_get_char (at);
        g_string_append_unichar (writer->out, g_unichar_iscntrl (c) ? ' ' : c);
    }
    g_string_append (writer->out, behind);
}

static void push_prefix (Writer *writer, const char *text)
{
    if (writer->prefix->len + strlen (text) <= PREFIX_MAX)
        g_string_append (writer->prefix, text);
}

/* A paragraph whose style takes its margins away is a line, as Outlook writes them. */
static gboolean has_margin (const GumboElement *element)
{
    const char *class = html_attribute (element, "class");
    if (class != NULL && strstr (class, "MsoNormal") != NULL)
        return FALSE;
    const char *style = html_attribute (element, "style");
    if (style == NULL)
        return TRUE;
    g_autofree char *margin = html_style_value (style, "margin");
    g_autofree char *bottom = html_style_value (style, "margin-bottom");
    const char *value = bottom != NULL ? bottom : margin;
    if (value == NULL || value[0] != '0' || value[1] == '.')
        return TRUE;
    /* "0 0 10px": the third value is the bottom one. */
    g_auto (GStrv) sides = g_strsplit (value, " ", 4);
    return g_strv_length (sides) >= 3 && sides[2][0] != '0';
}

static void enter_item (Writer *writer)
{
    owe_breaks (writer, 1);
    writer->marker_at = writer->prefix->len;
    if (writer->number > 0)
        g_snprintf (writer->marker, sizeof writer->marker, "%u. ", writer->number++);
    else
        g_strlcpy (writer->marker, "- ", sizeof writer->marker);
    push_prefix (writer, writer->number > 0 ? "   " : "  ");
}

static void enter_list (Writer *writer, const GumboElement *element, gboolean is_numbered)
{
    gboolean is_nested = FALSE;
    for (guint i = 0; i < writer->open->len && !is_nested; i++)
        is_nested = g_array_index (writer->open, Open, i).kind == TEXT_ITEM;
    owe_breaks (writer, is_nested ? 1 : 2);
    const char *start = is_numbered ? html_attribute (element, "start") : NULL;
    guint64 from = start == NULL ? 1 : g_ascii_strtoull (start, NULL, 10);
    writer->number = is_numbered ? (guint)CLAMP (from, 1, 1000000) : 0;
}

static void enter_cell (Writer *writer)
{
    if (writer->has_cell && writer->breaks == 0)
        writer->blank = '\t';
    else
        owe_breaks (writer, 1);
    writer->at_cell = TRUE;
}

/* Cells that are one line each stand on one line, whatever blocks they are made of. */
static void leave_cell (Writer *writer, gsize text_from)
{
    writer->at_cell = FALSE;
    if (writer->out->len == text_from)
        return;
    const char *text = writer->out->str + text_from;
    text += strspn (text, "\n\t> ");
    if (strchr (text, '\n') == NULL) {
        writer->breaks = 0;
        writer->breaks_prefix = G_MAXSIZE;
        writer->has_cell = TRUE;
    }
}

static void enter_image (Writer *writer, const GumboElement *element)
{
    const char *alt = html_attribute (element, "alt");
    g_autofree char *words = g_strstrip (g_strdup (alt == NULL ? "" : alt));
    if (words[0] != '\0' && strlen (words) <= ADDRESS_MAX)
        write_words (writer, "[", words, "]");
}

/* What an element does before its content; nothing for kinds that are not named. */
static void enter_kind (Writer *writer, const GumboElement *element, const Open *open)
{
    switch (open->kind) {
    case TEXT_PARAGRAPH:
        owe_breaks (writer, open->has_margin ? 2 : 1);
        break;
    case TEXT_BLOCK:
    case TEXT_ROW:
        owe_breaks (writer, 1);
        break;
    case TEXT_BREAK:
        write_break (writer);
        break;
    case TEXT_RULE:
        owe_breaks (writer, 1);
        write_words (writer, "", "________________________________", "");
        owe_breaks (writer, 1);
        break;
    case TEXT_QUOTE:
        owe_breaks (writer, 2);
        push_prefix (writer, "> ");
        break;
    case TEXT_LIST:
    case TEXT_NUMBERED:
        enter_list (writer, element, open->kind == TEXT_NUMBERED);
        break;
    case TEXT_ITEM:
        enter_item (writer);
        break;
    case TEXT_CELL:
        enter_cell (writer);
        break;
    case TEXT_LINK:
        writer->link_from = G_MAXSIZE;
        break;
    case TEXT_IMAGE:
        enter_image (writer, element);
        break;
    case TEXT_PRE:
        owe_breaks (writer, 2);
        writer->is_pre = TRUE;
        break;
    default:
        break;
    }
}

static gboolean is_pre_style (const GumboElement *element)
{
    const char *style = html_attribute (element, "style");
    if (style == NULL || strstr (style, "white-space") == NULL)
        return FALSE;
    g_autofree char *value = html_style_value (style, "white-space");
    return value != NULL && g_str_has_prefix (value, "pre");
}

static gboolean on_enter (const GumboElement *element, gpointer data)
{
    Writer *writer = data;
    TextKind kind = kind_of (element);
    if (kind == TEXT_SKIP || html_is_hidden (element))
        return FALSE;
    Open open = {.kind = kind,
                 .has_margin = kind == TEXT_PARAGRAPH && has_margin (element),
                 .prefix_len = writer->prefix->len,
                 .number = writer->number,
                 .is_pre = writer->is_pre,
                 .role = writer->role_of != NULL ? writer->role_of (element) : 0,
                 .role_from = writer->out->len};
    enter_kind (writer, element, &open);
    writer->is_pre = writer->is_pre || is_pre_style (element);
    open.text_from = writer->out->len;
    g_array_append_val (writer->open, open);
    return TRUE;
}

/* The address without what people leave out when they write it. Borrowed; *ret_len is its length.
 */
static const char *bare_address (const char *url, gsize *ret_len)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:"};
    for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
        if (g_ascii_strncasecmp (url, schemes[i], strlen (schemes[i])) == 0) {
            url += strlen (schemes[i]);
            break;
        }
    *ret_len = strlen (url);
    while (*ret_len > 0 && url[*ret_len - 1] == '/')
        (*ret_len)--;
    return url;
}

/* Writes the address behind a link's text, when the text does not say it already. */
static void leave_link (Writer *writer, const GumboElement *element)
{
    const char *href = html_attribute (element, "href");
    gboolean is_empty = writer->link_from >= writer->out->len;
    gsize from = writer->link_from;
    writer->link_from = 0; /* settled: not a link */
    if (href == NULL || is_empty)
        return;
    g_autofree char *url = sanitize_url (href);
    if (url == NULL || strlen (url) > ADDRESS_MAX || writer->address_bytes > ADDRESSES_MAX)
        return;
    g_autofree char *shown = g_strstrip (g_strdup (writer->out->str + from));
    gsize shown_len = 0, href_len = 0;
    g_strdelimit (shown, "<>", ' '); /* of "<anna@example.org>" */
    const char *shown_bare = bare_address (g_strstrip (shown), &shown_len);
    const char *href_bare = bare_address (url, &href_len);
    if (shown_len == href_len && g_ascii_strncasecmp (shown_bare, href_bare, href_len) == 0)
        return;
    g_string_append_printf (writer->out, " <%s>", url);
    writer->address_bytes += strlen (url);
}

static void on_leave (const GumboElement *element, gpointer data)
{
    Writer *writer = data;
    Open open = g_array_index (writer->open, Open, writer->open->len - 1);
    g_array_set_size (writer->open, writer->open->len - 1);
    g_string_truncate (writer->prefix, open.prefix_len);
    writer->is_pre = open.is_pre;
    if (open.role != 0) {
        HtmlTextSpan span = {open.role, open.role_from, writer->out->len};
        g_array_append_val (writer->spans, span);
    }
    switch (open.kind) {
    case TEXT_PARAGRAPH:
        owe_breaks (writer, open.has_margin ? 2 : 1);
        break;
    case TEXT_QUOTE:
    case TEXT_PRE:
        owe_breaks (writer, 2);
        break;
    case TEXT_LIST:
    case TEXT_NUMBERED:
        writer->number = open.number;
        writer->marker[0] = '\0';
        owe_breaks (writer, open.prefix_len > 0 ? 1 : 2);
        break;
    case TEXT_ITEM:
        writer->marker[0] = '\0'; /* of an item without text */
        owe_breaks (writer, 1);
        break;
    case TEXT_BLOCK:
    case TEXT_ROW:
        owe_breaks (writer, 1);
        break;
    case TEXT_CELL:
        leave_cell (writer, open.text_from);
        break;
    case TEXT_LINK:
        leave_link (writer, element);
        break;
    default:
        break;
    }
}

char *html_to_text_spans (const char *html, gssize len, HtmlTextRole role_of, GArray *ret_spans)
{
    static const HtmlVisitor visitor = {on_enter, on_leave, on_text};
    gsize size = len < 0 ? strlen (html) : (gsize)len;
    g_autoptr (HtmlTree) tree = html_tree_new (html, (gssize)size);
    if (tree == NULL)
        return html_strip (html, size);
    Writer writer = {.out = g_string_sized_new (size / 2 + 1),
                     .prefix = g_string_new (NULL),
                     .breaks_prefix = G_MAXSIZE,
                     .open = g_array_new (FALSE, FALSE, sizeof (Open)),
                     .role_of = role_of,
                     .spans = ret_spans};
    html_tree_walk (tree, &visitor, &writer);
    trim_line (writer.out);
    if (writer.out->len > 0)
        g_string_append_c (writer.out, '\n');
    g_array_unref (writer.open);
    g_string_free (writer.prefix, TRUE);
    return g_string_free (writer.out, FALSE);
}

char *html_to_text (const char *html, gssize len)
{
    return html_to_text_spans (html, len, NULL, NULL);
}
