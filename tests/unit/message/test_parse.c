/* test_parse.c - whole messages: fields, structure, body, attachments. */
#include "message.h"

#include <string.h>

static Message *parse (const char *text)
{
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    return message_parse (raw, NULL);
}

/* Attachments as "name type size", joined by "; ". */
static char *attachments_text (const Message *message)
{
    GString *out = g_string_new (NULL);
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->role != PART_ATTACHMENT && part->role != PART_INLINE_IMAGE)
            continue;
        g_string_append_printf (out, "%s%s %s %" G_GSIZE_FORMAT, out->len > 0 ? "; " : "",
                                part->name != NULL ? part->name : "-", part->type, part->size);
    }
    return g_string_free (out, FALSE);
}

static void test_fields (void)
{
    g_autoptr (Message) message = parse ("From: Anna <anna@example.org>\r\n"
                                         "To: ben@example.org,\r\n\tC <c@example.org>\r\n"
                                         "Cc: d@example.org\r\n"
                                         "to: e@example.org\r\n"
                                         "Subject: one\r\n two\r\n"
                                         "Subject: never\r\n"
                                         "Date: Fri, 31 Jan 2003 16:05:06 +0100 (CET)\r\n"
                                         "Message-ID:\r\n <abc@example.org>\r\n"
                                         "In-Reply-To: Your message <r1@example.org>\r\n"
                                         "References: <r0@example.org>\r\n <r1@example.org>\r\n"
                                         "X-Raw: caf\xe9\r\n"
                                         "\r\n"
                                         "Hello\r\n");
    g_autofree char *date = message_date_text (message);
    g_assert_cmpstr (message->subject, ==, "one two");
    g_assert_cmpstr (((Address *)message->from->pdata[0])->name, ==, "Anna");
    g_assert_cmpuint (message->to->len, ==, 3);
    g_assert_cmpstr (((Address *)message->to->pdata[1])->name, ==, "C");
    g_assert_cmpstr (((Address *)message->to->pdata[2])->addr, ==, "e@example.org");
    g_assert_cmpuint (message->cc->len, ==, 1);
    g_assert_cmpstr (date, ==, "2003-01-31T16:05:06+01:00");
    g_assert_cmpint (message->date_ms, ==, G_GINT64_CONSTANT (1044025506000));
    g_assert_cmpstr (message->message_id, ==, "abc@example.org");
    g_assert_cmpuint (message->in_reply_to->len, ==, 1);
    g_assert_cmpstr (message->in_reply_to->pdata[0], ==, "r1@example.org");
    g_assert_cmpuint (message->references->len, ==, 2);
    g_assert_cmpstr (message->references->pdata[1], ==, "r1@example.org");
    g_assert_cmpstr (message_header (message, "x-raw"), ==, "caf\xc3\xa9");
    g_assert_cmpstr (message->text, ==, "Hello\n");
    g_assert_null (message->html);
}

/* What stands before and between fields. */
static void test_field_junk (void)
{
    static const struct {
        const char *text, *subject, *body;
    } cases[] = {
        {"From anna Fri Jan 31 16:05:06 2003\nSubject: s\n\nb\n", "s", "b\n"},
        {">From anna Fri Jan 31 16:05:06 2003\nSubject: s\n\nb\n", "s", "b\n"},
        {"\n\nSubject: s\n\nb\n", "s", "b\n"},
        {"\xef\xbb\xbfSubject: s\n\nb\n", "s", "b\n"},
        {"X: 1\nno colon here\nSubject: s\n\nb\n", "s", "b\n"},
        {"Subject: s\nThe body comes at once.\nMore: of it\n", "s",
         "The body comes at once.\nMore: of it\n"},
        {"Subject : s\n\nb\n", "s", "b\n"},
        {"Subject:s\n\nb\n", "s", "b\n"},
        {"Subject: s\r\r\n\r\r\nb\r\r\n", "s", "b\n"},
        {"Subject: s", "s", ""},
        {"Subject:\n\nb", "", "b"},
        {"", "", ""},
        {"\n", "", ""},
        {"just text\n", "", "just text\n"},
        {"Subject: a\r\n\r\nb\rc\r\n", "a", "b\nc\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Message) message = parse (cases[i].text);
        if (strcmp (message->subject, cases[i].subject) != 0 ||
            strcmp (message->text, cases[i].body) != 0)
            g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, cases[i].text);
        g_assert_cmpstr (message->subject, ==, cases[i].subject);
        g_assert_cmpstr (message->text, ==, cases[i].body);
    }
}

