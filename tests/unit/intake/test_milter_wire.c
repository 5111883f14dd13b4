/* test_milter_wire.c - packets and what stands in them. */
#include <glib.h>
#include <string.h>

#include "fake_mta.h"
#include "milter_header.h"
#include "milter_wire.h"

static void test_read (void)
{
    static const struct {
        const char *bytes;
        gsize size;
        MilterRead result;
    } cases[] = {
        {"", 0, MILTER_PARTIAL},
        {"\0\0\0", 3, MILTER_PARTIAL},
        {"\0\0\0\1", 4, MILTER_PARTIAL},
        {"\0\0\0\0", 4, MILTER_BAD},
        {"\0\0\0\0A", 5, MILTER_BAD},
        {"\0\0\0\1A", 5, MILTER_WHOLE},
        {"\0\0\0\1AB", 6, MILTER_WHOLE},
        {"\0\0\0\3Bxy", 7, MILTER_WHOLE},
        {"\0\0\0\3Bx", 6, MILTER_PARTIAL},
        {"\xff\xff\xff\xffM", 5, MILTER_BAD},
        {"\0\1\x10\1B", 5, MILTER_PARTIAL}, /* the longest that is allowed */
        {"\0\1\x10\2B", 5, MILTER_BAD},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        MilterPacket packet = {0};
        gsize used = 0;
        g_test_message ("case %u", i);
        g_assert_cmpint (
            milter_wire_read ((const guint8 *)cases[i].bytes, cases[i].size, &packet, &used), ==,
            cases[i].result);
        if (cases[i].result != MILTER_WHOLE)
            continue;
        g_assert_cmpuint (used, ==, 4 + (guint)cases[i].bytes[3]);
        g_assert_cmpuint (packet.size, ==, used - 5);
        g_assert_cmpint (packet.command, ==, cases[i].bytes[4]);
    }
}

static void test_strings (void)
{
    const MilterPacket packet = {'M', "one\0\0three\0rest", 15};
    gsize offset = 0;
    g_assert_cmpstr (milter_wire_string (&packet, &offset), ==, "one");
    g_assert_cmpstr (milter_wire_string (&packet, &offset), ==, "");
    g_assert_cmpstr (milter_wire_string (&packet, &offset), ==, "three");
    g_assert_null (milter_wire_string (&packet, &offset)); /* no NUL at its end */
    g_assert_cmpuint (offset, ==, 11);
    const MilterPacket empty = {'M', "", 0};
    offset = 0;
    g_assert_null (milter_wire_string (&empty, &offset));
}

static void test_options (void)
{
    g_autoptr (GByteArray) out = g_byte_array_new();
    const MilterOptions options = {6, 0x108, 0x1fffff};
    const MilterMacros macros[] = {{2, "i"}, {4, ""}};
    milter_wire_put_options (out, &options, macros, 2);
    static const char expected[] = "\0\0\0\x18O\0\0\0\6\0\0\1\x08\0\x1f\xff\xff\0\0\0\2i\0\0\0\0\4";
    g_assert_cmpmem (out->data, out->len, expected, sizeof expected);
    MilterPacket packet;
    gsize used;
    g_assert_cmpint (milter_wire_read (out->data, out->len, &packet, &used), ==, MILTER_WHOLE);
    MilterOptions back;
    g_assert_true (milter_wire_read_options (&packet, &back));
    g_assert_cmpmem (&back, sizeof back, &options, sizeof options);
    packet.size = 11;
    g_assert_false (milter_wire_read_options (&packet, &back));
}

static void test_put (void)
{
    g_autoptr (GByteArray) out = g_byte_array_new();
    milter_wire_put_text (out, MILTER_DELETE_RECIPIENT, "<a@example.test>");
    milter_wire_put (out, MILTER_ACCEPT, NULL, 0);
    g_autofree char *answers = mta_answers (out->data, out->len);
    g_assert_cmpstr (answers, ==, "-[<a@example.test>] a");
}

static void test_header (void)
{
    static const struct {
        const char *name, *value;
        gboolean has_space;
        const char *line;
    } cases[] = {
        {"Subject", " Hello", TRUE, "Subject: Hello\r\n"},
        {"Subject", "Hello", TRUE, "Subject:Hello\r\n"},
        {"Subject", "  Hello ", TRUE, "Subject:  Hello \r\n"},
        {"Subject", "Hello", FALSE, "Subject: Hello\r\n"},
        {"Subject", " Hello", FALSE, "Subject:  Hello\r\n"},
        {"X-Empty", "", TRUE, "X-Empty:\r\n"},
        {"To", " a@example.test,\n\tb@example.test,\n c@example.test", TRUE,
         "To: a@example.test,\r\n\tb@example.test,\r\n c@example.test\r\n"},
        {"To", " a,\r\n b", TRUE, "To: a,\r\n b\r\n"},
        {"To", "\n a", TRUE, "To:\r\n a\r\n"},
        {"To", " a\rb", TRUE, "To: a\rb\r\n"},
        {"To", "\r\n\n", TRUE, "To:\r\n\r\n\r\n"},
        {"Subject ", "\tx", TRUE, "Subject :\tx\r\n"},
    };
    g_autoptr (GString) line = g_string_new ("left over");
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        milter_header_line (line, cases[i].name, cases[i].value, cases[i].has_space);
        g_assert_cmpstr (line->str, ==, cases[i].line);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/intake/milter-wire/read", test_read);
    g_test_add_func ("/intake/milter-wire/strings", test_strings);
    g_test_add_func ("/intake/milter-wire/options", test_options);
    g_test_add_func ("/intake/milter-wire/put", test_put);
    g_test_add_func ("/intake/milter-header/line", test_header);
    return g_test_run();
}
