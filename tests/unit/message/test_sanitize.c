/* test_sanitize.c - what of foreign HTML is shown, and that nothing else gets through. */
#include "sanitize.h"

#include <string.h>
#include <sys/resource.h>

#include "attacks.h"
#include "markup.h"

static char *known_image (const char *content_id, gpointer data)
{
    return strcmp (content_id, "known") == 0 ? g_strdup (data) : NULL;
}

static const SanitizeRules page_rules = {known_image, "/m/1/known", FALSE};
static const SanitizeRules mail_rules = {known_image, "cid:known", TRUE};

static const struct {
    const char *name, *html, *page, *mail; /* mail NULL: the same */
} cases[] = {
    {"empty", "", "", NULL},
    {"text", "Fish & <chips>", "Fish &amp;", NULL},
    {"paragraphs", "<p>One<p>Two", "<p>One</p><p>Two</p>", NULL},
    {"document", "<!DOCTYPE html><html><head><title>t</title><style>p{}</style></head><body>x", "x",
     NULL},
    {"emphasis", "<b>a</b> <i>b</i> <U>c</U> <strike>d</strike>",
     "<b>a</b> <i>b</i> <u>c</u> <s>d</s>", NULL},
    {"link", "<a href='HTTPS://example.org/a b?x=1&y=2' target=_blank>x</a>",
     "<a href=\"https://example.org/a%20b?x=1&amp;y=2\" rel=\"noopener noreferrer nofollow\">x</a>",
     NULL},
    {"mailto", "<a href='mailto:a@example.org'>x</a>",
     "<a href=\"mailto:a@example.org\" rel=\"noopener noreferrer nofollow\">x</a>", NULL},
    {"link-with-line-breaks", "<a href=' https://exa\nmple.org/ '>x</a>",
     "<a href=\"https://example.org/\" rel=\"noopener noreferrer nofollow\">x</a>", NULL},
    {"no-scheme", "<a href='/x'>x</a>", "x", NULL},
    {"known-image", "<img src='cid:known' alt='A \"b\"' width=30>",
     "<img src=\"/m/1/known\" alt=\"A &quot;b&quot;\" width=\"30\">",
     "<img src=\"cid:known\" alt=\"A &quot;b&quot;\" width=\"30\">"},
    {"encoded-content-id", "<img src='cid:kn%6Fwn'>", "<img src=\"/m/1/known\" alt=\"\">",
     "<img src=\"cid:known\" alt=\"\">"},
    {"unknown-image", "<img src='cid:other' alt=' Plan '>", "[Plan]", NULL},
    {"remote-image", "a<img src='https://example.org/x.png'>b", "ab", NULL},
    {"meaning-in-style", "<span style='font-weight:bold; color: red'>x</span>",
     "<span style=\"font-weight: bold\">x</span>",
     "<span style=\"font-weight: bold; color: red\">x</span>"},
    {"colours-only", "<span style='color:red'><font color=#FF0000 size=+1>x</font></span>", "x",
     "<span style=\"color: red\"><font color=\"#ff0000\" size=\"+1\">x</font></span>"},
    {"background",
     "<table bgcolor=white style='background:#fff url(x)'><td style='"
     "background-color:#FFF;border:1px solid rgb(1, 2, 3)' bgcolor=BLACK>x</table>",
     "<table><tbody><tr><td>x</td></tr></tbody></table>",
     "<table bgcolor=\"white\"><tbody><tr><td bgcolor=\"black\" style=\"background-color: #fff; "
     "border: 1px solid rgb(1,2,3)\">x</td></tr></tbody></table>"},
    {"fonts",
     "<p style=\"font-family: 'Segoe UI', &quot;Helvetica&quot; , serif; font-size:11.0pt;"
     "line-height:1.5\">x</p>",
     "<p>x</p>",
     "<p style=\"font-family: segoe ui, helvetica , serif; font-size: 11.0pt; line-height: 1.5\">"
     "x</p>"},
    {"indentation", "<p style='margin-left:36.0pt;text-align:right;margin-left:-9px'>x</p>",
     "<p style=\"margin-left: 36.0pt; text-align: right\">x</p>", NULL},
    {"hidden", "<div style='DISPLAY : none'>x</div><p hidden>y</p>z", "z", NULL},
    {"table",
     "<table width=600 border=1><tr><th colspan=2 scope=col>a<tr><td align=right>b<td>c</table>",
     "<table border=\"1\"><tbody><tr><th colspan=\"2\">a</th></tr><tr><td align=\"right\">b</td>"
     "<td>c</td></tr></tbody></table>",
     "<table border=\"1\" width=\"600\"><tbody><tr><th colspan=\"2\">a</th></tr><tr>"
     "<td align=\"right\">b</td><td>c</td></tr></tbody></table>"},
    {"list", "<ol start=3 type=a><li value=4>x</ol>",
     "<ol start=\"3\" type=\"a\"><li value=\"4\">x</li></ol>", NULL},
    {"orphaned-item", "<li>x</li><dd>y</dd>", "<div>x</div><div>y</div>", NULL},
    {"block-in-paragraph", "<p align=left>a<table><td>b</table>c</p>",
     "<div align=\"left\">a<table><tbody><tr><td>b</td></tr></tbody></table>c</div>", NULL},
    {"office", "<p class=MsoNormal><o:p>&nbsp;</o:p></p><xml>96</xml><!--[if mso]>x<![endif]-->",
     "<p>&nbsp;</p>", NULL},
    {"preformatted", "<pre>\n\n a\n</pre><xmp>\n<b></xmp>",
     "<pre>\n\n a\n</pre><pre>\n\n&lt;b&gt;</pre>", NULL},
    {"unknown-elements", "<center><blink>x</blink><foo:bar>y</foo:bar></center>",
     "<center>xy</center>", NULL},
    {"language", "<p dir=RTL lang='he-IL'>x</p><p lang='\"'>y</p>",
     "<p dir=\"rtl\" lang=\"he-IL\">x</p><p>y</p>", NULL},
    {"carriage-returns", "a&#13;b&#13;\nc", "a\nb\nc", NULL},
};

