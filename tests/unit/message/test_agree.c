/* test_agree.c - well-formed messages are read as libetpan, an older parser, reads them. */
#include "message.h"

#include <libetpan/libetpan.h>
#include <string.h>

#define MESSAGES 300

static guint pick (guint below)
{
    return (guint)g_test_rand_int_range (0, (gint32)below);
}

/* A leaf or, while depth lasts, a multipart; CRLF line ends. */
static void add_entity (GString *out, guint depth, guint *count)
{
    static const char *const types[] = {"text/plain; charset=utf-8", "text/html", "image/png",
                                        "application/pdf; name=\"a b.pdf\""};
    guint number = (*count)++;
    if (depth > 0 && pick (3) > 0) {
        g_string_append_printf (out, "Content-Type: multipart/mixed; boundary=\"=_%u_%u\"\r\n\r\n",
                                number, pick (1000));
        g_autofree char *boundary = g_strdup (strrchr (out->str, '=') + 1);
        boundary[strcspn (boundary, "\"")] = '\0';
        for (guint n = pick (4) + 1; n > 0; n--) {
            g_string_append_printf (out, "--=%s\r\n", boundary);
            add_entity (out, depth - 1, count);
        }
        g_string_append_printf (out, "--=%s--\r\n", boundary);
        return;
    }
    gboolean is_base64 = pick (2) == 0;
    g_autofree char *content = g_strdup_printf ("content %u of %u", number, pick (100000));
    g_autofree char *base64 = g_base64_encode ((const guchar *)content, strlen (content));
    g_string_append_printf (out, "Content-Type: %s\r\n", types[pick (G_N_ELEMENTS (types))]);
    g_string_append_printf (out, "Content-Transfer-Encoding: %s\r\n\r\n%s\r\n",
                            is_base64 ? "base64" : "7bit", is_base64 ? base64 : content);
}

/* libetpan's leaves in order: type and decoded bytes. */
static void list_theirs (struct mailmime *mime, GString *out)
{
    if (mime->mm_type == MAILMIME_MESSAGE) {
        list_theirs (mime->mm_data.mm_message.mm_msg_mime, out);
        return;
    }
    if (mime->mm_type == MAILMIME_MULTIPLE) {
        clist *children = mime->mm_data.mm_multipart.mm_mp_list;
        for (clistiter *at = clist_begin (children); at != NULL; at = clist_next (at))
            list_theirs (clist_content (at), out);
        return;
    }
    struct mailmime_single_fields fields;
    struct mailmime_data *data = mime->mm_data.mm_single;
    size_t index = 0, len = 0;
    char *bytes = NULL;
    mailmime_single_fields_init (&fields, mime->mm_mime_fields, mime->mm_content_type);
    int encoding =
        fields.fld_encoding != NULL ? fields.fld_encoding->enc_type : MAILMIME_MECHANISM_7BIT;
    g_assert_cmpint (mailmime_part_parse (data->dt_data.dt_text.dt_data,
                                          data->dt_data.dt_text.dt_length, &index, encoding, &bytes,
                                          &len),
                     ==, MAILIMF_NO_ERROR);
    g_autofree char *text = g_strndup (bytes, len);
    g_string_append_printf (out, "%s|%s\n", mime->mm_content_type->ct_subtype, g_strchomp (text));
    mailmime_decoded_part_free (bytes);
}

static void list_ours (const Message *message, GString *out)
{
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->role == PART_MULTIPART)
            continue;
        g_autoptr (GBytes) bytes = message_part_decode (message, part);
        gsize len = 0;
        const char *data = g_bytes_get_data (bytes, &len);
        g_autofree char *text = g_strndup (data, len);
        g_string_append_printf (out, "%s|%s\n", strchr (part->type, '/') + 1, g_strchomp (text));
    }
}

static void test_structure (void)
{
    for (guint i = 0; i < MESSAGES; i++) {
        g_autoptr (GString) text = g_string_new ("MIME-Version: 1.0\r\nSubject: x\r\n");
        g_autoptr (GString) ours = g_string_new (NULL);
        g_autoptr (GString) theirs = g_string_new (NULL);
        guint count = 0;
        add_entity (text, 4, &count);
        g_autoptr (GBytes) raw = g_bytes_new (text->str, text->len);
        g_autoptr (Message) message = message_parse (raw, NULL);
        struct mailmime *mime = NULL;
        size_t index = 0;
        g_assert_cmpint (mailmime_parse (text->str, text->len, &index, &mime), ==,
                         MAILIMF_NO_ERROR);
        list_ours (message, ours);
        list_theirs (mime, theirs);
        mailmime_free (mime);
        g_assert_cmpstr (ours->str, ==, theirs->str);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/agree/structure-and-bytes", test_structure);
    return g_test_run();
}
