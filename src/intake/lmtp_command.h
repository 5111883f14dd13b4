/* lmtp_command.h - a command line of LMTP (RFC 2033, with the syntax of RFC 5321) taken apart.
 * Pure. Thread: any. */
#ifndef LMTP_COMMAND_H
#define LMTP_COMMAND_H

#include <glib.h>

/* A path with its angle brackets. RFC 5321 4.5.3.1.3 asks for 256; internationalised ones need
 * more. */
#define LMTP_PATH_BYTES_MAX 1000

/* Whether the line begins with this verb, in any case, and a blank or nothing follows. *ret_rest:
 * what stands behind the verb and blanks. */
gboolean lmtp_command_is (const char *line, const char *verb, const char **ret_rest);

/* Reads "FROM:<path>" or "TO:<path>" (`label` with its colon). *ret_path: the path as it came, with
 * its brackets, owned by the caller; *ret_rest: the parameters behind it. FALSE when it is
 * malformed: no brackets, blanks or controls outside quotes, too long, no valid UTF-8. "<>" is
 * well-formed. */
gboolean lmtp_command_path (const char *text, const char *label, char **ret_path,
                            const char **ret_rest) G_GNUC_WARN_UNUSED_RESULT;

/* One "KEYWORD" or "KEYWORD=value" of a list with blanks between. */
typedef struct {
    const char *keyword, *value; /* value NULL: none; neither is NUL-terminated */
    gsize keyword_size, value_size;
} LmtpParameter;

/* The next parameter; *text moves behind it. FALSE at the end of the list. */
gboolean lmtp_command_parameter (const char **text, LmtpParameter *ret_parameter);
gboolean lmtp_parameter_is (const LmtpParameter *parameter, const char *keyword);

#endif
