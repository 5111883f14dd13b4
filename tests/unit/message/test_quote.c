/* test_quote.c - answers of many clients and languages, against what a person would keep of them.
 *
 * The answers are in tests/corpus/quote/ (see the README there). Each must come out exactly; the
 * counts that are printed (exact, lost, left) tell a regression's kind at one glance. */
#include <glib.h>
#include <string.h>
#include <time.h>

#include "quote.h"

#define LINES_TRIED 9900 /* half the lines of an answer that is cut at all */

typedef struct {
    char *name;
    gboolean is_html;
    GString *text, *kept;
} Case;

static void case_free (gpointer data)
{
    Case *test = data;
    g_free (test->name);
    g_string_free (test->text, TRUE);
    g_string_free (test->kept, TRUE);
    g_free (test);
}

/* Reads "%%% case NAME" or "%%% html NAME", the answer, then "%%% kept" and what stays, or "%%%
 * all". */
static GPtrArray *cases_read (const char *path)
{
    g_autofree char *content = NULL;
    GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);
    GString *to = NULL;

    g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
    g_auto (GStrv) lines = g_strsplit (content, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = lines[i];
        Case *last = cases->len > 0 ? g_ptr_array_index (cases, cases->len - 1) : NULL;
        if (g_str_has_prefix (line, "%%% case ") || g_str_has_prefix (line, "%%% html ")) {
            Case *test = g_new0 (Case, 1);
            test->name = g_strdup (line + strlen ("%%% case "));
            test->is_html = line[4] == 'h';
            test->text = to = g_string_new (NULL);
            test->kept = g_string_new (NULL);
            g_ptr_array_add (cases, test);
        } else if (g_str_equal (line, "%%% kept")) {
            g_assert_nonnull (last);
            to = last->kept;
        } else if (g_str_equal (line, "%%% all")) {
            g_assert_nonnull (last);
            g_string_assign (last->kept, last->text->str);
            to = NULL;
        } else if (to != NULL) {
            g_string_append (to, line);
            g_string_append_c (to, '\n');
        }
    }
    return cases;
}

/* Lines without blanks at their ends, blank lines gone. */
static char *filled_lines (const char *text)
{
    GString *out = g_string_new (NULL);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
        if (*g_strstrip (lines[i]) != '\0')
            g_string_append_printf (out, "%s\n", lines[i]);
    return g_string_free (out, FALSE);
}

/* How many lines of `text` are not in `other`. */
static guint count_missing (const char *text, const char *other)
{
    guint n = 0;
    g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1), others = g_strsplit (other, "\n", -1);

    for (guint i = 0; others[i] != NULL; i++)
        g_hash_table_add (known, others[i]);
    for (guint i = 0; lines[i] != NULL; i++)
        n += !g_hash_table_contains (known, lines[i]);
    return n;
}

/* kept and elided hold every word of the answer, neither more nor less. */
static void check_nothing_lost (const char *text, const Quote *quote)
{
    g_autofree char *all = g_strconcat (quote->kept, "\n", quote->elided, NULL);
    g_autofree char *words = g_strdelimit (g_strdup (text), " \t", '\n');
    g_strdelimit (all, " \t", '\n');
    g_autofree char *before = filled_lines (words), *after = filled_lines (all);
    g_assert_cmpuint (strlen (before), ==, strlen (after));
    g_assert_cmpuint (count_missing (before, after), ==, 0);
}

static void test_cases (gconstpointer data)
{
    g_autofree char *path = g_build_filename (SOURCE_DIR, "tests/corpus/quote", data, NULL);
    g_autoptr (GPtrArray) cases = cases_read (path);
    guint n_exact = 0, n_lost = 0, n_left = 0;

    for (guint i = 0; i < cases->len; i++) {
        const Case *test = g_ptr_array_index (cases, i);
        g_autoptr (Quote) quote = test->is_html ? quote_split_html (test->text->str, -1)
                                                : quote_split_text (test->text->str);
        g_autofree char *kept = g_strdup (quote->kept), *wanted = g_strdup (test->kept->str);
        if (!test->is_html)
            check_nothing_lost (test->text->str, quote);
        /* Trailing blanks of lines are nobody's concern; blank lines inside are. */
        g_strstrip (kept);
        g_strstrip (wanted);
        g_autofree char *kept_lines = filled_lines (kept), *wanted_lines = filled_lines (wanted);
        gboolean lost = count_missing (wanted_lines, kept_lines) > 0;
        gboolean left = count_missing (kept_lines, wanted_lines) > 0;
        gboolean exact = g_str_equal (kept, wanted);
        n_exact += exact;
        n_lost += lost;
        n_left += left;
        if (!exact)
            g_test_message ("%s: %s%s\n--- kept\n%s\n--- wanted\n%s", test->name,
                            lost ? "lost " : "", left ? "left " : "", kept, wanted);
    }
    g_test_message ("%s: %u answers, exact %.1f %%, nothing lost %.1f %%, nothing left %.1f %%",
                    (const char *)data, cases->len, 100.0 * n_exact / cases->len,
                    100.0 - 100.0 * n_lost / cases->len, 100.0 - 100.0 * n_left / cases->len);
    g_assert_cmpuint (n_exact, ==, cases->len);
}

