/* test_base64.c - base64 that must come back byte for byte, or not be touched. */
#include <glib.h>
#include <string.h>

#include "base64.h"

typedef struct {
    const char *name, *text;
    gboolean is_exact;
} Base64Case;

static const Base64Case cases[] = {
    {"one-line", "SGVsbG8sIHdvcmxk", TRUE},
    {"line-ended", "SGVsbG8sIHdvcmxk\n", TRUE},
    {"crlf", "SGVsbG8s\r\nIHdvcmxk\r\n", TRUE},
    {"crlf-open", "SGVsbG8s\r\nIHdvcmxk", TRUE},
    {"short-last-line", "SGVsbG8s\nIHdv\n", TRUE},
    {"padding-one", "SGVsbG8=\n", TRUE},
    {"padding-two", "SGVsbA==\n", TRUE},
    {"padding-on-its-own-line", "SGVsbG8\n=\n", TRUE},
    {"odd-line-length", "SGVsb\nG8sIH\ndvcmx\nk\n", TRUE},
    {"empty", "", FALSE},
    {"only-a-line-end", "\n", FALSE},
    {"padding-missing", "SGVsbG8\n", FALSE},
    {"bits-left-over", "SGVsbG9=\n", FALSE},
    {"lines-unequal", "SGVs\nbG8sIHdv\ncmxk\n", FALSE},
    {"line-ends-mixed", "SGVsbG8s\r\nIHdv\ncmxk\r\n", FALSE},
    {"blank-inside", "SGVs bG8s\n", FALSE},
    {"blank-line-at-end", "SGVsbG8s\n\n", FALSE},
    {"text-after-padding", "SGVsbA==\nSGVs\n", FALSE},
    {"not-base64", "Hello, world!\n", FALSE},
    {"url-alphabet", "SGVs-_8s\n", FALSE},
};

static void test_case (gconstpointer data)
{
    const Base64Case *c = data;
    gsize len = strlen (c->text), size = 0;
    Base64Form form = {0};
    g_autofree guint8 *bytes = base64_decode_exact (c->text, len, &size, &form);

    g_assert_cmpint (bytes != NULL, ==, c->is_exact);
    if (bytes == NULL)
        return;
    g_assert_cmpuint (base64_length (size, &form), ==, len);
    g_autofree char *again = g_malloc0 (len + 1);

    base64_encode (bytes, size, &form, again);
    g_assert_cmpstr (again, ==, c->text);
}

/* Every size with every layout: encoded, decoded, the same. */
static void test_all_sizes (void)
{
    guint8 bytes[300];

    for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)(i * 37 + 11);
    for (gsize size = 1; size < sizeof bytes; size++)
        for (guint layout = 0; layout < 12; layout++) {
            static const guint lengths[] = {76, 60, 7};
            Base64Form form = {lengths[layout / 4], layout & 1, (layout & 2) != 0}, found;
            gsize len = base64_length (size, &form), got;
            g_autofree char *text = g_malloc (len);

            base64_encode (bytes, size, &form, text);
            g_autofree guint8 *decoded = base64_decode_exact (text, len, &got, &found);

            if (decoded == NULL) /* one line that says nothing of the layout may be refused */
                continue;
            g_assert_cmpuint (got, ==, size);
            g_assert_cmpint (memcmp (decoded, bytes, size), ==, 0);
        }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strconcat ("/store/base64/", cases[i].name, NULL);
        g_test_add_data_func (path, &cases[i], test_case);
    }
    g_test_add_func ("/store/base64/all-sizes", test_all_sizes);
    return g_test_run();
}
