/* test_tpl.c - tpl.h: Mustache as its specification describes it, escapes by place, types. */
#include "tpl.h"
#include "time_limit.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "error.h"
#include "safehtml_make.h"
#include "tpl_template.h"

typedef struct {
    char *folder;
} Place;

typedef struct {
    const char *template, *want; /* want NULL: rendering fails */
} Case;

static void set_up (Place *place, gconstpointer data)
{
    (void)data;
    place->folder = g_dir_make_tmp ("tpl-XXXXXX", NULL);
}

static void remove_tree (const char *path)
{
    const char *name;
    GDir *dir = g_dir_open (path, 0, NULL);
    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *child = g_build_filename (path, name, NULL);
        remove_tree (child);
    }
    if (dir != NULL)
        g_dir_close (dir);
    g_assert_cmpint (g_remove (path), ==, 0);
}

static void tear_down (Place *place, gconstpointer data)
{
    (void)data;
    remove_tree (place->folder);
    g_free (place->folder);
}

static void put (Place *place, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename (place->folder, name, NULL);
    g_autofree char *folder = g_path_get_dirname (path);
    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Everything that the cases below speak of. */
static TplMap *data_new (void)
{
    TplMap *map = tpl_map_new(), *inner;
    tpl_text (map, "text", "a & \"b\" <c> 'd'");
    tpl_text (map, "lines", "one\r\ntwo\a");
    tpl_text (map, "empty", "");
    tpl_text (map, "absent", NULL);
    tpl_text (map, "bad", "x\xff");
    tpl_int (map, "seven", 7);
    tpl_int (map, "zero", 0);
    tpl_bool (map, "yes", TRUE);
    tpl_bool (map, "no", FALSE);
    tpl_html (map, "html", safehtml_make (g_strdup ("<b>bold</b>")));
    tpl_time (map, "time", G_GINT64_CONSTANT (1795269900123)); /* 2026-11-21 14:05 UTC */
    tpl_path (map, "path", "/p/812?a=1&b=2");
    tpl_url (map, "url", "https://example.org/x");
    tpl_url (map, "bad_url", "javascript:alert(1)");
    inner = tpl_add (map, "person");
    tpl_text (inner, "name", "Anna");
    tpl_text (tpl_add (inner, "team"), "name", "Sales");
    for (guint i = 1; i <= 3; i++) {
        inner = tpl_add (map, "list");
        tpl_int (inner, "n", i);
        if (i == 2)
            tpl_text (inner, "only", "two");
    }
    tpl_text (map, "words", "x");
    tpl_text (map, "words", "y");
    tpl_text (map, "word", "x");
    return map;
}

/* Renders each case as a file of its own, all in one set. */
static void check_cases (Place *place, const char *suffix, const Case *cases, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf ("en/case%u%s", i, suffix);
        put (place, name, cases[i].template);
    }
    g_autoptr (GError) error = NULL;
    g_autoptr (TplSet) set = tpl_set_load (place->folder, &error);
    g_assert_no_error (error);
    g_autoptr (TplMap) map = data_new();
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf ("case%u%s", i, suffix);
        g_autofree char *got = tpl_render (set, "en", name, map, &error);
        g_test_message ("%s", cases[i].template);
        if (cases[i].want == NULL) {
            g_assert_null (got);
            g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
            g_clear_error (&error);
            continue;
        }
        g_assert_no_error (error);
        g_assert_cmpstr (got, ==, cases[i].want);
    }
}

