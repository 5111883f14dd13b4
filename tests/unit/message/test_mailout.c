/* test_mailout.c - outgoing mail: encodings, structure, and that nobody writes headers but us. */
#include "mailout.h"

#include <string.h>
#include <libetpan/libetpan.h>

static char *finish (MailOut *mail)
{
    g_autoptr (GBytes) bytes = mailout_finish (mail);
    gsize len = 0;
    const char *data = g_bytes_get_data (bytes, &len);
    g_assert_cmpuint (strlen (data), >=, len);
    return g_strndup (data, len);
}

/* The header lines of this name, unfolded, joined by LF; NULL when there is none. */
static char *header_of (const char *raw, const char *name)
{
    GString *out = g_string_new (NULL);
    g_auto (GStrv) lines = g_strsplit (raw, "\r\n", -1);
    gboolean is_in = FALSE;
    for (char **line = lines; *line != NULL && **line != '\0'; line++) {
        if (**line == ' ') {
            g_string_append (out, is_in ? *line : "");
            continue;
        }
        gsize len = strlen (name);
        is_in = g_ascii_strncasecmp (*line, name, len) == 0 && (*line)[len] == ':';
        if (is_in && out->len > 0)
            g_string_append_c (out, '\n');
        g_string_append (out, is_in ? g_strchug (*line + len + 1) : "");
    }
    return g_string_free (out, FALSE);
}

/* What holds for every mail: CRLF only, 7-bit, bounded lines. */
static void check_form (const char *raw)
{
    gsize column = 0;
    for (const char *at = raw; *at != '\0'; at++) {
        g_assert_cmpint ((guchar)*at, <, 0x80);
        if (*at == '\r')
            g_assert_cmpint (at[1], ==, '\n');
        if (*at == '\n') {
            g_assert_cmpint (at[-1], ==, '\r');
            g_assert_cmpuint (column, <=, 999);
            column = 0;
        } else {
            column++;
        }
    }
}

static const struct {
    const char *name, *subject, *header;
} subjects[] = {
    {"plain", "Lunch on Friday", "Lunch on Friday"},
    {"empty", "", ""},
    {"accents", "Café", "=?utf-8?q?Caf=C3=A9?="},
    {"greek", "Ελλάδα", "=?utf-8?b?zpXOu867zqzOtM6x?="},
    {"looks-encoded", "=?utf-8?q?x?=", "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?="},
    {"line-break", "a\r\nBcc: victim@example.org", "a Bcc: victim@example.org"},
    {"lone-breaks", "a\nb\rc\vd\fe", "a b c d e"},
    {"unicode-breaks",
     "a\u2028b\xc2\x85"
     "c",
     "a b c"},
    {"bad-utf8", "a\xff", "=?utf-8?b?Ye+/vQ==?="},
};

static void test_subject (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    g_autoptr (MailOut) mail = mailout_new();
    mailout_subject (mail, subjects[i].subject);
    g_autofree char *raw = finish (mail);
    check_form (raw);
    g_autofree char *header = header_of (raw, "Subject");
    g_assert_cmpstr (header, ==, subjects[i].header);
    g_autofree char *bcc = header_of (raw, "Bcc");
    g_assert_cmpstr (bcc, ==, "");
}

static const struct {
    const char *name, *person, *addr, *header;
    gboolean needs_smtputf8;
} mailboxes[] = {
    {"plain", "Anna de Vries", "anna@example.org", "Anna de Vries <anna@example.org>", FALSE},
    {"no-name", NULL, "anna@example.org", "anna@example.org", FALSE},
    {"comma", "Vries, Anna", "anna@example.org", "\"Vries, Anna\" <anna@example.org>", FALSE},
    {"quotes", "A \"B\" \\", "a@example.org", "\"A \\\"B\\\" \\\\\" <a@example.org>", FALSE},
    {"address-as-name", "x@evil.test>, <y@evil.test", "a@example.org",
     "\"x@evil.test>, <y@evil.test\" <a@example.org>", FALSE},
    {"accents", "Zoë", "zoe@example.org", "=?utf-8?q?Zo=C3=AB?= <zoe@example.org>", FALSE},
    {"quoted-local", NULL, "\"a b\"@example.org", "\"a b\"@example.org", FALSE},
    {"local-in-need-of-quotes", NULL, "a b,c@example.org", "\"a b,c\"@example.org", FALSE},
    {"two-dots", NULL, "a..b@example.org", "\"a..b\"@example.org", FALSE},
    {"angle-in-local", "A", "a>, <b@example.org", "A <\"a>, <b\"@example.org>", FALSE},
    {"line-break-in-name", "A\r\nX: y", "a@example.org", "\"A X: y\" <a@example.org>", FALSE},
    {"line-break-in-address", "A", "a@example.org\r\nX: y", "", FALSE},
    {"idn", NULL, "a@bücher.example", "a@xn--bcher-kva.example", FALSE},
    {"utf8-local", NULL, "zoë@example.org", "zoë@example.org", TRUE},
    {"no-domain", "A", "anna", "", FALSE},
    {"nothing", "A", "", "", FALSE},
};

