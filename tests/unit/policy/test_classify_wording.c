/* test_classify_wording.c - absence notes and bounces without any header that says so, and people
 * who write about absence and bounces: told apart by their words alone. */
#include "classify.h"

#include <string.h>

typedef struct {
    MailClass class;
    const char *from, *to, *head, *subject, *text;
} Case;

static const Case cases[] = {
#include "classify_wording.inc"
#include "classify_people.inc"
#include "classify_programs.inc"
};

static Classification classify_case (const Case *one, const char *more_head)
{
    g_autofree char *text = g_strdup_printf (
        "From: %s\nTo: %s\nSubject: %s\nDate: Tue, 14 May 2024 09:12:44 +0200\n%s%s"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n\n%s\n",
        one->from != NULL ? one->from : "Bob Jansen <bob@example.net>",
        one->to != NULL ? one->to : "Anna de Vries <anna@example.org>", one->subject,
        one->head != NULL ? one->head : "", more_head, one->text);
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    g_autoptr (Message) message = message_parse (raw, NULL);
    return classify_message (message, NULL);
}

static void test_by_words (void)
{
    guint wrong = 0;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        Classification found = classify_case (&cases[i], "");
        if (found.class == cases[i].class && found.is_auto == (found.class != CLASS_PERSON))
            continue;
        g_printerr ("\"%s\" gives %s, %s\n", cases[i].subject, classify_name (found.class),
                    found.reason);
        wrong++;
    }
    g_assert_cmpuint (wrong, ==, 0);
}

/* The same words with a header that says automatic are never a person's, and through a list they
 * always are. */
static void test_with_headers (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        Classification replied = classify_case (&cases[i], "Auto-Submitted: auto-replied\n");
        g_assert_true (replied.is_auto);
        if (cases[i].class == CLASS_BOUNCE || cases[i].head != NULL)
            continue;
        Classification list = classify_case (&cases[i], "List-Id: <team.lists.example.org>\n");
        g_assert_cmpstr (classify_name (list.class), ==, "list");
        g_assert_false (list.is_auto);
    }
}

/* To several recipients, no program writes them. */
static void test_to_several (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        if (cases[i].class != CLASS_AUTOREPLY || cases[i].head != NULL ||
            classify_case (&cases[i], "Cc: kees@example.org\n").class == CLASS_PERSON)
            continue;
        g_error ("\"%s\" to two recipients is taken for automatic", cases[i].subject);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/policy/classify-wording/by-words", test_by_words);
    g_test_add_func ("/policy/classify-wording/with-headers", test_with_headers);
    g_test_add_func ("/policy/classify-wording/to-several", test_to_several);
    return g_test_run();
}