/* What is cited at the end of a mail that answers nothing is part of it. */
static void test_new_mail (void)
{
    static const struct {
        const char *headers;
        gboolean stays;
    } cases[] = {
        {"Subject: Roof\n", TRUE},
        {"Subject: Re: Roof\nIn-Reply-To: <1@example.org>\n", FALSE},
        {"Subject: Re: Roof\nReferences: <1@example.org>\n", FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *raw = g_strconcat (cases[i].headers,
                                            "\nIt stood in the paper.\n\n"
                                            "> The roof leaks.\n",
                                            NULL);
        g_autoptr (GBytes) bytes = g_bytes_new (raw, strlen (raw));
        g_autoptr (Message) message = message_parse (bytes, NULL);
        g_autoptr (Quote) quote = quote_split_message (message);
        g_assert_cmpint (strstr (quote->kept, "leaks") != NULL, ==, cases[i].stays);
        g_assert_nonnull (strstr (quote->kept, "paper"));
    }
}

/* Outlook forwards with the same header block with which it answers. */
static void test_passed_on (void)
{
    static const struct {
        const char *subject;
        gboolean stays;
    } cases[] = {
        {"FW: Roof", TRUE},  {"Fwd: Roof", TRUE}, {"WG: Dach", TRUE},
        {"TR : Toit", TRUE}, {"RE: Roof", FALSE}, {"Roof", FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *raw = g_strconcat ("Subject: ", cases[i].subject,
                                            "\n\nPlease look.\n\n-----Original Message-----\n"
                                            "From: Bob <bob@example.org>\nSent: 5 May 2020 10:02\n"
                                            "To: Anna\nSubject: Roof\n\nIt leaks.\n",
                                            NULL);
        g_autoptr (GBytes) bytes = g_bytes_new (raw, strlen (raw));
        g_autoptr (Message) message = message_parse (bytes, NULL);
        g_autoptr (Quote) quote = quote_split_message (message);
        g_assert_cmpint (strstr (quote->kept, "leaks") != NULL, ==, cases[i].stays);
    }
}

/* Look-alikes of everything, for megabytes: the time must stay in proportion. */
static void test_linear (void)
{
    static const char *const bricks[] = {
        "On Tue, May 5, 2020 at 10:02 AM Anna <anna@example.org>\n",
        "On 5\n",
        "From: anna@example.org\n",
        "text\n\nFrom: a\nx\n",
        "--\n",
        "\n___\na b\n",
        "Sent from my iPhone\n\n",
        "> a\nb\n",
        "写道：\n",
        "Anna\n05/05/2020 10:02 AM\n",
        "On Tue, May 5, 2020 at 10:02 AM Anna <anna@example.org> wrote:\n\ntext\n\n",
        "a <\n> b\n",
        "On Tue wrote: ",
        "To\n",
        "5/5/2020 10:02\nTo\n\n",
        "```\n",
        "```c\n> a\n",
        "@@ -1,9 +1,9 @@\n",
        "I do. On 5 May 2020 at 10:02, Anna <anna@example.org> wrote: > Do you?\n",
        "x On 5 On 5/5/2020 10:02 On 5 <a@example.org> On 5 In 5 At 5 wrote:\n",
        "On Tue, May 5, 2020 at 10:02 AM Anna <anna@example.org> wrote:\n[...]\n\n",
        "From: a Sent: 5/5/2020 10:02 To: b Subject: c d e f g\n",
        "\xC3\xA9\xCC\x81 \xE5\x9C\xA8 2020\n",
    };

    for (guint i = 0; i < G_N_ELEMENTS (bricks); i++) {
        gint64 used[2];
        for (guint j = 0; j < 2; j++) {
            gsize wanted = (gsize)(j + 1) * 512 * 1024;
            g_autoptr (GString) text = g_string_sized_new (wanted);
            /* Fewer lines than those from which on nothing is looked at any more. */
            for (guint n = 0; text->len < wanted && n < (j + 1) * LINES_TRIED;) {
                g_string_append (text, bricks[i]);
                for (const char *p = bricks[i]; (p = strchr (p, '\n')) != NULL; p++)
                    n++;
            }
            clock_t start = clock();
            g_autoptr (Quote) quote = quote_split_text (text->str);
            used[j] = (gint64)(clock() - start) * 1000 / CLOCKS_PER_SEC;
            g_assert_cmpuint (strlen (quote->kept), >, 0);
        }
        g_test_message ("%lld ms, twice as much %lld ms: %s", (long long)used[0],
                        (long long)used[1], bricks[i]);
        g_assert_cmpint (used[1], <, 4 * used[0] + 1000);
    }
}

int main (int argc, char **argv)
{
    static const char *const files[] = {
        "languages", "clients",  "html",      "attributions", "shapes",
        "prose",     "programs", "countries", "habits",       "wrapped",
    };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        g_autofree char *path = g_strdup_printf ("/message/quote/%s", files[i]);
        char *file = g_strconcat (files[i], ".cases", NULL);
        g_test_add_data_func_full (path, file, test_cases, g_free);
    }
    g_test_add_func ("/message/quote/new-mail", test_new_mail);
    g_test_add_func ("/message/quote/passed-on", test_passed_on);
    g_test_add_func ("/message/quote/linear", test_linear);
    return g_test_run();
}
