/* milter_header.c - see milter_header.h. */
#include "milter_header.h"

#include <string.h>

void milter_header_line (GString *line, const char *name, const char *value,
                         gboolean has_leading_space)
{
    g_string_assign (line, name);
    g_string_append (line, has_leading_space ? ":" : ": ");
    for (const char *end; (end = strchr (value, '\n')) != NULL; value = end + 1) {
        gboolean has_cr = end > value && end[-1] == '\r';
        g_string_append_len (line, value, end - value - (has_cr ? 1 : 0));
        g_string_append (line, "\r\n");
    }
    g_string_append (line, value);
    g_string_append (line, "\r\n");
}
