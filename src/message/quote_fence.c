/* quote_fence.c - code between fences is text. */
#include "quote_fence.h"

#include <string.h>

#define FENCE_LEN 3

/* "```", perhaps with the name of a language behind it. */
static gboolean is_fence (const QuoteLine *line, gboolean *ret_is_bare)
{
    gsize i = 0, end = line->raw_len;

    while (i < end && line->raw[i] == ' ')
        i++;
    while (end > i && g_ascii_isspace (line->raw[end - 1]))
        end--;
    if (line->depth > 0 || end - i < FENCE_LEN || memcmp (line->raw + i, "```", FENCE_LEN) != 0)
        return FALSE;
    *ret_is_bare = end - i == FENCE_LEN;
    return *ret_is_bare || memchr (line->raw + i + FENCE_LEN, '`', end - i - FENCE_LEN) == NULL;
}

static void make_plain (QuoteLine *line)
{
    gboolean is_blank = quote_line_is_blank (line);
    *line = (QuoteLine){.raw = line->raw,
                        .raw_len = line->raw_len,
                        .text = "",
                        .flags = is_blank ? LINE_BLANK : LINE_CAPITAL};
}

void quote_lines_fence (QuoteLines *lines)
{
    guint open = lines->len;
    gboolean is_bare = FALSE;

    for (guint i = 0; i < lines->len; i++) {
        if (!is_fence (&lines->at[i], &is_bare))
            continue;
        if (open == lines->len || !is_bare) {
            open = i;
            continue;
        }
        for (guint j = open; j <= i; j++)
            make_plain (&lines->at[j]);
        open = lines->len;
    }
}
