/* html_tree.c - see html_tree.h.
 *
 * gumbo parses ordinary mail in linear time, but takes quadratic time for deep nesting, for many
 * open formatting elements and for many attributes, and its destructor recurses. So: (I1) A linear
 * look at the document (html_scan) refuses what is known to be costly. This depends on the document
 * alone: the same mail always looks the same. (I2) gumbo's memory comes from an arena with a
 * budget; when it is spent we jump out. Also exact. (I3) Last comes a deadline in CPU time of this
 * thread, far above what anything that passed (I1) and (I2) has been seen to take. (I4) The arena
 * is freed as a whole; gumbo_destroy_output is never called. */
#include "html_tree.h"

#include <setjmp.h>
#include <string.h>
#include <time.h>

#include "html_scan.h"

enum {
    INPUT_MAX = 1024 * 1024, /* bytes, after embedded images have been cut out */
    DEPTH_MAX = 400,         /* open elements; Chromium itself stops nesting at 512 */
    ATTRIBUTES_MAX = 150,    /* of one tag, and of all <html> and <body> tags together */
    ARENA_BYTES = 40 * 1024 * 1024,
    DEADLINE_MS = 600,
    ALLOCATIONS_PER_CLOCK = 64,
    CHUNK_BYTES = 256 * 1024,
    STEP = 16,            /* allocations are rounded up to this */
    CLASSES = 64,         /* freed blocks up to STEP * CLASSES bytes are used again */
    DATA_URL_KEPT = 1024, /* a longer run of base64 is cut out */
    STYLE_MAX = 16 * 1024,
};

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;
    _Alignas(16) char bytes[];
};

/* Stands before each block, so that freeing knows its size. */
typedef struct {
    _Alignas(16) gsize size;
} BlockHead;

struct HtmlTree {
    char *html;
    GumboOutput *output;
    Chunk *chunks;
    char *at, *end; /* of the newest chunk */
    gsize arena_bytes;
    void *free_blocks[CLASSES];
    guint allocations;
    gint64 deadline_ns;
    jmp_buf out;
};

static gint64 thread_cpu_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return (gint64)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void arena_grow (HtmlTree *tree, gsize need)
{
    gsize size = MAX (need, (gsize)CHUNK_BYTES);
    tree->arena_bytes += size;
    if (tree->arena_bytes > ARENA_BYTES)
        longjmp (tree->out, 1);
    Chunk *chunk = g_malloc (sizeof (Chunk) + size);
    chunk->next = tree->chunks;
    tree->chunks = chunk;
    tree->at = chunk->bytes;
    tree->end = chunk->bytes + size;
}

static void *arena_allocate (void *data, size_t wanted)
{
    HtmlTree *tree = data;
    if (++tree->allocations % ALLOCATIONS_PER_CLOCK == 0 && thread_cpu_ns() > tree->deadline_ns)
        longjmp (tree->out, 1);
    if (wanted > ARENA_BYTES)
        longjmp (tree->out, 1);
    gsize size = (MAX (wanted, (size_t)1) + STEP - 1) / STEP * STEP;
    gsize class = size / STEP;
    if (class < CLASSES && tree->free_blocks[class] != NULL) {
        void *block = tree->free_blocks[class];
        memcpy (&tree->free_blocks[class], block, sizeof (void *));
        return block;
    }
    gsize whole = size + sizeof (BlockHead);
    if ((gsize)(tree->end - tree->at) < whole)
        arena_grow (tree, whole);
    BlockHead *head = (BlockHead *)(void *)tree->at;
    head->size = size;
    tree->at += whole;
    return head + 1;
}

static void arena_release (void *data, void *block)
{
    HtmlTree *tree = data;
    if (block == NULL)
        return;
    gsize class = ((BlockHead *)block - 1)->size / STEP;
    if (class >= CLASSES)
        return;
    memcpy (block, &tree->free_blocks[class], sizeof (void *));
    tree->free_blocks[class] = block;
}

/* A copy without the long runs of base64 that pasted pictures are made of: no reader of the tree
 * wants them, and one picture would pass INPUT_MAX. */
static char *copy_without_pictures (const char *html, gsize len, gsize *ret_len)
{
    static const char mark[] = ";base64,";
    char *copy = g_malloc (len + 1);
    gsize to = 0;
    const char *at = html, *end = html + len;
    while (at < end) {
        const char *found = g_strstr_len (at, end - at, mark);
        const char *run = found == NULL ? end : found + sizeof mark - 1;
        memcpy (copy + to, at, (gsize)(run - at));
        to += (gsize)(run - at);
        const char *behind = run;
        while (behind < end &&
               (g_ascii_isalnum (*behind) || strchr ("+/=%\r\n", *behind) != NULL) &&
               *behind != '\0')
            behind++;
        if (behind - run <= DATA_URL_KEPT) {
            memcpy (copy + to, run, (gsize)(behind - run));
            to += (gsize)(behind - run);
        }
        at = behind;
    }
    copy[to] = '\0';
    *ret_len = to;
    return copy;
}

