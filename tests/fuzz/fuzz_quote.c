/* fuzz_quote.c - whatever comes in, kept and elided hold all of its lines, and kept is not empty.
 */
#include <stdint.h>
#include <string.h>

#include "quote.h"

/* The characters that show, as a sum that does not depend on their order. */
static guint64 sum_of (const char *text)
{
    guint64 sum = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);
        GUnicodeType type = g_unichar_type (c);
        if (type != G_UNICODE_SPACE_SEPARATOR && type != G_UNICODE_FORMAT &&
            type != G_UNICODE_CONTROL)
            sum += 1 + (guint64)c * 2654435761u;
    }
    return sum;
}

static gboolean is_blank (const char *text)
{
    return sum_of (text) == 0;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autofree char *bytes = g_strndup ((const char *)data, size);
    g_autofree char *text = g_utf8_make_valid (bytes, -1);
    g_autoptr (Quote) quote = quote_split_text (text);

    g_assert_true (g_utf8_validate (quote->kept, -1, NULL));
    g_assert_true (g_utf8_validate (quote->elided, -1, NULL));
    g_assert_true (sum_of (text) == sum_of (quote->kept) + sum_of (quote->elided));
    g_assert_true (is_blank (text) || !is_blank (quote->kept));

    g_autoptr (Quote) html = quote_split_html ((const char *)data, (gssize)size);
    g_assert_true (g_utf8_validate (html->kept, -1, NULL));
    g_assert_true (g_utf8_validate (html->elided, -1, NULL));
    return 0;
}