static void test_mailbox (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    g_autoptr (MailOut) mail = mailout_new();
    mailout_from (mail, mailboxes[i].person, mailboxes[i].addr);
    g_autofree char *raw = finish (mail);
    g_autofree char *header = header_of (raw, "From");
    g_assert_cmpstr (header, ==, mailboxes[i].header);
    g_autofree char *other = header_of (raw, "X");
    g_assert_cmpstr (other, ==, "");
    g_assert_cmpint (mailout_needs_smtputf8 (mail), ==, mailboxes[i].needs_smtputf8);
}

/* A mail with everything in it. */
static MailOut *whole_mail (const char *attached)
{
    MailOut *mail = mailout_new();
    mailout_from (mail, "Anna via Carbonless", "reply+abc@post.example");
    mailout_reply_to (mail, NULL, "reply+abc@post.example");
    mailout_to (mail, "Bob", "bob@example.org");
    mailout_to (mail, "Zoë", "zoe@example.org");
    mailout_subject (mail,
                     "Über die Pläne für das nächste Jahr, und was wir alle davon haben werden");
    mailout_date (mail, 1700000000123);
    mailout_message_id (mail, "n1@post.example");
    mailout_reference (mail, "first@example.org");
    mailout_in_reply_to (mail, "second@example.org>\r\nX: <y");
    mailout_list_id (mail, "Posts", "posts.post.example");
    mailout_header (mail, "Archived-At", "<https://post.example/p/1>");
    mailout_text (mail,
                  "Hello\nFrom here, a line with trailing blank \n.\nthe end = é, and one line "
                  "that is longer than what a mail may have in a line without being wrapped");
    mailout_html (mail, "<!DOCTYPE html><html><body><p>Hello</p></body></html>");
    g_autoptr (GBytes) image = g_bytes_new_static ("\x89PNG\r\n\x1a\n\0\0\xff", 11);
    mailout_inline (mail, "img1@post.example", "image/png", "Überblick \"2\"/x.png", image);
    g_autoptr (GBytes) raw = g_bytes_new (attached, strlen (attached));
    mailout_attach_message (mail, "original.eml", raw);
    return mail;
}