/* Bodies and attachments of multiparts. */
static const struct {
    const char *what, *text, *body, *html, *attachments;
} structures[] = {
    {"alternative",
     "Content-Type: multipart/alternative; boundary=b\n\npreamble\n"
     "--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>rich</p>\n"
     "--b--\nepilogue\n",
     "plain", "<p>rich</p>", ""},
    {"mixed-with-attachment",
     "Content-Type: multipart/mixed; boundary=\"b c\"\n\n"
     "--b c\n\ntext\n"
     "--b c\nContent-Type: application/pdf; name=a.pdf\n"
     "Content-Transfer-Encoding: base64\n\naGVsbG8=\n--b c--\n",
     "text", NULL, "a.pdf application/pdf 5"},
    {"texts-are-joined",
     "Content-Type: multipart/mixed; boundary=b\n\n"
     "--b\n\none\n--b\nContent-Type: text/plain\n\ntwo\n"
     "--b\nContent-Type: text/plain; name=x.txt\n\nthree\n"
     "--b\nContent-Disposition: attachment\n\nfour\n--b--\n",
     "one\ntwo", NULL, "x.txt text/plain 5; - text/plain 4"},
    {"html-and-a-footer",
     "Content-Type: multipart/mixed; boundary=b\n\n"
     "--b\nContent-Type: text/html\n\n<p>news\n--b\n\n-- list\n--b--\n",
     "news\n\n-- list", "<p>news", ""},
    {"text-before-html",
     "Content-Type: multipart/mixed; boundary=b\n\n"
     "--b\n\ntext\n--b\nContent-Type: text/html\n\n<p>more\n--b--\n",
     "text", "<p>more", ""},
    {"blank-text-beside-html",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\n \n\n--b\nContent-Type: text/html\n\n<p>news\n--b--\n",
     "news\n", "<p>news", ""},
    {"related-image",
     "Content-Type: multipart/related; boundary=b\n\n"
     "--b\nContent-Type: text/html\n\n<img src=cid:i>\n"
     "--b\nContent-Type: image/png\nContent-ID: <i>\n\npng\n--b--\n",
     NULL, "<img src=cid:i>", "- image/png 3"},
    {"nameless-message",
     "Content-Type: multipart/mixed; boundary=b\n\n"
     "--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\n"
     "Subject: inner\n\ninner text\n--b--\n",
     "see below", NULL, "- message/rfc822 26"},
    {"digest-default",
     "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--\n", "", NULL,
     "- message/rfc822 13"},
    {"look-alike-boundaries",
     "Content-Type: multipart/mixed; boundary=foo\n\n"
     "--foo\nContent-Type: multipart/alternative; boundary=foobar\n\n"
     "--foobar\n\n--foob\n--fo\n --foo\ninner\n--foobar--\n"
     "--foo\nContent-Type: application/x-a\n\n12\n--foo--\n",
     "--foob\n--fo\n --foo\ninner", NULL, "- application/x-a 2"},
    {"outer-boundary-closes-inner",
     "Content-Type: multipart/mixed; boundary=o\n\n"
     "--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\ntext\n"
     "--o\nContent-Type: application/x-a\n\n12\n--o--\n",
     "text", NULL, "- application/x-a 2"},
    {"no-end", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n", "text\n", NULL, ""},
    {"boundary-not-named",
     "Content-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\ntext\n"
     "--x\nContent-Type: application/x-a\n\n12\n--x--\n",
     "text", NULL, "- application/x-a 2"},
    {"boundary-named-wrongly",
     "Content-Type: multipart/mixed; boundary=other\n\n--x\nContent-Type: text/plain\n\ntext\n"
     "--x\nContent-Type: application/x-a\n\n12\n--x--\n",
     "text", NULL, "- application/x-a 2"},
    {"no-boundary-at-all", "Content-Type: multipart/mixed; boundary=b\n\nonly text\n",
     "only text\n", NULL, ""},
    {"boundary-with-blanks-behind",
     "Content-Type: multipart/mixed; boundary=b\n\n--b  \t\n\ntext\n--b-- \n", "text", NULL, ""},
    {"boundary-ends-fields",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/x-a\n"
     "--b\n\ntext\n--b--\n",
     "text", NULL, "- application/x-a 0"},
    {"single-attachment",
     "Content-Type: application/zip; name=\"a.zip\"\nContent-Transfer-Encoding: base64\n\nAAAA\n",
     "", NULL, "a.zip application/zip 3"},
    {"invalid-type", "Content-Type: text\n\nhello\n", "hello\n", NULL, ""},
    {"empty-type", "Content-Type:\n\nhello\n", "hello\n", NULL, ""},
    {"quoted-printable",
     "Content-Transfer-Encoding: Quoted-Printable\nContent-Type: text/plain; charset=utf-8\n\n"
     "caf=C3=A9 =\nau lait  \n",
     "caf\xc3\xa9 au lait\n", NULL, ""},
    {"uuencoded-in-text",
     "Subject: x\n\nbefore\nbegin 644 ../a.txt\n#86)C\n`\nend\nafter\nbegin 644 nothing here\n",
     "before\nafter\nbegin 644 nothing here\n", NULL, ".._a.txt text/plain 3"},
    {"uuencoded-part",
     "Content-Type: application/octet-stream; name=a.bin\n"
     "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a.bin\n#86)C\n`\nend\n",
     "", NULL, "a.bin application/octet-stream 3"},
    {"calendar-in-alternative",
     "Content-Type: multipart/alternative; boundary=b\n\n--b\n\ntext\n"
     "--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n",
     "text", NULL, "- text/calendar 15"},
    {"rfc2231-name",
     "Content-Type: application/x-a\n"
     "Content-Disposition: attachment; filename*0*=utf-8''na%C3;\n filename*1*=%AFve; "
     "filename*2=\".txt\"\n\nx",
     "", NULL, "na\xc3\xafve.txt application/x-a 1"},
    {"encoded-name",
     "Content-Type: application/x-a;\n name=\"=?iso-8859-1?Q?caf=E9?=\n =?iso-8859-1?Q?=2Etxt?=\"\n"
     "\nx",
     "", NULL, "caf\xc3\xa9.txt application/x-a 1"},
    {"windows-path-in-name",
     "Content-Type: application/x-a\nContent-Disposition: attachment; filename=\"C:\\\\d\\\\a "
     "b.x\"\n\n",
     "", NULL, "a b.x application/x-a 0"},
};

static void test_structure (gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE (data);
    g_autoptr (Message) message = parse (structures[i].text);
    g_autofree char *attachments = attachments_text (message);
    g_assert_false (message->is_opaque);
    if (structures[i].body != NULL)
        g_assert_cmpstr (message->text, ==, structures[i].body);
    g_assert_cmpstr (message->html, ==, structures[i].html);
    g_assert_cmpstr (attachments, ==, structures[i].attachments);
}

/* Decoded bytes have the size that was told, within texts too. */
static void test_part_decode (void)
{
    g_autoptr (Message) message = parse (
        "Content-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Transfer-Encoding: quoted-printable\n\nx=\ny\nbegin 644 a\n#86)C\nend\n"
        "--b\nContent-Type: image/png\nContent-ID: <i@x>\n"
        "Content-Transfer-Encoding: base64\n\naGV*sbG8=\n--b--\n");
    static const struct {
        guint index;
        const char *bytes;
    } cases[] = {{2, "hello"}, {3, "abc"}};
    g_assert_cmpuint (message->parts->len, ==, 4);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        const Part *part = message->parts->pdata[cases[i].index];
        g_autoptr (GBytes) bytes = message_part_decode (message, part);
        gsize len = 0;
        const char *data = g_bytes_get_data (bytes, &len);
        g_assert_cmpuint (len, ==, strlen (cases[i].bytes));
        g_assert_true (memcmp (data, cases[i].bytes, len) == 0);
        g_assert_cmpuint (part->size, ==, len);
    }
    g_assert_true (message_part_by_id (message, "i@x") == message->parts->pdata[2]);
    g_assert_null (message_part_by_id (message, "other"));
    g_assert_cmpstr (message->text, ==, "xy\n");
}

