/* test_classify_phrases.c - every line of the phrase tables: spelled as it is matched, found, and
 * able to decide over a message that is otherwise a person's. */
#include "classify_phrase.h"

#include <string.h>

#include "classify.h"

#define BODY "Hello there.\n"
#define FAILED "nobody: user unknown\n"
#define AWAY "Thank you for your email. I am on vacation.\n"

/* A message in which a phrase of this kind decides. %s is the phrase; `without` stands for it in
 * the second message, in which nothing changes the class `otherwise`. */
typedef struct {
    const char *from, *subject, *body;
    const char *without;
    MailClass class, otherwise;
    const char *reason;
} Probe;

static const Probe probes[PHRASE_KINDS] = {
    [PHRASE_BOUNCE_SUBJECT] = {"Kees <postmaster@example.net>", "%s", FAILED, "Lunch", CLASS_BOUNCE,
                               CLASS_PERSON, "bounce-words"},
    [PHRASE_BOUNCE_SUBJECT_ANY] = {"Kees <postmaster@example.net>", "About 42: %s", FAILED, "Lunch",
                                   CLASS_BOUNCE, CLASS_PERSON, "bounce-words"},
    [PHRASE_DELAY_SUBJECT] = {"Kees <postmaster@example.net>", "%s", FAILED, "Lunch", CLASS_BOUNCE,
                              CLASS_PERSON, "delayed"},
    [PHRASE_BOUNCE_BODY] = {"Kees <postmaster@example.net>", "Lunch", "Dear all, %s x\n", "hello",
                            CLASS_BOUNCE, CLASS_PERSON, "bounce-words"},
    [PHRASE_BOUNCE_WORDS] = {"Kees <postmaster@example.net>", "Undeliverable",
                             "Dear all, %s 550 x\n", "hello", CLASS_BOUNCE, CLASS_PERSON,
                             "bounce-words"},
    [PHRASE_DELAY_BODY] = {"Kees <postmaster@example.net>", "Lunch", "Dear all, %s x\n", "hello",
                           CLASS_BOUNCE, CLASS_PERSON, "delayed"},
    [PHRASE_AUTO_SUBJECT] = {"Bob <bob@example.net>", "%s: Budget", BODY, "Lunch", CLASS_AUTOREPLY,
                             CLASS_PERSON, "absence-note"},
    [PHRASE_ABSENT_SUBJECT] = {"Bob <bob@example.net>", "%s", AWAY, "Lunch", CLASS_AUTOREPLY,
                               CLASS_PERSON, "absence-note"},
    [PHRASE_ABSENT_SUBJECT_ANY] = {"Bob <bob@example.net>", "Bob %s", AWAY, "eats", CLASS_AUTOREPLY,
                                   CLASS_PERSON, "absence-note"},
    [PHRASE_ABSENT_REST] = {"Bob <bob@example.net>", "Out of office %s Monday", AWAY, "every",
                            CLASS_AUTOREPLY, CLASS_PERSON, "absence-note"},
    [PHRASE_OFFICE_SUBJECT] = {"Bob <bob@example.net>", "%s",
                               "Away until June: on vacation until then. Please email Eva.\n",
                               "Lunch", CLASS_AUTOREPLY, CLASS_PERSON, "absence-note"},
    [PHRASE_ABSENT] = {"Bob <bob@example.net>", "Lunch",
                       "Thank you for your email. %s. I will be back.\n", "hello", CLASS_AUTOREPLY,
                       CLASS_PERSON, "absence-note"},
    [PHRASE_RETURNS] = {"Bob <bob@example.net>", "Lunch", AWAY " %s.\n", "hello", CLASS_AUTOREPLY,
                        CLASS_PERSON, "absence-note"},
    [PHRASE_CONTACT] = {"Bob <bob@example.net>", "Lunch", AWAY " %s.\n", "hello", CLASS_AUTOREPLY,
                        CLASS_PERSON, "absence-note"},
    [PHRASE_LATER] = {"Bob <bob@example.net>", "Lunch", AWAY " %s.\n", "hello", CLASS_AUTOREPLY,
                      CLASS_PERSON, "absence-note"},
    [PHRASE_YOUR_MAIL] = {"Bob <bob@example.net>", "Lunch",
                          "%s. I am on vacation. I will be back.\n", "hello", CLASS_AUTOREPLY,
                          CLASS_PERSON, "absence-note"},
    [PHRASE_AUTOMATIC] = {"Bob <bob@example.net>", "Lunch", "%s. I am on vacation.\n", "hello",
                          CLASS_AUTOREPLY, CLASS_PERSON, "absence-note"},
    [PHRASE_NOW] = {"Bob <bob@example.net>", "Out of office", "On vacation. %s. I will be back.\n",
                    "hello", CLASS_AUTOREPLY, CLASS_PERSON, "absence-note"},
    [PHRASE_PRESENT] = {"Bob <bob@example.net>", "Holiday",
                        "%s. On vacation. I will be back. Please call Eva.\n", "hello",
                        CLASS_AUTOREPLY, CLASS_PERSON, "absence-note"},
    [PHRASE_RECEIVED] = {"Bob <bob@example.net>", "Lunch", "This is an automatic reply. %s.\n",
                         "hello", CLASS_AUTOREPLY, CLASS_PERSON, "absence-note"},
    [PHRASE_CHALLENGE] = {"Bob <bob@example.net>", "Lunch", "%s.\n", "hello", CLASS_AUTOREPLY,
                          CLASS_PERSON, "absence-note"},
    [PHRASE_PERSON_SIGN] = {"Bob <bob@example.net>", "Out of office",
                            "%s. I am on vacation. I will be back. No access to mail.\n", "Hm",
                            CLASS_PERSON, CLASS_AUTOREPLY, "person"},
    [PHRASE_RECEIPT_SUBJECT] = {"Bob <bob@example.net>", "%s Budget",
                                "Your message To: Bob was read.\n", "Lunch", CLASS_REPORT,
                                CLASS_PERSON, "read-receipt"},
    [PHRASE_RECEIPT_BODY] = {"Bob <bob@example.net>", "Read: Budget", "x %s\n", "hello",
                             CLASS_REPORT, CLASS_PERSON, "read-receipt"},
    [PHRASE_REPORT_SUBJECT] = {"Kees <postmaster@example.net>", "%s example.net", BODY, "Lunch",
                               CLASS_REPORT, CLASS_PERSON, "machine-report"},
    [PHRASE_MACHINE_SUBJECT] = {"root@example.net", "%s db1", BODY, "Lunch", CLASS_BULK,
                                CLASS_PERSON, "machine"},
};

