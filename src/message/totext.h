/* totext.h - text of HTML that remembers where some elements' text lies. Private to the message
 * layer. Thread: any. */
#ifndef TOTEXT_H
#define TOTEXT_H

#include <glib.h>
#include <gumbo.h>

/* Where the text of an element that has a role lies: bytes from..to of the result. */
typedef struct {
    guint role;
    gsize from, to;
} HtmlTextSpan;

/* What the caller takes an element for; 0 for nothing. */
typedef guint (*HtmlTextRole) (const GumboElement *element);

/* html_to_text, which also appends to ret_spans (of HtmlTextSpan) one span for each element with a
 * role, in the order in which they end. No spans when the document passes a bound. Owned. */
char *html_to_text_spans (const char *html, gssize len, HtmlTextRole role_of, GArray *ret_spans);

#endif
