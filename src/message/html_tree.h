/* html_tree.h - a foreign HTML document as gumbo's tree, bounded in time and memory. Private to the
 * message layer. Thread: any; a tree belongs to one. */
#ifndef HTML_TREE_H
#define HTML_TREE_H

#include <glib.h>
#include <gumbo.h>

typedef struct HtmlTree HtmlTree;

/* Called in document order. Elements are HTML, SVG or MathML ones: look at tag_namespace. */
typedef struct {
    /* TRUE: its children follow, then leave. FALSE: neither. */
    gboolean (*enter) (const GumboElement *element, gpointer data);
    void (*leave) (const GumboElement *element, gpointer data);
    void (*text) (const char *text, gpointer data); /* decoded, valid UTF-8 */
} HtmlVisitor;

/* Parses up to len bytes (-1: up to NUL). NULL when the document passes a bound (see html_tree.c):
 * the caller then shows html_strip()'s text. The tree keeps a copy of what it needs. */
HtmlTree *html_tree_new (const char *html, gssize len);
void html_tree_free (HtmlTree *tree);

/* The <html> element; lives as long as the tree. Never call gumbo_destroy_output on any of it. */
const GumboNode *html_tree_root (const HtmlTree *tree);

/* Visits everything below and including the root, without recursion. */
void html_tree_walk (const HtmlTree *tree, const HtmlVisitor *visitor, gpointer data);

/* The value of an attribute (name in lower case), or NULL. */
const char *html_attribute (const GumboElement *element, const char *name);

/* TRUE for what a reader is not meant to see: hidden, or display:none in its style. */
gboolean html_is_hidden (const GumboElement *element);

/* The value of a property in a style attribute's text, lower case, trimmed, or NULL. Owned. */
char *html_style_value (const char *style, const char *property);

/* The last resort: text of any HTML in linear time, with lines where blocks begin. Valid UTF-8;
 * owned. */
char *html_strip (const char *html, gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HtmlTree, html_tree_free)

#endif