static void test_html (Place *place, gconstpointer data)
{
    (void)data;
    static const Case cases[] = {
        {"", ""},
        {"no tags", "no tags"},
        {"{{text}}", "a &amp; &quot;b&quot; &lt;c&gt; &#39;d&#39;"},
        {"{{ seven }}|{{zero}}|{{empty}}|{{absent}}|{{nothing}}|{{a.b.c}}", "7|0||||"},
        {"{{lines}}", "one\ntwo "},
        {"{{bad}}", "x\xef\xbf\xbd"},
        {"{{{html}}}{{&html}}{{{absent}}}", "<b>bold</b><b>bold</b>"},
        {"{{html}}", NULL},
        {"{{{text}}}", NULL},
        {"{{person}}", NULL},
        {"{{words}}", NULL},
        {"{{yes}}", NULL},
        {"<a href=\"{{path}}\">", "<a href=\"/p/812?a=1&amp;b=2\">"},
        {"<a href='{{url}}#c{{seven}}'>", "<a href='https://example.org/x#c7'>"},
        {"<a href=\"{{bad_url}}\">", "<a href=\"\">"},
        {"<a href=\"{{text}}\">", NULL},
        {"<a href=\"{{seven}}\">", NULL},
        {"<a href=\"/p/{{seven}}\">", "<a href=\"/p/7\">"},
        {"<a href=\"/p/{{text}}\">", NULL},
        {"<a href=\"/p/{{url}}\">", NULL},
        {"<p title=\"{{text}}\">", "<p title=\"a &amp; &quot;b&quot; &lt;c&gt; &#39;d&#39;\">"},
        {"<p title=\"{{html}}\">", NULL},
        {"<title>{{text}}</title>{{{html}}}",
         "<title>a &amp; &quot;b&quot; &lt;c&gt; &#39;d&#39;</title><b>bold</b>"},
        {"{{url}}", "https://example.org/x"},
        {"<input{{! not here }} type=\"x\">", "<input type=\"x\">"},
        {"<input {{#yes}}checked{{/yes}}>", "<input checked>"},
        {"<p class=\"a{{#yes}} b{{/yes}}{{#no}} c{{/no}}\">", "<p class=\"a b\">"},
        {"<script>var a = '<b>';</script>{{seven}}", "<script>var a = '<b>';</script>7"},
        {"<!-- <a href={{! }}x --> {{seven}}", "<!-- <a href=x --> 7"},
        {"<!doctype html>{{seven}}", "<!doctype html>7"},
        {"<br/><img alt=\"\" src='{{url}}'/>", "<br/><img alt=\"\" src='https://example.org/x'/>"},
    };
    check_cases (place, ".html", cases, G_N_ELEMENTS (cases));
}

static void test_text (Place *place, gconstpointer data)
{
    (void)data;
    static const Case cases[] = {
        {"{{text}} {{url}}", "a & \"b\" <c> 'd' https://example.org/x"},
        {"a < b {{seven}}", "a < b 7"},
        {"{{time}} {{time.date}} {{time.iso}}",
         "21 Nov 2026, 14:05 21 Nov 2026 2026-11-21T14:05:00+00:00"},
        {"{{time.nonsense}}", ""},
        {"{{html}}", NULL},
    };
    check_cases (place, ".txt", cases, G_N_ELEMENTS (cases));
}

