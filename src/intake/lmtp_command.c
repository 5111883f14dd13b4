/* lmtp_command.c - see lmtp_command.h. */
#include "lmtp_command.h"

#include <string.h>

gboolean lmtp_command_is (const char *line, const char *verb, const char **ret_rest)
{
    gsize size = strlen (verb);
    if (g_ascii_strncasecmp (line, verb, size) != 0 || (line[size] != ' ' && line[size] != '\0'))
        return FALSE;
    *ret_rest = line + size + strspn (line + size, " ");
    return TRUE;
}

/* The byte behind the closing bracket of a path that begins here; NULL when there is none. */
static const char *path_end (const char *path)
{
    gboolean is_quoted = FALSE;
    for (const char *p = path + 1; *p != '\0'; p++) {
        if ((guchar)*p < ' ' || *p == 0x7f || (*p == ' ' && !is_quoted) ||
            (*p == '<' && !is_quoted))
            return NULL;
        if (*p == '>' && !is_quoted)
            return p + 1;
        if (*p == '"')
            is_quoted = !is_quoted;
        if (*p == '\\' && is_quoted && p[1] != '\0')
            p++;
    }
    return NULL;
}

gboolean lmtp_command_path (const char *text, const char *label, char **ret_path,
                            const char **ret_rest)
{
    gsize size = strlen (label);
    if (g_ascii_strncasecmp (text, label, size) != 0)
        return FALSE;
    const char *path = text + size + strspn (text + size, " ");
    const char *end = *path == '<' ? path_end (path) : NULL;
    if (end == NULL || (*end != ' ' && *end != '\0') || end - path > LMTP_PATH_BYTES_MAX ||
        !g_utf8_validate (path, end - path, NULL))
        return FALSE;
    *ret_path = g_strndup (path, (gsize)(end - path));
    *ret_rest = end;
    return TRUE;
}

gboolean lmtp_command_parameter (const char **text, LmtpParameter *ret_parameter)
{
    const char *start = *text + strspn (*text, " ");
    gsize size = strcspn (start, " ");
    const char *equals = memchr (start, '=', size);
    *text = start + size;
    *ret_parameter = (LmtpParameter){.keyword = start, .keyword_size = size};
    if (equals != NULL) {
        ret_parameter->keyword_size = (gsize)(equals - start);
        ret_parameter->value = equals + 1;
        ret_parameter->value_size = size - ret_parameter->keyword_size - 1;
    }
    return size > 0;
}

gboolean lmtp_parameter_is (const LmtpParameter *parameter, const char *keyword)
{
    return strlen (keyword) == parameter->keyword_size &&
           g_ascii_strncasecmp (parameter->keyword, keyword, parameter->keyword_size) == 0;
}
