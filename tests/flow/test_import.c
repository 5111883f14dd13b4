/* test_import.c - old mail into the archive: batches, resuming, and one bad message among good
 * ones. */
#include <sqlite3.h>

#include "world.h"

static void run_sql (const World *world, const char *sql)
{
    sqlite3 *db = NULL;
    g_assert_cmpint (sqlite3_open (world->conf->database, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
}

static GBytes *old_mail (guint number, const char *subject, const char *headers)
{
    g_autofree char *id = g_strdup_printf ("old%u@example.test", number);
    g_autofree char *body = g_strdup_printf ("Old text, number n%u.", number);
    char *mail =
        mail_new (id, "Anna <anna@example.test>", "team@example.test", subject, headers, body);
    return g_bytes_new_take (mail, strlen (mail));
}

static void add (FlowImport *import, GBytes *raw, const char *source, gint64 position)
{
    g_autoptr (GError) error = NULL;
    gboolean ok = flow_import_add (import, raw, source, position, &error);
    g_assert_no_error (error);
    g_assert_true (ok);
}

static FlowImportCount finish (FlowImport *import)
{
    g_autoptr (GError) error = NULL;
    FlowImportCount count;
    gboolean ok = flow_import_finish (import, &count, &error);
    g_assert_no_error (error);
    g_assert_true (ok);
    return count;
}

static FlowImportCount import_range (World *world, guint from, guint to, const char *source)
{
    g_autoptr (FlowImport) import = flow_import_new (world->flow);
    for (guint i = from; i < to; i++) {
        g_autoptr (GBytes) raw = old_mail (i, "Old", NULL);
        add (import, raw, source, i + 1);
    }
    return finish (import);
}

static guint hits (World *world, const char *word)
{
    g_autoptr (GError) error = NULL;
    const char *const words[] = {word, NULL};
    g_autoptr (GPtrArray) posts =
        store_search (world->reader, ADMIN, words, (PostId){0}, 1000, &error);
    g_assert_no_error (error);
    return posts->len;
}

/* Two batches; searchable at once, no notices, and a second time nothing is added. */
static void test_batches (void)
{
    g_autoptr (World) world = world_new (NULL);
    FlowImportCount count = import_range (world, 0, 300, "box");
    g_assert_cmpuint (count.read, ==, 300);
    g_assert_cmpuint (count.added, ==, 300);
    g_assert_cmpuint (count.failed, ==, 0);
    g_assert_cmpuint (hits (world, "old"), ==, 300);
    g_assert_cmpuint (hits (world, "n299"), ==, 1);
    g_autoptr (GPtrArray) outbox = world_outbox (world);
    g_assert_cmpuint (outbox->len, ==, 0);
    count = import_range (world, 0, 300, "box");
    g_assert_cmpuint (count.added, ==, 0);
    g_assert_cmpuint (count.repeated, ==, 300);
}

static char *position (World *world, const char *source)
{
    g_autofree char *name = g_strdup_printf ("import:%s", source);
    return store_meta_get (world->reader, name);
}

static void test_position (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (FlowImport) import = flow_import_new (world->flow);
    for (guint i = 0; i < 260; i++) {
        g_autoptr (GBytes) raw = old_mail (i, "Old", NULL);
        add (import, raw, "first", (i + 1) * 10);
    }
    /* Not finished: what is on disk is a whole batch and its position. */
    g_autofree char *reached = position (world, "first");
    g_assert_cmpstr (reached, ==, "2560");
    /* Another source: the first is written out. */
    g_autoptr (GBytes) raw = old_mail (999, "Old", NULL);
    add (import, raw, "second", 7);
    g_autofree char *all = position (world, "first");
    g_assert_cmpstr (all, ==, "2600");
    finish (import);
    g_autofree char *second = position (world, "second");
    g_assert_cmpstr (second, ==, "7");
}

static void test_one_bad_message (void)
{
    g_autoptr (World) world = world_new (NULL);
    run_sql (world, "CREATE TRIGGER bad BEFORE INSERT ON post WHEN NEW.subject = 'Bad' "
                    "BEGIN SELECT RAISE (ABORT, 'bad'); END");
    g_autoptr (FlowImport) import = flow_import_new (world->flow);
    for (guint i = 0; i < 9; i++) {
        g_autoptr (GBytes) raw = old_mail (i, i == 4 ? "Bad" : "Good", NULL);
        add (import, raw, "box", i + 1);
    }
    FlowImportCount count = finish (import);
    g_assert_cmpuint (count.read, ==, 9);
    g_assert_cmpuint (count.added, ==, 8);
    g_assert_cmpuint (count.failed, ==, 1);
    g_assert_cmpuint (hits (world, "good"), ==, 8);
    /* The import goes on behind it, it does not try for ever. */
    g_autofree char *reached = position (world, "box");
    g_assert_cmpstr (reached, ==, "9");
}

/* Who imports has decided; but what was private stays with its recipients. */
static void test_visibility (void)
{
    static const struct {
        const char *subject, *headers;
        PostVisibility visibility;
    } cases[] = {
        {"Plain", NULL, POST_EVERYONE},
        {"Listed", "List-Id: <x.example.test>\r\n", POST_EVERYONE},
        {"Secret", "Sensitivity: Personal\r\n", POST_RECIPIENTS},
        {"[private] Salaries", NULL, POST_RECIPIENTS},
        {"Sealed", "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; name=smime.p7m\r\n",
         POST_RECIPIENTS},
    };
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlowImport) import = flow_import_new (world->flow);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GBytes) raw = old_mail (i, cases[i].subject, cases[i].headers);
        add (import, raw, NULL, 0);
    }
    finish (import);
    g_autoptr (GPtrArray) posts = store_post_walk (world->reader, (PostId){0}, 100, &error);
    g_assert_cmpuint (posts->len, ==, G_N_ELEMENTS (cases));
    for (guint i = 0; i < posts->len; i++) {
        const Post *post = posts->pdata[i];
        g_assert_cmpstr (post->subject, ==, cases[i].subject);
        g_assert_cmpint (post->visibility, ==, cases[i].visibility);
    }
    const Post *first = posts->pdata[0];
    g_autoptr (GPtrArray) readers = store_post_readers (world->reader, first->id, &error);
    g_assert_cmpuint (readers->len, ==, 5); /* the group, taken apart; Anna once */
}

