/* test_trace.c - the queue id of whoever gave us the message. */
#include "trace.h"

#include <string.h>

static void test_queue_id (void)
{
    static const struct {
        const char *mail, *id;
    } cases[] = {
        {"Received: from a (a [192.0.2.1])\r\n\tby gw.example.test (Postfix) with ESMTP id "
         "4XyZ5w2qz9z1Q\r\n\tfor <anna@example.test>; Fri, 21 Nov 2025 10:00:00 +0000 (UTC)\r\n"
         "From: x\r\n\r\n",
         "4XyZ5w2qz9z1Q"},
        /* Of a program on this machine. */
        {"Received: by gw.example.test (Postfix, from userid 1000)\n\tid 3F2A1B4C5D; Fri, 21 Nov\n",
         "3F2A1B4C5D"},
        /* Only the newest: what others wrote below says nothing of our queue. */
        {"Received: from a by b; Fri, 21 Nov 2025\r\nReceived: by c (Postfix) id 9ABCDEF; Fri\r\n",
         NULL},
        {"Subject: x\r\nReceived: by c (Postfix) id 9ABCDEF; Fri, 21 Nov 2025\r\n", NULL},
        {"Return-Path: <a@b>\r\nDelivered-To: c@d\r\n (folded)\r\nReceived: by e id 12345A; x\r\n",
         "12345A"},
        /* HELO is what a client likes to say: it cannot pass for the id of another mail. */
        {"Received: from x id FAKE12345 (a [192.0.2.1]) by c (Postfix) with ESMTP id 7777777\r\n"
         "\tfor <anna@example.test>; z\r\n",
         "7777777"},
        {"Received: from x id FAKE12345; (a [192.0.2.1]) by c (Postfix) id 7777777; z\r\n",
         "7777777"},
        {"Received: from x id FAKE12345 ( (a [192.0.2.1]) by c (Postfix) id 7777777; z\r\n", NULL},
        {"Received: from x id FAKE12345 < (a [192.0.2.1]) by c id 7777777 for <a@b>; z\r\n", NULL},
        {"Received: from x by c (Postfix) id 7777777 for <\"a> id FAKE12345 <\"@b>; z\r\n", NULL},
        /* Words that only look like it. */
        {"Received: from id (helo id 66666) by c (Postfix) with SMTP; id 7777777\r\n", NULL},
        {"Received: by c (Postfix, id 5555555) with LMTP id 8888888\r\n for <x@y>; z\r\n",
         "8888888"},
        {"Received: by c id <evil>; x\r\n", NULL},
        {"Received: by c id abc=def_ghi; x\r\n", NULL},
        {"Received: by c ) ) id 1234567; x", "1234567"},
        {"Received: by c id", NULL},
        {"Received: by c id\r\n\r\n1234567", NULL},
        {"Received:", NULL},
        {"", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GBytes) raw = g_bytes_new_static (cases[i].mail, strlen (cases[i].mail));
        g_autofree char *id = trace_queue_id (raw);
        g_test_message ("case %u", i);
        g_assert_cmpstr (id, ==, cases[i].id);
    }
}

/* A million blanks or parentheses on top are not walked through. */
static void test_bounds (void)
{
    g_autofree char *blanks = g_strnfill (2000000, ' ');
    g_autofree char *mail = g_strconcat ("Received: (", blanks, "id 1234567; x", NULL);
    g_autoptr (GBytes) raw = g_bytes_new (mail, strlen (mail));
    g_assert_null (trace_queue_id (raw));
    g_autofree char *many = g_strnfill (2000000, '(');
    g_autoptr (GBytes) deep = g_bytes_new (many, strlen (many));
    g_assert_null (trace_queue_id (deep));
    g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
    g_assert_null (trace_queue_id (nothing));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/trace/queue-id", test_queue_id);
    g_test_add_func ("/flow/trace/bounds", test_bounds);
    return g_test_run();
}
