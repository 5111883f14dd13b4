/* fuzz_mailout.c - whatever the values are, the mail has the headers that were set and no others,
 * lines that fit, and 7-bit bytes. The input is cut into values at its NULs. */
#include <stdint.h>
#include <string.h>

#include "mailout.h"

static const char *const allowed[] = {"From",
                                      "Reply-To",
                                      "To",
                                      "Subject",
                                      "Date",
                                      "Message-ID",
                                      "In-Reply-To",
                                      "References",
                                      "List-Id",
                                      "Archived-At",
                                      "MIME-Version",
                                      "Content-Type",
                                      "Content-Transfer-Encoding"};

/* Reads the header block; returns behind it. */
static const char *check_headers (const char *at)
{
    while (strncmp (at, "\r\n", 2) != 0) {
        gsize len = strcspn (at, "\r\n");
        g_assert_true (at[len] == '\r' && at[len + 1] == '\n');
        g_assert_cmpuint (len, <=, 998);
        if (at[0] != ' ') {
            gboolean is_known = FALSE;
            for (gsize i = 0; i < G_N_ELEMENTS (allowed); i++)
                is_known = is_known ||
                           (g_str_has_prefix (at, allowed[i]) && at[strlen (allowed[i])] == ':');
            g_assert_true (is_known);
        } else {
            g_assert_cmpint (at[1], !=, ' ');
            g_assert_cmpint (at[1], !=, '\r');
        }
        at += len + 2;
    }
    return at + 2;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
    for (size_t at = 0; at < size && values->len < 16;) {
        const uint8_t *end = memchr (data + at, 0, size - at);
        size_t len = end == NULL ? size - at : (size_t)(end - data) - at;
        g_ptr_array_add (values, g_strndup ((const char *)data + at, len));
        at += len + 1;
    }
    while (values->len < 16)
        g_ptr_array_add (values, g_strdup (""));
    char **value = (char **)values->pdata;
    g_autoptr (MailOut) mail = mailout_new();
    g_autoptr (GBytes) bytes = g_bytes_new (data, size);
    mailout_from (mail, value[0], value[1]);
    mailout_to (mail, value[2], value[3]);
    mailout_to (mail, value[4], value[1]);
    mailout_subject (mail, value[5]);
    mailout_message_id (mail, value[6]);
    mailout_reference (mail, value[7]);
    mailout_in_reply_to (mail, value[8]);
    mailout_list_id (mail, value[9], value[10]);
    mailout_header (mail, "Archived-At", value[11]);
    mailout_text (mail, value[12]);
    mailout_html (mail, value[13]);
    mailout_inline (mail, value[14], value[15], value[0], bytes);
    mailout_attach_message (mail, value[5], bytes);
    g_autoptr (GBytes) out = mailout_finish (mail);
    gsize len = 0;
    const char *raw = g_bytes_get_data (out, &len);
    g_autofree char *copy = g_strndup (raw, len);
    const char *body = check_headers (copy);
    gsize column = 0;
    for (const char *at = body; at < copy + len; at++) {
        g_assert_true ((guchar)*at < 0x80 && *at != '\0');
        g_assert_true (*at != '\r' || at[1] == '\n');
        column = *at == '\n' ? 0 : column + 1;
        g_assert_cmpuint (column, <=, 999);
    }
    g_assert_true (mailout_needs_smtputf8 (mail) || g_str_is_ascii (copy));
    return 0;
}