static gboolean is_void (GumboTag tag)
{
    static const GumboTag tags[] = {
        GUMBO_TAG_BR,     GUMBO_TAG_IMG,   GUMBO_TAG_HR,    GUMBO_TAG_INPUT, GUMBO_TAG_META,
        GUMBO_TAG_LINK,   GUMBO_TAG_COL,   GUMBO_TAG_AREA,  GUMBO_TAG_BASE,  GUMBO_TAG_EMBED,
        GUMBO_TAG_SOURCE, GUMBO_TAG_PARAM, GUMBO_TAG_TRACK, GUMBO_TAG_WBR,   GUMBO_TAG_BGSOUND,
        GUMBO_TAG_IMAGE,  GUMBO_TAG_HTML,  GUMBO_TAG_BODY};
    for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
        if (tags[i] == tag)
            return TRUE;
    return FALSE;
}

/* Elements whose end tag people leave out; the next one of a kind ends the one before. */
static gboolean is_closed_by_next (GumboTag open, GumboTag next)
{
    static const struct {
        GumboTag open, next;
    } pairs[] = {
        {GUMBO_TAG_P, GUMBO_TAG_P},           {GUMBO_TAG_P, GUMBO_TAG_DIV},
        {GUMBO_TAG_P, GUMBO_TAG_UL},          {GUMBO_TAG_LI, GUMBO_TAG_LI},
        {GUMBO_TAG_TD, GUMBO_TAG_TD},         {GUMBO_TAG_TH, GUMBO_TAG_TH},
        {GUMBO_TAG_TD, GUMBO_TAG_TR},         {GUMBO_TAG_TH, GUMBO_TAG_TR},
        {GUMBO_TAG_TR, GUMBO_TAG_TR},         {GUMBO_TAG_DT, GUMBO_TAG_DD},
        {GUMBO_TAG_DD, GUMBO_TAG_DT},         {GUMBO_TAG_P, GUMBO_TAG_LI},
        {GUMBO_TAG_DD, GUMBO_TAG_DD},         {GUMBO_TAG_DT, GUMBO_TAG_DT},
        {GUMBO_TAG_P, GUMBO_TAG_TR},          {GUMBO_TAG_P, GUMBO_TAG_TD},
        {GUMBO_TAG_OPTION, GUMBO_TAG_OPTION}, {GUMBO_TAG_P, GUMBO_TAG_TABLE},
        {GUMBO_TAG_A, GUMBO_TAG_A},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
        if (pairs[i].open == open && pairs[i].next == next)
            return TRUE;
    return FALSE;
}

/* The elements that a document has open, judged roughly. */
typedef struct {
    guint16 tags[DEPTH_MAX];
    guint depth;
    guint of_tag[GUMBO_TAG_LAST + 1];
} OpenTags;

static void open_pop (OpenTags *open)
{
    open->depth--;
    open->of_tag[open->tags[open->depth]]--;
}

/* FALSE when there are too many. */
static gboolean open_push (OpenTags *open, GumboTag tag)
{
    while (open->depth > 0 && is_closed_by_next ((GumboTag)open->tags[open->depth - 1], tag))
        open_pop (open);
    if (open->depth == DEPTH_MAX)
        return FALSE;
    open->tags[open->depth++] = (guint16)tag;
    open->of_tag[tag]++;
    return TRUE;
}

static gboolean is_among (GumboTag tag, const GumboTag *tags, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (tags[i] == tag)
            return TRUE;
    return FALSE;
}

/* End tags do not reach beyond scopes (HTML 13.2.4.2), those of a table's parts only not beyond
 * their table, and those of ordinary elements such as <span> beyond no block. */
static gboolean is_scope (GumboTag open, GumboTag end)
{
    static const GumboTag scopes[] = {GUMBO_TAG_TABLE,  GUMBO_TAG_TEMPLATE, GUMBO_TAG_TD,
                                      GUMBO_TAG_TH,     GUMBO_TAG_CAPTION,  GUMBO_TAG_MARQUEE,
                                      GUMBO_TAG_APPLET, GUMBO_TAG_OBJECT};
    static const GumboTag parts[] = {GUMBO_TAG_TABLE, GUMBO_TAG_TBODY, GUMBO_TAG_TR, GUMBO_TAG_TD,
                                     GUMBO_TAG_TH};
    static const GumboTag blocks[] = {
        GUMBO_TAG_P,       GUMBO_TAG_DIV,      GUMBO_TAG_ADDRESS, GUMBO_TAG_BLOCKQUOTE,
        GUMBO_TAG_CENTER,  GUMBO_TAG_UL,       GUMBO_TAG_OL,      GUMBO_TAG_LI,
        GUMBO_TAG_DL,      GUMBO_TAG_DT,       GUMBO_TAG_DD,      GUMBO_TAG_PRE,
        GUMBO_TAG_H1,      GUMBO_TAG_H2,       GUMBO_TAG_H3,      GUMBO_TAG_H4,
        GUMBO_TAG_H5,      GUMBO_TAG_H6,       GUMBO_TAG_FORM,    GUMBO_TAG_SECTION,
        GUMBO_TAG_ARTICLE, GUMBO_TAG_ASIDE,    GUMBO_TAG_HEADER,  GUMBO_TAG_FOOTER,
        GUMBO_TAG_MAIN,    GUMBO_TAG_NAV,      GUMBO_TAG_FIGURE,  GUMBO_TAG_FIGCAPTION,
        GUMBO_TAG_DETAILS, GUMBO_TAG_FIELDSET, GUMBO_TAG_BUTTON,  GUMBO_TAG_SUMMARY};
    static const GumboTag formats[] = {
        GUMBO_TAG_A,    GUMBO_TAG_B, GUMBO_TAG_BIG,    GUMBO_TAG_CODE,  GUMBO_TAG_EM,
        GUMBO_TAG_FONT, GUMBO_TAG_I, GUMBO_TAG_NOBR,   GUMBO_TAG_S,     GUMBO_TAG_SMALL,
        GUMBO_TAG_TT,   GUMBO_TAG_U, GUMBO_TAG_STRIKE, GUMBO_TAG_STRONG};
    if (is_among (end, parts, G_N_ELEMENTS (parts)))
        return open == GUMBO_TAG_TABLE || open == GUMBO_TAG_TEMPLATE;
    if (is_among (open, scopes, G_N_ELEMENTS (scopes)))
        return TRUE;
    return is_among (open, blocks, G_N_ELEMENTS (blocks)) &&
           !is_among (end, blocks, G_N_ELEMENTS (blocks)) &&
           !is_among (end, formats, G_N_ELEMENTS (formats));
}

static void open_close (OpenTags *open, GumboTag tag)
{
    if (open->of_tag[tag] == 0)
        return;
    guint at = open->depth - 1;
    while (open->tags[at] != tag) {
        if (is_scope ((GumboTag)open->tags[at], tag))
            return;
        at--;
    }
    while (open->depth > at)
        open_pop (open);
}

/* (I1) TRUE when gumbo will be done with it in time. A tag that is cut off by the end of the
 * document shows nothing and may be costly: *len becomes less by it. */
static gboolean is_affordable (const char *html, gsize *len)
{
    OpenTags open = {.depth = 0};
    guint root_attributes = 0;
    HtmlScan scan;
    HtmlToken token;
    html_scan_init (&scan, html, *len);
    while (html_scan_next (&scan, &token)) {
        if (token.attributes > ATTRIBUTES_MAX)
            return FALSE;
        if (token.kind == HTML_TOKEN_END) {
            open_close (&open, token.tag);
            continue;
        }
        if (token.kind == HTML_TOKEN_TEXT) {
            if (token.len > 1 && token.text[0] == '<' &&
                (g_ascii_isalpha (token.text[1]) || token.text[1] == '/'))
                *len = MIN (*len, (gsize)(token.text - html));
            continue;
        }
        if (token.tag == GUMBO_TAG_HTML || token.tag == GUMBO_TAG_BODY)
            root_attributes += token.attributes;
        if (root_attributes > ATTRIBUTES_MAX)
            return FALSE;
        gboolean is_closed = is_void (token.tag) || (token.is_self_closing && scan.foreign > 0);
        if (!is_closed && !open_push (&open, token.tag))
            return FALSE;
    }
    return TRUE;
}

/* FALSE when a bound was passed. In a function of its own: nothing else lives across the jump. */
static gboolean run_gumbo (HtmlTree *tree, gsize len)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = arena_allocate;
    options.deallocator = arena_release;
    options.userdata = tree;
    options.max_errors = 0;
    tree->deadline_ns = thread_cpu_ns() + (gint64)DEADLINE_MS * 1000000;
    if (setjmp (tree->out) != 0)
        return FALSE;
    tree->output = gumbo_parse_with_options (&options, tree->html, len);
    return TRUE;
}

