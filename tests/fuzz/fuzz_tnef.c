/* fuzz_tnef.c - any bytes as a winmail.dat and as RTF. */
#include <stdint.h>

#include "rtf.h"
#include "tnef.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    g_autoptr (Tnef) tnef = tnef_parse (bytes, size);
    for (guint i = 0; tnef != NULL && i < tnef->files->len; i++) {
        const TnefFile *file = tnef->files->pdata[i];
        g_assert (file->offset <= size && file->size <= size - file->offset);
    }
    g_autofree char *text = rtf_to_text (bytes, size, "cp1252");
    g_assert (g_utf8_validate (text, -1, NULL));
    g_autofree char *packed = rtf_compressed_to_text (bytes, size, NULL, 10000);
    g_assert (packed == NULL || g_utf8_validate (packed, -1, NULL));
    return 0;
}
