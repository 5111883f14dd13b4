/* fuzz_address.c - any bytes as an address header or envelope argument. */
#include <stdint.h>
#include <string.h>

#include "address_list.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_one (const char *addr)
{
    g_autofree char *folded = address_normalise (addr, FALSE);
    g_autofree char *again = address_normalise (folded, FALSE);
    g_autofree char *cut = address_strip_extension (addr, "+-");
    g_autofree char *local = address_local_part (addr);
    g_assert (strlen (cut) <= strlen (addr));
    g_assert (strlen (local) + strlen (address_domain (addr)) <= strlen (addr));
    g_assert (folded != NULL && again != NULL);
    address_is_valid (addr);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char *const charsets[] = {NULL, "windows-1251", "gbk", "no-such"};
    const char *fallback = charsets[size % G_N_ELEMENTS (charsets)];
    g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)address_free);
    address_list_add (list, (const char *)data, size, fallback, 50);
    g_assert (list->len <= 50);
    for (guint i = 0; i < list->len; i++) {
        const Address *address = list->pdata[i];
        g_assert (g_utf8_validate (address->name, -1, NULL));
        g_assert (g_utf8_validate (address->addr, -1, NULL));
        check_one (address->addr);
    }
    g_autofree char *text = g_strndup ((const char *)data, size);
    g_autofree char *addr = address_from_envelope (text);
    check_one (addr != NULL ? addr : text);
    return 0;
}
