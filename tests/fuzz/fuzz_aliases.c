/* fuzz_aliases.c - any text is an aliases(5) file or an error with file and line, and whatever it
 * defines can be expanded and asked. Every :include: gives the same file again. */
#include <stdint.h>

#include "directory_fuzz.h"
#include "error.h"

#define INCLUDED "zoe, \"a b\"@example.test\n# more\n:include:/again\n"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *read_included (const char *path, gsize bytes_max, gsize *ret_len, GError **error)
{
    if (*path != '/' || bytes_max < strlen (INCLUDED)) {
        error_set (error, ERR_REFUSED, "%s: not read", path);
        return NULL;
    }
    *ret_len = strlen (INCLUDED);
    return g_strdup (INCLUDED);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GError) error = NULL;
    if (!fuzz_is_text (data, size))
        return 0;
    g_autoptr (DirectoryBuilder) builder = fuzz_builder_new();
    g_autofree char *text = g_strndup ((const char *)data, size);
    gboolean is_read = aliases_parse (builder, "fuzz", text, size, read_included, &error);
    g_assert_true (is_read == (error == NULL));
    fuzz_ask_all (g_steal_pointer (&builder));
    return 0;
}