static void test_charsets (void)
{
    static const struct {
        const char *charset, *bytes, *text;
    } cases[] = {
        {NULL, "caf\xc3\xa9", "caf\xc3\xa9"},
        {NULL, "caf\xe9", "caf\xc3\xa9"},
        {NULL, "\x1b$B8+0F\x1b(B", "\xe8\xa6\x8b\xe6\xa1\x88"},
        {"us-ascii", "caf\xc3\xa9", "caf\xc3\xa9"},
        {"us-ascii", "caf\xe9", "caf\xc3\xa9"},
        {"iso-8859-1", "caf\xc3\xa9", "caf\xc3\xa9"},
        {"iso-8859-1", "\x93quoted\x94 \x80", "\xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x82\xac"},
        {"utf-8", "caf\xe9", "caf\xc3\xa9"},
        {"utf-8", "\xc3\xa9 \xe9 \xc3\xa9", "\xc3\xa9 \xef\xbf\xbd \xc3\xa9"},
        {"\"UTF-8\"", "caf\xc3\xa9", "caf\xc3\xa9"},
        {"utf8", "caf\xc3\xa9", "caf\xc3\xa9"},
        {"no-such-charset", "caf\xe9", "caf\xc3\xa9"},
        {"iso-8859-15", "\xa4", "\xe2\x82\xac"},
        {"windows-1251", "\xcf\xf0\xe8", "\xd0\x9f\xd1\x80\xd0\xb8"},
        {"koi8-r", "\xf0\xd2\xc9", "\xd0\x9f\xd1\x80\xd0\xb8"},
        {"iso-2022-jp", "\x1b$B8+0F\x1b(B", "\xe8\xa6\x8b\xe6\xa1\x88"},
        {"iso-2022-jp", "\x1b$B-!\x1b(B", "\xe2\x91\xa0"},
        {"shift_jis", "\x8c\xa9\x88\xc4", "\xe8\xa6\x8b\xe6\xa1\x88"},
        {"gb2312", "\xb7\xa2\xc6\xb1", "\xe5\x8f\x91\xe7\xa5\xa8"},
        {"gbk",
         "\xe9"
         "F",
         "\xe9\x95\x95"},
        {"big5", "\xa4\xa4\xa4\xe5", "\xe4\xb8\xad\xe6\x96\x87"},
        {"euc-kr", "\xb0\xa1", "\xea\xb0\x80"},
        {"ks_c_5601-1987", "\xb0\xa1", "\xea\xb0\x80"},
        {"utf-7", "caf+AOk-", "caf\xc3\xa9"},
        {"hz-gb-2312", "a~{7\"F1~}b~~",
         "a\xe5\x8f\x91\xe7\xa5\xa8"
         "b~"},
        {"utf-8//translit", "caf\xc3\xa9", "caf\xc3\xa9"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *field =
            cases[i].charset != NULL
                ? g_strdup_printf ("Content-Type: text/plain; charset=%s\n", cases[i].charset)
                : g_strdup ("");
        g_autofree char *text = g_strdup_printf ("X: y\n%s\n%s", field, cases[i].bytes);
        g_autoptr (Message) message = parse (text);
        if (strcmp (message->text, cases[i].text) != 0)
            g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, field);
        g_assert_cmpstr (message->text, ==, cases[i].text);
    }
}

