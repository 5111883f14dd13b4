/* test_totext.c - what a reader gets from HTML-only mail, and that no document is too much. */
#include "sanitize.h"

#include <string.h>
#include <time.h>

static const struct {
    const char *name, *html, *text;
} cases[] = {
    {"empty", "", ""},
    {"only-markup", "<html><head><title>x</title></head><body><div></div></body></html>", ""},
    {"plain-words", "Hello  \n world", "Hello world\n"},
    {"paragraphs", "<p>One</p><p>Two</p>", "One\n\nTwo\n"},
    {"lines", "<div>One</div><div>Two<br>Three</div>", "One\nTwo\nThree\n"},
    {"empty-line-of-webmail", "<div>a</div><div><br></div><div>b</div>", "a\n\nb\n"},
    {"outlook-paragraphs",
     "<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
     "<p class=MsoNormal>b</p>",
     "a\n\nb\n"},
    {"margin-taken-away", "<p style='margin:0'>a</p><p style='margin: 0cm 0cm 8pt'>b</p><p>c</p>",
     "a\n\nb\n\nc\n"},
    {"entities", "Fish &amp; chips &lt;b&gt; &euro;5 &#x263A;", "Fish & chips <b> €5 ☺\n"},
    {"list", "<ul><li>one<li>two<ul><li>inner</ul></ul>end", "- one\n- two\n  - inner\n\nend\n"},
    {"empty-items", "<ul><li></li><li><ul><li></ul></li><li>a</ul>b", "- a\n\nb\n"},
    {"numbered", "<ol start=3><li>c</li><li>d<br>e</li></ol>", "3. c\n4. d\n   e\n"},
    {"quote", "a<blockquote>b<blockquote>c</blockquote></blockquote>d",
     "a\n\n> b\n>\n> > c\n\nd\n"},
    {"link-that-differs", "<a href='https://example.org/x'>the plan</a>.",
     "the plan <https://example.org/x>.\n"},
    {"link-that-says-it",
     "<a href='https://example.org/'>example.org</a> "
     "<a href='mailto:a@example.org'>a@example.org</a>",
     "example.org a@example.org\n"},
    {"address-in-brackets",
     "Anna &lt;<a href='mailto:a@example.org'>a@example.org</a>&gt; "
     "<a href='mailto:b@example.org'>&lt;b@example.org&gt;</a>",
     "Anna <a@example.org> <b@example.org>\n"},
    {"link-in-a-quote",
     "<blockquote><a href='http://example.org'>http://example.org</a></blockquote>",
     "> http://example.org\n"},
    {"link-without-text", "<a href='https://example.org/t'><img src=x width=1></a>y", "y\n"},
    {"script-link", "<a href='javascript:alert(1)'>x</a>", "x\n"},
    {"table-by-row", "<table><tr><th>Item<th>Price<tr><td>Tea<td>2</table>",
     "Item\tPrice\nTea\t2\n"},
    {"table-of-paragraphs",
     "<table><tr><td><p>Item</p></td><td><p>Price</p></td></tr><tr><td><p>Tea</p></td><td>"
     "<p>2</p></td></tr></table>",
     "Item\tPrice\nTea\t2\n"},
    {"layout-table", "<table><tr><td><p>a</p><p>b</p></td></tr><tr><td>c</td></tr></table>",
     "a\n\nb\n\nc\n"},
    {"pre", "<pre>\nint  a;\n\n  b</pre>c", "int  a;\n\n  b\n\nc\n"},
    {"pre-by-style", "<div style='white-space: pre-wrap'>a  b\nc</div>", "a  b\nc\n"},
    {"image", "<img src='cid:1' alt='Our logo'><img src='https://t.example/p.gif' alt=''>",
     "[Our logo]\n"},
    {"rule", "a<hr>b", "a\n________________________________\nb\n"},
    {"scripts-and-styles", "<style>p{}</style>a<script>b</script><svg><text>c</text></svg>", "a\n"},
    {"hidden", "<div style='display:none'>preview</div><p hidden>h</p>a", "a\n"},
    {"office-comments", "<!--[if mso]><p>x</p><![endif]--><![if !mso]>a<![endif]>", "a\n"},
    {"bad-utf8",
     "a\xff"
     "b",
     "a\xef\xbf\xbd"
     "b\n"},
    {"cut-short", "<p>a<b>b<a href='x", "ab\n"},
};

