/* bench_policy.c - what the early answer at DATA costs with a large directory, and the full
 * decision.
 *
 *   bench_policy [PERSONS]
 *
 * PERSONS (100,000) with a further address each, and a group for every hundred of them. Envelopes
 * are spread over the whole directory, so that the processor's caches do not help. Prints CPU
 * nanoseconds of a call, and milliseconds and megabytes of building the directory. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "policy.h"

#define ENVELOPES 4096
#define ROUNDS 16

static gint64 cpu_ns (void)
{
    struct timespec at;
    clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &at);
    return at.tv_sec * G_GINT64_CONSTANT (1000000000) + at.tv_nsec;
}

static double memory_mb (void)
{
    struct rusage used;
    getrusage (RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

static char *address_of (guint person, const char *extra)
{
    return g_strdup_printf ("first.last%u%s@example.test", person, extra);
}

static Directory *make_directory (Config *conf, guint persons)
{
    DirectoryBuilder *builder = directory_builder_new (conf);
    for (guint i = 0; i < persons; i++) {
        g_autofree char *address = address_of (i, "");
        g_autofree char *further = g_strdup_printf ("u%u@branch.test", i);
        g_autofree char *group = g_strdup_printf ("group%u@example.test", i / 100);
        directory_add_person (builder, address, "First Last");
        directory_add_address (builder, further, address);
        directory_add_member (builder, group, address);
    }
    return directory_build (builder);
}

static Envelope *make_envelope (guint persons, guint recipients, gboolean has_unknown)
{
    Envelope *envelope = envelope_new (FRONT_MILTER);
    g_autofree char *sender = address_of (g_random_int_range (0, (gint32)persons), "");
    envelope->sender = g_strdup_printf ("<%s>", sender);
    for (guint i = 0; i < recipients; i++) {
        guint person = (guint)g_random_int_range (0, (gint32)persons);
        g_autofree char *address = address_of (person, has_unknown && i % 3 == 0 ? "x+y" : "");
        g_ptr_array_add (envelope->recipients, g_strdup_printf ("<%s>", address));
    }
    return envelope;
}

static GPtrArray *make_envelopes (guint persons, guint recipients, gboolean has_unknown)
{
    GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)envelope_free);
    for (guint i = 0; i < ENVELOPES; i++)
        g_ptr_array_add (list, make_envelope (persons, recipients, has_unknown));
    return list;
}

static void measure_early (const char *title, const char *settings, guint persons, guint recipients,
                           gboolean has_unknown, Directory *directory)
{
    g_autoptr (Config) conf = conf_parse (settings, "bench.conf", NULL);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (GPtrArray) envelopes = make_envelopes (persons, recipients, has_unknown);
    guint passed = 0;
    gint64 start = cpu_ns();
    for (guint round = 0; round < ROUNDS; round++) {
        for (guint i = 0; i < ENVELOPES; i++) {
            const char *reason = NULL;
            passed += policy_early (policy, directory, envelopes->pdata[i], &reason);
        }
    }
    gint64 each = (cpu_ns() - start) / (ROUNDS * ENVELOPES);
    printf ("early.%s ns=%ld passed=%u%%\n", title, (long)each,
            passed * 100 / (ROUNDS * ENVELOPES));
}

static Message *make_message (const Envelope *envelope)
{
    g_autoptr (GString) text = g_string_new ("From: ");
    g_string_append_printf (text, "%s\nTo: ", envelope->sender);
    for (guint i = 0; i < envelope->recipients->len; i++)
        g_string_append_printf (text, "%s%s", i > 0 ? ",\n " : "",
                                (const char *)envelope->recipients->pdata[i]);
    g_string_append (text, "\nSubject: [acme] offer\nMessage-ID: <a@example.test>\n\nHi First,\n"
                           "please look at the offer.\n");
    g_autoptr (GBytes) raw = g_bytes_new (text->str, text->len);
    return message_parse (raw, NULL);
}

static void measure_decide (const char *settings, guint persons, guint recipients,
                            const Directory *directory)
{
    g_autoptr (Config) conf = conf_parse (settings, "bench.conf", NULL);
    g_autoptr (Policy) policy = policy_new (conf, NULL, NULL);
    g_autoptr (GPtrArray) envelopes = make_envelopes (persons, recipients, FALSE);
    g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify)message_free);
    for (guint i = 0; i < ENVELOPES; i++)
        g_ptr_array_add (messages, make_message (envelopes->pdata[i]));
    gint64 start = cpu_ns();
    for (guint i = 0; i < ENVELOPES; i++) {
        g_autoptr (Verdict) verdict =
            policy_decide (policy, directory, envelopes->pdata[i], messages->pdata[i], NULL);
        g_assert_cmpint (verdict->kind, ==, VERDICT_POST);
    }
    printf ("decide.recipients-%u ns=%ld\n", recipients, (long)((cpu_ns() - start) / ENVELOPES));
}

int main (int argc, char **argv)
{
    static const char settings[] = "internal_domains = { \"example.test\", \"branch.test\" }\n"
                                   "mode = enforce\n";
    static const char patient[] = "internal_domains = { \"example.test\", \"branch.test\" }\n"
                                  "max_recipients = 1000\n";
    guint persons = argc > 1 ? (guint)atoi (argv[1]) : 100000;
    g_random_set_seed (1);
    g_autoptr (Config) conf = conf_parse (settings, "bench.conf", NULL);
    gint64 start = cpu_ns();
    g_autoptr (Directory) directory = make_directory (conf, persons);
    printf ("build persons=%u ms=%ld mb=%.0f\n", persons, (long)((cpu_ns() - start) / 1000000),
            memory_mb());
    measure_early ("recipients-3", settings, persons, 3, FALSE, directory);
    measure_early ("recipients-10", settings, persons, 10, FALSE, directory);
    measure_early ("recipients-10-all-counted", patient, persons, 10, FALSE, directory);
    measure_early ("recipients-10-all-counted-third-unknown", patient, persons, 10, TRUE,
                   directory);
    measure_decide (settings, persons, 10, directory);
    return 0;
}
