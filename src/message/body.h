/* body.h - the text and the HTML to show, made of the parts that are the body. Private. */
#ifndef BODY_H
#define BODY_H

#include "structure.h"

typedef struct {
    GString *text;               /* of the text parts; UTF-8, LF */
    GString *html;               /* of the HTML parts, as one document after the other */
    gboolean has_text, has_html; /* some such part is there, even if empty */
    gboolean html_leads; /* HTML came first and no text says the same: the text is but a footer */
    gsize left_text, left_html; /* decoded bytes still allowed */
    gboolean is_cut;            /* there was more */
    const char *fallback;       /* charset for what declares none */
} Body;

/* Decodes every part with the role TEXT or HTML and sets its size. Files that are uuencoded within
 * a text become parts of their own at the end of the list. */
void body_collect (Body *body, Structure *structure);

/* Adds text or HTML that stands nowhere in the message itself; UTF-8 with any line ends. */
void body_add_text (Body *body, const char *utf8);
void body_add_html (Body *body, const char *utf8);

/* The bytes of a part that stands in the message itself. Appends to out. */
void body_decode_part (const Structure *structure, const Part *part, GString *out);

/* Whether the text is to be made from the HTML: where there is no text, or none but blanks. */
gboolean body_needs_text (const Body *body);

/* Joins the lines of format=flowed (RFC 3676), in place. LF line ends. */
void body_unflow (GString *text, gboolean is_delsp);

#endif
