/* test_store.c - posts, people, search, facts, small values and backup, as callers see them. */
#include "error.h"
#include "store_fixture.h"

static void test_post_comes_back (void)
{
    static const char *const topics[] = {"acme", "budget", NULL};
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    Mail mail = {.id = "one@example.test",
                 .author = "anna@example.test",
                 .to = "ben@example.test",
                 .topics = topics,
                 .sent_ms = NOW - 5};
    PostId id = fixture_add (fixture, &mail);
    g_autoptr (Post) post = store_post_get (fixture->reader, id, ADMIN, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (post->message_id, ==, "one@example.test");
    g_assert_cmpstr (post->author_address, ==, "anna@example.test");
    g_assert_cmpstr (post->subject, ==, "A subject");
    g_assert_cmpint (post->sent_ms, ==, NOW - 5);
    g_assert_cmpint (post->thread.value, ==, id.value);
    g_assert_cmpuint (post->topics->len, ==, 2);
    g_assert_cmpstr (post->topics->pdata[1], ==, "budget");
    g_autofree char *sender = store_post_sender (fixture->reader, id, &error);
    g_assert_cmpstr (sender, ==, "anna@example.test");
    g_autoptr (GPtrArray) shown = store_post_shown (fixture->reader, id, &error);
    g_assert_cmpstr (((PostShown *)shown->pdata[0])->address, ==, "ben@example.test");
    g_assert_null (store_post_get (fixture->reader, (PostId){99}, ADMIN, &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
}

/* Pages of a list hold every post once, newest first. */
static void test_pages (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PostId before = {0};
    gint64 last = G_MAXINT64;
    guint seen = 0;

    for (guint i = 0; i < 25; i++) {
        g_autofree char *id = g_strdup_printf ("m%u", i);
        Mail mail = {.id = id, .author = "anna@example.test"};

        fixture_add (fixture, &mail);
    }
    for (;;) {
        g_autoptr (GPtrArray) page = store_post_list (fixture->reader, ADMIN, before, 10, NULL);

        if (page->len == 0)
            break;
        for (guint i = 0; i < page->len; i++) {
            before = ((Post *)page->pdata[i])->id;
            g_assert_cmpint (before.value, <, last);
            last = before.value;
            seen++;
        }
    }
    g_assert_cmpuint (seen, ==, 25);
    g_autoptr (GPtrArray) walk = store_post_walk (fixture->reader, (PostId){20}, 10, NULL);
    g_assert_cmpuint (walk->len, ==, 5);
}

/* Without a Message-ID the content decides. */
static void test_no_message_id (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail one = {.author = "anna@example.test", .identity = "aa01"};
    Mail two = {.author = "anna@example.test", .identity = "aa02"};
    gboolean is_new;
    PostId id = fixture_add_full (fixture, &one, &is_new);

    g_assert_cmpint (fixture_add_full (fixture, &one, &is_new).value, ==, id.value);
    g_assert_false (is_new);
    g_assert_cmpint (fixture_add_full (fixture, &two, &is_new).value, !=, id.value);
    g_assert_true (is_new);
}

typedef struct {
    const char *words[4];
    guint hits;
} SearchCase;

static const SearchCase searches[] = {
    {{"quarterly"}, 1},
    {{"QUARTERLY", "figures"}, 1},
    {{"quarterly", "missing"}, 0},
    {{"quart*"}, 1},
    {{"quart"}, 0},
    {{"cafe"}, 1}, /* diacritics do not matter */
    {{"CAF\xc3\x89"}, 1},
    {{"figures for the"}, 1}, /* a phrase */
    {{"figures the for"}, 0},
    {{"budget.xls"}, 1},
    {{"\""}, 0},
    {{"quarterly\" OR \"zebra"}, 0},
    {{"NOT", "AND"}, 0},
    {{"text:quarterly"}, 0},
    {{"*"}, 0},
    {{""}, 0},
    {{"figures", "-"}, 1},
    {{NULL}, 0},
};

static gboolean apply_index (StoreTxn *txn, gpointer data, GError **error)
{
    return store_index_add (txn, *(PostId *)data, "Quarterly numbers",
                            "The figures for the caf\xc3\xa9 are in.", "budget.xls", error);
}

static void test_search (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    Mail mail = {.id = "m", .author = "anna@example.test"};
    PostId id = fixture_add (fixture, &mail);
    g_autoptr (GArray) pending = store_index_pending (fixture->reader, 10);

    g_assert_cmpuint (pending->len, ==, 1);
    g_assert_true (store_write (fixture->store, apply_index, &id, &error));
    g_assert_true (store_write (fixture->store, apply_index, &id, &error)); /* ignored */
    g_autoptr (GArray) none = store_index_pending (fixture->reader, 10);
    g_assert_cmpuint (none->len, ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (searches); i++) {
        g_autoptr (GPtrArray) hits =
            store_search (fixture->reader, ADMIN, searches[i].words, (PostId){0}, 10, &error);

        g_assert_no_error (error);
        if (hits->len != searches[i].hits)
            g_error ("search %zu: %u hits", i, hits->len);
    }
}

typedef struct {
    PersonId id;
    const char *address, *name, *language;
    gboolean add;
} PersonJob;

static gboolean apply_alias (StoreTxn *txn, gpointer data, GError **error)
{
    PersonJob *job = data;

    return store_person_alias (txn, job->id, job->address, job->add, error);
}

static gboolean apply_set (StoreTxn *txn, gpointer data, GError **error)
{
    PersonJob *job = data;

    return store_person_set (txn, job->id, job->name, job->language, NULL, error);
}

static void test_people (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    PersonId anna = fixture_person (fixture, "anna@example.test");
    PersonId ben = fixture_person (fixture, "ben@example.test");
    PersonJob alias = {anna, "a.smith@example.test", NULL, NULL, TRUE};
    PersonJob theft = {ben, "a.smith@example.test", NULL, NULL, TRUE};
    PersonJob canonical = {ben, "anna@example.test", NULL, NULL, TRUE};
    PersonJob name = {anna, NULL, "Anna Smith", "nl", FALSE};
    gint64 before = store_people_generation (fixture->reader);

    g_assert_cmpint (fixture_person (fixture, "anna@example.test").value, ==, anna.value);
    g_assert_cmpint (store_people_generation (fixture->reader), ==, before);
    g_assert_true (store_write (fixture->store, apply_alias, &alias, &error));
    g_assert_cmpint (store_people_generation (fixture->reader), >, before);
    g_assert_false (store_write (fixture->store, apply_alias, &theft, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_clear_error (&error);
    g_assert_false (store_write (fixture->store, apply_alias, &canonical, &error));
    g_clear_error (&error);
    g_assert_true (store_write (fixture->store, apply_set, &name, &error));
    g_autoptr (Person) found = store_person_find (fixture->reader, "a.smith@example.test", &error);
    g_assert_no_error (error);
    g_assert_cmpint (found->id.value, ==, anna.value);
    g_assert_cmpstr (found->name, ==, "Anna Smith");
    g_assert_cmpstr (found->language, ==, "nl");
    g_assert_cmpstr (found->time_zone, ==, "");
    g_assert_cmpuint (g_strv_length (found->aliases), ==, 1);
    g_autoptr (GPtrArray) list = store_person_list (fixture->reader, anna, 10, &error);
    g_assert_cmpuint (list->len, ==, 1);
    g_assert_null (store_person_find (fixture->reader, "x@example.test", &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
}

static gboolean apply_member (StoreTxn *txn, gpointer data, GError **error)
{
    PersonJob *job = data;

    return store_group_member (txn, "all@example.test", job->address, job->add, error);
}

static void test_groups (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    PersonJob jobs[] = {{.address = "b@example.test", .add = TRUE},
                        {.address = "a@example.test", .add = TRUE},
                        {.address = "a@example.test", .add = TRUE},
                        {.address = "b@example.test", .add = FALSE}};

    for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
        g_assert_true (store_write (fixture->store, apply_member, &jobs[i], NULL));
    g_autoptr (GPtrArray) rows = store_group_list (fixture->reader, NULL);
    g_assert_cmpuint (rows->len, ==, 1);
    g_assert_cmpstr (((GroupMember *)rows->pdata[0])->member, ==, "a@example.test");
}

/* Ben answers four of Anna's eight posts, Cleo two: only Ben's is a habit. */
static void test_facts (void)
{
    static const char *const refs[] = {"unknown@example.test", "m3@example.test", NULL};
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < 8; i++) {
        g_autofree char *id = g_strdup_printf ("m%u@example.test", i);
        g_autofree char *answer = g_strdup_printf ("r%u@example.test", i);
        Mail mail = {.id = id, .author = "anna@example.test", .to = "ben@example.test"};
        Mail reply = {.id = answer,
                      .author = i < 4 ? "ben@example.test" : "cleo@example.test",
                      .refs = {id},
                      .sent_ms = NOW + 1};

        fixture_add (fixture, &mail);
        if (i < 6)
            fixture_add (fixture, &reply);
    }
    g_autoptr (StoreFacts) facts = store_facts (fixture->reader, "anna@example.test", refs, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (facts->parent_author, ==, "anna@example.test");
    g_assert_cmpuint (g_strv_length (facts->thread_authors), ==, 2);
    g_assert_cmpstr (facts->thread_authors[0], ==, "ben@example.test");
    g_assert_cmpuint (g_hash_table_size (facts->habit), ==, 1);
    g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (facts->habit, "ben@example.test")), ==,
                     500);
    g_autoptr (StoreFacts) nothing =
        store_facts (fixture->reader, "new@example.test", NULL, &error);
    g_assert_no_error (error);
    g_assert_null (nothing->parent_author);
    g_assert_cmpuint (g_hash_table_size (nothing->habit), ==, 0);
}

static gboolean apply_meta (StoreTxn *txn, gpointer data, GError **error)
{
    return store_meta_set (txn, "cursor", data, error);
}

static void test_meta (void)
{
    g_autoptr (Fixture) fixture = fixture_new();

    g_assert_null (store_meta_get (fixture->reader, "cursor"));
    g_assert_true (store_write (fixture->store, apply_meta, (gpointer) "1", NULL));
    g_assert_true (store_write (fixture->store, apply_meta, (gpointer) "2", NULL));
    g_autofree char *value = store_meta_get (fixture->reader, "cursor");
    g_assert_cmpstr (value, ==, "2");
}

/* A copy made while posts are written opens, is whole, and is not overwritten. */
static void test_backup (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    g_autofree char *copy = g_build_filename (fixture->folder, "copy.db", NULL);
    Mail mail = {.id = "m", .author = "anna@example.test"};
    PostId id = fixture_add (fixture, &mail);

    g_assert_true (store_backup (fixture->store, copy, &error));
    GStatBuf info;
    g_assert_cmpint (g_stat (copy, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    g_assert_false (store_backup (fixture->store, copy, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    g_clear_error (&error);
    Store *store = store_open (copy, fixture->clock, &error);
    g_assert_no_error (error);
    StoreReader *reader = store_reader_new (store, &error);
    g_autoptr (GBytes) raw = store_post_raw (reader, id, &error);
    g_assert_no_error (error);
    g_assert_nonnull (raw);
    g_assert_true (store_verify (reader, &error));
    store_reader_free (reader);
    store_close (store);
}

static void test_opens_again (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mail = {.id = "m", .author = "anna@example.test"};
    PostId id = fixture_add (fixture, &mail);

    store_reader_free (fixture->reader);
    store_close (fixture->store);
    fixture->store = store_open (fixture->path, fixture->clock, NULL);
    fixture->reader = store_reader_new (fixture->store, NULL);
    g_autoptr (Post) post = store_post_get (fixture->reader, id, ADMIN, NULL);
    g_assert_nonnull (post);
    g_assert_true (store_verify (fixture->reader, NULL));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/post/comes-back", test_post_comes_back);
    g_test_add_func ("/store/post/pages", test_pages);
    g_test_add_func ("/store/post/no-message-id", test_no_message_id);
    g_test_add_func ("/store/search", test_search);
    g_test_add_func ("/store/people", test_people);
    g_test_add_func ("/store/groups", test_groups);
    g_test_add_func ("/store/facts", test_facts);
    g_test_add_func ("/store/meta", test_meta);
    g_test_add_func ("/store/backup", test_backup);
    g_test_add_func ("/store/opens-again", test_opens_again);
    return g_test_run();
}
