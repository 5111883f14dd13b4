/* test_tnef.c - winmail.dat and RTF, by itself and within a message. */
#include "message.h"
#include "rtf.h"
#include "tnef.h"

#include <string.h>

#define LEVEL_MESSAGE 1
#define LEVEL_FILE 2

static void put_number (GString *out, guint32 number, gsize bytes)
{
    for (gsize i = 0; i < bytes; i++)
        g_string_append_c (out, (gchar)(number >> (8 * i) & 0xff));
}

static void put_attribute (GString *out, guint level, guint32 id, const char *data, gsize len)
{
    put_number (out, level, 1);
    put_number (out, id, 4);
    put_number (out, (guint32)len, 4);
    g_string_append_len (out, data, (gssize)len);
    put_number (out, 0, 2); /* checksum: not looked at */
}

/* One property with one value of variable length, padded. */
static void put_property (GString *out, guint32 type, guint32 id, const char *data, gsize len)
{
    put_number (out, type, 2);
    put_number (out, id, 2);
    put_number (out, 1, 4);
    put_number (out, (guint32)len, 4);
    g_string_append_len (out, data, (gssize)len);
    for (; len % 4 != 0; len++)
        g_string_append_c (out, '\0');
}

/* The example of [MS-OXRTFCP] 4.1.1. */
static const char compressed[] =
    "\x2d\0\0\0\x2b\0\0\0\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\0\x0a\0\x72\x63\x70\x67\x31\x32\x35"
    "\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\0\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0";

