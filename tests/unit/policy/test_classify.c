/* test_classify.c - whole messages, as programs and people send them, against what they are. */
#include "policy.h"

#include <string.h>

typedef struct {
    const char *file;
    MailClass class;
    gboolean is_auto;
    const char *reason;
} Case;

static const Case cases[] = {
#include "classify_cases.inc"
};

static Message *parse_text (const char *text)
{
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    return message_parse (raw, NULL);
}

static void test_file (gconstpointer data)
{
    const Case *expected = data;
    g_autofree char *name = g_strconcat (expected->file, ".eml", NULL);
    g_autofree char *path =
        g_build_filename (SOURCE_DIR, "tests", "corpus", "classify", name, NULL);
    char *text = NULL;
    gsize size = 0;
    g_assert_true (g_file_get_contents (path, &text, &size, NULL));
    g_autoptr (GBytes) raw = g_bytes_new_take (text, size);
    g_autoptr (Message) message = message_parse (raw, NULL);
    Classification found = classify_message (message, NULL);
    g_assert_cmpstr (classify_name (found.class), ==, classify_name (expected->class));
    g_assert_cmpstr (found.reason, ==, expected->reason);
    g_assert_cmpint (found.is_auto, ==, expected->is_auto);
    g_assert_nonnull (policy_reason_text (found.reason));
}

/* Every file of the corpus stands in the table. */
static void test_table_is_complete (void)
{
    g_autofree char *path = g_build_filename (SOURCE_DIR, "tests", "corpus", "classify", NULL);
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    g_assert_nonnull (dir);
    guint files = 0;
    for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
        files += g_str_has_suffix (name, ".eml") ? 1 : 0;
    g_assert_cmpuint (files, ==, G_N_ELEMENTS (cases));
}

/* One message, different envelope senders. */
static void test_envelope_sender (void)
{
    g_autoptr (Message) plain =
        parse_text ("From: bob@example.net\nTo: anna@example.org\nSubject: Hello\n\nText\n");
    g_assert_cmpint (classify_message (plain, NULL).class, ==, CLASS_PERSON);
    g_assert_cmpint (classify_message (plain, "bob@example.net").class, ==, CLASS_PERSON);
    Classification null = classify_message (plain, "");
    g_assert_cmpint (null.class, ==, CLASS_BOUNCE);
    g_assert_true (null.is_auto);
    g_assert_cmpstr (null.reason, ==, "null-sender");
    g_autoptr (Message) path = parse_text ("Return-Path: <>\nFrom: bob@example.net\n"
                                           "To: anna@example.org\nSubject: Hello\n\nText\n");
    g_assert_cmpint (classify_message (path, NULL).class, ==, CLASS_BOUNCE);
    g_assert_cmpint (classify_message (path, "bob@example.net").class, ==, CLASS_PERSON);
}

/* What the parser refused to take apart is still classified by its header. */
static void test_opaque (void)
{
    GString *text = g_string_new ("From: bob@example.net\nTo: anna@example.org\nSubject: Hello\n");
    for (guint i = 0; i < 60; i++)
        g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i,
                                i);
    g_string_append (text, "\nText\n");
    g_autofree char *hostile = g_string_free (text, FALSE);
    g_autoptr (Message) message = parse_text (hostile);
    Classification found = classify_message (message, NULL);
    g_assert_cmpstr (classify_name (found.class), ==, "opaque");
    g_assert_false (found.is_auto);
    g_autofree char *automatic = g_strconcat ("Auto-Submitted: auto-replied\n", hostile, NULL);
    g_autoptr (Message) reply = parse_text (automatic);
    g_assert_cmpstr (classify_name (classify_message (reply, NULL).class), ==, "autoreply");
}

/* Empty and odd input has a class, too. */
static void test_odd_input (void)
{
    static const char *const odd[] = {"",
                                      "\n",
                                      "\n\n",
                                      "x",
                                      ":",
                                      "From:",
                                      "Subject:\n\n",
                                      "Content-Type: multipart/report\n\n",
                                      "Content-Type:\n\n",
                                      "Auto-Submitted:\n\nText\n"};
    for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
        g_autoptr (Message) message = parse_text (odd[i]);
        g_assert_nonnull (policy_reason_text (classify_message (message, NULL).reason));
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strconcat ("/policy/classify/", cases[i].file, NULL);
        g_test_add_data_func (path, &cases[i], test_file);
    }
    g_test_add_func ("/policy/classify/table-is-complete", test_table_is_complete);
    g_test_add_func ("/policy/classify/envelope-sender", test_envelope_sender);
    g_test_add_func ("/policy/classify/opaque-message", test_opaque);
    g_test_add_func ("/policy/classify/odd-input", test_odd_input);
    return g_test_run();
}
