/* error.h - what kind of failure it is, so that fronts can answer without knowing the cause. */
#ifndef ERROR_H
#define ERROR_H

#include <glib.h>

/* The class is the code of every GError that this program makes. Fronts look only at the class. */
typedef enum {
    ERR_TEMPORARY = 1, /* try again later: 4xx, 503, EX_TEMPFAIL */
    ERR_REFUSED,       /* the other side is wrong: 5xx, 400, EX_DATAERR */
    ERR_NOT_FOUND,     /* no such thing, or not for this person: 404 */
    ERR_INTERNAL,      /* our bug or a broken installation: 4xx by mail, 500 on the web */
} ErrorClass;

#define ERROR_DOMAIN (error_domain ())

/* The one GError domain of the program. Thread: any. */
GQuark error_domain (void);

/* Sets *error (when error is not NULL) to a new error of this class with a printf text. The text is
 * one line for a person: what failed, with the name that matters, no trailing full stop.
 * Thread: any. */
void error_set (GError **error, ErrorClass class, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Like error_set, and returns FALSE, so that a function can end with `return error_fail (...)`. */
gboolean error_fail (GError **error, ErrorClass class, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* The class of an error. Foreign domains: G_IO_ERROR and G_FILE_ERROR "no such file" give NOT_FOUND,
 * their "no space", "busy" and "again" TEMPORARY, all else INTERNAL. error may not be NULL. */
ErrorClass error_class (const GError *error);

/* Puts "text: " before the message of *error, when there is one. Once per function, by the function
 * that knows the name of what was worked on. */
void error_prefix (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

#endif