static GString *make_tnef (void)
{
    static const char unicode_name[] = "c\0a\0f\0\xe9\0.\0p\0n\0g\0\0\0";
    GString *out = g_string_new (NULL);
    g_autoptr (GString) message = g_string_new (NULL);
    g_autoptr (GString) file = g_string_new (NULL);
    put_number (out, 0x223e9f78, 4);
    put_number (out, 1, 2);
    put_attribute (out, LEVEL_MESSAGE, 0x00069007, "\xe4\x04\0\0\0\0\0\0", 8); /* 1252 */
    put_attribute (out, LEVEL_MESSAGE, 0x00078008, "IPM.Microsoft Mail.Note", 24);
    put_number (message, 4, 4);
    /* A number, and a named property, both only to be passed over. */
    put_number (message, 0x0003, 2);
    put_number (message, 0x3fde, 2);
    put_number (message, 65001, 4);
    put_number (message, 0x0003, 2);
    put_number (message, 0x8001, 2);
    g_string_append_len (message, "0123456789abcdef", 16);
    put_number (message, 1, 4);
    put_number (message, 6, 4);
    g_string_append_len (message, "a\0b\0\0\0\0\0", 8);
    put_number (message, 7, 4);
    put_property (message, 0x001e, 0x001a, "IPM.Note", 9);
    put_property (message, 0x0102, 0x1009, compressed, sizeof compressed - 1);
    put_attribute (out, LEVEL_MESSAGE, 0x00069003, message->str, message->len);
    put_attribute (out, LEVEL_FILE, 0x00069002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
    put_attribute (out, LEVEL_FILE, 0x00018010, "CAFE~1.TXT", 11);
    put_attribute (out, LEVEL_FILE, 0x0006800f, "hello", 5);
    put_attribute (out, LEVEL_FILE, 0x00069002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
    put_attribute (out, LEVEL_FILE, 0x00018010, "CAFE~1.PNG", 11);
    put_attribute (out, LEVEL_FILE, 0x0006800f, "png", 3);
    put_number (file, 2, 4);
    put_property (file, 0x001f, 0x3707, unicode_name, sizeof unicode_name - 1);
    put_property (file, 0x001e, 0x370e, "image/x-own", 12);
    put_attribute (out, LEVEL_FILE, 0x00069005, file->str, file->len);
    return out;
}

static void test_tnef (void)
{
    g_autoptr (GString) data = make_tnef();
    g_autoptr (Tnef) tnef = tnef_parse (data->str, data->len);
    g_assert_nonnull (tnef);
    g_assert_cmpstr (tnef->class, ==, "IPM.Note");
    g_assert_cmpstr (tnef->text, ==, "hello world");
    g_assert_null (tnef->html);
    g_assert_cmpuint (tnef->files->len, ==, 2);
    const TnefFile *first = tnef->files->pdata[0], *second = tnef->files->pdata[1];
    g_assert_cmpstr (first->name, ==, "CAFE~1.TXT");
    g_assert_cmpuint (first->size, ==, 5);
    g_assert_true (memcmp (data->str + first->offset, "hello", 5) == 0);
    g_assert_cmpstr (second->name, ==, "caf\xc3\xa9.png");
    g_assert_cmpstr (second->type, ==, "image/x-own");
    g_assert_cmpuint (second->size, ==, 3);
}

/* Cut anywhere, changed anywhere: never a crash, and what stands before the damage is there. */
static void test_damaged (void)
{
    g_autoptr (GString) data = make_tnef();
    for (gsize len = 0; len < data->len; len++) {
        g_autofree char *copy = g_memdup2 (data->str, MAX (len, 1));
        g_autoptr (Tnef) tnef = tnef_parse (copy, len);
        if (len > 60)
            g_assert_nonnull (tnef);
    }
    for (gsize at = 0; at < data->len; at++) {
        g_autofree char *copy = g_memdup2 (data->str, data->len);
        copy[at] = (char)0xff;
        g_autoptr (Tnef) tnef = tnef_parse (copy, data->len);
        g_assert_true (tnef == NULL || tnef->class != NULL);
    }
}

static void test_message (void)
{
    g_autoptr (GString) data = make_tnef();
    g_autofree char *base64 = g_base64_encode ((const guchar *)data->str, data->len);
    g_autofree char *text =
        g_strconcat ("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\n--b\n"
                     "Content-Type: application/ms-tnef; name=\"winmail.dat\"\n"
                     "Content-Transfer-Encoding: base64\n\n",
                     base64, "\n--b--\n", NULL);
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    g_autoptr (Message) message = message_parse (raw, NULL);
    g_assert_cmpstr (message->tnef_class, ==, "IPM.Note");
    g_assert_cmpstr (message->text, ==, "hello world");
    g_assert_cmpuint (message->parts->len, ==, 5);
    const Part *container = message->parts->pdata[2], *file = message->parts->pdata[3];
    g_assert_cmpint (container->role, ==, PART_MULTIPART);
    g_assert_cmpint (file->role, ==, PART_ATTACHMENT);
    g_assert_cmpstr (file->name, ==, "CAFE~1.TXT");
    g_assert_cmpstr (file->type, ==, "text/plain");
    g_autoptr (GBytes) bytes = message_part_decode (message, file);
    g_assert_cmpuint (g_bytes_get_size (bytes), ==, 5);
    g_assert_cmpuint (file->size, ==, 5);
}

static void test_unreadable (void)
{
    static const char text[] = "Content-Type: application/ms-tnef; name=winmail.dat\n\nno tnef\n";
    g_autoptr (GBytes) raw = g_bytes_new_static (text, sizeof text - 1);
    g_autoptr (Message) message = message_parse (raw, NULL);
    const Part *part = message->parts->pdata[0];
    g_assert_cmpstr (message->tnef_class, ==, "");
    g_assert_cmpint (part->role, ==, PART_ATTACHMENT);
    g_assert_cmpuint (part->size, ==, 8);
}

static void test_rtf (void)
{
    static const struct {
        const char *rtf, *text;
    } cases[] = {
        {"{\\rtf1\\ansi hello\\par world}", "hello\nworld"},
        {"{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\*\\generator X;}a\\tab b}", "a\tb"},
        {"{\\rtf1\\ansicpg1251 \\'cf\\'f0\\'e8}", "\xd0\x9f\xd1\x80\xd0\xb8"},
        {"{\\rtf1 caf\\u233?.}", "caf\xc3\xa9."},
        {"{\\rtf1\\uc0 caf\\u233.}", "caf\xc3\xa9."},
        {"{\\rtf1 \\{a\\} \\\\}", "{a} \\"},
        {"{\\rtf1\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 text"
         "\\htmlrtf }\\htmlrtf0{\\*\\htmltag72 </p>}}",
         "text"},
        {"}}}{{{", ""},
        {"\\", ""},
        {"\\'", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = rtf_to_text (cases[i].rtf, strlen (cases[i].rtf), NULL);
        g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/tnef/body-and-files", test_tnef);
    g_test_add_func ("/tnef/damaged", test_damaged);
    g_test_add_func ("/tnef/in-a-message", test_message);
    g_test_add_func ("/tnef/unreadable-stays-an-attachment", test_unreadable);
    g_test_add_func ("/rtf/text", test_rtf);
    return g_test_run();
}