/* Old threads have their labels, as new ones. */
static void test_topics (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlowImport) import = flow_import_new (world->flow);
    g_autoptr (GBytes) raw = old_mail (1, "[Acme] Terms [mail]", NULL);
    add (import, raw, NULL, 0);
    finish (import);
    g_autoptr (GPtrArray) posts = store_post_list (world->reader, ADMIN, (PostId){0}, 10, &error);
    const Post *post = posts->pdata[0];
    g_assert_cmpuint (post->topics->len, ==, 1);
    g_assert_cmpstr (post->topics->pdata[0], ==, "acme");
}

/* Odd messages: empty, no headers, no author. Each is kept, byte for byte. */
static void test_odd (void)
{
    static const char *const mails[] = {"",           "\r\n",
                                        "just text",  "Subject: no author\n\nx",
                                        "From: \n\n", "From nobody\nTo: x\n\ny"};
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlowImport) import = flow_import_new (world->flow);
    for (guint i = 0; i < G_N_ELEMENTS (mails); i++) {
        g_autoptr (GBytes) raw = g_bytes_new (mails[i], strlen (mails[i]));
        add (import, raw, "odd", i);
    }
    FlowImportCount count = finish (import);
    g_assert_cmpuint (count.failed, ==, 0);
    g_autoptr (GPtrArray) posts = store_post_walk (world->reader, (PostId){0}, 100, &error);
    g_assert_cmpuint (posts->len, ==, count.added + count.variants);
    g_assert_cmpuint (posts->len + count.repeated, ==, G_N_ELEMENTS (mails));
    for (guint i = 0; i < posts->len; i++) {
        const Post *post = posts->pdata[i];
        g_autoptr (GBytes) raw = store_post_raw (world->reader, post->id, &error);
        g_assert_no_error (error);
    }
}

/* ------------------------------------------------------------------ twins */

/* One message as it came by several ways: the last two are the same bytes. */
static const struct {
    guint number;
    const char *headers;
} twins[] = {
    {1, "Received: from a.test by b.test\r\n"},
    {2, "Received: from c.test by b.test\r\n"},
    {1, "Received: from d.test by e.test\r\n"},
    {1, "Received: from f.test by e.test\r\nX-Spam: no\r\n"},
    {2, NULL},
    {1, "Received: from d.test by e.test\r\n"},
};