static Classification classify_probe (const Probe *probe, const char *phrase)
{
    g_auto (GStrv) subject = g_strsplit (probe->subject, "%s", 2);
    g_auto (GStrv) body = g_strsplit (probe->body, "%s", 2);
    g_autofree char *full_subject = g_strjoinv (phrase, subject);
    g_autofree char *full_body = g_strjoinv (phrase, body);
    g_autofree char *text = g_strdup_printf (
        "From: %s\nTo: Anna <anna@example.org>\nSubject: %s\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s",
        probe->from, full_subject, full_body);
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    g_autoptr (Message) message = message_parse (raw, NULL);
    return classify_message (message, NULL);
}

/* Every line changes the class of a message, as it stands and in capitals. */
static void test_each_decides (void)
{
    gsize count = 0;
    guint wrong = 0;
    const Phrase *phrases = phrase_table (&count);
    for (gsize i = 0; i < count; i++) {
        const Probe *probe = &probes[phrases[i].kind];
        g_assert_nonnull (probe->subject);
        g_assert_cmpint (classify_probe (probe, probe->without).class, ==, probe->otherwise);
        Classification found = classify_probe (probe, phrases[i].text);
        g_autofree char *capitals = g_utf8_strup (phrases[i].text, -1);
        gboolean same = strcmp (phrases[i].language, "tr") == 0 || /* its capitals have dots */
                        classify_probe (probe, capitals).class == probe->class;
        if (found.class == probe->class && g_strcmp0 (found.reason, probe->reason) == 0 && same)
            continue;
        g_printerr ("\"%s\" (%s) gives %s, %s%s\n", phrases[i].text, phrases[i].language,
                    classify_name (found.class), found.reason, same ? "" : "; not in capitals");
        wrong++;
    }
    g_assert_cmpuint (wrong, ==, 0);
}