static void check_case (const char *html, const SanitizeRules *rules, const char *expected)
{
    g_autoptr (SafeHtml) safe = sanitize_html (html, -1, rules);
    g_assert_cmpstr (safehtml_get (safe), ==, expected);
    g_assert_cmpstr (markup_fault (safehtml_get (safe)), ==, NULL);
}

static void test_case (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    check_case (cases[i].html, &page_rules, cases[i].page);
    check_case (cases[i].html, &mail_rules, cases[i].mail == NULL ? cases[i].page : cases[i].mail);
}

/* Sanitising what was sanitised changes nothing. */
static void check_stable (const char *markup, const char *input)
{
    static const SanitizeRules *const rules = &mail_rules;
    g_autoptr (SafeHtml) again = sanitize_html (markup, -1, rules);
    if (strcmp (safehtml_get (again), markup) != 0)
        g_test_message ("of %s", input);
    g_assert_cmpstr (safehtml_get (again), ==, markup);
}

static void test_attacks (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++) {
        g_autoptr (SafeHtml) page = sanitize_html (attacks[i], -1, &page_rules);
        g_autoptr (SafeHtml) mail = sanitize_html (attacks[i], -1, &mail_rules);
        const char *page_fault = markup_fault (safehtml_get (page));
        const char *mail_fault = markup_fault (safehtml_get (mail));
        if (page_fault != NULL || mail_fault != NULL)
            g_test_message ("%s gives %s", attacks[i], safehtml_get (page));
        g_assert_cmpstr (page_fault, ==, NULL);
        g_assert_cmpstr (mail_fault, ==, NULL);
        check_stable (safehtml_get (mail), attacks[i]);
    }
}

/* Two attacks together: the end of one meets the begin of the other. */
static void test_pairs (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++) {
        gsize other = (i * 97 + 31) % G_N_ELEMENTS (attacks);
        g_autofree char *both = g_strconcat (attacks[i], attacks[other], NULL);
        g_autoptr (SafeHtml) mail = sanitize_html (both, -1, &mail_rules);
        g_assert_cmpstr (markup_fault (safehtml_get (mail)), ==, NULL);
        check_stable (safehtml_get (mail), both);
    }
}

/* The judge itself finds what it must. */
static void test_judge (void)
{
    static const char *const bad[] = {
        "<script>x</script>",
        "<p onclick=\"x\">x</p>",
        "<p>x",
        "x</p>",
        "<b><i>x</b></i>",
        "a & b",
        "<a href=\"javascript:x\">x</a>",
        "<img src=\"http://x\">",
        "<p style=\"position: fixed\">x</p>",
        "<p id=\"x\">x</p>",
        "<!-- x -->",
        "<p title=x>x</p>",
        "\x01",
        "<img src=\"//x\">",
    };
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        g_assert_cmpstr (markup_fault (bad[i]), !=, NULL);
}