static void test_case (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    g_autofree char *text = html_to_text (cases[i].html, -1);
    g_assert_cmpstr (text, ==, cases[i].text);
}

/* A '#' in the unit becomes a number. */
static char *repeat (const char *unit, guint times, gsize *ret_len)
{
    GString *all = g_string_new (NULL);
    for (guint i = 0; i < times; i++)
        for (const char *at = unit; *at != '\0'; at++) {
            if (*at == '#')
                g_string_append_printf (all, "%u", i);
            else
                g_string_append_c (all, *at);
        }
    *ret_len = all->len;
    return g_string_free (all, FALSE);
}

static const struct {
    const char *name, *unit;
    guint times;
} bombs[] = {
    {"divs", "<div>#", 50000},
    {"fonts", "<font size=#>", 10000},
    {"fonts-in-paragraphs", "<p><font size=#>x", 10000},
    {"less-than", "<<<<<<<<<<", 500000},
    {"entities", "&lt;&#;&", 200000},
    {"tables", "<table><tr><td>#", 20000},
    {"tables-fostering", "<table><div>#", 20000},
    {"hidden-nesting", "<div><marquee></div></marquee>#", 20000},
    {"anchors", "<a href=#><p>", 20000},
    {"body-attributes", "<body a#=1>x", 40000},
    {"open-quotes", "<a href=\"#>", 60000},
    {"open-tags", "<a #", 200000},
    {"comments", "<!-- #", 200000},
    {"lists", "<ul><li>#", 30000},
    {"quotes", "<blockquote>#<br>", 50000},
    {"buttons", "<button><p>#", 30000},
    {"svg", "<svg><desc>#", 30000},
    {"paragraphs", "<p>#", 100000},
    {"bold-ends", "<b><p></b>#", 50000},
    {"template", "<template><td>#", 30000},
    {"select", "<select><option>#", 30000},
    {"frames", "<frameset><frame>#", 30000},
};

static void test_bomb (gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE (data);
    gsize len = 0;
    g_autofree char *html = repeat (bombs[i].unit, bombs[i].times, &len);
    gint64 start = g_get_monotonic_time();
    g_autofree char *text = html_to_text (html, (gssize)len);
    g_test_message ("%s: %" G_GINT64_FORMAT " ms", bombs[i].name,
                    (g_get_monotonic_time() - start) / 1000);
    g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void test_attribute_bomb (void)
{
    gsize len = 0;
    g_autofree char *attributes = repeat (" a#=1", 20000, &len);
    g_autofree char *html = g_strconcat ("<p", attributes, ">text</p>", NULL);
    g_autofree char *text = html_to_text (html, -1);
    g_assert_cmpstr (text, ==, "text\n");
}

static void test_pictures_do_not_count (void)
{
    gsize len = 0;
    g_autofree char *picture = repeat ("iVBORw0KGgo", 200000, &len);
    g_autofree char *html =
        g_strconcat ("<ul><li>a<img src='data:image/png;base64,", picture, "'><li>b</ul>", NULL);
    g_autofree char *text = html_to_text (html, -1);
    g_assert_cmpstr (text, ==, "- a\n- b\n");
}

/* Past the budget the words are still all there. */
static void test_fallback (void)
{
    gsize len = 0;
    g_autofree char *deep = repeat ("<div><!-- no --><i title='>'>#</i>", 1000, &len);
    g_autofree char *html =
        g_strconcat ("<style>no</style>a &amp; b<p>c&nbsp;&#100;</p>", deep, NULL);
    g_autofree char *text = html_to_text (html, -1);
    g_assert_true (g_str_has_prefix (text, "a & b\nc d\n0\n1\n2\n"));
    g_assert_true (g_str_has_suffix (text, "\n999\n"));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strconcat ("/message/totext/", cases[i].name, NULL);
        g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (bombs); i++) {
        g_autofree char *path = g_strconcat ("/message/totext/bomb/", bombs[i].name, NULL);
        g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_bomb);
    }
    g_test_add_func ("/message/totext/bomb/attributes", test_attribute_bomb);
    g_test_add_func ("/message/totext/pictures-do-not-count", test_pictures_do_not_count);
    g_test_add_func ("/message/totext/fallback-keeps-the-words", test_fallback);
    return g_test_run();
}
