/* test_names.c - what a colleague is called: what they or an administrator set, else what they call
 * themselves, else what others call them. */
#include "people.h"
#include "posts.h"
#include "store_fixture.h"

#define ANNA "anna@example.test"

/* One thing that happens: a post, or a name that is set. */
typedef struct {
    const char *author, *author_name; /* NULL: the name of Anna is set to `to_name` */
    const char *to, *to_name;
    const char *anna; /* what Anna is called then */
} Step;

static gboolean apply_step (StoreTxn *txn, gpointer data, GError **error)
{
    const Step *step = data;
    PersonId id;
    if (step->author == NULL)
        return store_person_ensure (txn, ANNA, NULL, &id, error) &&
               store_person_set (txn, id, step->to_name, NULL, NULL, error);
    DraftReader reader = {step->to, step->to_name, POST_ROLE_TO, NULL, NULL};
    g_autofree char *text = g_strdup_printf ("From: %s\r\n\r\n%p\r\n", step->author, data);
    g_autofree char *identity = g_strdup_printf ("%016" G_GINTPTR_MODIFIER "x", (gintptr)data);
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    PostDraft draft = {
        .raw = raw,
        .author = step->author,
        .author_name = step->author_name,
        .envelope_sender = step->author,
        .subject = "A subject",
        .preview = "Hello",
        .identity = identity,
        .sent_ms = NOW,
        .received_ms = NOW,
        .readers = &reader,
        .reader_count = 1,
    };
    PostId post;
    gboolean is_new = FALSE;
    return store_post_add (txn, &draft, &post, &is_new, error);
}

static void run (const Step *steps, gsize count)
{
    g_autoptr (Fixture) fixture = fixture_new();
    for (gsize i = 0; i < count; i++) {
        g_autoptr (GError) error = NULL;
        g_assert_true (store_write (fixture->store, apply_step, (gpointer)&steps[i], &error));
        g_assert_no_error (error);
        g_autoptr (Person) anna = store_person_find (fixture->reader, ANNA, &error);
        g_assert_no_error (error);
        g_assert_cmpstr (anna->name, ==, steps[i].anna);
    }
}

static void test_own_name (void)
{
    static const Step steps[] = {
        {"bob@example.test", "Bob", ANNA, "", ""},
        {"bob@example.test", "Bob", ANNA, "The boss", "The boss"},
        {"bob@example.test", "Bob", ANNA, "Joker", "The boss"},
        {ANNA, "", "bob@example.test", "", "The boss"},
        {ANNA, "Anna de Vries", "bob@example.test", "", "Anna de Vries"},
        {"bob@example.test", "Bob", ANNA, "Joker", "Anna de Vries"},
        {ANNA, "Anna", "bob@example.test", "", "Anna de Vries"},
        {NULL, NULL, NULL, "Dr. A. de Vries", "Dr. A. de Vries"},
        {ANNA, "Anna de Vries", "bob@example.test", "", "Dr. A. de Vries"},
    };
    run (steps, G_N_ELEMENTS (steps));
}

static void test_set_before (void)
{
    static const Step steps[] = {
        {NULL, NULL, NULL, "Anna Smith", "Anna Smith"},
        {ANNA, "annie", "bob@example.test", "", "Anna Smith"},
    };
    run (steps, G_N_ELEMENTS (steps));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/names/own-name", test_own_name);
    g_test_add_func ("/store/names/set-before", test_set_before);
    return g_test_run();
}
