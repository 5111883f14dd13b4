/* fuzz_virtual.c - any text is a virtual(5) file or an error with file and line, and whatever it
 * defines can be expanded and asked. */
#include <stdint.h>

#include "directory_fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GError) error = NULL;
    if (!fuzz_is_text (data, size))
        return 0;
    g_autoptr (DirectoryBuilder) builder = fuzz_builder_new();
    g_autofree char *text = g_strndup ((const char *)data, size);
    gboolean is_read = virtual_parse (builder, "fuzz", text, size, &error);
    g_assert_true (is_read == (error == NULL));
    directory_add_address (builder, "y@b.test", "zoe@example.test");
    fuzz_ask_all (g_steal_pointer (&builder));
    return 0;
}
