/* test_text.c - text.h by tables of cases. */
#include "text.h"

#include <string.h>

typedef struct {
    const char *in, *want;
} Case;

static void test_clean (void)
{
    static const Case cases[] = {
        {"plain", "plain"},
        {"", ""},
        {"a\r\nb\rc", "a\nb c"},
        {"tab\tnew\nline", "tab\tnew\nline"},
        {"bell\a esc\x1b del\x7f", "bell  esc  del "},
        {"c1\xc2\x85x", "c1 x"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"bad\xff\xc3", "bad\xef\xbf\xbd\xef\xbf\xbd"},
        {"surrogate \xed\xa0\x80", "surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *got = text_clean (cases[i].in, -1);
        g_assert_cmpstr (got, ==, cases[i].want);
        g_assert_true (g_utf8_validate (got, -1, NULL));
    }
}

static void test_clean_takes_nul (void)
{
    g_autofree char *got = text_clean ("a\0b", 3);
    g_assert_cmpstr (got, ==, "a b");
    g_autofree char *cut = text_clean ("\xe2\x82\xac", 2); /* the third byte is not ours */
    g_assert_cmpstr (cut, ==, "\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_one_line (void)
{
    static const Case cases[] = {
        {"", ""},
        {"  a \t\r\n b  ", "a b"},
        {"a\xc2\xa0\xc2\xa0"
         "b",
         "a b"},
        {"a\x01"
         "b",
         "a b"},
        {"\xe2\x80\xae"
         "evil\xe2\x80\xac",
         "evil"},
        {"\xff", "\xef\xbf\xbd"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *got = text_one_line (cases[i].in);
        g_assert_cmpstr (got, ==, cases[i].want);
    }
}

static void test_ellipsis (void)
{
    static const struct {
        const char *in;
        gsize max;
        const char *want;
    } cases[] = {
        {"short", 5, "short"},
        {"short", 10, "short"},
        {"two\nlines", 20, "two lines"},
        {"The quarterly numbers, at last", 24, "The quarterly numbers\xe2\x80\xa6"},
        {"Donaudampfschiffahrt", 9, "Donaudam\xe2\x80\xa6"},
        {"anything", 1, "\xe2\x80\xa6"},
        {"anything", 0, ""},
        {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3, "\xc3\xa9\xc3\xa9\xe2\x80\xa6"},
        {"abe\xcc\x81"
         "defgh",
         4, "ab\xe2\x80\xa6"}, /* e and its accent stay together */
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *got = text_ellipsis (cases[i].in, cases[i].max);
        g_assert_cmpstr (got, ==, cases[i].want);
        g_assert_cmpint (g_utf8_strlen (got, -1), <=, (glong)cases[i].max);
    }
}

/* What SQLite's unicode61 with remove_diacritics 2 gives for the same words. */
static void test_fold (void)
{
    static const Case cases[] = {
        {"Hello World", "hello world"},
        {"CAF\xc3\x89", "cafe"},
        {"cafe\xcc\x81", "cafe"},
        {"\xc3\x85ngstr\xc3\xb6m", "angstrom"},
        {"Stra\xc3\x9f"
         "e",
         "stra\xc3\x9f"
         "e"},
        {"\xe1\xbb\x86", "e"},                                    /* two diacritics at once */
        {"\xce\xa3\xce\xb1\xcf\x82", "\xcf\x83\xce\xb1\xcf\x83"}, /* final sigma */
        {"\xd0\x99", "\xd0\xb9"},                                 /* Cyrillic keeps its breve */
        {"\xc4\xb0\xc4\xb1", "i\xc4\xb1"},                        /* Turkish i's */
        {"\xe6\xbc\xa2", "\xe6\xbc\xa2"},
        {"\xff", "\xef\xbf\xbd"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *got = text_fold (cases[i].in);
        g_assert_cmpstr (got, ==, cases[i].want);
    }
}

static void test_is_one_of (void)
{
    static const char *const list[] = {"bulk", "junk", NULL};
    g_assert_true (text_is_one_of ("Bulk", list));
    g_assert_false (text_is_one_of ("bul", list));
    g_assert_false (text_is_one_of ("", list));
    g_assert_false (text_is_one_of ("bulk", NULL));
}

static void test_equal_secret (void)
{
    g_assert_true (text_equal_secret ("abc", "abd", 2));
    g_assert_false (text_equal_secret ("abc", "abd", 3));
    g_assert_false (text_equal_secret ("xbc", "abc", 3));
    g_assert_true (text_equal_secret ("x", "y", 0));
}

static void test_size (void)
{
    static const struct {
        guint64 bytes;
        const char *want;
    } cases[] = {
        {0, "0 B"},
        {812, "812 B"},
        {999, "999 B"},
        {1000, "1.0 kB"},
        {9949, "9.9 kB"},
        {9960, "10 kB"},
        {14020, "14 kB"},
        {999499, "999 kB"},
        {999500, "1.0 MB"},
        {3200000, "3.2 MB"},
        {52428800, "52 MB"},
        {7000000000, "7.0 GB"},
        {G_MAXUINT64, "18 EB"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *got = text_size (cases[i].bytes);
        g_assert_cmpstr (got, ==, cases[i].want);
    }
}

static void test_cut (void)
{
    static const struct {
        const char *text;
        gsize max;
        const char *want;
    } cases[] = {
        {"abc", 3, "abc"}, {"abc", 2, "ab"}, {"abc", 0, ""},  {"", 0, ""},
        {"a€b", 4, "a€"},  {"a€b", 3, "a"},  {"a€b", 2, "a"}, {"a€b", 1, "a"},
        {"€", 2, ""},      {"😀x", 4, "😀"},   {"😀😀", 7, "😀"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strdup (cases[i].text);
        gboolean is_cut = text_cut (text, cases[i].max);
        g_assert_cmpstr (text, ==, cases[i].want);
        g_assert_cmpint (is_cut, ==, strcmp (text, cases[i].text) != 0);
    }
}

static void test_wrap (void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"one two", "one two"},
        {"one two three", "one two\nthree"},
        {"one two  three\n\nfour five six\n", "one two\nthree\n\nfour five\nsix\n"},
        {"  https://example.test/ as it is", "  https://example.test/ as it is"},
        {"unbreakable word", "unbreakable\nword"},
        {"a b c d e f g", "a b c d e\nf g"},
        {"éééé éééé é", "éééé éééé\né"},
        {"a  b", "a  b"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *got = text_wrap (cases[i].text, 9);
        g_assert_cmpstr (got, ==, cases[i].want);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/text/clean", test_clean);
    g_test_add_func ("/base/text/clean-takes-nul-and-stops-at-len", test_clean_takes_nul);
    g_test_add_func ("/base/text/one-line", test_one_line);
    g_test_add_func ("/base/text/ellipsis-cuts-at-words", test_ellipsis);
    g_test_add_func ("/base/text/fold-like-the-index", test_fold);
    g_test_add_func ("/base/text/is-one-of", test_is_one_of);
    g_test_add_func ("/base/text/equal-secret", test_equal_secret);
    g_test_add_func ("/base/text/size-for-people", test_size);
    g_test_add_func ("/base/text/wrap-at-blanks", test_wrap);
    g_test_add_func ("/base/text/cut-between-characters", test_cut);
    return g_test_run();
}
