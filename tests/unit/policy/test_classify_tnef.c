/* test_classify_tnef.c - what winmail.dat says of itself, whole and damaged. */
#include "classify_tnef.h"

#include <string.h>

#define HEAD 0x78, 0x9f, 0x3e, 0x22, 0x01, 0x00
#define VERSION                                                                                    \
    0x01, 0x06, 0x90, 0x08, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00
#define CLASS_NOTE                                                                                 \
    0x01, 0x08, 0x80, 0x07, 0x00, 0x09, 0x00, 0x00, 0x00, 'I', 'P', 'M', '.', 'N', 'o', 't', 'e',  \
        0x00, 0x66, 0x02
#define LONG_ATTRIBUTE 0x01, 0x06, 0x90, 0x08, 0x00, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00

static const guint8 whole[] = {HEAD, VERSION, CLASS_NOTE};
static const guint8 no_class[] = {HEAD, VERSION};
static const guint8 too_long[] = {HEAD, LONG_ATTRIBUTE, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const guint8 bad_level[] = {HEAD, 0x07, 0x06, 0x90, 0x08, 0x00,
                                   0x00, 0x00, 0x00, 0x00, 0x00};
static const guint8 other[] = {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

static void test_class (void)
{
    static const struct {
        const guint8 *bytes;
        gsize size;
        gboolean is_readable;
        const char *class;
    } cases[] = {
        {whole, sizeof whole, TRUE, "ipm.note"},
        {no_class, sizeof no_class, TRUE, ""},
        {too_long, sizeof too_long, FALSE, ""},
        {bad_level, sizeof bad_level, FALSE, ""},
        {other, sizeof other, FALSE, ""},
        {whole, 0, FALSE, ""},
        {whole, 8, FALSE, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        char class[TNEF_CLASS_MAX];
        g_assert_cmpint (tnef_class (cases[i].bytes, cases[i].size, class), ==,
                         cases[i].is_readable);
        g_assert_cmpstr (class, ==, cases[i].class);
    }
}

/* Cut anywhere, it is read without a step too far (the sanitizers watch). */
static void test_cut (void)
{
    for (gsize size = 0; size <= sizeof whole; size++) {
        g_autofree guint8 *copy = g_memdup2 (whole, size);
        char class[TNEF_CLASS_MAX];
        (void)tnef_class (copy, size, class);
        g_assert_cmpuint (strlen (class), <, TNEF_CLASS_MAX);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/policy/classify-tnef/class", test_class);
    g_test_add_func ("/policy/classify-tnef/cut-anywhere", test_cut);
    return g_test_run();
}
