/* conf_option.h - the options of conf.def as a table, and what may stand in each. Private to base.
 */
#ifndef CONF_OPTION_H
#define CONF_OPTION_H

#include "conf.h"

typedef enum {
    OPTION_SECTION, /* a heading: only name */
    OPTION_TEXT,
    OPTION_LIST,
    OPTION_UINT,
    OPTION_BOOL,
    OPTION_WORD,
} ConfKind;

typedef struct {
    ConfKind kind;
    const char *name, *sentence;
    const char *fallback;      /* TEXT */
    guint number, least, most; /* UINT, BOOL and WORD: fallback; UINT: bounds */
    const char *words;         /* WORD, and rule settings with a choice: "a|b" */
    gsize offset;              /* of the field in Config, or in ConfRule */
} ConfOption;

/* The table, ended by an entry without a name, in the order of conf.def. */
const ConfOption *conf_options (void);
/* The settings of a rule, ended likewise. All are TEXT. */
const ConfOption *conf_rule_options (void);

/* The entry of that name, no heading; NULL when there is none. */
const ConfOption *conf_option_find (const ConfOption *table, const char *name);
/* The option whose name is nearest to a mistyped one; NULL when none is near. */
const char *conf_option_nearest (const ConfOption *table, const char *name);

/* The default as it would be written in the file. Owned by the caller. */
char *conf_option_default (const ConfOption *option);
/* Position of a word in "a|b", or -1. */
int conf_word_index (const char *words, const char *word);

/* What is allowed, when this value (one element of a list) may not stand in this option; NULL when
 * it may. Owned by the caller. */
char *conf_check (const ConfOption *option, const char *value);

/* The text without its comments, lines kept: libconfuse loses count of lines at comments, and knows
 * none inside lists. Also finds what it does not: quotes and braces that are never closed, NUL and
 * bytes that are not UTF-8. On failure *ret_line and the error say where and what. */
char *conf_uncomment (const char *text, gsize len, guint *ret_line,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
