/* topics.h - labels of a thread, from what its author wrote. Private to the layer. */
#ifndef TOPICS_H
#define TOPICS_H

#include <glib.h>

/* All add to `topics` (of char *, owned): lower case, without the mark, each once, few. */

/* `[acme]` and `#acme` in a subject; `except` (NULL-terminated) are tags with another meaning. */
void topics_add_subject (GPtrArray *topics, const char *subject, const char *const *except);
/* `#acme` in a text. */
void topics_add_text (GPtrArray *topics, const char *text);
/* A topic named by a rule, or the local part of the own address that was written to. Local parts
 * with another meaning (reply+..., new, alerts, digest, help) add nothing. */
void topics_add_rule (GPtrArray *topics, const char *topic);
void topics_add_own (GPtrArray *topics, const char *address);

/* Whether the subject holds a tag like "[mail]", in any case of letters. An empty tag is nowhere.
 */
gboolean topics_has_tag (const char *subject, const char *tag);

#endif
