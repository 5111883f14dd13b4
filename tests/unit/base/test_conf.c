/* test_conf.c - conf.h: values arrive, mistakes are told with their line, the sample is in step. */
#include "conf.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>

#include "conf_option.h"
#include "error.h"

static void test_defaults (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = conf_load (NULL, &error);
    g_assert_no_error (error);
    g_assert_null (conf->path);
    g_assert_cmpuint (conf->max_recipients, ==, 3);
    g_assert_cmpint (conf->mode, ==, MODE_OBSERVE);
    g_assert_cmpint (conf->must_read, ==, MUST_READ_RANKED);
    g_assert_false (conf->take_external);
    g_assert_cmpstr (conf->keep_tag, ==, "[mail]");
    g_assert_nonnull (conf->internal_domains);
    g_assert_null (conf->internal_domains[0]);
    g_assert_cmpuint (conf->rules->len, ==, 0);
}

/* A default that conf_check refuses could not be written into the file. */
static void test_defaults_are_allowed (void)
{
    for (const ConfOption *option = conf_options(); option->name != NULL; option++) {
        if (option->kind == OPTION_SECTION || option->kind == OPTION_LIST)
            continue;
        g_autofree char *value = conf_option_default (option);
        g_autofree char *bare =
            g_strndup (value + (*value == '"'), strlen (value) - (*value == '"' ? 2 : 0));
        g_autofree char *allowed = conf_check (option, bare);
        g_assert_cmpstr (allowed, ==, NULL);
        g_assert_true (conf_option_find (conf_options(), option->name) == option);
    }
}

static void test_values (void)
{
    static const char text[] = "# a comment\n"
                               "internal_domains = {\"example.org\", # one\n"
                               "                    example.net}\n"
                               "internal_domains += {\"third.example\"}\n"
                               "max_recipients = 5\n"
                               "mode = \"enforce\" // now\n"
                               "take_external = yes\n"
                               "keep_tag = '[no \"post\"]'\n"
                               "/* a block\n"
                               "   of two lines */ visibility = recipients\n"
                               "web_url = https://posts.example.org/\n"
                               "milter_listen = inet:8891@localhost\n"
                               "rule \"press\" {\n"
                               "  sender = '^.*@press\\.example\\.org$'\n"
                               "  verdict = pass\n"
                               "}\n"
                               "rule two { topic = \"x\" header = 'X-Y: z' }\n";
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = conf_parse (text, "t.conf", &error);
    g_assert_no_error (error);
    g_assert_cmpstr (conf->path, ==, "t.conf");
    g_assert_cmpuint (g_strv_length (conf->internal_domains), ==, 3);
    g_assert_cmpstr (conf->internal_domains[1], ==, "example.net");
    g_assert_cmpstr (conf->internal_domains[2], ==, "third.example");
    g_assert_cmpuint (conf->max_recipients, ==, 5);
    g_assert_cmpint (conf->mode, ==, MODE_ENFORCE);
    g_assert_true (conf->take_external);
    g_assert_cmpstr (conf->keep_tag, ==, "[no \"post\"]");
    g_assert_cmpint (conf->visibility, ==, VISIBLE_RECIPIENTS);
    g_assert_cmpstr (conf->web_url, ==, "https://posts.example.org");
    g_assert_cmpuint (conf->rules->len, ==, 2);
    const ConfRule *rule = g_ptr_array_index (conf->rules, 0);
    g_assert_cmpstr (rule->name, ==, "press");
    g_assert_cmpstr (rule->sender, ==, "^.*@press\\.example\\.org$");
    g_assert_cmpstr (rule->verdict, ==, "pass");
    g_assert_null (rule->topic);
    g_assert_cmpint (rule->line, ==, 14);
    rule = g_ptr_array_index (conf->rules, 1);
    g_assert_cmpstr (rule->topic, ==, "x");
    g_assert_cmpint (rule->line, ==, 17);
}

/* Whoever corrects a file wants to hear of all mistakes at once, each once. */
static void test_all_mistakes (void)
{
    static const char text[] = "mode = \"watch\"\nmax_recipients = 0\nlmtp_filter = maybe\n"
                               "internal_domains = {\"a b\", \"example.org\", \"example.net\"}\n"
                               "rule \"x\" {\n verdict = \"hold\"\n}\ntime_zone = \"Mars/Base\"\n"
                               "language = nl\nunknown_name_of_nothing = 1\nmode = on\n";
    static const int lines[] = {1, 2, 3, 4, 6, 8, 10, 11};
    g_autoptr (GError) error = NULL;
    g_assert_null (conf_parse (text, "t.conf", &error));
    g_assert_error (error, ERROR_DOMAIN, ERR_REFUSED);
    g_auto (GStrv) said = g_strsplit (error->message, "\n", -1);
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autofree char *lead = g_strdup_printf ("t.conf:%d: ", lines[i]);
        g_assert_cmpuint (g_strv_length (said), >, i);
        if (!g_str_has_prefix (said[i], lead))
            g_test_fail_printf ("%s is not about line %d", said[i], lines[i]);
    }
    g_assert_cmpuint (g_strv_length (said), ==, G_N_ELEMENTS (lines));
}

