/* tpl_template.h - one compiled template. Private to base. */
#ifndef TPL_TEMPLATE_H
#define TPL_TEMPLATE_H

#include "tpl_context.h"
#include "tpl_data.h"

typedef enum {
    NODE_LITERAL,
    NODE_LINE,     /* a line begins: the indentation of a partial goes here */
    NODE_VALUE,    /* {{name}} */
    NODE_RAW,      /* {{{name}}} or {{&name}} */
    NODE_SECTION,  /* {{#name}} */
    NODE_INVERTED, /* {{^name}} */
    NODE_END,      /* {{/name}} */
    NODE_PARTIAL,  /* {{> name}} */
} TplNodeKind;

typedef struct {
    TplNodeKind kind;
    TplPlace place; /* VALUE */
    guint line;     /* for messages */
    guint end;      /* SECTION, INVERTED: index of its END */
    const char
        *text;    /* LITERAL: its bytes; PARTIAL: the indentation; others: the name as written */
    gsize length; /* LITERAL */
    char **path;  /* the parts of a dotted name, none for "."; PARTIAL: the file's name */
} TplNode;

typedef struct {
    char *name;    /* "en/post.html" */
    char *text;    /* the source; nodes point into it */
    GArray *nodes; /* of TplNode */
    GStringChunk *strings;
    gboolean is_html;
} Template;

/* Compiles. `origin` names the file in messages. NULL: REFUSED, "origin:line: what is wrong". */
Template *template_parse (const char *name, const char *origin, const char *text, gsize len,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void template_free (Template *template);

/* Renders one template, whose partials are looked up in `set`; NULL: it has none. See tpl_render.
 */
char *template_render (const Template *template, const TplSet *set, const char *language,
                       const TplMap *map, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Finds a template of the set, "post.html", for a language; NULL when there is none. */
const Template *tpl_set_find (const TplSet *set, const char *language, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Template, template_free)

#endif
