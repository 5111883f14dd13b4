/* listfile.h - what aliases(5) and virtual(5) have in common: a bounded file, logical lines, and
 * lists of addresses. Private to the layer. */
#ifndef LISTFILE_H
#define LISTFILE_H

#include <glib.h>

/* A file and everything that it includes together. */
#define LISTFILE_BYTES_MAX ((gsize)64 * 1024 * 1024)

/* Reads a regular file. Errors: NOT_FOUND; INTERNAL unreadable; REFUSED larger than `bytes_max`, or
 * not text. Owned. */
char *listfile_read (const char *path, gsize bytes_max, gsize *ret_len,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Walks over text, one logical line at a time: lines that begin with white space continue the one
 * before; empty lines, and those whose first character but blanks is #, are not there. */
typedef struct {
    const char *path; /* for errors; borrowed */
    const char *rest;
    const char *end;
    guint number;  /* of physical lines read */
    guint line;    /* where the logical line begins */
    GString *text; /* the logical line */
} ListLines;

/* text must outlive the walk and have no NUL within len. */
void list_lines_init (ListLines *lines, const char *path, const char *text, gsize len);
void list_lines_clear (ListLines *lines);
/* FALSE at the end, or with *error: REFUSED the first line continues nothing. */
gboolean list_lines_next (ListLines *lines, GError **error);

/* Sets *error to REFUSED "path:line: what"; always FALSE. */
gboolean list_lines_refuse (const ListLines *lines, GError **error, const char *what);

/* Takes a list of addresses apart: commas or blanks between them, "quoted" and `Name <address>`
 * forms, (comments). Array of char *, without quotes; NULL with *ret_what (static) when malformed.
 * Owned. */
GPtrArray *list_values (const char *text, const char **ret_what) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ListLines, list_lines_clear)

#endif
