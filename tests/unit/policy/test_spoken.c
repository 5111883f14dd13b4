/* Who is spoken to, and which topics are named, in a text. */
#include "names.h"
#include "spoken.h"
#include "topics.h"
#include "policy_test.h"

static const char *const people[][2] = {
    {"anna", "Anna de Vries"},   {"bob", "Bob Smit"},       {"c.jansen", "Jansen, Carl (IT)"},
    {"will", "Will Peters"},     {"jürgen", "Jürgen Groß"}, {"iris.a", "Iris Appel"},
    {"iris.b", "Iris Berg"},     {"mark.de.wit", NULL},     {"mary-ann", "Mary-Ann O'Neil"},
    {"all.hands", "Hands Ahoy"},
};

typedef struct {
    const char *title, *text, *found;
} SpokenCase;

static const SpokenCase mentions[] = {
    {"local-part", "ask @bob about it", "bob"},
    {"at-the-start", "@anna please", "anna"},
    {"local-part-with-points", "see @c.jansen.", "c.jansen"},
    {"first-name", "@Carl, look", "c.jansen"},
    {"whole-name", "@Anna de Vries: look", "anna"},
    {"whole-name-with-dash", "@Mary-Ann O'Neil", "mary-ann"},
    {"diacritics", "@JURGEN!", "jürgen"},
    {"several", "@bob and (@anna), @bob", "bob anna bob"},
    {"ambiguous", "@iris", ""},
    {"ambiguous-but-whole", "@Iris Berg", "iris.b"},
    {"nobody", "@everyone here", ""},
    {"an-address", "mail bob@anna.test or x.@bob", ""},
    {"with-domain", "@bob@example.test", "bob"},
    {"alone", "meet @ noon @", ""},
    {"no-mention", "nothing here", ""},
};

static const SpokenCase greetings[] = {
    {"hi", "Hi Anna,\n\ntext", "anna"},
    {"two", "Hi Anna and Bob,", "anna bob"},
    {"list", "Hello Anna, Bob & Carl", "anna bob c.jansen"},
    {"slash", "Hoi Anna/Bob", "anna bob"},
    {"dutch", "Beste Bob en Anna,", "bob anna"},
    {"dutch-formal", "Geachte mevrouw de Vries", ""},
    {"dutch-formal-first-name", "Beste heer Bob Smit,", "bob"},
    {"german", "Sehr geehrter Herr Jürgen Groß", "jürgen"},
    {"french", "Bonjour Anna", "anna"},
    {"title-with-point", "Dear Dr. Anna de Vries,", "anna"},
    {"good-morning", "Good morning, Bob!", "bob"},
    {"title-for-a-last-name-only", "Dear Mr. Smit,", ""},
    {"name-alone", "Anna,\ncould you look?", "anna"},
    {"name-and-dash", "Bob - see below", "bob"},
    {"name-and-long-dash", "Bob — see below", "bob"},
    {"name-and-short-dash", "Bob – see below", "bob"},
    {"name-on-a-line", "Bob\nsee below", "bob"},
    {"names-without-greeting", "Anna, Bob: see below", "anna bob"},
    {"no-greeting-but-a-sentence", "Will you come? Bob is there", ""},
    {"no-greeting-but-two", "Anna and Bob are ill", ""},
    {"greeting-goes-on", "Hi Anna, can Bob look?", "anna"},
    {"greeting-without-comma", "Hi Bob can you look", "bob"},
    {"second-line", "Hi,\n\nBob: please look", "bob"},
    {"fourth-line-is-late", "one\ntwo\nthree\nBob: look", ""},
    {"all", "Hi all,", ""},
    {"only-greeting", "Good good good good good Bob", ""},
    {"first-name-of-local-part", "Hi Mark,", "mark.de.wit"},
    {"ambiguous", "Hi Iris,", ""},
    {"connector-at-the-end", "Hi Bob and", "bob"},
    {"empty", "\n\n\n", ""},
    {"blanks", "   Hi   Bob  ,", "bob"},
    {"punctuation", "...", ""},
};

static void on_found (const char *address, gpointer data)
{
    g_autofree char *local = g_strndup (address, strcspn (address, "@"));
    GString *out = data;
    g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", local);
}

static Names *people_names (GStringChunk *strings)
{
    Names *names = names_new();
    for (guint i = 0; i < G_N_ELEMENTS (people); i++) {
        g_autofree char *address = g_strconcat (people[i][0], "@example.test", NULL);
        names_add (names, g_string_chunk_insert (strings, address), people[i][1]);
    }
    return names;
}

static void assert_spoken (const SpokenCase *want,
                           void (*search) (const char *, const Names *, SpokenFound, gpointer))
{
    g_autoptr (GStringChunk) strings = g_string_chunk_new (128);
    g_autoptr (Names) names = people_names (strings);
    g_autoptr (GString) found = g_string_new ("");
    search (want->text, names, on_found, found);
    g_assert_cmpstr (found->str, ==, want->found);
}

static void test_mentioned (gconstpointer data)
{
    assert_spoken (data, spoken_mentioned);
}

static void test_greeted (gconstpointer data)
{
    assert_spoken (data, spoken_greeted);
}