static const struct {
    const char *name, *begin, *unit;
    guint times;
} bombs[] = {
    {"divs", "", "<div>", 50000},
    {"fonts", "", "<font size=#>", 10000},
    {"fonts-in-paragraphs", "", "<p><font color=#>x", 60000},
    {"links-in-paragraphs", "", "<p><a href=https://example.org/#>x", 60000},
    {"attributes", "<p", " a#=1", 20000},
    {"less-than", "", "<<<<<<<<<<", 500000},
    {"ampersands", "", "&&&&&&&&&&", 500000},
    {"entities", "", "&lt;&CounterClockwiseContourIntegral;&#", 100000},
    {"templates", "", "<template><td>", 50000},
    {"hidden-nesting", "", "<div><marquee></div></marquee>", 30000},
    {"hidden-in-cells", "", "<div><table><td></div>", 30000},
    {"svg", "", "<svg></p><p>", 50000},
    {"paragraph-in-cells", "", "<p>x<table><td>", 20000},
    {"bold-ends", "", "<b><p></b>", 80000},
    {"links", "", "<a href=https://example.org/#><div>", 50000},
    {"long-style", "<p style='", "color:red;", 100000},
    {"styles", "", "<i style='color:red;margin:1px'>x</i>", 25000},
    {"text-megabytes", "", "Ordinary words in a very long mail. ", 140000},
    {"clones", "<p><a href=https://example.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>",
     "<p>x", 200000},
    {"big-clones", "<a title='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'><b><i><u><s><tt><big>",
     "<p>x", 200000},
    {"table-text", "<table>", "x<b>", 200000},
    {"ends", "<b><i><u><s>", "</b></i></u>", 80000},
    {"headings", "", "<h1></h2>", 100000},
    {"options", "<select>", "<option>", 100000},
    {"body", "", "<body a#=1>x", 60000},
    {"html", "", "<html a#=1>", 60000},
    {"quotes", "", "<blockquote>\"'", 60000},
};

static char *bomb_new (gsize i)
{
    GString *all = g_string_new (bombs[i].begin);
    for (guint n = 0; n < bombs[i].times; n++)
        for (const char *at = bombs[i].unit; *at != '\0'; at++) {
            if (*at == '#')
                g_string_append_printf (all, "%u", n);
            else
                g_string_append_c (all, *at);
        }
    return g_string_free (all, FALSE);
}

