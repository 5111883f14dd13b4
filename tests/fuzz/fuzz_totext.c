/* fuzz_totext.c - the text of any HTML is valid, bounded, has no controls, and ends in a line end.
 */
#include <stdint.h>
#include <string.h>

#include "html_tree.h"
#include "sanitize.h"

static void check (const char *text, size_t size)
{
    gsize len = strlen (text);
    g_assert_true (g_utf8_validate (text, (gssize)len, NULL));
    g_assert_cmpuint (len, <=, 64 * size + 1024);
    for (const char *at = text; *at != '\0'; at++)
        g_assert_true ((guchar)*at >= ' ' || *at == '\n' || *at == '\t');
    g_assert_true (len == 0 || text[len - 1] == '\n');
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autofree char *text = html_to_text ((const char *)data, (gssize)size);
    check (text, size);
    g_autofree char *stripped = html_strip ((const char *)data, size);
    check (stripped, size);
    return 0;
}
