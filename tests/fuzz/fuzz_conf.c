/* fuzz_conf.c - any text is a configuration or an error with file and line. */
#include <stdint.h>
#include <string.h>

#include "conf.h"
#include "conf_option.h"
#include "listen.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strndup ((const char *)data, size);
    g_autoptr (Config) conf = conf_parse (text, "fuzz.conf", &error);
    g_assert_true ((conf == NULL) == (error != NULL));
    if (error != NULL) {
        g_assert_true (g_str_has_prefix (error->message, "fuzz.conf:"));
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }

    guint line = 0;
    g_autofree char *plain = conf_uncomment ((const char *)data, size, &line, NULL);
    g_assert_true (plain == NULL || strlen (plain) == size);

    g_autoptr (ListenAddress) address = listen_address_parse (text, NULL);
    g_autofree char *written = address != NULL ? listen_address_text (address) : NULL;
    g_autoptr (ListenAddress) again = written != NULL ? listen_address_parse (written, NULL) : NULL;
    g_assert_true (address == NULL || again != NULL);
    return 0;
}
