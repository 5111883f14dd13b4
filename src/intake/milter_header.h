/* milter_header.h - a header line as it stood in the message, made from what a milter is given. */
#ifndef MILTER_HEADER_H
#define MILTER_HEADER_H

#include <glib.h>

/* Sets line to "name:value" CRLF. With has_leading_space the value begins with whatever followed
 * the colon, else the MTA has cut one blank away, which is put back. The lines of a folded value
 * come from Postfix with LF between them: CRLF again. Pure. Thread: any. */
void milter_header_line (GString *line, const char *name, const char *value,
                         gboolean has_leading_space);

#endif
