/* test_classify_evidence.c - every line of the header and sender tables, and what is read of the
 * subject, the text and the recipients. */
#include "classify_evidence.h"

#include <string.h>

#include "policy.h"

static Message *parse_text (const char *text)
{
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    return message_parse (raw, NULL);
}

/* A value that a rule must accept. Owned. */
static char *fitting_value (const HeaderRule *rule)
{
    switch (rule->how) {
    case HEADER_ANY:
        return g_strdup ("sample");
    case HEADER_WORD:
        return g_strdup_printf ("%s (a comment)", rule->value);
    case HEADER_START:
        return g_strdup_printf ("%s 12.0", rule->value);
    case HEADER_HAS:
        return g_strdup_printf ("x %s x", rule->value);
    }
    return NULL;
}

/* Each header sets its mark and its reason, in any letter case; and none but its own mark. */
static void test_each_header (void)
{
    gsize count = 0;
    const HeaderRule *rules = evidence_header_rules (&count);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *value = fitting_value (&rules[i]);
        g_autofree char *capitals = g_ascii_strup (value, -1);
        g_autofree char *name = g_ascii_strup (rules[i].name, -1);
        g_autofree char *text = g_strdup_printf (
            "From: bob@example.net\nTo: anna@example.org\n%s: %s\nSubject: x\n\nx\n", name,
            capitals);
        g_autoptr (Message) message = parse_text (text);
        g_auto (Evidence) evidence;
        evidence_init (&evidence, message, NULL);
        guint32 expected = rules[i].mark != MARK_NOTHING ? 1u << rules[i].mark : 0;
        if (rules[i].mark == MARK_JUNK) /* a kind of bulk */
            expected |= 1u << MARK_BULK_HINT;
        if (evidence.marks != expected)
            g_error ("%s: %s marks %x instead of %x", rules[i].name, value, evidence.marks,
                     expected);
        if (rules[i].mark != MARK_NOTHING)
            g_assert_cmpstr (evidence.reasons[rules[i].mark], ==, rules[i].reason);
        g_assert_nonnull (policy_reason_text (rules[i].reason));
    }
}

/* A header that says no says nothing. */
static void test_denials (void)
{
    static const char *const headers[] = {
        "Auto-Submitted: no",  "Auto-Submitted: No (really)",   "X-Autoreply: no",
        "X-Autoreply: false",  "X-Auto-Response-Suppress: OOF", "Precedence: first-class",
        "Sensitivity: Normal", "X-List-Administrivia: no",      "List-Id: NO",
    };
    for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
        g_autofree char *text = g_strdup_printf (
            "From: bob@example.net\nTo: anna@example.org\n%s\nSubject: x\n\nx\n", headers[i]);
        g_autoptr (Message) message = parse_text (text);
        g_auto (Evidence) evidence;
        evidence_init (&evidence, message, NULL);
        g_assert_cmphex (evidence.marks, ==, 0);
    }
}

static void test_each_sender (void)
{
    gsize count = 0;
    const SenderRule *rules = evidence_sender_rules (&count);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *capitals = g_ascii_strup (rules[i].text, -1);
        const char *format = rules[i].how == SENDER_LOCAL ? "From: Kees <%s@example.net>\n\n"
                             : rules[i].how == SENDER_LOCAL_HAS
                                 ? "From: Kees <x%sx@example.net>\n\n"
                                 : "From: \"x %s\" <k@example.net>\n\n";
        g_auto (GStrv) around = g_strsplit (format, "%s", 2);
        g_autofree char *text = g_strjoinv (capitals, around);
        g_autoptr (Message) message = parse_text (text);
        g_auto (Evidence) evidence;
        evidence_init (&evidence, message, NULL);
        if (!evidence_is_from (&evidence, rules[i].kind))
            g_error ("%s is not known by %s", rules[i].text, text);
    }
    g_autoptr (Message) person = parse_text ("From: Anna de Vries <anna@example.net>\n\n");
    g_auto (Evidence) evidence;
    evidence_init (&evidence, person, NULL);
    g_assert_cmphex (evidence.senders, ==, 0);
}