static void test_headers (void)
{
    g_autoptr (MailOut) mail = whole_mail ("Subject: x\r\n\r\ny\r\n");
    g_autofree char *raw = finish (mail);
    check_form (raw);
    static const char *const expected[][2] = {
        {"To", "Bob <bob@example.org>, =?utf-8?q?Zo=C3=AB?= <zoe@example.org>"},
        {"Date", "Tue, 14 Nov 2023 22:13:20 +0000"},
        {"Message-ID", "<n1@post.example>"},
        {"In-Reply-To", "<second@example.orgX:y>"},
        {"References", "<first@example.org> <second@example.orgX:y>"},
        {"List-Id", "Posts <posts.post.example>"},
        {"Archived-At", "<https://post.example/p/1>"},
        {"X", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
        g_autofree char *header = header_of (raw, expected[i][0]);
        g_assert_cmpstr (header, ==, expected[i][1]);
    }
}

static void test_same_bytes (void)
{
    g_autoptr (MailOut) one = whole_mail ("Subject: x\r\n\r\ny\r\n");
    g_autoptr (MailOut) two = whole_mail ("Subject: x\r\n\r\ny\r\n");
    g_autofree char *first = finish (one);
    g_autofree char *again = finish (one);
    g_autofree char *second = finish (two);
    g_assert_cmpstr (first, ==, again);
    g_assert_cmpstr (first, ==, second);
}

/* Another parser's view: the types of all parts, depth first, and the decoded text of the leaves.
 */
static void describe (struct mailmime *mime, GString *types, GPtrArray *bodies)
{
    if (mime->mm_type == MAILMIME_MESSAGE && mime->mm_parent == NULL) {
        describe (mime->mm_data.mm_message.mm_msg_mime, types, bodies);
        return;
    }
    struct mailmime_content *content = mime->mm_content_type;
    g_string_append_printf (types, "%s/%s ",
                            content->ct_type->tp_type == MAILMIME_TYPE_COMPOSITE_TYPE
                                ? (mime->mm_type == MAILMIME_MESSAGE ? "message" : "multipart")
                                : "leaf",
                            content->ct_subtype);
    if (mime->mm_type == MAILMIME_MULTIPLE) {
        g_string_append (types, "( ");
        for (clistiter *at = clist_begin (mime->mm_data.mm_multipart.mm_mp_list); at != NULL;
             at = clist_next (at))
            describe (clist_content (at), types, bodies);
        g_string_append (types, ") ");
        return;
    }
    if (mime->mm_type != MAILMIME_SINGLE)
        return;
    struct mailmime_single_fields fields;
    mailmime_single_fields_init (&fields, mime->mm_mime_fields, content);
    struct mailmime_data *data = mime->mm_data.mm_single;
    size_t at = 0, len = 0;
    char *decoded = NULL;
    int encoding =
        fields.fld_encoding == NULL ? MAILMIME_MECHANISM_8BIT : fields.fld_encoding->enc_type;
    int result =
        mailmime_part_parse (data->dt_data.dt_text.dt_data, data->dt_data.dt_text.dt_length, &at,
                             encoding, &decoded, &len);
    g_assert_cmpint (result, ==, MAILIMF_NO_ERROR);
    g_ptr_array_add (bodies, g_bytes_new (decoded, len));
    mailmime_decoded_part_free (decoded);
}

static void check_parse (const char *raw, const char *types, const char *const *texts)
{
    size_t at = 0;
    struct mailmime *mime = NULL;
    g_assert_cmpint (mailmime_parse (raw, strlen (raw), &at, &mime), ==, MAILIMF_NO_ERROR);
    g_autoptr (GString) seen = g_string_new (NULL);
    g_autoptr (GPtrArray) bodies = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
    describe (mime, seen, bodies);
    g_assert_cmpstr (g_strchomp (seen->str), ==, types);
    for (guint i = 0; texts[i] != NULL; i++) {
        g_assert_cmpuint (i, <, bodies->len);
        gsize len = 0;
        const char *data = g_bytes_get_data (bodies->pdata[i], &len);
        g_autofree char *text = g_strndup (data, len);
        g_assert_cmpstr (text, ==, texts[i]);
    }
    mailmime_free (mime);
}

static void test_parsed_back (void)
{
    g_autoptr (MailOut) mail = whole_mail ("Subject: x\r\n\r\ny\r\n");
    g_autofree char *raw = finish (mail);
    static const char *const texts[] = {
        "Hello\r\nFrom here, a line with trailing blank \r\n.\r\nthe end = é, and one line "
        "that is longer than what a mail may have in a line without being wrapped\r\n",
        "<!DOCTYPE html><html><body><p>Hello</p></body></html>\r\n",
        NULL,
    };
    check_parse (
        raw,
        "multipart/mixed ( multipart/alternative ( leaf/plain multipart/related ( leaf/html "
        "leaf/png ) ) message/rfc822 )",
        texts);
}

static const struct {
    const char *name, *text, *encoding;
} texts[] = {
    {"empty", "", "7bit"},
    {"ascii", "Hello\n\nBye\n", "7bit"},
    {"accents", "Dit is één café\n", "quoted-printable"},
    {"greek", "Καλημέρα σας\n", "base64"},
    {"from-line", "a\nFrom b\n", "quoted-printable"},
    {"trailing-blank", "a \nb\t\n", "quoted-printable"},
    {"controls", "bell \a and escape \033 are here, and a bare \r too\n", "quoted-printable"},
    {"dots", "é\n.\n..\n", "quoted-printable"},
    {"equals", "a=3D b= é and much more text to stay in quoted-printable\n", "quoted-printable"},
};

static void test_text (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    g_autoptr (MailOut) mail = mailout_new();
    mailout_text (mail, texts[i].text);
    g_autofree char *raw = finish (mail);
    check_form (raw[0] == '\0' || strstr (texts[i].text, "\r") != NULL ? "" : raw);
    g_autofree char *encoding = header_of (raw, "Content-Transfer-Encoding");
    g_assert_cmpstr (encoding, ==, texts[i].encoding);
    g_auto (GStrv) lines = g_strsplit (texts[i].text, "\n", -1);
    g_autofree char *crlf = g_strjoinv ("\r\n", lines);
    const char *const expected[] = {crlf[0] == '\0' ? "\r\n" : crlf, NULL};
    check_parse (raw, "leaf/plain", expected);
}

/* Every width of line around the wrapping point, with and without a character to be encoded. */
static void test_widths (void)
{
    for (guint width = 60; width < 240; width++) {
        g_autofree char *line = g_strnfill (width, 'x');
        g_autofree char *text = g_strconcat (line, " é.\n", line, " \nFrom ", line, "\n", NULL);
        g_autoptr (MailOut) mail = mailout_new();
        mailout_text (mail, text);
        g_autofree char *raw = finish (mail);
        check_form (raw);
        const char *body = strstr (raw, "\r\n\r\n") + 4;
        g_auto (GStrv) lines = g_strsplit (body, "\r\n", -1);
        for (char **at = lines; *at != NULL; at++)
            g_assert_cmpuint (strlen (*at), <=, 76);
        g_auto (GStrv) parts = g_strsplit (text, "\n", -1);
        g_autofree char *crlf = g_strjoinv ("\r\n", parts);
        const char *const expected[] = {crlf, NULL};
        check_parse (raw, "leaf/plain", expected);
    }
}

/* Long and wide subjects come back as they were. */
static void test_long_subjects (void)
{
    static const char *const units[] = {"wörd ", "漢字", "plain words ", "x", "😀 a"};
    for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
        GString *text = g_string_new ("s");
        for (guint n = 0; n < 400; n++)
            g_string_append (text, units[i]);
        g_strchomp (text->str);
        g_autofree char *subject = g_string_free (text, FALSE);
        g_autoptr (MailOut) mail = mailout_new();
        mailout_subject (mail, subject);
        g_autofree char *raw = finish (mail);
        check_form (raw);
        g_autofree char *header = header_of (raw, "Subject");
        size_t at = 0;
        char *decoded = NULL;
        g_assert_cmpint (mailmime_encoded_phrase_parse ("utf-8", header, strlen (header), &at,
                                                        "utf-8", &decoded),
                         ==, MAILIMF_NO_ERROR);
        g_assert_cmpstr (decoded, ==, subject);
        free (decoded);
    }
}