/* A line without end is looked at for a while, and cut between characters. */
static void test_long_lines (void)
{
    g_autoptr (GString) text = g_string_new ("Hi Bob and ");
    for (guint i = 0; i < 100000; i++)
        g_string_append (text, "\xc3\xab");
    SpokenCase greeted = {"", text->str, "bob"};
    assert_spoken (&greeted, spoken_greeted);
    g_autoptr (GString) many = g_string_new ("");
    g_autoptr (GString) want = g_string_new ("");
    for (guint i = 0; i < 60; i++) {
        g_string_append (many, "bob,");
        g_string_append_printf (want, "%sbob", i > 0 && i < 50 ? " " : "");
    }
    g_string_truncate (want, 50 * 4 - 1);
    SpokenCase names = {"", many->str, want->str};
    assert_spoken (&names, spoken_greeted);
}

/* More marks than any person writes are not all looked at. */
static void test_many_mentions (void)
{
    g_autoptr (GStringChunk) strings = g_string_chunk_new (128);
    g_autoptr (Names) names = people_names (strings);
    g_autoptr (GString) text = g_string_new ("");
    for (guint i = 0; i < 3000; i++)
        g_string_append (text, " @x");
    g_string_append (text, " @bob");
    g_autoptr (GString) found = g_string_new ("");
    spoken_mentioned (text->str, names, on_found, found);
    g_assert_cmpstr (found->str, ==, "");
}

/* ------------------------------------------------------------------ topics */

typedef struct {
    const char *title, *subject, *text, *topics;
} TopicCase;

static const TopicCase topics[] = {
    {"tag", "[Acme] offer", "", "acme"},
    {"tags-anywhere", "Re: [acme] and [beta]", "", "acme beta"},
    {"tag-once", "[acme] [ACME] #acme", "#Acme", "acme"},
    {"tag-with-signs", "[acme-2.0_x]", "", "acme-2.0_x"},
    {"no-words", "[EXTERNAL SENDER] [PATCH 2/5] [12345] [] [acme", "", ""},
    {"tag-ends-with-a-point", "[acme.]", "", ""},
    {"except", "[mail] [Private] [ok]", "", "ok"},
    {"hashtag", "the #offer", "and #Delivery.", "offer delivery"},
    {"hashtag-in-brackets", "(#offer) [#beta],#gamma;#delta", "", "offer beta gamma delta"},
    {"no-hashtag", "a#b issue #12 C# # ##x", "x##y", ""},
    {"programs", "", "#include <x>\n#define Y\n#if 0\n color: #fff #a1b2c3 #fab #fabrik",
     "fab fabrik"},
    {"unicode", "#Ärger", "#café", "ärger café"},
    {"too-long", "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]", "", ""},
    {"too-many", "", "#a1x #b1x #c1x #d1x #e1x #f1x #g1x #h1x #i1x #j1x #k1x",
     "a1x b1x c1x d1x e1x f1x g1x h1x i1x j1x"},
};

static void test_topics (gconstpointer data)
{
    const TopicCase *want = data;
    static const char *const except[] = {"[mail]", "[private]", NULL};
    g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
    topics_add_subject (list, want->subject, except);
    topics_add_text (list, want->text);
    g_autofree char *joined = join_texts (list);
    g_assert_cmpstr (joined, ==, want->topics);
}

static void test_other_topics (void)
{
    g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
    topics_add_rule (list, " #Acme ");
    topics_add_rule (list, "New Products");
    topics_add_rule (list, "");
    topics_add_own (list, "Beta@posts.example.test");
    topics_add_own (list, "gamma+x@posts.example.test");
    topics_add_own (list, "reply+abcdef@posts.example.test");
    topics_add_own (list, "new@posts.example.test");
    topics_add_own (list, "12@posts.example.test");
    g_autofree char *joined = join_texts (list);
    g_assert_cmpstr (joined, ==, "acme new products beta gamma");
}

/* Only the beginning of a long text is looked at. */
static void test_long_text (void)
{
    g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GString) text = g_string_new ("#early ");
    for (guint i = 0; i < 70000; i++)
        g_string_append_c (text, 'x');
    g_string_append (text, " #late");
    topics_add_text (list, text->str);
    g_autofree char *joined = join_texts (list);
    g_assert_cmpstr (joined, ==, "early");
}

#define ADD_CASES(path, list, test)                                                                \
    for (guint i = 0; i < G_N_ELEMENTS (list); i++) {                                              \
        g_autofree char *name = g_strconcat (path, (list)[i].title, NULL);                         \
        g_test_add_data_func (name, &(list)[i], test);                                             \
    }

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    ADD_CASES ("/policy/spoken/mentioned/", mentions, test_mentioned)
    ADD_CASES ("/policy/spoken/greeted/", greetings, test_greeted)
    ADD_CASES ("/policy/topics/", topics, test_topics)
    g_test_add_func ("/policy/spoken/long-lines", test_long_lines);
    g_test_add_func ("/policy/spoken/many-mentions", test_many_mentions);
    g_test_add_func ("/policy/topics/of-rules-and-addresses", test_other_topics);
    g_test_add_func ("/policy/topics/long-text", test_long_text);
    return g_test_run();
}