void html_tree_free (HtmlTree *tree)
{
    while (tree->chunks != NULL) {
        Chunk *chunk = tree->chunks;
        tree->chunks = chunk->next;
        g_free (chunk);
    }
    g_free (tree->html);
    g_free (tree);
}

const GumboNode *html_tree_root (const HtmlTree *tree)
{
    return tree->output->root;
}

static gboolean is_element (const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

typedef struct {
    const GumboElement *element;
    guint next; /* child to visit */
} Frame;

/* Visits one node; an element that is entered goes on the stack. */
static void visit (const GumboNode *node, const HtmlVisitor *visitor, gpointer data, GArray *stack)
{
    if (is_element (node)) {
        Frame frame = {&node->v.element, 0};
        if (visitor->enter (frame.element, data))
            g_array_append_val (stack, frame);
    } else if (node->type != GUMBO_NODE_COMMENT && node->type != GUMBO_NODE_DOCUMENT) {
        visitor->text (node->v.text.text, data);
    }
}

void html_tree_walk (const HtmlTree *tree, const HtmlVisitor *visitor, gpointer data)
{
    g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Frame));
    visit (tree->output->root, visitor, data, stack);
    while (stack->len > 0) {
        Frame *frame = &g_array_index (stack, Frame, stack->len - 1);
        const GumboElement *element = frame->element;
        if (frame->next < element->children.length) {
            visit (element->children.data[frame->next++], visitor, data, stack);
        } else {
            visitor->leave (element, data);
            g_array_set_size (stack, stack->len - 1);
        }
    }
}

