/* tpl_context.h - where in HTML a placeholder stands. Private to base. */
#ifndef TPL_CONTEXT_H
#define TPL_CONTEXT_H

#include <glib.h>

typedef enum {
    PLACE_TEXT,      /* between tags */
    PLACE_ATTRIBUTE, /* in a quoted attribute */
    PLACE_URL,       /* all of, or the start of, an attribute that holds a URL */
    PLACE_URL_REST,  /* behind literal text that has settled scheme and host */
    PLACE_PLAIN,     /* the template is plain text */
} TplPlace;

typedef enum {
    HTML_TEXT,
    HTML_TAG_OPEN, /* behind < */
    HTML_TAG_NAME,
    HTML_IN_TAG,       /* where an attribute may begin */
    HTML_ATTRIBUTE,    /* in its name */
    HTML_AFTER_NAME,   /* in white space behind its name */
    HTML_BEFORE_VALUE, /* behind = */
    HTML_VALUE_DOUBLE,
    HTML_VALUE_SINGLE,
    HTML_VALUE_BARE,
    HTML_DECLARATION, /* behind <! */
    HTML_COMMENT,
    HTML_RAW,   /* in script or style */
    HTML_TITLE, /* in title or textarea: text without tags */
} HtmlState;

typedef struct {
    HtmlState state;
    char tag[16], attribute[32]; /* in small letters, cut */
    guint matched;               /* letters of an expected end seen so far */
    gboolean value_begun;        /* the attribute's value has literal text already */
    gboolean is_end_tag;
    gboolean needs_break; /* a section ended in an attribute's name */
} HtmlContext;

/* Goes on over literal text. NULL, or what is wrong with it. */
const char *html_context_feed (HtmlContext *context, const char *text, gsize len);

/* What kind of place this is for {{value}}, or for {{{html}}} when `raw`. NULL, or why nothing may
 * stand here. */
const char *html_context_value (HtmlContext *context, gboolean raw, TplPlace *ret_place);

/* A section begins or ends here. NULL, or why it may not. */
const char *html_context_section (HtmlContext *context);

/* Whether a section may lead from one context to the other: the same place for who reads on. */
gboolean html_context_same (const HtmlContext *a, const HtmlContext *b);

#endif