static void test_sections (Place *place, gconstpointer data)
{
    (void)data;
    static const Case cases[] = {
        {"{{#yes}}a{{/yes}}{{#no}}b{{/no}}{{^no}}c{{/no}}{{^yes}}d{{/yes}}", "ac"},
        {"{{#empty}}a{{/empty}}{{^empty}}b{{/empty}}", "b"},
        {"{{#nothing}}a{{/nothing}}{{^nothing}}b{{/nothing}}", "b"},
        {"{{#zero}}a{{/zero}}{{#seven}}{{.}}{{/seven}}", "7"},
        {"{{#html}}a{{/html}}{{#time}}b{{/time}}{{#url}}c{{/url}}", "abc"},
        {"{{#word}}<{{.}}>{{/word}}", "<x>"},
        {"{{#words}}<{{.}}>{{/words}}", "<x><y>"},
        {"{{#list}}{{n}}{{/list}}", "123"},
        {"{{#list}}{{n}}{{^-last}}, {{/-last}}{{/list}}", "1, 2, 3"},
        {"{{#list}}{{#-first}}!{{/-first}}{{n}}{{/list}}", "!123"},
        {"{{#word}}{{.}}{{^-last}}, {{/-last}}{{/word}}", "x"},
        {"{{#list}}{{only}}{{/list}}", "two"},
        {"{{#list}}{{seven}}{{/list}}", "777"},
        {"{{#person}}{{name}}{{/person}}", "Anna"},
        {"{{person.name}} {{person.team.name}}", "Anna Sales"},
        {"{{#person.team}}{{name}}{{/person.team}}", "Sales"},
        {"{{#person}}{{#team}}{{name}} {{seven}}{{/team}}{{/person}}", "Sales 7"},
        /* a dotted name is looked up outwards by its first part only */
        {"{{#person}}{{team.n}}{{person.name}}{{/person}}", "Anna"},
        {"{{list.n}}", ""},
        {"{{#a}}{{#b}}x{{/b}}{{/a}}", ""},
        {"{{^list}}x{{/list}}", ""},
    };
    check_cases (place, ".txt", cases, G_N_ELEMENTS (cases));
}

static void test_white_space (Place *place, gconstpointer data)
{
    (void)data;
    static const Case cases[] = {
        {"| {{seven}} |", "| 7 |"},
        {"  {{seven}}\n", "  7\n"},
        {"a\n{{#yes}}\nb\n{{/yes}}\nc", "a\nb\nc"},
        {"a\n  {{#yes}}  \nb\n\t{{/yes}}\nc\n", "a\nb\nc\n"},
        {"a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", "a\r\nb\r\nc"},
        {"{{#yes}}\nb\n{{/yes}}", "b\n"},
        {"a {{#yes}}\nb{{/yes}}\n", "a \nb\n"},
        {"{{#yes}} {{/yes}}\n", " \n"},
        {"{{#yes}}{{#yes}}\nb\n{{/yes}}{{/yes}}\n", "\nb\n\n"},
        {"a\n{{! a comment\nof two lines }}\nb", "a\nb"},
        {"a {{! in the line }} b", "a  b"},
        {"  {{! first }}\nb", "b"},
        {"{{#list}}\n- {{n}}\n{{/list}}\n", "- 1\n- 2\n- 3\n"},
        {"{{=<% %>=}}\n<%seven%> {{seven}} <%={{ }}=%>{{seven}}", "7 {{seven}} 7"},
        {"{{=| |=}}|#yes|a|/yes|", "a"},
        {"{ {{seven}} }", "{ 7 }"},
    };
    check_cases (place, ".txt", cases, G_N_ELEMENTS (cases));
}

static void test_partials (Place *place, gconstpointer data)
{
    (void)data;
    static const Case cases[] = {
        {"[{{> simple}}]", "[<7>]"},
        {"[{{> simple.txt}}]", "[<7>]"},
        {"{{#list}}{{> entry}}{{/list}}", "1;2;3;"},
        {"a\n {{> block}}\nb\n", "a\n |\n one\ntwo \n\n |\nb\n"},
        {"  {{> outer}}\n", "  (\n    |\n    one\ntwo \n\n    |\n  )\n"},
        {"a {{> block}}\n", "a |\none\ntwo \n\n|\n\n"},
        {"  {{> sections}}", "  1\n  2\n  3\n"},
        {"{{> endless}}", NULL},
    };
    put (place, "en/simple.txt", "<{{seven}}>");
    put (place, "en/entry.txt", "{{n}};");
    put (place, "en/block.txt", "|\n{{lines}}\n\n|\n");
    put (place, "en/outer.txt", "(\n  {{> block}}\n)\n");
    put (place, "en/sections.txt", "{{#list}}\n{{n}}\n{{/list}}\n");
    put (place, "en/endless.txt", "x{{> endless}}");
    check_cases (place, ".txt", cases, G_N_ELEMENTS (cases));
}

