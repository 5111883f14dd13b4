/* tpl.h - logic-less templates in Mustache's syntax; pages and mail bodies are made of nothing else.
 *
 * Values are typed. In a template whose name ends in .html every text is escaped, and {{{name}}}
 * takes nothing but SafeHtml; in .txt controls are stripped and {{{ }}} does not exist. A template
 * with a placeholder in an unquoted attribute, in <script>, <style>, on*=, or with anything but a
 * url value in href, src or action does not load. Partials: {{> name}}, found beside the template.
 * Words for people stand in the templates, one folder a language: templates/en, templates/nl. */
#ifndef TPL_H
#define TPL_H

#include "safehtml.h"

typedef struct TplSet TplSet;
typedef struct TplMap TplMap;

/* Compiles every template: the built-in ones, and over them those in `directory` (may be NULL).
 * Errors: REFUSED a template is malformed or unsafe; the text names file and line. */
TplSet *tpl_set_load (const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TplSet *tpl_set_ref (TplSet *set);
void tpl_set_unref (TplSet *set);

/* A map of typed values, filled by one thread. All strings are copied. A list is a name that was
 * added to several times. A section {{#name}} is shown when the name is TRUE, a non-empty text or
 * list, or a map; its inner names are looked up outwards as well. */
TplMap *tpl_map_new (void);
void tpl_map_free (TplMap *map);
void tpl_text (TplMap *map, const char *name, const char *text); /* NULL = absent */
void tpl_int (TplMap *map, const char *name, gint64 number);
void tpl_bool (TplMap *map, const char *name, gboolean value);
void tpl_html (TplMap *map, const char *name, SafeHtml *take_html);
/* A time: {{name}} shows it in the language's form (in UTC unless tpl_time_zone of the root map says
 * otherwise), {{name.iso}} as RFC 3339 for <time datetime>. */
void tpl_time (TplMap *map, const char *name, gint64 time_ms);
/* A URL on this site: path from a route and its arguments, already percent-encoded by its maker. */
void tpl_path (TplMap *map, const char *name, const char *path);
/* Somebody else's URL: absent unless its scheme is http, https or mailto. */
void tpl_url (TplMap *map, const char *name, const char *url);
/* Adds one entry to the list `name` and lends it for filling; it belongs to the map. */
TplMap *tpl_add (TplMap *map, const char *name);

/* Renders templates/<language>/<name>, falling back to English. Errors: INTERNAL no such template,
 * or a value of the wrong type for its place. Linear in template and data. Thread: any, one map per
 * thread. The result is owned by the caller. */
char *tpl_render (const TplSet *set, const char *language, const char *name, const TplMap *map,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A built-in static file (style sheet, icon): its bytes and type, or NULL. */
GBytes *tpl_static (const char *name, const char **ret_content_type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TplSet, tpl_set_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TplMap, tpl_map_free)

#endif
