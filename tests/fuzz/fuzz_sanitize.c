/* fuzz_sanitize.c - whatever HTML or text comes in, an independent reader finds only what is
 * allowed, balanced, and sanitising it again changes nothing. */
#include <stdint.h>
#include <string.h>

#include "../unit/message/markup.h"
#include "sanitize.h"

static char *any_image (const char *content_id, gpointer data)
{
    (void)data;
    g_autofree char *escaped = g_uri_escape_string (content_id, NULL, FALSE);
    return g_strconcat ("cid:", escaped, NULL);
}

static void check (const char *markup, const SanitizeRules *rules)
{
    g_assert_cmpstr (markup_fault (markup), ==, NULL);
    g_autofree char *stripped = g_strstrip (g_strdup (markup));
    g_autoptr (SafeHtml) again = sanitize_html (stripped, -1, rules);
    g_assert_cmpstr (safehtml_get (again), ==, stripped);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const SanitizeRules mail = {any_image, NULL, TRUE};
    static const SanitizeRules page = {any_image, NULL, FALSE};
    g_autoptr (SafeHtml) for_mail = sanitize_html ((const char *)data, (gssize)size, &mail);
    check (safehtml_get (for_mail), &mail);
    g_autoptr (SafeHtml) for_page = sanitize_html ((const char *)data, (gssize)size, &page);
    check (safehtml_get (for_page), &page);
    g_autofree char *text = g_strndup ((const char *)data, size);
    g_autoptr (SafeHtml) from_text = sanitize_text (text);
    check (safehtml_get (from_text), &page);
    return 0;
}
