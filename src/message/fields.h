/* fields.h - cuts a header block into fields. Pure; thread: any. */
#ifndef FIELDS_H
#define FIELDS_H

#include <glib.h>

/* One field as it stands; pointers into the data. */
typedef struct {
    const char *name;
    gsize name_len;
    const char *value; /* folded, with its line ends */
    gsize value_len;
} Field;

/* Whether a line ends the block before its blank line: the boundary of a multipart. */
typedef gboolean (*FieldStop) (gconstpointer data, const char *line, gsize len);

typedef struct {
    const char *data;
    gsize at; /* behind the block when field_next has returned FALSE */
    gsize end;
    FieldStop stop; /* may be NULL */
    gconstpointer stop_data;
    gboolean is_top; /* of a whole message: an mbox "From " line and blank lines may come first */
} FieldReader;

/* The next field. Lines that are none are passed over when a field of a known name follows;
 * otherwise the body begins there. Linear over all calls. */
gboolean field_next (FieldReader *reader, Field *ret_field);

/* Whether the field has this name, in any case. */
gboolean field_is (const Field *field, const char *name);

/* The value on one line: folds become one blank, ends are trimmed; raw bytes. Owned. */
GString *field_unfold (const Field *field);

#endif
