/* test_read_only.c - a database that is looked at and not changed; older and newer ones. */
#include <sqlite3.h>

#include "error.h"
#include "schema.h"
#include "store_fixture.h"

/* A database as another version of this program left it. */
static char *database_of (const char *folder, guint version, gboolean has_tables)
{
    char *path = g_build_filename (folder, "other.db", NULL);
    g_autofree char *mark =
        g_strdup_printf ("PRAGMA application_id = 1128418387; PRAGMA user_version = %u;"
                         "PRAGMA journal_mode = WAL",
                         version);
    sqlite3 *db = NULL;

    g_remove (path);
    g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
    if (has_tables)
        g_assert_cmpint (sqlite3_exec (db, schema_texts[0], NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, mark, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
    return path;
}

static gboolean apply_nothing (StoreTxn *txn, gpointer data, GError **error)
{
    (void)txn;
    (void)data;
    (void)error;
    return TRUE;
}

static void test_reads (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    Mail mail = {.id = "m", .author = "anna@example.test"};
    PostId post = fixture_add (fixture, &mail);
    Store *store = store_open_read_only (fixture->path, fixture->clock, &error);
    StoreReader *reader = store_reader_new (store, &error);

    g_assert_no_error (error);
    g_autoptr (Post) found = store_post_get (reader, post, (Viewer){.is_admin = TRUE}, &error);

    g_assert_nonnull (found);
    g_assert_true (store_verify (reader, &error));
    g_assert_false (store_write (store, apply_nothing, NULL, &error));
    g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
    store_reader_free (reader);
    store_close (store);
}

static void test_absent (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    g_autofree char *path = g_strconcat (fixture->path, ".none", NULL);

    g_assert_null (store_open_read_only (path, fixture->clock, &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* An older one is told and left alone; store_open brings it up to date. A newer one is refused. */
static void test_versions (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autofree char *folder = g_path_get_dirname (fixture->path);
    g_autofree char *path = database_of (folder, 1, TRUE);

    for (guint i = 0; i < 2; i++) {
        g_autoptr (GError) error = NULL;
        guint schema = 0, known = 0;

        g_assert_null (store_open_read_only (path, fixture->clock, &error));
        g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
        g_assert_nonnull (strstr (error->message, "has schema 1"));
        g_assert_true (store_look (path, &schema, &known, NULL));
        g_assert_cmpuint (schema, ==, 1);
        g_assert_cmpuint (known, ==, SCHEMA_COUNT);
    }
    g_autoptr (GError) error = NULL;
    Store *store = store_open (path, fixture->clock, &error);

    g_assert_no_error (error);
    store_close (store);
    store = store_open_read_only (path, fixture->clock, &error);
    g_assert_no_error (error);
    store_close (store);
    g_autofree char *newer = database_of (folder, 99, FALSE);

    g_assert_null (store_open_read_only (newer, fixture->clock, &error));
    g_assert_nonnull (strstr (error->message, "has schema 99"));
    g_clear_error (&error);
    g_assert_null (store_open (newer, fixture->clock, &error));
    g_remove (newer);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/read-only/reads", test_reads);
    g_test_add_func ("/store/read-only/absent", test_absent);
    g_test_add_func ("/store/read-only/versions", test_versions);
    return g_test_run();
}
