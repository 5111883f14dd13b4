/* fuzz_mailbox.c - any file is a mailbox: all is read, a position resumes, and what is written of
 * it reads the same. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mailbox.h"

/* Opens bytes as a mailbox; *ret_fd must stay open as long. */
static Mailbox *open_bytes (const void *data, gsize size, int *ret_fd)
{
    char path[64];
    *ret_fd = memfd_create ("mailbox", MFD_CLOEXEC);
    g_assert_cmpint (*ret_fd, >=, 0);
    g_assert_cmpint (write (*ret_fd, data, size), ==, (gssize)size);
    snprintf (path, sizeof path, "/proc/self/fd/%d", *ret_fd);
    return mailbox_open (path, NULL);
}

static GPtrArray *read_from (const void *data, gsize size, gint64 start, GArray *positions)
{
    int fd;
    GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
    g_autoptr (Mailbox) mailbox = open_bytes (data, size, &fd);
    gint64 position = start, last = start;
    GBytes *raw;
    g_assert_nonnull (mailbox);
    mailbox_seek (mailbox, start);
    while ((raw = mailbox_next (mailbox, &position, NULL)) != NULL) {
        g_assert_true (position > last && position <= mailbox_size (mailbox));
        last = position;
        g_ptr_array_add (all, raw);
        if (positions != NULL)
            g_array_append_val (positions, position);
    }
    close (fd);
    return all;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GArray) positions = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr (GPtrArray) all = read_from (data, size, 0, positions);
    gboolean is_mbox = size >= 5 && memcmp (data, "From ", 5) == 0;
    if (is_mbox && all->len > 1) {
        gint64 middle = g_array_index (positions, gint64, all->len / 2 - 1);
        g_autoptr (GPtrArray) rest = read_from (data, size, middle, NULL);
        g_assert_cmpuint (rest->len, ==, all->len - all->len / 2);
        for (guint i = 0; i < rest->len; i++)
            g_assert_true (g_bytes_equal (rest->pdata[i], all->pdata[all->len / 2 + i]));
    }
    g_autoptr (GString) written = g_string_new (NULL);
    for (guint i = 0; i < all->len; i++)
        mailbox_append (written, all->pdata[i], "anna@example.test", 1763719200000);
    g_autoptr (GPtrArray) again = read_from (written->str, written->len, 0, NULL);
    g_assert_cmpuint (again->len, ==, all->len);
    for (guint i = 0; i < all->len; i++) {
        gsize len, again_len;
        const char *text = g_bytes_get_data (all->pdata[i], &len);
        const char *back = g_bytes_get_data (again->pdata[i], &again_len);
        /* An mbox has no message without an end of line. */
        gboolean has_end = len > 0 && text[len - 1] == '\n';
        g_assert_cmpuint (again_len, ==, has_end ? len : len + 1);
        g_assert_true (len == 0 || memcmp (text, back, len) == 0);
    }
    return 0;
}