/* Each mistake: the text, and what the message has to contain. */
static void test_mistakes (void)
{
    static const char *const cases[][2] = {
        {"\n\nmax_recipients = 0\n", "t.conf:3: max_recipients = \"0\": allowed is a whole number "
                                     "from 1 to 1000"},
        {"max_recipients = many", "t.conf:1: max_recipients"},
        {"max_recipients = -1", "t.conf:1: max_recipients"},
        {"max_recipients = 3x", "t.conf:1: max_recipients"},
        {"max_recipients = 99999999999999999999", "t.conf:1: max_recipients"},
        {"max_recipients = 3\nmax_recipients = 4", "t.conf:2: max_recipients is set in line 1"},
        {"alias_files = {/a, /b}\nalias_files = {/c}", "t.conf:2: alias_files is set in line 1"},
        {"# x\nmax_recipient = 3", "t.conf:2: there is no option \"max_recipient\"; did you mean "
                                   "max_recipients?"},
        {"wholly_unknown_name_of_nothing = 3", "t.conf:1: there is no option"},
        {"mode = \"on\"", "t.conf:1: mode = \"on\": allowed are observe or enforce"},
        {"take_external = maybe", "allowed are yes or no"},
        {"max_recipients 3", "t.conf:1: missing equal sign"},
        {"max_recipients = {1}", "t.conf:1: unexpected token"},
        {"keep_tag = \"open\n\n", "t.conf:1: a quote is opened here and never closed"},
        {"\n/* open\n", "t.conf:2: a comment begins here"},
        {"\nrule \"x\" {\n", "t.conf:2: a brace is opened here"},
        {"}\n", "t.conf:1: a closing brace"},
        {"\xff", "t.conf:1: not UTF-8"},
        {"keep_tag = \"a\nb\"", "control"},
        {"rule {\n}", "t.conf:1: missing title"},
        {"rule \"x\" {\n verdict = \"hold\"\n}",
         "t.conf:2: verdict = \"hold\": allowed are post or "
         "pass or observe"},
        {"rule \"x\" {\n colour = \"red\"\n}", "t.conf:2: there is no option \"colour\" in a rule"},
        {"rule \"x\" {\n senders = \"red\"\n}", "did you mean sender?"},
        {"rule \"x\" {\n sender = 'a'\n}", "t.conf:3: rule \"x\" has no effect"},
        {"rule \"x\" {\n verdict = pass\n header = 'nothing'\n}", "t.conf:3: header"},
        {"rule \"x\" { topic = a\ntopic = b }", "t.conf:2: topic is set in line 1"},
        {"rule \"x\" { topic = a }\nrule \"x\" { topic = b }", "duplicate title"},
        {"internal_domains = {\"example.org\", \"exa mple\"}", "t.conf:1: internal_domains"},
        {"post_domain = \"-x.org\"", "t.conf:1: post_domain"},
        {"post_domain = \"x..org\"", "t.conf:1: post_domain"},
        {"pilot = \"nobody\"", "t.conf:1: pilot"},
        {"always_deliver = {\"@\"}", "t.conf:1: always_deliver"},
        {"database = \"mail.db\"", "t.conf:1: database"},
        {"milter_listen = \"inet:8891@192.0.2.1\"", "t.conf:1: milter_listen"},
        {"milter_listen = \"unix:m.sock\"", "(at most 107 bytes)"},
        {"web_listen = \"8025\"", "t.conf:1: web_listen"},
        {"web_url = \"posts.example.org\"", "t.conf:1: web_url"},
        {"web_url = \"ftp://posts.example.org\"", "t.conf:1: web_url"},
        {"smtp_url = \"127.0.0.1:25\"", "t.conf:1: smtp_url"},
        {"time_zone = \"Europe/Entenhausen\"", "t.conf:1: time_zone"},
        {"language = \"tlh\"", "t.conf:1: language"},
        {"log_level = \"loud\"", "t.conf:1: log_level"},
        {"recipient_delimiter = \"@\"", "t.conf:1: recipient_delimiter"},
        {"web_user_header = \"X: y\"", "t.conf:1: web_user_header"},
        {"include(\"/etc/passwd\")", "t.conf:1: there is no option"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (Config) conf = conf_parse (cases[i][0], "t.conf", &error);
        g_test_message ("%s", cases[i][0]);
        g_assert_null (conf);
        g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
        g_test_message ("%s", error->message);
        g_assert_nonnull (strstr (error->message, cases[i][1]));
    }
}

static void test_file (void)
{
    g_autofree char *path = NULL;
    g_autoptr (GError) error = NULL;
    int fd = g_file_open_tmp ("conf-XXXXXX", &path, NULL);
    g_assert_true (g_close (fd, NULL));
    g_assert_true (g_file_set_contents (path, "max_recipients = 4\n", -1, NULL));
    g_autoptr (Config) conf = conf_load (path, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (conf->max_recipients, ==, 4);
    g_assert_true (g_file_set_contents (path, "max_recipients\0 = 4\n", 20, NULL));
    g_assert_null (conf_load (path, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_clear_error (&error);
    g_unlink (path);
    g_assert_null (conf_load (path, &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
}

/* The sample with every default taken into use gives the defaults again. */
static void test_sample_parses (void)
{
    g_autofree char *sample = conf_sample();
    g_auto (GStrv) lines = g_strsplit (sample, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 100);
        if (lines[i][0] == '#' && g_ascii_islower (lines[i][1]))
            lines[i][0] = ' ';
    }
    g_autofree char *text = g_strjoinv ("\n", lines);
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = conf_parse (text, "sample", &error);
    g_assert_no_error (error);
    g_autoptr (Config) plain = conf_load (NULL, NULL);
    g_assert_cmpstr (conf->milter_listen, ==, plain->milter_listen);
    g_assert_cmpuint (conf->message_size_max, ==, plain->message_size_max);
    g_assert_cmpint (conf->on_failure, ==, plain->on_failure);
}

static void test_sample_rules_parse (void)
{
    g_autofree char *sample = conf_sample();
    const char *from = strstr (sample, "# rule \"");
    g_assert_nonnull (from);
    g_auto (GStrv) lines = g_strsplit (from, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (lines[i][0] == '#')
            lines[i][0] = ' ';
    g_autofree char *text = g_strjoinv ("\n", lines);
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = conf_parse (text, "sample", &error);
    g_assert_no_error (error);
    g_assert_cmpuint (conf->rules->len, ==, 3);
}

static void test_sample_is_committed (void)
{
    g_autofree char *sample = conf_sample(), *file = NULL;
    g_assert_true (g_file_get_contents (SOURCE_DIR "/conf/carbonless.conf", &file, NULL, NULL));
    g_assert_cmpstr (sample, ==, file);
}

static void *parse_often (void *data)
{
    guint wrong = 0;
    for (guint i = 0; i < 20; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (Config) good = conf_parse ("max_recipients = 7", "good", NULL);
        g_autoptr (Config) bad = conf_parse ("# x\n\nmax_recipients = x", "bad", &error);
        wrong += good == NULL || good->max_recipients != 7;
        wrong += bad != NULL || !g_str_has_prefix (error->message, "bad:3: ");
    }
    (void)data;
    return GUINT_TO_POINTER (wrong);
}

/* (I2): readings of several threads do not mix. */
static void test_threads (void)
{
    pthread_t threads[4];
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_assert_cmpint (pthread_create (&threads[i], NULL, parse_often, NULL), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
        void *wrong = NULL;
        pthread_join (threads[i], &wrong);
        g_assert_null (wrong);
    }
}

static void test_manual (void)
{
    g_autofree char *manual = conf_manual();
    for (const ConfOption *option = conf_options(); option->name != NULL; option++) {
        g_autofree char *entry = g_strdup_printf (
            "%s%s", option->kind == OPTION_SECTION ? ".SS " : "\\fB", option->name);
        g_assert_nonnull (strstr (manual, entry));
    }
    g_assert_nonnull (strstr (manual, "\\fBheader\\fR"));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/conf/defaults", test_defaults);
    g_test_add_func ("/base/conf/defaults-are-allowed", test_defaults_are_allowed);
    g_test_add_func ("/base/conf/all-mistakes", test_all_mistakes);
    g_test_add_func ("/base/conf/values", test_values);
    g_test_add_func ("/base/conf/mistakes-are-told-with-their-line", test_mistakes);
    g_test_add_func ("/base/conf/file", test_file);
    g_test_add_func ("/base/conf/sample-gives-the-defaults", test_sample_parses);
    g_test_add_func ("/base/conf/sample-rules-are-valid", test_sample_rules_parse);
    g_test_add_func ("/base/conf/sample-is-committed", test_sample_is_committed);
    g_test_add_func ("/base/conf/threads-do-not-mix", test_threads);
    g_test_add_func ("/base/conf/manual-names-every-option", test_manual);
    return g_test_run();
}
