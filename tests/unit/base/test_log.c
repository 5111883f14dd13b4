/* test_log.c - log.h: the form of a line, levels, and lines of several threads. */
#include "log.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define WRITERS 4
#define LINES_EACH 200

/* What a function writes to standard error. Owned by the caller. */
static char *captured (void (*run) (void))
{
    g_autofree char *path = NULL;
    char *text = NULL;
    int fd = g_file_open_tmp ("log-XXXXXX", &path, NULL);
    int saved = dup (STDERR_FILENO);
    g_assert_cmpint (fcntl (fd, F_SETFL, O_APPEND), ==, 0);
    g_assert_cmpint (dup2 (fd, STDERR_FILENO), >=, 0);
    run();
    g_assert_cmpint (dup2 (saved, STDERR_FILENO), >=, 0);
    close (saved);
    close (fd);
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    unlink (path);
    return text;
}

static void write_fields (void)
{
    log_init (LOG_INFO);
    log_event (EV_POST_STORED, LOG_TEXT ("qid", "4XyZ"), LOG_INT ("post", 812), LOG_INT ("n", -1));
}

static void write_journal (void)
{
    g_setenv ("JOURNAL_STREAM", "1:2", TRUE);
    log_init (LOG_INFO);
    g_unsetenv ("JOURNAL_STREAM");
    log_event (EV_STORE_FAILED, LOG_TEXT ("text", NULL));
}

static void write_hostile (void)
{
    g_autofree char *text = g_strnfill (3000, 'x');
    log_init (LOG_INFO);
    log_event (EV_POST_STORED, LOG_TEXT ("a", "x y\n\"q\"\\\x7f"), LOG_TEXT ("b", ""),
               LOG_TEXT ("c", "k=v\xc2\x9b\xc2\xa0"), LOG_TEXT ("d", "\xff"), LOG_TEXT ("e", text));
}

static void write_levels (void)
{
    log_init (LOG_WARNING);
    log_event (EV_POST_STORED, LOG_TEXT ("qid", "hidden"));
    log_event (EV_STORE_FAILED, LOG_TEXT ("qid", "shown"));
}

static void *write_many (void *data)
{
    for (guint i = 0; i < LINES_EACH; i++)
        log_event (EV_POST_STORED, LOG_TEXT ("qid", "4XyZ"), LOG_INT ("n", 7));
    return data;
}

static void write_threads (void)
{
    pthread_t threads[WRITERS];
    log_init (LOG_INFO);
    for (guint i = 0; i < WRITERS; i++)
        g_assert_cmpint (pthread_create (&threads[i], NULL, write_many, NULL), ==, 0);
    for (guint i = 0; i < WRITERS; i++)
        pthread_join (threads[i], NULL);
}

static void test_line (void)
{
    g_autofree char *text = captured (write_fields);
    g_assert_true (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z "
                                         "post\\.stored qid=4XyZ post=812 n=-1\n$",
                                         text, 0, 0));
}

static void test_journal (void)
{
    g_autofree char *text = captured (write_journal);
    g_assert_cmpstr (text, ==, "<3>store.failed text=-\n");
}

static void test_hostile (void)
{
    g_autofree char *text = captured (write_hostile);
    g_assert_nonnull (
        strstr (text, " a=\"x y\\x0a\\\"q\\\"\\\\\\x7f\" b=\"\" c=\"k=v\\xc2\\x9b\xc2\xa0\" d=\""));
    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_cmpuint (strlen (text), <, 800);
    g_assert_true (strchr (text, '\n') == text + strlen (text) - 1);
}

static void test_levels (void)
{
    g_autofree char *text = captured (write_levels);
    g_assert_null (strstr (text, "hidden"));
    g_assert_nonnull (strstr (text, "shown"));
    LogLevel level = LOG_ERROR;
    g_assert_true (log_level_parse ("Debug", &level));
    g_assert_cmpint (level, ==, LOG_DEBUG);
    g_assert_false (log_level_parse ("loud", &level));
    g_assert_cmpint (level, ==, LOG_DEBUG);
}

static void test_threads (void)
{
    g_autofree char *text = captured (write_threads);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
    g_assert_cmpuint (g_strv_length (lines), ==, WRITERS * LINES_EACH + 1);
    for (guint i = 0; i < WRITERS * LINES_EACH; i++)
        g_assert_true (g_str_has_suffix (lines[i], "Z post.stored qid=4XyZ n=7"));
}

/* Names are what administrators search for: unlike each other, "thing.deed", explained. */
static void test_events (void)
{
    g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
    for (int i = 0; i < EV_COUNT; i++) {
        const char *name = log_event_name ((LogEvent)i);
        g_assert_true (g_regex_match_simple ("^[a-z]+\\.[a-z_]+$", name, 0, 0));
        g_assert_true (g_hash_table_add (names, (gpointer)name));
        g_assert_true (g_str_has_suffix (log_event_sentence ((LogEvent)i), "."));
        g_assert_cmpint (log_event_level ((LogEvent)i), <=, LOG_ERROR);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/log/line", test_line);
    g_test_add_func ("/base/log/journal", test_journal);
    g_test_add_func ("/base/log/hostile-values-stay-in-their-line", test_hostile);
    g_test_add_func ("/base/log/levels", test_levels);
    g_test_add_func ("/base/log/lines-of-threads-do-not-mix", test_threads);
    g_test_add_func ("/base/log/events-are-named-and-explained", test_events);
    return g_test_run();
}
