/* fake_mta.c - see fake_mta.h. Written against the numbers of the protocol, not against our wire
 * code. */
#include "fake_mta.h"

#include <stdarg.h>
#include <string.h>

static void put_32 (GByteArray *out, guint32 value)
{
    const guint8 bytes[] = {(guint8)(value >> 24), (guint8)(value >> 16), (guint8)(value >> 8),
                            (guint8)value};
    g_byte_array_append (out, bytes, 4);
}

void mta_packet (GByteArray *out, char command, const void *data, gsize size)
{
    put_32 (out, (guint32)size + 1);
    g_byte_array_append (out, (const guint8 *)&command, 1);
    if (size > 0)
        g_byte_array_append (out, data, (guint)size);
}

void mta_options (GByteArray *out, guint32 version, guint32 actions, guint32 protocol)
{
    put_32 (out, 13);
    g_byte_array_append (out, (const guint8 *)"O", 1);
    put_32 (out, version);
    put_32 (out, actions);
    put_32 (out, protocol);
}

static void add_strings (GByteArray *data, va_list list)
{
    const char *text;
    while ((text = va_arg (list, const char *)) != NULL)
        g_byte_array_append (data, (const guint8 *)text, (guint)strlen (text) + 1);
}

void mta_strings (GByteArray *out, int command, ...)
{
    g_autoptr (GByteArray) data = g_byte_array_new();
    va_list list;
    va_start (list, command);
    add_strings (data, list);
    va_end (list);
    mta_packet (out, (char)command, data->data, data->len);
}

void mta_macros (GByteArray *out, int stage, ...)
{
    g_autoptr (GByteArray) data = g_byte_array_new();
    g_byte_array_append (data, &(const guint8){(guint8)stage}, 1);
    va_list list;
    va_start (list, stage);
    add_strings (data, list);
    va_end (list);
    mta_packet (out, 'D', data->data, data->len);
}

static void put_letter (GByteArray *out, char letter)
{
    static const struct {
        char letter, command;
        const char *text;
        gsize size;
    } stock[] = {
        {'M', 'M', "<anna@example.test>\0SIZE=10", 28},
        {'R', 'R', "<bob@example.test>\0ORCPT=x", 27},
        {'L', 'L', "Subject\0 Hello", 15},
        {'B', 'B', "Good day.\r\n", 11},
        {'C', 'C', "localhost\0004\0\031127.0.0.1", 23},
        {'H', 'H', "client.example.test", 20},
        {'U', 'U', "XYZZY", 6},
        {'D', 'D', "Mi\0QUEUE1", 10},
    };
    for (guint i = 0; i < G_N_ELEMENTS (stock); i++) {
        if (stock[i].letter == letter) {
            mta_packet (out, stock[i].command, stock[i].text, stock[i].size);
            return;
        }
    }
    mta_packet (out, letter, NULL, 0);
}

void mta_script (GByteArray *out, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        if (*letters == 'O')
            mta_options (out, 6, MTA_ALL_ACTIONS, MTA_ALL_STEPS);
        else if (*letters == 'o')
            mta_options (out, 6, MTA_ALL_ACTIONS, MTA_NO_STEPS);
        else
            put_letter (out, *letters);
    }
}

char *mta_answers (const guint8 *bytes, gsize size)
{
    GString *text = g_string_new (NULL);
    while (size >= 5) {
        gsize length =
            (gsize)bytes[0] << 24 | (gsize)bytes[1] << 16 | (gsize)bytes[2] << 8 | bytes[3];
        if (length == 0 || length > size - 4)
            break;
        g_string_append_printf (text, "%s%c", text->len > 0 ? " " : "", bytes[4]);
        if (bytes[4] != 'O' && length > 1) {
            g_assert_cmpuint (bytes[4 + length - 1], ==, '\0');
            g_string_append_printf (text, "[%s]", (const char *)bytes + 5);
        }
        bytes += 4 + length;
        size -= 4 + length;
    }
    if (size == 0)
        return g_string_free (text, FALSE);
    g_string_free (text, TRUE);
    return NULL;
}