static void test_languages (Place *place, gconstpointer data)
{
    (void)data;
    put (place, "en/x.txt", "{{> hello}} {{time}}");
    put (place, "en/hello.txt", "hello");
    put (place, "nl/hello.txt", "hallo");
    put (place, "en/en_only.txt", "english");
    g_autoptr (GError) error = NULL;
    g_autoptr (TplSet) set = tpl_set_load (place->folder, &error);
    g_assert_no_error (error);
    g_autoptr (TplMap) map = data_new();
    tpl_text (map, "tpl_time_zone", "Europe/Amsterdam");
    static const char *const cases[][3] = {
        {"en", "x.txt", "hello 21 Nov 2026, 15:05"},
        {"nl", "x.txt", "hallo 21 nov 2026, 15:05"},
        {"nl-BE", "x.txt", "hallo 21 nov 2026, 15:05"},
        {"de", "x.txt", "hello 21 Nov 2026, 15:05"},
        {"", "en_only.txt", "english"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *got = tpl_render (set, cases[i][0], cases[i][1], map, &error);
        g_assert_no_error (error);
        g_assert_cmpstr (got, ==, cases[i][2]);
    }
    g_assert_null (tpl_render (set, "en", "none.txt", map, &error));
    g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
}

/* What does not load, and what the message says. */
static void test_mistakes (void)
{
    static const char *const cases[][2] = {
        {"a\n{{#x}}", "t:2: {{#x}} of line 2 is never closed"},
        {"\n{{#x}}\n\n{{/y}}", "t:4: {{/y}} closes {{#x}} of line 2"},
        {"{{/x}}", "t:1: {{/x}} closes what is not open"},
        {"\n\n  {{x", "t:3: a tag is opened here and never closed"},
        {"{{{x}}", "t:1: a tag is opened here and never closed"},
        {"{{}}", "no name"},
        {"{{a b}}", "no name"},
        {"{{a<b}}", "no name"},
        {"{{=x=}}", "delimiters"},
        {"{{=a b c=}}", "delimiters"},
        {"<a href={{x}}>", "needs quotes"},
        {"<a href=x{{x}}>", "needs quotes"},
        {"<a {{x}}>", "middle of a tag"},
        {"<{{x}}>", "middle of a tag"},
        {"<a{{x}}>", "middle of a tag"},
        {"<a on{{x}}=\"\">", "middle of a tag"},
        {"<a onclick=\"{{x}}\">", "this attribute"},
        {"<a OnClick='f({{x}})'>", "this attribute"},
        {"<p style=\"{{x}}\">", "this attribute"},
        {"<img srcset=\"{{x}}\">", "this attribute"},
        {"<script>{{x}}</script>", "script or style"},
        {"<style>p { {{x}} }</style>", "script or style"},
        {"<script>{{#x}}{{/x}}</script>", "no section"},
        {"<!-- {{x}} -->", "comment"},
        {"<p title=\"{{{x}}}\">", "between tags"},
        {"<title>{{{x}}}</title>", "between tags"},
        {"<p {{> x}}>", "between tags"},
        {"<a href=\"{{#x}}/{{/x}}\">", "no section"},
        {"{{#x}}<p {{/x}}>", "must close"},
        {"{{#x}}<p title=\"{{/x}}\">", "must close"},
        {"<p title=\"{{#x}}\">{{/x}}", "must close"},
        {"<scr{{#x}}ipt{{/x}}>", "no section"},
        {"<a {{#x}}on{{/x}}click=\"y\">", "white space is missing"},
        {"<a {{#x}}href{{/x}}=\"{{y}}\">", "white space is missing"},
        {"<a {{#x}}b {{/x}}=\"{{y}}\">", "no name"},
        {"<a {{#x}}click=\"{{y}}\" on{{/x}}>", "white space is missing before"},
        {"<p", "middle of a tag"},
        {"<script>", "middle of a tag"},
        {"a < b", "&lt;"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (Template) template =
            template_parse ("en/t.html", "t", cases[i][0], strlen (cases[i][0]), &error);
        g_test_message ("%s", cases[i][0]);
        g_assert_null (template);
        g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
        g_test_message ("%s", error->message);
        g_assert_nonnull (strstr (error->message, cases[i][1]));
    }
    g_autoptr (GError) error = NULL;
    g_assert_null (template_parse ("en/t.txt", "t", "{{{x}}}", 7, &error));
    g_assert_nonnull (strstr (error->message, "plain text"));
    g_assert_null (template_parse ("en/t.txt", "t", "a\0b", 3, NULL));
    g_assert_null (template_parse ("en/t.txt", "t", "\xff", 1, NULL));
}

static void test_set_mistakes (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (GError) error = NULL;
    put (place, "en/x.html", "\n{{> gone}}");
    g_assert_null (tpl_set_load (place->folder, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_assert_nonnull (strstr (error->message, "en/x.html:2: there is no partial gone.html"));
    g_clear_error (&error);
    put (place, "en/x.html", "\n\n{{#a}}");
    g_assert_null (tpl_set_load (place->folder, &error));
    g_assert_nonnull (strstr (error->message, "en/x.html:3:"));
    g_clear_error (&error);
    g_assert_null (tpl_set_load ("/nonexistent/templates", &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
}

/* (I1) of tpl_data.c. */
static void test_urls (Place *place, gconstpointer data)
{
    (void)data;
    static const char *const refused[] = {
        "javascript:x",
        "JavaScript:x",
        " javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "//example.org",
        "",
        "relative",
        "http:/x",
        "https://a b",
        "http://a\"b",
        "http://a\nb",
        "http://\xff",
        "ftp://x",
    };
    static const char *const taken[] = {"http://x", "HTTPS://x/y?z#w", "mailto:a@example.org"};
    put (place, "en/u.txt", "{{u}}{{^u}}absent{{/u}}");
    g_autoptr (TplSet) set = tpl_set_load (place->folder, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (refused) + G_N_ELEMENTS (taken); i++) {
        gboolean bad = i < G_N_ELEMENTS (refused);
        const char *url = bad ? refused[i] : taken[i - G_N_ELEMENTS (refused)];
        g_autoptr (TplMap) map = tpl_map_new();
        tpl_url (map, "u", url);
        g_autofree char *got = tpl_render (set, "en", "u.txt", map, NULL);
        g_assert_cmpstr (got, ==, bad ? "absent" : url);
    }
    static const char *const bad_paths[] = {"//evil.example", "/\\evil",     "evil", "",
                                            "/a b",           "javascript:x"};
    for (guint i = 0; i < G_N_ELEMENTS (bad_paths); i++) {
        g_autoptr (TplMap) map = tpl_map_new();
        tpl_path (map, "u", bad_paths[i]);
        g_autofree char *got = tpl_render (set, "en", "u.txt", map, NULL);
        g_assert_cmpstr (got, ==, "absent");
    }
}

static void test_builtin (void)
{
    const char *type = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (TplSet) set = tpl_set_load (NULL, &error);
    g_assert_no_error (error);
    g_assert_nonnull (set);
    g_autoptr (GBytes) style = tpl_static ("style.css", &type);
    g_assert_nonnull (style);
    g_assert_cmpstr (type, ==, "text/css; charset=utf-8");
    g_assert_null (tpl_static ("none.css", &type));
    g_assert_null (tpl_static ("../templates/en/x.html", &type));
    g_assert_null (tpl_static ("", &type));
}

/* Every name that a template shows or asks for. */
static GHashTable *names_of (const Template *template)
{
    GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);
    for (guint i = 0; i < template->nodes->len; i++) {
        const TplNode *node = &g_array_index (template->nodes, TplNode, i);
        if (node->kind >= NODE_VALUE && node->kind <= NODE_INVERTED)
            g_hash_table_add (names, (gpointer)node->text);
    }
    return names;
}

static void check_translation (const TplSet *set, const char *language, const char *file)
{
    const Template *ours = tpl_set_find (set, language, file);
    const Template *english = tpl_set_find (set, "en", file);
    g_autoptr (GHashTable) left = names_of (ours), right = names_of (english);
    g_test_message ("%s", ours->name);
    GHashTableIter iter;
    gpointer name;
    for (guint round = 0; round < 2; round++) {
        g_hash_table_iter_init (&iter, round == 0 ? left : right);
        while (g_hash_table_iter_next (&iter, &name, NULL))
            if (!g_hash_table_contains (round == 0 ? right : left, name)) {
                g_test_message ("{{%s}} is in one of %s and %s only", (char *)name, ours->name,
                                english->name);
                g_test_fail();
            }
    }
}

/* A translation that forgets a value, or asks for one that is never filled, is found here. */
static void test_translations (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (TplSet) set = tpl_set_load (NULL, &error);
    g_assert_no_error (error);
    g_auto (GStrv) languages = g_resources_enumerate_children ("/carbonless/templates", 0, NULL);
    for (guint i = 0; languages != NULL && languages[i] != NULL; i++) {
        g_autofree char *folder = g_strconcat ("/carbonless/templates/", languages[i], NULL);
        g_auto (GStrv) files = g_resources_enumerate_children (folder, 0, NULL);
        g_strdelimit (languages[i], "/", '\0');
        for (guint j = 0; files != NULL && files[j] != NULL; j++)
            if (tpl_set_find (set, languages[i], files[j]) != NULL)
                check_translation (set, languages[i], files[j]);
    }
}

/* Twice the entries cost about twice the time: rendering is linear. */
static void test_linear (Place *place, gconstpointer data)
{
    (void)data;
    put (place, "en/big.html", "{{#e}}<a href=\"{{p}}\">{{t}}</a>\n{{/e}}");
    g_autoptr (TplSet) set = tpl_set_load (place->folder, NULL);
    gint64 spent_us[2];
    for (guint round = 0; round < 2; round++) {
        g_autoptr (TplMap) map = tpl_map_new();
        for (guint i = 0; i < 20000u << round; i++) {
            TplMap *entry = tpl_add (map, "e");
            tpl_path (entry, "p", "/p/1");
            tpl_text (entry, "t", "a < b & c");
        }
        gint64 start_us = cpu_us();
        g_autofree char *got = tpl_render (set, "en", "big.html", map, NULL);
        spent_us[round] = cpu_us() - start_us;
        g_assert_cmpuint (strlen (got), ==,
                          (20000u << round) * strlen ("<a href=\"/p/1\">a &lt; b &amp; c</a>\n"));
    }
    g_test_message ("20000 entries %d us, 40000 entries %d us", (int)spent_us[0], (int)spent_us[1]);
    g_assert_cmpint (spent_us[1], <, spent_us[0] * 8 + 50000);
}

#define PLACE_TEST(path, test) g_test_add ("/base/tpl/" path, Place, NULL, set_up, test, tear_down)

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    PLACE_TEST ("html-is-escaped-by-place", test_html);
    PLACE_TEST ("plain-text", test_text);
    PLACE_TEST ("sections", test_sections);
    PLACE_TEST ("white-space-and-delimiters", test_white_space);
    PLACE_TEST ("partials", test_partials);
    PLACE_TEST ("languages-and-zones", test_languages);
    g_test_add_func ("/base/tpl/mistakes-are-told-with-their-line", test_mistakes);
    PLACE_TEST ("set-with-mistakes-does-not-load", test_set_mistakes);
    PLACE_TEST ("urls-that-run-code-are-absent", test_urls);
    g_test_add_func ("/base/tpl/builtin", test_builtin);
    g_test_add_func ("/base/tpl/translations-name-the-same-values", test_translations);
    PLACE_TEST ("linear", test_linear);
    return g_test_run();
}
