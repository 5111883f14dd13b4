/* charset_label.h - what charset labels of mail stand for. Private to the layer. */
#ifndef CHARSET_LABEL_H
#define CHARSET_LABEL_H

#include <glib.h>

#define CHARSET_LABEL_MAX 40

typedef enum {
    KIND_UNKNOWN, /* no label, or one that says nothing */
    KIND_LATIN,   /* Western: what is written here when a program does not know */
    KIND_UTF8,
    KIND_ISO2022JP,
    KIND_HZ,
    KIND_ICONV,
} CharsetKind;

/* What a label (may be NULL) stands for. `room` has CHARSET_LABEL_MAX bytes. *ret_iconv is iconv's
 * name for KIND_ICONV, else NULL; static or in `room`. */
CharsetKind charset_label_lookup (const char *label, char *room, const char **ret_iconv);

#endif
