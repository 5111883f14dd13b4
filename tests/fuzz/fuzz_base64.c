/* fuzz_base64.c - what is decoded exactly is encoded to the same bytes; all else is left alone. */
#include <stdint.h>
#include <string.h>

#include "base64.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Base64Form form = {0};
    gsize length = 0;
    g_autofree guint8 *bytes = base64_decode_exact ((const char *)data, size, &length, &form);

    if (bytes == NULL)
        return 0;
    g_assert_cmpuint (base64_length (length, &form), ==, size);
    g_autofree char *again = g_malloc (size);

    base64_encode (bytes, length, &form, again);
    g_assert_true (memcmp (again, data, size) == 0);
    return 0;
}
