/* test_replay.c - figures on a small archive whose figures are known. */
#include "replay.h"
#include "world.h"

typedef struct {
    const char *id, *from, *to, *cc, *answers;
} Letter;

static void add (Replay *replay, const Letter *letter, const char *headers)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_string_printf (text, "From: %s@example.test\r\nTo: %s\r\nMessage-ID: <%s>\r\nSubject: s\r\n",
                     letter->from, letter->to, letter->id);
    if (letter->cc != NULL)
        g_string_append_printf (text, "Cc: %s\r\n", letter->cc);
    if (letter->answers != NULL)
        g_string_append_printf (text, "In-Reply-To: <%s>\r\n", letter->answers);
    g_string_append_printf (text, "%s\r\nText of %s.\r\n", headers != NULL ? headers : "",
                            letter->id);
    g_autoptr (GBytes) raw = g_bytes_new (text->str, text->len);
    g_autoptr (Message) message = message_parse (raw, NULL);
    replay_add (replay, message);
}

#define A "anna@example.test"
#define B "bob@example.test"
#define C "carl@example.test"
#define D "dora@example.test"
#define E "emil@example.test"

static void test_figures (void)
{
    static const Letter letters[] = {
        {"1", "gina", A, B ", " C ", " D, NULL},       /* taken: 4 copies, notice to Anna */
        {"2", "anna", "gina@example.test", NULL, "1"}, /* answered by who had a notice */
        {"3", "bob", "gina@example.test", NULL, "1"},  /* by who had none */
        {"4", "gina", A, B, NULL},                     /* few */
        {"5", "gina", A ", out@elsewhere.test", B ", " C ", " D ", " E, NULL}, /* 5 copies */
        {"6", "emil", "gina@example.test", NULL, "5"},                         /* none */
        {"7", "hugo", "gina@example.test", NULL,
         "5"}, /* was not addressed: no answer that counts */
        {"5", "gina", A, B ", " C ", " D ", " E, NULL}, /* the same once more */
    };
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (Replay) replay = replay_new (world->conf, FALSE, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
        add (replay, &letters[i], NULL);
    ReplayReport report = replay_report (replay);
    g_assert_cmpuint (report.messages, ==, 7);
    g_assert_cmpuint (report.taken, ==, 2);
    g_assert_cmpuint (report.copies_avoided, ==, 9);
    g_assert_cmpuint (report.notices, ==, 2);
    g_assert_cmpuint (report.deliveries, ==, 4 + 1 + 1 + 2 + 5 + 1 + 1);
    g_assert_cmpuint (report.answers, ==, 3);
    g_assert_cmpuint (report.answers_noticed, ==, 1);
    GHashTable *reasons = replay_reasons (replay);
    g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (reasons, "persons")), ==, 2);
    g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (reasons, "few")), ==, 5);
}

/* Who has answered three times is noticed the fourth. */
static void test_habit (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (Replay) replay = replay_new (world->conf, FALSE, &error);
    for (guint i = 0; i < 4; i++) {
        g_autofree char *id = g_strdup_printf ("ask%u", i);
        g_autofree char *answer = g_strdup_printf ("answer%u", i);
        Letter question = {id, "gina", A, B ", " C ", " D, NULL};
        Letter reply = {answer, "dora", "gina@example.test", NULL, id};
        add (replay, &question, NULL);
        add (replay, &reply, NULL);
    }
    ReplayReport report = replay_report (replay);
    g_assert_cmpuint (report.answers, ==, 4);
    g_assert_cmpuint (report.answers_noticed, ==, 1);
    g_assert_cmpuint (report.notices, ==, 4 + 1);
}

static void test_lists (void)
{
    static const Letter letter = {"1", "gina", A, B ", " C ", " D, NULL};
    g_autoptr (World) world = world_new (NULL);
    for (guint take = 0; take < 2; take++) {
        g_autoptr (Replay) replay = replay_new (world->conf, take == 1, NULL);
        add (replay, &letter, "List-Id: <l.example.test>\r\nPrecedence: list\r\n");
        g_assert_cmpuint (replay_report (replay).taken, ==, take);
    }
}

/* Mode and pilot are not asked: replay tells what enforcing would do. */
static void test_observe (void)
{
    static const Letter letter = {"1", "gina", A, B ", " C ", " D, NULL};
    g_autoptr (World) world = world_new ("mode = \"observe\"\npilot = \"board@example.test\"");
    g_autoptr (Replay) replay = replay_new (world->conf, FALSE, NULL);
    add (replay, &letter, NULL);
    g_assert_cmpuint (replay_report (replay).taken, ==, 1);
    g_assert_cmpuint (replay_report (replay).copies_avoided, ==, 4);
    g_assert_cmpuint (replay_report (replay).notices, ==, 1);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/replay/figures", test_figures);
    g_test_add_func ("/flow/replay/habit", test_habit);
    g_test_add_func ("/flow/replay/lists", test_lists);
    g_test_add_func ("/flow/replay/observe", test_observe);
    return g_test_run();
}
