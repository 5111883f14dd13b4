/* fuzz_tpl.c - any text is a template or an error; what it renders is HTML that ends between tags
 * and holds no value unescaped. The first byte chooses .html or .txt. */
#include <stdint.h>
#include <string.h>

#include "safehtml_make.h"
#include "tpl_template.h"

#define VALUE "<script>\"'&~"

static TplMap *data_new (void)
{
    TplMap *map = tpl_map_new(), *entry;
    tpl_text (map, "a", VALUE);
    tpl_text (map, "c", "x\ny");
    tpl_int (map, "n", 42);
    tpl_bool (map, "y", TRUE);
    tpl_time (map, "t", G_GINT64_CONSTANT (1795269900123));
    tpl_url (map, "u", "https://example.org/?a=1&b=2");
    tpl_path (map, "p", "/p/1");
    tpl_html (map, "h", safehtml_make (g_strdup ("<b>x</b>")));
    for (guint i = 0; i < 3; i++) {
        entry = tpl_add (map, "l");
        tpl_int (entry, "i", i);
        tpl_text (tpl_add (entry, "m"), "a", "deep");
    }
    return map;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GError) error = NULL;
    if (size == 0)
        return 0;
    const char *name = data[0] & 1 ? "en/x.html" : "en/x.txt";
    g_autoptr (Template) template =
        template_parse (name, "fuzz", (const char *)data + 1, size - 1, &error);
    g_assert_true ((template == NULL) == (error != NULL));
    if (template == NULL) {
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
        return 0;
    }
    g_autoptr (TplMap) map = data_new();
    g_autofree char *out = template_render (template, NULL, "nl", map, &error);
    g_assert_true ((out == NULL) == (error != NULL));
    g_assert_true (out == NULL || g_utf8_validate (out, -1, NULL));
    if (out != NULL && template->is_html) {
        HtmlContext context = {0};
        g_assert_null (html_context_feed (&context, out, strlen (out)));
        g_assert_cmpint (context.state, ==, HTML_TEXT);
        g_assert_true (strstr (template->text, VALUE) != NULL || strstr (out, VALUE) == NULL);
    }
    return 0;
}