/* Every line is written as phrase_fold writes it. */
static void test_each_is_folded (void)
{
    gsize count = 0;
    const Phrase *phrases = phrase_table (&count);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *folded = phrase_fold (phrases[i].text);
        g_autofree char *trimmed = g_strchomp (g_strdup (phrases[i].text));
        g_assert_cmpstr (trimmed, ==, folded);
        g_assert_cmpuint (strlen (folded), >=, PHRASE_LEAST);
    }
}

/* No line stands there twice. */
static void test_no_duplicates (void)
{
    gsize count = 0;
    const Phrase *phrases = phrase_table (&count);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < count; i++) {
        char *key = g_strdup_printf ("%d %s", (int)phrases[i].kind, phrases[i].text);
        if (!g_hash_table_add (seen, key))
            g_error ("\"%s\" stands there twice", phrases[i].text);
    }
}

static void test_scan (void)
{
    const guint32 all = PHRASE_BIT (PHRASE_ABSENT) | PHRASE_BIT (PHRASE_RETURNS);
    static const struct {
        const char *text;
        gboolean absent, returns;
        gsize first;
    } cases[] = {
        {"", FALSE, FALSE, 0},
        {"x", FALSE, FALSE, 0},
        {"on vacation", TRUE, FALSE, 0},
        {"i am on vacation, on leave", TRUE, FALSE, 5},
        {"an upon vacation", FALSE, FALSE, 0}, /* inside a word */
        {"\xe2\x80\x9con vacation", TRUE, FALSE, 3},
        {"on vacatio", FALSE, FALSE, 0},
        {"will be back, on vacation", TRUE, TRUE, 14},
        {"20\xe6\x97\xa5\xe4\xb8\x8d\xe5\x9c\xa8\xe3\x81\xa7\xe3\x81\x99", TRUE, FALSE, 5},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        PhraseHits hits = phrase_scan (cases[i].text, all);
        g_assert_cmpint (phrase_has (&hits, PHRASE_ABSENT), ==, cases[i].absent);
        g_assert_cmpint (phrase_has (&hits, PHRASE_RETURNS), ==, cases[i].returns);
        if (cases[i].absent)
            g_assert_cmpuint (hits.first[PHRASE_ABSENT], ==, cases[i].first);
    }
    PhraseHits other = phrase_scan ("on vacation", PHRASE_BIT (PHRASE_RETURNS));
    g_assert_cmpuint (other.kinds, ==, 0);
}

static void test_at_start (void)
{
    g_assert_cmpstr (phrase_at_start ("out of office: budget", PHRASE_ABSENT_SUBJECT), ==,
                     ": budget");
    g_assert_cmpstr (phrase_at_start ("vacation", PHRASE_ABSENT_SUBJECT), ==, "");
    g_assert_null (phrase_at_start ("the vacation", PHRASE_ABSENT_SUBJECT));
    g_assert_null (phrase_at_start ("", PHRASE_ABSENT_SUBJECT));
    g_assert_cmpstr (phrase_at_start ("out of office reply: x", PHRASE_AUTO_SUBJECT), ==, ": x");
}

static void test_fold (void)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"  Out\r\n\t of   OFFICE ", "out of office"},
        {"I\xe2\x80\x99m away", "i'm away"},
        {"R\xc3\xa9ponse", "reponse"},
        {"e\xe2\x80\x91mail", "e-mail"},
        {"a\xc2\xad"
         "b\xe2\x80\x8b"
         "c",
         "abc"},
        {"\xef\xbc\x9a", ":"},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *folded = phrase_fold (cases[i].text);
        g_assert_cmpstr (folded, ==, cases[i].folded);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/policy/classify-phrases/each-decides", test_each_decides);
    g_test_add_func ("/policy/classify-phrases/each-is-folded", test_each_is_folded);
    g_test_add_func ("/policy/classify-phrases/no-duplicates", test_no_duplicates);
    g_test_add_func ("/policy/classify-phrases/scan", test_scan);
    g_test_add_func ("/policy/classify-phrases/at-start", test_at_start);
    g_test_add_func ("/policy/classify-phrases/fold", test_fold);
    return g_test_run();
}
