/* test_transfer.c - content transfer encodings. */
#include "transfer.h"
#include "time_limit.h"

#include <string.h>

static void test_names (void)
{
    static const struct {
        const char *value;
        Transfer transfer;
    } cases[] = {
        {"base64", TRANSFER_BASE64},
        {" BASE64 ", TRANSFER_BASE64},
        {"base-64", TRANSFER_BASE64},
        {"quoted- printable", TRANSFER_QUOTED_PRINTABLE},
        {"quoted/printable", TRANSFER_QUOTED_PRINTABLE},
        {"base64; junk", TRANSFER_BASE64},
        {"\"base64\"", TRANSFER_BASE64},
        {"Quoted-Printable (by hand)", TRANSFER_QUOTED_PRINTABLE},
        {"x-uuencode", TRANSFER_UUENCODE},
        {"7bit", TRANSFER_IDENTITY},
        {"8bit", TRANSFER_IDENTITY},
        {"base", TRANSFER_IDENTITY},
        {"", TRANSFER_IDENTITY},
        {NULL, TRANSFER_IDENTITY},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        g_assert_cmpint (transfer_from_name (cases[i].value), ==, cases[i].transfer);
}

static void test_decode (void)
{
    static const struct {
        Transfer transfer;
        const char *encoded, *decoded;
    } cases[] = {
        {TRANSFER_IDENTITY, "as it=20is ", "as it=20is "},
        {TRANSFER_BASE64, "", ""},
        {TRANSFER_BASE64, "aGVsbG8gd29ybGQ=", "hello world"},
        {TRANSFER_BASE64, "aGVs\r\nbG8g\r\nd29y\r\nbGQ=\r\n", "hello world"},
        {TRANSFER_BASE64, "aGVsbG8", "hello"},
        {TRANSFER_BASE64, "aGVsbG", "hell"},
        {TRANSFER_BASE64, "aGVsb", "hel"},
        {TRANSFER_BASE64, "a*G(V)s bG\t8=", "hello"},
        {TRANSFER_BASE64, "aGVsbG8=aGVsbG8=", "hellohello"},
        {TRANSFER_BASE64, "aGVsbG8=\naGVsbG8=\n", "hellohello"},
        {TRANSFER_BASE64, "aGVsbG8=\n\n____\nfooter of a list\n", "hello"},
        {TRANSFER_BASE64, "aGVsbG8==\n", "hello"},
        {TRANSFER_BASE64, "=aGVsbG8=", "hello"},
        {TRANSFER_BASE64, "/+8=", "\xff\xef"},
        {TRANSFER_QUOTED_PRINTABLE, "a=3Db", "a=b"},
        {TRANSFER_QUOTED_PRINTABLE, "a=3db=e9", "a=b\xe9"},
        {TRANSFER_QUOTED_PRINTABLE, "a=\nb=\r\nc=\rd", "abcd"},
        {TRANSFER_QUOTED_PRINTABLE, "a= \t\nb=  \r\nc", "abc"},
        {TRANSFER_QUOTED_PRINTABLE, "a  \nb\t\r\nc ", "a\nb\r\nc"},
        {TRANSFER_QUOTED_PRINTABLE, "a=20\n", "a \n"},
        {TRANSFER_QUOTED_PRINTABLE, "a b=", "a b"},
        {TRANSFER_QUOTED_PRINTABLE, "a==3D=zz=4", "a===zz=4"},
        {TRANSFER_QUOTED_PRINTABLE, "a=_b", "a=_b"},
        {TRANSFER_QUOTED_PRINTABLE, "caf\xc3\xa9", "caf\xc3\xa9"},
        {TRANSFER_UUENCODE, "begin 644 a\n#86)C\n`\nend\n", "abc"},
        {TRANSFER_UUENCODE, "begin 644 a\r\n#86)C\r\n`\r\nend\r\n", "abc"},
        {TRANSFER_UUENCODE, "text\nbegin 644 a\n#86)C\n \nend\nmore\n", "abc"},
        {TRANSFER_UUENCODE, "#86)C\n#86)C\n", "abcabc"},
        {TRANSFER_UUENCODE, "begin 644 a\n#86)C\nnot data at all\n#86)C\nend\n", "abcabc"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GString) out = g_string_new (NULL);
        gsize len = strlen (cases[i].encoded);
        transfer_decode (cases[i].transfer, cases[i].encoded, len, out);
        if (strcmp (out->str, cases[i].decoded) != 0)
            g_test_message ("case: %s", cases[i].encoded);
        g_assert_cmpstr (out->str, ==, cases[i].decoded);
        g_assert_cmpuint (transfer_size (cases[i].transfer, cases[i].encoded, len), ==, out->len);
    }
}

/* Random bytes of all lengths come back from GLib's encoder. */
static void test_round_trip (void)
{
    guchar bytes[200];
    for (gsize i = 0; i < sizeof bytes; i++)
        bytes[i] = (guchar)g_test_rand_int_range (0, 256);
    for (gsize len = 0; len <= sizeof bytes; len++) {
        g_autofree char *encoded = g_base64_encode (bytes, len);
        g_autoptr (GString) out = g_string_new (NULL);
        transfer_decode (TRANSFER_BASE64, encoded, strlen (encoded), out);
        g_assert_cmpuint (out->len, ==, len);
        g_assert_true (memcmp (out->str, bytes, len) == 0);
    }
}

static void test_hostile (void)
{
    static const char *const units[] = {"QQ==", "QQ==\n\n",      "=",       "= ",  " ",
                                        "=\n",  "begin 644 a\n", "#86)C\n", "M\n", "\n"};
    static const Transfer transfers[] = {TRANSFER_BASE64, TRANSFER_QUOTED_PRINTABLE,
                                         TRANSFER_UUENCODE};
    for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
        g_autoptr (GString) data = g_string_new (NULL);
        while (data->len < 4000000)
            g_string_append (data, units[i]);
        gint64 start = cpu_us();
        for (gsize t = 0; t < G_N_ELEMENTS (transfers); t++)
            g_assert_cmpuint (transfer_size (transfers[t], data->str, data->len), <=, data->len);
        g_assert_cmpint (cpu_us() - start, <, TIME_LIMIT (2000000));
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/transfer/names", test_names);
    g_test_add_func ("/transfer/decode", test_decode);
    g_test_add_func ("/transfer/round-trip", test_round_trip);
    g_test_add_func ("/transfer/hostile-data-takes-no-time", test_hostile);
    return g_test_run();
}
