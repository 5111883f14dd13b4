/* quote_fence.c - code between fences and the hunks of patches are text. */
#include "quote_fence.h"

#include <string.h>

#define FENCE_LEN 3
#define HUNK_MAX 100000 /* lines of a hunk that are believed */

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

/* "@@ -3 +3,5 @@": how many lines of the old and the new file follow. */
static gboolean read_hunk (const QuoteLine *line, guint ret_counts[2])
{
    const char *p = line->raw, *end = line->raw + line->raw_len;

    if (line->depth > 0 || line->raw_len < 9 || memcmp (p, "@@ -", 4) != 0)
        return FALSE;
    p += 3;
    for (guint i = 0; i < 2; i++) {
        if (p >= end || *p != "-+"[i])
            return FALSE;
        ret_counts[i] = 1;
        for (p++; p < end && g_ascii_isdigit (*p);)
            p++;
        if (p < end && *p == ',')
            for (p++, ret_counts[i] = 0; p < end && g_ascii_isdigit (*p); p++)
                ret_counts[i] = MIN (ret_counts[i] * 10 + (guint)(*p - '0'), HUNK_MAX);
        p += p < end && *p == ' ';
    }
    return p + 1 < end && p[0] == '@' && p[1] == '@';
}

/* Makes the hunk that begins at line i plain; returns how many lines it has. */
static guint plain_hunk (QuoteLines *lines, guint i)
{
    guint counts[2], start = i;

    if (!read_hunk (&lines->at[i], counts))
        return 1;
    make_plain (&lines->at[i++]);
    while (i < lines->len && (counts[0] > 0 || counts[1] > 0)) {
        QuoteLine *line = &lines->at[i];
        char first = line->raw_len > 0 ? *line->raw : ' ';
        if (strchr (" \t-+\\", first) == NULL)
            break; /* not what the head promised: text again */
        counts[0] -= counts[0] > 0 && first != '+' && first != '\\';
        counts[1] -= counts[1] > 0 && first != '-' && first != '\\';
        make_plain (line);
        i++;
    }
    return i - start;
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
    for (guint i = 0; i < lines->len;)
        i += plain_hunk (lines, i);
}