static gint64 peak_kb (void)
{
    struct rusage usage;
    getrusage (RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

#if defined(__SANITIZE_ADDRESS__)
static const gboolean is_slow_build = TRUE;
#elif defined(__has_feature)
static const gboolean is_slow_build =
    __has_feature (address_sanitizer) || __has_feature (thread_sanitizer);
#else
static const gboolean is_slow_build = FALSE;
#endif

/* CPU time, so that a busy machine fails nothing; sanitizers and valgrind (-m slow) only report. */
static void test_bomb (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    g_autofree char *html = bomb_new (i);
    gint64 before_kb = peak_kb();
    clock_t start = clock();
    g_autoptr (SafeHtml) safe = sanitize_html (html, -1, NULL);
    gint64 ms = (gint64)(clock() - start) * 1000 / CLOCKS_PER_SEC;
    gint64 more_kb = peak_kb() - before_kb;
    g_test_message ("%s: %" G_GINT64_FORMAT " ms, %" G_GINT64_FORMAT " kB more, %zu to %zu bytes",
                    bombs[i].name, ms, more_kb, strlen (html), strlen (safehtml_get (safe)));
    g_assert_cmpstr (markup_fault (safehtml_get (safe)), ==, NULL);
    if (!is_slow_build && !g_test_slow()) {
        g_assert_cmpint (ms, <, 1000);
        g_assert_cmpint (more_kb, <, 64 * 1024);
    }
}

/* The same document always looks the same, also when it is refused. */
static void test_same_again (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (bombs); i += 5) {
        g_autofree char *html = bomb_new (i);
        g_autoptr (SafeHtml) one = sanitize_html (html, -1, NULL);
        g_autoptr (SafeHtml) two = sanitize_html (html, -1, NULL);
        g_assert_cmpstr (safehtml_get (one), ==, safehtml_get (two));
    }
}

static const struct {
    const char *name, *text, *markup;
} texts[] = {
    {"empty", "", ""},
    {"paragraphs", "a\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>\n"},
    {"escaped", "<b> & \"x\"", "<p>&lt;b&gt; &amp; &quot;x&quot;</p>\n"},
    {"crlf", "a\r\nb\r\n", "<p>a<br>\nb</p>\n"},
    {"quotes", "> a\n>> b\n> > c\nd",
     "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b<br>\nc</p>\n</blockquote>\n</blockquote>\n"
     "<p>d</p>\n"},
    {"blanks", "  a  b", "<p>&nbsp;&nbsp;a &nbsp;b</p>\n"},
    {"link", "See https://example.org/a_(b)?x=1&y=2.",
     "<p>See <a href=\"https://example.org/a_(b)?x=1&amp;y=2\" rel=\"noopener noreferrer "
     "nofollow\">https://example.org/a_(b)?x=1&amp;y=2</a>.</p>\n"},
    {"link-in-brackets", "(http://example.org) <www.example.org>",
     "<p>(<a href=\"http://example.org\" rel=\"noopener noreferrer "
     "nofollow\">http://example.org</a>)"
     " &lt;<a href=\"http://www.example.org\" rel=\"noopener noreferrer nofollow\">www.example.org"
     "</a>&gt;</p>\n"},
    {"address", "Ask anna@example.org, or x@y.",
     "<p>Ask <a href=\"mailto:anna@example.org\" rel=\"noopener noreferrer nofollow\">"
     "anna@example.org</a>, or x@y.</p>\n"},
    {"no-link", "javascript:alert(1) xhttp://a http:// www. @ a@ @b https://\"",
     "<p>javascript:alert(1) xhttp://a http:// www. @ a@ @b https://&quot;</p>\n"},
};

static void test_text (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    g_autoptr (SafeHtml) safe = sanitize_text (texts[i].text);
    g_assert_cmpstr (safehtml_get (safe), ==, texts[i].markup);
    g_assert_cmpstr (markup_fault (safehtml_get (safe)), ==, NULL);
}

/* Our own markup passes our own list. */
static void test_text_attacks (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++) {
        g_autofree char *text = g_strconcat ("> ", attacks[i], "\nhttps://", attacks[i], NULL);
        g_autoptr (SafeHtml) safe = sanitize_text (text);
        g_assert_cmpstr (markup_fault (safehtml_get (safe)), ==, NULL);
        g_autofree char *stripped = g_strstrip (g_strdup (safehtml_get (safe)));
        check_stable (stripped, text);
    }
}

static void test_text_bombs (void)
{
    static const char *const units[] = {">",  "<",    "https://",  "www.",
                                        "a@", "((((", "> \n>> \n", "a@b.c@",
                                        "\t", ".",    "http://a ", "mailto:"};
    for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
        GString *all = g_string_new (NULL);
        while (all->len < 1024 * 1024)
            g_string_append (all, units[i]);
        clock_t start = clock();
        g_autoptr (SafeHtml) safe = sanitize_text (all->str);
        gint64 ms = (gint64)(clock() - start) * 1000 / CLOCKS_PER_SEC;
        g_test_message ("%s: %" G_GINT64_FORMAT " ms", units[i], ms);
        g_string_free (all, TRUE);
        g_assert_cmpstr (markup_fault (safehtml_get (safe)), ==, NULL);
    }
}

#define ADD_TABLE(prefix, table, function)                                                         \
    for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {                                             \
        g_autofree char *path = g_strconcat (prefix, table[i].name, NULL);                         \
        g_test_add_data_func (path, GSIZE_TO_POINTER (i), function);                               \
    }

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    ADD_TABLE ("/message/sanitize/", cases, test_case)
    g_test_add_func ("/message/sanitize/attacks", test_attacks);
    g_test_add_func ("/message/sanitize/pairs-of-attacks", test_pairs);
    g_test_add_func ("/message/sanitize/judge", test_judge);
    g_test_add_func ("/message/sanitize/same-again", test_same_again);
    ADD_TABLE ("/message/sanitize/bomb/", bombs, test_bomb)
    ADD_TABLE ("/message/sanitize/text/", texts, test_text)
    g_test_add_func ("/message/sanitize/text-attacks", test_text_attacks);
    g_test_add_func ("/message/sanitize/text-bombs", test_text_bombs);
    return g_test_run();
}
