/* tpl_data.h - the values behind the names of a template. Private to base. */
#ifndef TPL_DATA_H
#define TPL_DATA_H

#include "tpl.h"

typedef enum { TPL_TEXT, TPL_INT, TPL_BOOL, TPL_HTML, TPL_TIME, TPL_URL, TPL_MAP } TplType;

typedef struct {
    TplType type;
    union {
        char *text;    /* TEXT, URL: valid UTF-8 without controls but newline and tab */
        gint64 number; /* INT, BOOL, TIME */
        SafeHtml *html;
        TplMap *map;
    };
} TplValue;

/* The values of a name, in the order of their adding; *ret_n is 0 when there is none. */
const TplValue *tpl_map_values (const TplMap *map, const char *name, guint *ret_n);

/* "a text", "a number", ... for messages. */
const char *tpl_type_text (TplType type);

/* Whether a section of this value is shown. */
gboolean tpl_value_is_true (const TplValue *value);

typedef enum { TPL_TIME_LONG, TPL_TIME_DATE, TPL_TIME_ISO } TplTimeForm;

/* A point in time in the language's form, or in RFC 3339. Owned by the caller. */
char *tpl_time_text (gint64 time_ms, GTimeZone *zone, const char *language, TplTimeForm form);

#endif
