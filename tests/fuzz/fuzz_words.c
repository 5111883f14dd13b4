/* fuzz_words.c - header values, parameters, dates and charsets from any bytes. The first byte
 * chooses a charset. */
#include <stdint.h>
#include <string.h>

#include "charset.h"
#include "dates.h"
#include "params.h"
#include "transfer.h"
#include "words.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_sizes (const char *text, gsize len)
{
    for (int i = TRANSFER_IDENTITY; i <= TRANSFER_UUENCODE; i++) {
        g_autoptr (GString) out = g_string_new (NULL);
        transfer_decode ((Transfer)i, text, len, out);
        g_assert (transfer_size ((Transfer)i, text, len) == out->len);
    }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char *const charsets[] = {"utf-8",  "iso-2022-jp", "hz",     "utf-7",
                                           "gbk",    "big5",        "euc-kr", "shift_jis",
                                           "utf-16", "us-ascii",    NULL,     "euc-jp"};
    if (size == 0)
        return 0;
    const char *charset = charsets[data[0] % G_N_ELEMENTS (charsets)];
    const char *text = (const char *)data + 1;
    gsize len = size - 1, utf8_len = 0;
    g_autofree char *utf8 = charset_to_utf8 (text, len, charset, "big5", &utf8_len);
    g_assert (strlen (utf8) == utf8_len && g_utf8_validate (utf8, -1, NULL));
    g_autofree char *decoded = words_decode (text, len, charset);
    g_assert (g_utf8_validate (decoded, -1, NULL));
    g_autoptr (Params) params = params_parse (text, len);
    g_autofree char *name = params_text (params, "name", charset);
    g_assert (name == NULL || g_utf8_validate (name, -1, NULL));
    g_autofree char *boundary = params_token (params, "boundary");
    g_assert (boundary == NULL || strlen (boundary) <= len);
    gint64 time_ms;
    gint offset;
    if (date_parse (utf8, &time_ms, &offset)) {
        g_autofree char *date = date_format (time_ms, offset);
        g_assert (strlen (date) >= 1);
    }
    check_sizes (text, len);
    return 0;
}