/* Bytes that are no UTF-8 become question marks, in place: the strings are the arena's. */
static void repair_utf8 (const char *text)
{
    const char *bad = NULL;
    for (const char *at = text; !g_utf8_validate (at, -1, &bad); at = bad + 1)
        *(char *)bad = '?';
}

static gboolean on_repair_enter (const GumboElement *element, gpointer data)
{
    (void)data;
    for (guint i = 0; i < element->attributes.length; i++)
        repair_utf8 (((const GumboAttribute *)element->attributes.data[i])->value);
    return TRUE;
}

static void on_repair_leave (const GumboElement *element, gpointer data)
{
    (void)element;
    (void)data;
}

static void on_repair_text (const char *text, gpointer data)
{
    (void)data;
    repair_utf8 (text);
}

HtmlTree *html_tree_new (const char *html, gssize len)
{
    g_autoptr (HtmlTree) tree = g_new0 (HtmlTree, 1);
    gsize size = 0;
    tree->html = copy_without_pictures (html, len < 0 ? strlen (html) : (gsize)len, &size);
    if (size > INPUT_MAX || !is_affordable (tree->html, &size) || !run_gumbo (tree, size))
        return NULL;
    /* gumbo replaces bad bytes, but makes some itself: of "&#11111111111;", whose number overflows.
     */
    static const HtmlVisitor repair = {on_repair_enter, on_repair_leave, on_repair_text};
    html_tree_walk (tree, &repair, NULL);
    return g_steal_pointer (&tree);
}

const char *html_attribute (const GumboElement *element, const char *name)
{
    const GumboAttribute *attribute = gumbo_get_attribute (&element->attributes, name);
    return attribute == NULL ? NULL : attribute->value;
}

char *html_style_value (const char *style, const char *property)
{
    if (style == NULL || strlen (style) > STYLE_MAX)
        return NULL;
    g_auto (GStrv) declarations = g_strsplit (style, ";", -1);
    for (char **at = declarations; *at != NULL; at++) {
        char *colon = strchr (*at, ':');
        if (colon == NULL)
            continue;
        *colon = '\0';
        if (g_ascii_strcasecmp (g_strstrip (*at), property) == 0)
            return g_ascii_strdown (g_strstrip (colon + 1), -1);
    }
    return NULL;
}

/* Data that Office leaves in its HTML: <xml> with settings, which other programs show as text. */
static gboolean is_data_island (const GumboElement *element)
{
    if (element->tag != GUMBO_TAG_UNKNOWN || element->original_end_tag.length == 0)
        return FALSE;
    GumboStringPiece name = element->original_tag;
    gumbo_tag_from_original_text (&name);
    return name.length == 3 && g_ascii_strncasecmp (name.data, "xml", 3) == 0;
}

gboolean html_is_hidden (const GumboElement *element)
{
    if (is_data_island (element))
        return TRUE;
    if (html_attribute (element, "hidden") != NULL)
        return TRUE;
    const char *style = html_attribute (element, "style");
    if (style == NULL)
        return FALSE;
    g_autofree char *display = html_style_value (style, "display");
    g_autofree char *hide = html_style_value (style, "mso-hide");
    return (display != NULL && g_str_has_prefix (display, "none")) ||
           (hide != NULL && g_str_has_prefix (hide, "all"));
}
