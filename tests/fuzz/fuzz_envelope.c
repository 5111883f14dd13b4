/* fuzz_envelope.c - any envelope has an early answer, and with a message full of the same text a
 * verdict that deletes nothing but RCPTs of the envelope, each as it came. The first line is the
 * sender; lines up to an empty one are recipients; the rest is the message. */
#include <stdint.h>
#include <string.h>

#include "aliases.h"
#include "policy.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static Directory *make_directory (Config *conf)
{
    static const char text[] = "team: anna, bob, carl, dora\nmixed: anna, emma, x@out.test\n"
                               "all: team, mixed, |log\n";
    DirectoryBuilder *builder = directory_builder_new (conf);
    directory_add_person (builder, "anna@example.test", "Anna de Vries");
    g_assert_true (aliases_parse (builder, "fuzz", text, strlen (text), NULL, NULL));
    return directory_build (builder);
}

/* Returns where the message begins. */
static const char *fill_envelope (Envelope *envelope, const char *text)
{
    envelope->sender = g_strndup (text, strcspn (text, "\n"));
    text += strcspn (text, "\n");
    while (*text == '\n' && text[1] != '\n' && text[1] != '\0') {
        gsize len = strcspn (text + 1, "\n");
        g_ptr_array_add (envelope->recipients, g_strndup (text + 1, len));
        text += 1 + len;
    }
    return text + strspn (text, "\n");
}

static void check_verdict (const Verdict *verdict, const Envelope *envelope)
{
    const char *reason = verdict->reason;
    g_assert_nonnull (policy_reason_text (reason));
    g_assert_cmpuint (verdict->counted->len, ==, verdict->persons);
    if (verdict->kind == VERDICT_PASS || verdict->kind == VERDICT_OBSERVE)
        g_assert_cmpuint (verdict->drop->len, ==, 0);
    else
        g_assert_cmpuint (verdict->drop->len + verdict->kept, ==, envelope->recipients->len);
    guint found = 0;
    for (guint i = 0; i < envelope->recipients->len && found < verdict->drop->len; i++)
        found += strcmp (envelope->recipients->pdata[i], verdict->drop->pdata[found]) == 0;
    g_assert_cmpuint (found, ==, verdict->drop->len);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char settings[] = "internal_domains = { \"example.test\", \"b.test\" }\n"
                                   "always_deliver = { \"log@example.test\" }\n"
                                   "max_recipients = 1\nmode = enforce\n";
    static Directory *directory; /* kept: making them costs more than the rest */
    static Policy *policy;
    if (size > 8192)
        return 0;
    if (policy == NULL) {
        g_autoptr (Config) conf = conf_parse (settings, "fuzz.conf", NULL);
        directory = make_directory (conf);
        policy = policy_new (conf, NULL, NULL);
    }
    g_autofree char *text = g_strndup ((const char *)data, size);
    g_autoptr (Envelope) envelope = envelope_new (FRONT_MILTER);
    const char *rest = fill_envelope (envelope, text);
    const char *early = NULL;
    gboolean is_early = policy_early (policy, directory, envelope, &early);
    g_autoptr (GBytes) raw = g_bytes_new (rest, strlen (rest));
    g_autoptr (Message) message = message_parse (raw, NULL);
    g_autoptr (Verdict) verdict = policy_decide (policy, directory, envelope, message, NULL);
    g_assert_true (!is_early || g_strcmp0 (early, verdict->reason) == 0);
    check_verdict (verdict, envelope);
    return 0;
}