/* Text of several languages without any label, as its own bytes. */
static void test_guess (void)
{
    static const struct {
        const char *charset, *text;
    } cases[] = {
        {"GB2312", "您好，请查收附件中的合同。谢谢！"},
        {"BIG5", "您好，請查收附件中的合約。謝謝！"},
        {"SHIFT_JIS", "お世話になっております。"},
        {"EUC-JP", "お世話になっております。"},
        {"EUC-KR", "안녕하세요. 회의 자료를 첨부합니다."},
        {"CP1251", "Привет, завтра встреча в десять."},
        {"KOI8-R", "Привет, завтра встреча в десять."},
        {"CP1252", "Schöne Grüße aus Köln"},
        {"CP1252", "déjà été là, hôtel"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *bytes =
            g_convert (cases[i].text, -1, cases[i].charset, "UTF-8", NULL, NULL, NULL);
        g_assert_nonnull (bytes);
        g_autofree char *text = g_strconcat ("Subject: ", bytes, "\n\n", bytes, NULL);
        g_autoptr (Message) message = parse (text);
        g_assert_cmpstr (message->subject, ==, cases[i].text);
        g_assert_cmpstr (message->text, ==, cases[i].text);
    }
}

/* Raw 8-bit text in fields is in the charset that the body declares. */
static void test_fallback_charset (void)
{
    g_autoptr (Message) message = parse ("Subject: \xcf\xf0\xe8\n"
                                         "From: \xcf\xf0\xe8 <a@example.org>\n"
                                         "Content-Type: text/plain; charset=windows-1251\n\nx\n");
    g_assert_cmpstr (message->subject, ==, "\xd0\x9f\xd1\x80\xd0\xb8");
    g_assert_cmpstr (((Address *)message->from->pdata[0])->name, ==, "\xd0\x9f\xd1\x80\xd0\xb8");
}

static void test_flowed (void)
{
    static const struct {
        const char *parameters, *bytes, *text;
    } cases[] = {
        {"format=flowed", "one \ntwo \nthree\nfour\n", "one two three\nfour\n"},
        {"format=flowed; delsp=yes", "on \ne two\n", "one two\n"},
        {"format=flowed", "> a \n> b\nc\n", "> a b\nc\n"},
        {"format=flowed", "> a \n>> b\n", "> a \n>> b\n"},
        {"format=flowed", "text\n-- \nAnna\n", "text\n-- \nAnna\n"},
        {"format=flowed", "text \n-- \nAnna\n", "text \n-- \nAnna\n"},
        {"format=flowed", " From here\n  two\n", "From here\n two\n"},
        {"format=fixed", "one \ntwo\n", "one \ntwo\n"},
        {"format=flowed", "", ""},
        {"format=flowed", "one ", "one "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strdup_printf ("Content-Type: text/plain; %s\n\n%s",
                                                 cases[i].parameters, cases[i].bytes);
        g_autoptr (Message) message = parse (text);
        g_assert_cmpstr (message->text, ==, cases[i].text);
    }
}

/* text_bytes bounds what is kept of each body, whichever way it came, and says so. */
static void test_text_bytes (void)
{
    static const struct {
        const char *head, *body;
        gboolean is_cut;
    } cases[] = {
        {"", "short", FALSE},
        {"", "0123456789abcdef0123456789abcdef", TRUE},
        {"Content-Type: text/plain; charset=utf-8\r\n", "0123456789abc\xe2\x82\xac", FALSE},
        {"Content-Type: text/plain; charset=utf-8\r\n", "0123456789abcde\xe2\x82\xac", TRUE},
        {"Content-Type: text/plain; charset=windows-1252\r\n", "\x80\x80\x80\x80\x80\x80\x80",
         TRUE},
        {"Content-Type: text/html\r\n", "<p>0123456789abcdef0123456789</p>", TRUE},
    };
    const MessageLimits limits = {.text_bytes = 16};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *mail = g_strdup_printf (
            "From: a@example.org\r\nMIME-Version: 1.0\r\n%s\r\n%s", cases[i].head, cases[i].body);
        g_autoptr (GBytes) raw = g_bytes_new (mail, strlen (mail));
        g_autoptr (Message) message = message_parse (raw, &limits);
        g_assert_cmpint (message->is_cut, ==, cases[i].is_cut);
        g_assert_cmpuint (strlen (message->text), <=, 16);
        g_assert_true (g_utf8_validate (message->text, -1, NULL));
        g_assert_true (message->html == NULL || strlen (message->html) <= 16);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/parse/fields", test_fields);
    g_test_add_func ("/parse/fields/junk-is-passed-over", test_field_junk);
    for (gsize i = 0; i < G_N_ELEMENTS (structures); i++) {
        g_autofree char *path = g_strconcat ("/parse/structure/", structures[i].what, NULL);
        g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_structure);
    }
    g_test_add_func ("/parse/part-decode", test_part_decode);
    g_test_add_func ("/parse/charsets", test_charsets);
    g_test_add_func ("/parse/charsets/raw-fields-follow-the-body", test_fallback_charset);
    g_test_add_func ("/parse/charsets/guessed", test_guess);
    g_test_add_func ("/parse/flowed", test_flowed);
    g_test_add_func ("/parse/text-bytes", test_text_bytes);
    return g_test_run();
}
