/* fuzz_text.c - whatever comes in, what text.h gives back is valid UTF-8 and keeps its promises. */
#include <stdint.h>
#include <string.h>

#include "text.h"

static void check_line (const char *text)
{
    g_autofree char *line = text_one_line (text);
    g_autofree char *again = text_one_line (line);
    g_assert_cmpstr (line, ==, again);
    g_assert_true (g_utf8_validate (line, -1, NULL));
    g_assert_null (strpbrk (line, "\n\r\t"));
    for (gsize max = 0; max < 40; max += 13) {
        g_autofree char *cut = text_ellipsis (text, max);
        g_assert_true (g_utf8_validate (cut, -1, NULL));
        g_assert_cmpint (g_utf8_strlen (cut, -1), <=, (glong)max);
    }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autofree char *clean = text_clean ((const char *)data, (gssize)size);
    g_autofree char *text = g_strndup ((const char *)data, size);
    g_autofree char *folded = text_fold (text);
    g_autofree char *twice = text_fold (folded);
    g_assert_true (g_utf8_validate (clean, -1, NULL));
    g_assert_true (g_utf8_validate (folded, -1, NULL));
    g_assert_cmpstr (folded, ==, twice);
    check_line (text);
    check_line (clean);
    return 0;
}
