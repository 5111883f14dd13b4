/* tpl.h - logic-less templates in Mustache's syntax; pages and mail bodies are made of nothing else.
 *
 * Values are typed. In a template whose name ends in .html every text is escaped, and {{{name}}}
 * takes nothing but SafeHtml; in .txt there is no escaping and no {{{ }}}. A template with a
 * placeholder in an unquoted attribute, in <script>, <style>, style="", srcset="" or on*= does not
 * load; one that gets anything but a url value in href, src or action does not render (numbers may
 * follow literal text: href="/p/{{id}}#c{{n}}"). A section of an .html template has to close the
 * tags' brackets and quotes that it opens.
 *
 * Partials: {{> name}} is the file of that name and of the same ending, in the person's language or
 * else in English; one alone on its line indents what it brings. Words for people stand in the
 * templates, one folder a language: templates/en, templates/nl. Within a list {{-first}} and
 * {{-last}} tell its first and last entry: {{#to}}{{name}}{{^-last}}, {{/-last}}{{/to}}. */
#ifndef TPL_H
#define TPL_H

#include "safehtml.h"

typedef struct TplSet TplSet;
typedef struct TplMap TplMap;

/* Compiles every template: the built-in ones, and over them those in `directory` (may be NULL or
 * empty), as LANGUAGE/NAME. Errors: REFUSED a template is malformed or unsafe, or names a partial that
 * is not there; the text names file and line. Thread: any. */
TplSet *tpl_set_load (const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TplSet *tpl_set_ref (TplSet *set);
void tpl_set_unref (TplSet *set);

/* A map of typed values, filled by one thread. All strings are copied, invalid UTF-8 and controls
 * replaced. A list is a name that was added to several times, or a single tpl_add. A section {{#name}}
 * is shown when the name is TRUE, a number but 0, a time, a non-empty text, url, HTML or list, or a
 * map; its inner names are looked up outwards as well. {{a.b}} is b of the map that was added as a;
 * {{.}} is the present entry of a list of texts. */
TplMap *tpl_map_new (void);
void tpl_map_free (TplMap *map);
void tpl_text (TplMap *map, const char *name, const char *text); /* NULL = absent */
void tpl_int (TplMap *map, const char *name, gint64 number);
void tpl_bool (TplMap *map, const char *name, gboolean value);
void tpl_html (TplMap *map, const char *name, SafeHtml *take_html);
/* A time: {{name}} shows it in the language's form, "21 Nov 2026, 14:05", {{name.date}} without the
 * hour, {{name.iso}} as RFC 3339 for <time datetime>. In UTC, unless the root map has a text
 * tpl_time_zone ("Europe/Amsterdam"). */
void tpl_time (TplMap *map, const char *name, gint64 time_ms);
/* A URL on this site: path from a route and its arguments, already percent-encoded by its maker.
 * Absent unless it begins with one /, ? or #. Mails need tpl_url with the whole address. */
void tpl_path (TplMap *map, const char *name, const char *path);
/* Somebody else's URL: absent unless its scheme is http, https or mailto. */
void tpl_url (TplMap *map, const char *name, const char *url);
/* Adds one entry to the list `name` and lends it for filling; it belongs to the map. */
TplMap *tpl_add (TplMap *map, const char *name);

/* Renders templates/<language>/<name>: "nl-BE" falls back to "nl", then to English. Errors: INTERNAL
 * no such template, a value of the wrong type for its place, or more than 32 MB. Linear in template
 * and data. Thread: any, one map per thread. The result is owned by the caller. */
char *tpl_render (const TplSet *set, const char *language, const char *name, const TplMap *map,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A built-in file of conf/static (style sheet, icon) by its name: bytes, owned by the caller, and
 * content type; or NULL. Thread: any. */
GBytes *tpl_static (const char *name, const char **ret_content_type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TplSet, tpl_set_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TplMap, tpl_map_free)

#endif
