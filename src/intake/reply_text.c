/* reply_text.c - see reply_text.h. */
#include "reply_text.h"

#include <string.h>

#define TEXT_BYTES_MAX 400

/* Whether the text begins with an enhanced status code (RFC 3463) of this class: "5.7.1 ". */
static gboolean has_status (const char *text, char class)
{
    if (text[0] != class || text[1] != '.')
        return FALSE;
    gsize subject = strspn (text + 2, "0123456789");
    if (subject == 0 || subject > 3 || text[2 + subject] != '.')
        return FALSE;
    const char *detail = text + 3 + subject;
    gsize length = strspn (detail, "0123456789");
    return length > 0 && length <= 3 && detail[length] == ' ';
}

static void append_clean (GString *line, const char *text)
{
    for (gsize i = 0; i < TEXT_BYTES_MAX && text[i] != '\0'; i++)
        g_string_append_c (line, text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
}

void reply_text_append (GString *line, const char *code, const char *text, const char *fallback)
{
    g_string_append (line, code);
    g_string_append_c (line, ' ');
    if (text == NULL || *text == '\0') {
        append_clean (line, fallback);
        return;
    }
    if (!has_status (text, code[0])) {
        g_string_append_len (line, fallback, (gssize)strcspn (fallback, " "));
        g_string_append_c (line, ' ');
    }
    append_clean (line, text);
}