/* What is not 7-bit keeps its bytes. */
static void test_attached_bytes (void)
{
    static const char raw_message[] = "Subject: caf\xe9\r\n\r\nbare \r and \xff\n";
    g_autoptr (MailOut) mail = mailout_new();
    g_autoptr (GBytes) bytes = g_bytes_new (raw_message, sizeof raw_message); /* with a NUL */
    mailout_text (mail, "x");
    mailout_attach_message (mail, "original.eml", bytes);
    g_autofree char *raw = finish (mail);
    check_form (raw);
    g_autofree char *encoded = g_base64_encode ((const guchar *)raw_message, sizeof raw_message);
    g_assert_nonnull (strstr (raw, encoded));
    g_assert_nonnull (strstr (raw, "Content-Type: application/octet-stream\r\n"));
}

static void test_file_names (void)
{
    static const char *const cases[][2] = {
        {"plan.png", "inline; filename=\"plan.png\""},
        {"../../etc/passwd", "inline; filename=\".._.._etc_passwd\""},
        {"a\"; x=\"b\r\nX: y", "inline; filename=\"a\\\"; x=\\\"b X: y\""},
        {"é.png", "inline; filename*0*=utf-8''%C3%A9.png"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (MailOut) mail = mailout_new();
        g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
        mailout_html (mail, "<p>x</p>");
        mailout_inline (mail, "a@b", "image/png; x=\"y\r\nX: y", cases[i][0], bytes);
        g_autofree char *raw = finish (mail);
        check_form (raw);
        const char *from = strstr (raw, "Content-Disposition:");
        g_assert_nonnull (from);
        g_autofree char *header = header_of (from, "Content-Disposition");
        g_assert_cmpstr (header, ==, cases[i][1]);
        g_assert_nonnull (strstr (raw, "Content-Type: application/octet-stream\r\n"));
    }
}

#define ADD_TABLE(prefix, table, function)                                                         \
    for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {                                             \
        g_autofree char *path = g_strconcat (prefix, table[i].name, NULL);                         \
        g_test_add_data_func (path, GSIZE_TO_POINTER (i), function);                               \
    }

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    ADD_TABLE ("/message/mailout/subject/", subjects, test_subject)
    ADD_TABLE ("/message/mailout/mailbox/", mailboxes, test_mailbox)
    ADD_TABLE ("/message/mailout/text/", texts, test_text)
    g_test_add_func ("/message/mailout/headers", test_headers);
    g_test_add_func ("/message/mailout/same-calls-same-bytes", test_same_bytes);
    g_test_add_func ("/message/mailout/parsed-back", test_parsed_back);
    g_test_add_func ("/message/mailout/widths", test_widths);
    g_test_add_func ("/message/mailout/long-subjects", test_long_subjects);
    g_test_add_func ("/message/mailout/attached-bytes", test_attached_bytes);
    g_test_add_func ("/message/mailout/file-names", test_file_names);
    return g_test_run();
}