static void test_subject (void)
{
    static const struct {
        const char *written, *read;
        gboolean is_re;
    } cases[] = {
        {"Budget", "budget", FALSE},
        {"[team] Budget", "budget", FALSE},
        {"[EXTERNAL] [team] Re: Budget", "budget", TRUE},
        {"***SPAM*** Budget", "budget", FALSE},
        {"{Spam?} Budget", "budget", FALSE},
        {"[BOUNCE] Budget", "[bounce] budget", FALSE},
        {"RE: Budget", "budget", TRUE},
        {"Re[2]: Budget", "budget", TRUE},
        {"AW: Budget", "budget", TRUE},
        {"Antw: Budget", "budget", TRUE},
        {"WG: Budget", "budget", TRUE},
        {"[", "[", FALSE},
        {"", "", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strdup_printf ("Subject: %s\n\nx\n", cases[i].written);
        g_autoptr (Message) message = parse_text (text);
        g_auto (Evidence) evidence;
        evidence_init (&evidence, message, NULL);
        g_assert_cmpstr (evidence.subject, ==, cases[i].read);
        g_assert_cmpint (evidence.is_re, ==, cases[i].is_re);
    }
}

static void test_quoting (void)
{
    static const struct {
        const char *text;
        gboolean is_quoting;
    } cases[] = {
        {"Just words.\n", FALSE},
        {"Yes.\n\n> really?\n", TRUE},
        {"Yes.\n\n  > really?\n", TRUE},
        {"Yes.\n\nOn Monday Anna wrote:\n\nreally\n", TRUE},
        {"Ja.\n\nAm Montag schrieb Anna und Bob schrieb:\nx\n", TRUE},
        {"Yes.\n\n-----Original Message-----\nx\n", TRUE},
        {"Yes.\n\n________________________________\nx\n", TRUE},
        {"Yes.\n\nFrom: Anna\nSent: Monday\n", TRUE},
        {"Ja.\n\nVon: Anna\nGesendet: Montag\n", TRUE},
        {"Away from: 12 May\nto: 14 May\n", FALSE},
        {"From: 12 May\nTo: 14 May\n", FALSE},
        {"-- \nAnna\n", FALSE},
        {"Two things:\nfirst, second\n", FALSE},
        {"From:", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strdup_printf ("Subject: x\n\n%s", cases[i].text);
        g_autoptr (Message) message = parse_text (text);
        g_auto (Evidence) evidence;
        evidence_init (&evidence, message, NULL);
        if (evidence_text (&evidence)->is_quoting != cases[i].is_quoting)
            g_error ("\"%s\" is taken for %s", cases[i].text,
                     evidence_text (&evidence)->is_quoting ? "quoting" : "own");
    }
}

static void test_recipients (void)
{
    static const struct {
        const char *head, *body;
        gboolean is_alone, is_greeting;
    } cases[] = {
        {"To: anna@example.org", "Hello,", TRUE, FALSE},
        {"To: Anna de Vries <avr@example.org>", "Hi Anna,", TRUE, TRUE},
        {"To: anna.devries@example.org", "Hi Anna,", TRUE, TRUE},
        {"To: anna@example.org", "Annapolis is nice.", TRUE, FALSE},
        {"To: anna@example.org",
         "I am away, Bob. But I have more to say than fits into what is "
         "looked at. Anna",
         TRUE, FALSE},
        {"To: anna@example.org, bob@example.org", "Hi Anna,", FALSE, FALSE},
        {"To: anna@example.org\nCc: bob@example.org", "Hello,", FALSE, FALSE},
        {"Subject: x", "Hello,", TRUE, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strdup_printf ("%s\n\n%s\n", cases[i].head, cases[i].body);
        g_autoptr (Message) message = parse_text (text);
        g_auto (Evidence) evidence;
        evidence_init (&evidence, message, NULL);
        g_assert_cmpint (evidence.is_alone, ==, cases[i].is_alone);
        g_assert_cmpint (evidence_text (&evidence)->is_greeting, ==, cases[i].is_greeting);
    }
}

static void test_null_path (void)
{
    static const struct {
        const char *path;
        const char *sender;
        NullSender expected;
    } cases[] = {
        {"<>", NULL, NULL_SENDER_HEADER},
        {"< >", NULL, NULL_SENDER_NO},
        {"<MAILER-DAEMON>", NULL, NULL_SENDER_HEADER},
        {"<#@[]>", NULL, NULL_SENDER_HEADER},
        {"<bob@example.net>", NULL, NULL_SENDER_NO},
        {"<>", "bob@example.net", NULL_SENDER_NO},
        {"<bob@example.net>", "", NULL_SENDER_ENVELOPE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strdup_printf ("Return-Path: %s\n\nx\n", cases[i].path);
        g_autoptr (Message) message = parse_text (text);
        g_auto (Evidence) evidence;
        evidence_init (&evidence, message, cases[i].sender);
        g_assert_cmpint (evidence.null_sender, ==, cases[i].expected);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/policy/classify-evidence/each-header", test_each_header);
    g_test_add_func ("/policy/classify-evidence/denials", test_denials);
    g_test_add_func ("/policy/classify-evidence/each-sender", test_each_sender);
    g_test_add_func ("/policy/classify-evidence/subject", test_subject);
    g_test_add_func ("/policy/classify-evidence/quoting", test_quoting);
    g_test_add_func ("/policy/classify-evidence/recipients", test_recipients);
    g_test_add_func ("/policy/classify-evidence/null-path", test_null_path);
    return g_test_run();
}
