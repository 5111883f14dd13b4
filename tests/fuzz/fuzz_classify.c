/* fuzz_classify.c - any bytes as a message, with every kind of envelope sender; and as winmail.dat.
 * What must hold: no crash, a reason that has a sentence, and nothing automatic but in the classes
 * that are. */
#include "failure.h"
#include "policy.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean can_be_auto (MailClass class)
{
    return class == CLASS_BOUNCE || class == CLASS_AUTOREPLY || class == CLASS_REPORT ||
           class == CLASS_BULK || class == CLASS_CALENDAR;
}

static void check (const Message *message, const char *sender)
{
    Classification found = classify_message (message, sender);
    g_assert_nonnull (policy_reason_text (found.reason));
    g_assert_true (!found.is_auto || can_be_auto (found.class));
    Classification bounce = {CLASS_BOUNCE, TRUE, "bounce-words"};
    g_assert_cmpint (failure_of (message, bounce), !=, FAILURE_NONE);
    if (found.class != CLASS_BOUNCE)
        g_assert_cmpint (failure_of (message, found), ==, FAILURE_NONE);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GBytes) raw = g_bytes_new (data, size);
    g_autoptr (Message) message = message_parse (raw, NULL);
    check (message, NULL);
    check (message, "");
    check (message, "anna@example.org");

    GString *wrapped = g_string_new ("From: a@example.org\nMIME-Version: 1.0\n"
                                     "Content-Type: application/ms-tnef; name=winmail.dat\n\n");
    g_string_append_len (wrapped, "\x78\x9f\x3e\x22\x01\x00", 6);
    g_string_append_len (wrapped, (const char *)data, (gssize)size);
    g_autoptr (GBytes) tnef = g_string_free_to_bytes (wrapped);
    g_autoptr (Message) outlook = message_parse (tnef, NULL);
    check (outlook, NULL);
    return 0;
}