static FlowImportCount import_twins (World *world, guint count)
{
    g_autoptr (FlowImport) import = flow_import_new (world->flow);
    for (guint i = 0; i < count; i++) {
        g_autoptr (GBytes) raw = old_mail (twins[i].number, "Twin", twins[i].headers);
        add (import, raw, "twins", i + 1);
    }
    return finish (import);
}

static int compare_bytes (gconstpointer a, gconstpointer b)
{
    return g_bytes_compare (*(GBytes *const *)a, *(GBytes *const *)b);
}

/* What export would write: every message of the archive, sorted. */
static GPtrArray *all_messages (World *world)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) posts = store_post_walk (world->reader, (PostId){0}, 1000, &error);
    GPtrArray *messages = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
    for (guint i = 0; i < posts->len; i++) {
        g_ptr_array_add (messages,
                         store_post_raw (world->reader, ((Post *)posts->pdata[i])->id, &error));
        g_assert_no_error (error);
    }
    g_ptr_array_sort (messages, compare_bytes);
    return messages;
}

static void assert_all_there (World *world)
{
    g_autoptr (GPtrArray) got = all_messages (world);
    g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
    for (guint i = 0; i < G_N_ELEMENTS (twins) - 1; i++)
        g_ptr_array_add (wanted, old_mail (twins[i].number, "Twin", twins[i].headers));
    g_ptr_array_sort (wanted, compare_bytes);
    g_assert_cmpuint (got->len, ==, wanted->len);
    for (guint i = 0; i < got->len; i++)
        g_assert_true (g_bytes_equal (got->pdata[i], wanted->pdata[i]));
}

/* Two posts, three more copies; whoever reads the archive meets the posts alone. */
static void test_twins (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    FlowImportCount count = import_twins (world, G_N_ELEMENTS (twins));
    g_assert_cmpuint (count.added, ==, 2);
    g_assert_cmpuint (count.variants, ==, 3);
    g_assert_cmpuint (count.repeated, ==, 1);
    assert_all_there (world);
    g_assert_cmpuint (hits (world, "twin"), ==, 2);
    g_autoptr (GPtrArray) listed = store_post_list (world->reader, ADMIN, (PostId){0}, 100, &error);
    g_assert_cmpuint (listed->len, ==, 2);
    g_autoptr (GPtrArray) found =
        store_post_find (world->reader, "old1@example.test", ADMIN, &error);
    g_assert_cmpuint (found->len, ==, 1);
    g_autoptr (GArray) pending = store_index_pending (world->reader, 10);
    g_assert_cmpuint (pending->len, ==, 0);
}

/* Again, as a whole and after an import that ended in between: nothing more comes. */
static void test_twins_again (void)
{
    g_autoptr (World) world = world_new (NULL);
    import_twins (world, 3);
    FlowImportCount count = import_twins (world, G_N_ELEMENTS (twins));
    g_assert_cmpuint (count.added, ==, 0);
    g_assert_cmpuint (count.variants, ==, 2);
    g_assert_cmpuint (count.repeated, ==, 4);
    count = import_twins (world, G_N_ELEMENTS (twins));
    g_assert_cmpuint (count.repeated, ==, G_N_ELEMENTS (twins));
    assert_all_there (world);
}

/* What came through the gateway has other bytes than the copy in an old mailbox: both are kept. */
static void test_twin_of_a_live_post (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GBytes) raw = old_mail (1, "Twin", NULL);
    gsize size;
    const char *text = g_bytes_get_data (raw, &size);
    g_autofree char *mail = g_strndup (text, size);
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    FlowImportCount count = import_twins (world, 1);
    g_assert_cmpuint (count.variants, ==, 1);
    g_autoptr (GPtrArray) all = all_messages (world);
    g_assert_cmpuint (all->len, ==, 2);
    g_autoptr (GError) error = NULL;
    g_autoptr (Post) post = store_post_get (world->reader, outcome.post, ADMIN, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (post->comments, ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/flow/import/batches", test_batches);
    g_test_add_func ("/flow/import/position", test_position);
    g_test_add_func ("/flow/import/one-bad-message", test_one_bad_message);
    g_test_add_func ("/flow/import/visibility", test_visibility);
    g_test_add_func ("/flow/import/topics", test_topics);
    g_test_add_func ("/flow/import/odd-messages", test_odd);
    g_test_add_func ("/flow/import/twins", test_twins);
    g_test_add_func ("/flow/import/twins-again", test_twins_again);
    g_test_add_func ("/flow/import/twin-of-a-live-post", test_twin_of_a_live_post);
    return g_test_run();
}
