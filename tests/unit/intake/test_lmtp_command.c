/* test_lmtp_command.c - verbs, paths and parameters. */
#include <glib.h>
#include <string.h>

#include "lmtp_command.h"

static void test_verb (void)
{
    static const struct {
        const char *line, *verb, *rest;
    } cases[] = {
        {"NOOP", "NOOP", ""},         {"noop", "NOOP", ""},
        {"NOOP  x y", "NOOP", "x y"}, {"NOOPS", "NOOP", NULL},
        {"NOO", "NOOP", NULL},        {"", "NOOP", NULL},
        {" NOOP", "NOOP", NULL},      {"Mail FROM:<>", "MAIL", "FROM:<>"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        const char *rest = NULL;
        g_assert_true (lmtp_command_is (cases[i].line, cases[i].verb, &rest) ==
                       (cases[i].rest != NULL));
        g_assert_cmpstr (rest, ==, cases[i].rest);
    }
}

static void test_path (void)
{
    static const struct {
        const char *text, *path, *rest;
    } cases[] = {
        {"TO:<a@example.test>", "<a@example.test>", ""},
        {"to:<a@example.test> ORCPT=x", "<a@example.test>", " ORCPT=x"},
        {"TO: <a@example.test>", "<a@example.test>", ""},
        {"TO:<>", "<>", ""},
        {"TO:<\"a > b\"@example.test>", "<\"a > b\"@example.test>", ""},
        {"TO:<\"a\\\" > b\"@example.test> X", "<\"a\\\" > b\"@example.test>", " X"},
        {"TO:<@one.test,@two.test:a@example.test>", "<@one.test,@two.test:a@example.test>", ""},
        {"TO:<j\xc3\xbcrgen@example.test>", "<j\xc3\xbcrgen@example.test>", ""},
        {"TO:<j\xfcrgen@example.test>", NULL, NULL},
        {"TO:a@example.test", NULL, NULL},
        {"TO:<a@example.test", NULL, NULL},
        {"TO:<a@example.test>x", NULL, NULL},
        {"TO:<a b@example.test>", NULL, NULL},
        {"TO:<<a@example.test>", NULL, NULL},
        {"TO:<a\t@example.test>", NULL, NULL},
        {"TO:<\"a@example.test>", NULL, NULL},
        {"TO:<\"a\\", NULL, NULL},
        {"TO:", NULL, NULL},
        {"FROM:<a@example.test>", NULL, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = NULL;
        const char *rest = NULL;
        g_test_message ("%s", cases[i].text);
        g_assert_true (lmtp_command_path (cases[i].text, "TO:", &path, &rest) ==
                       (cases[i].path != NULL));
        g_assert_cmpstr (path, ==, cases[i].path);
        g_assert_cmpstr (rest, ==, cases[i].rest);
    }
    g_autofree char *name = g_strnfill (LMTP_PATH_BYTES_MAX, 'x');
    g_autofree char *text = g_strdup_printf ("TO:<%s>", name);
    g_autofree char *path = NULL;
    const char *rest;
    g_assert_false (lmtp_command_path (text, "TO:", &path, &rest));
}

static void test_parameters (void)
{
    const char *text = "  SIZE=12 smtputf8   A=b=c D= ";
    static const struct {
        const char *keyword, *value;
    } expected[] = {{"SIZE", "12"}, {"SMTPUTF8", NULL}, {"A", "b=c"}, {"D", ""}};
    LmtpParameter given;
    for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
        g_assert_true (lmtp_command_parameter (&text, &given));
        g_assert_true (lmtp_parameter_is (&given, expected[i].keyword));
        g_assert_true ((given.value == NULL) == (expected[i].value == NULL));
        if (expected[i].value != NULL)
            g_assert_cmpmem (given.value, (int)given.value_size, expected[i].value,
                             (int)strlen (expected[i].value));
    }
    g_assert_false (lmtp_command_parameter (&text, &given));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/intake/lmtp-command/verb", test_verb);
    g_test_add_func ("/intake/lmtp-command/path", test_path);
    g_test_add_func ("/intake/lmtp-command/parameters", test_parameters);
    return g_test_run();
}
