/* test_failures.c - what happens when the disk, the file or the process fails: nothing that was
 * answered is lost, and every error is of the class that makes the fronts do the right thing. */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "store_fixture.h"

static char *folder_new (char **ret_path)
{
    char *folder = g_dir_make_tmp ("store-XXXXXX", NULL);

    *ret_path = g_build_filename (folder, "test.db", NULL);
    return folder;
}

static void run_sql (const char *path, const char *sql)
{
    sqlite3 *db = NULL;

    g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
}

/* Opening fails with this class, and leaves the file as it was. */
static void assert_refused (const char *path, ErrorClass class)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *before = NULL, *after = NULL;
    gsize before_len = 0, after_len = 0;

    g_assert_true (g_file_get_contents (path, &before, &before_len, NULL));
    Store *store = store_open (path, clock_system(), &error);

    g_assert_null (store);
    g_assert_nonnull (error);
    g_assert_cmpint (error_class (error), ==, class);
    g_assert_true (g_file_get_contents (path, &after, &after_len, NULL));
    g_assert_cmpuint (before_len, ==, after_len);
    g_assert_cmpint (memcmp (before, after, after_len), ==, 0);
}

static void test_foreign_file (void)
{
    g_autofree char *path = NULL;
    g_autofree char *folder = folder_new (&path);

    g_assert_true (g_file_set_contents (path,
                                        "This is a letter, and no database at all.\n"
                                        "It is long enough to look like a header, though, "
                                        "which SQLite reads first: 100 bytes of it.",
                                        -1, NULL));
    assert_refused (path, ERR_INTERNAL);
    folder_remove (folder);
}

static void test_foreign_database (void)
{
    g_autofree char *path = NULL;
    g_autofree char *folder = folder_new (&path);

    run_sql (path, "CREATE TABLE recipe (name TEXT)");
    assert_refused (path, ERR_REFUSED);
    run_sql (path, "PRAGMA application_id = 1234; PRAGMA user_version = 1");
    assert_refused (path, ERR_REFUSED);
    folder_remove (folder);
}

static void test_newer_database (void)
{
    g_autofree char *path = NULL;
    g_autofree char *folder = folder_new (&path);
    Store *store = store_open (path, clock_system(), NULL);

    g_assert_nonnull (store);
    store_close (store);
    run_sql (path, "PRAGMA user_version = 4711");
    assert_refused (path, ERR_REFUSED);
    folder_remove (folder);
}

/* Text that cannot be packed. Owned. */
static char *noise (gsize len, guint32 *seed)
{
    char *text = g_malloc (len + 1);

    for (gsize i = 0; i < len; i++)
        text[i] = (char)('!' + ((*seed = *seed * 1103515245 + 12345) >> 16) % 90);
    text[len] = '\0';
    return text;
}

/* A third of the pages are overwritten: opening or reading says so, and never gives wrong bytes.
 */
static void test_damaged_pages (void)
{
    Fixture *fixture = fixture_new();
    PostId ids[40];
    g_autoptr (GError) error = NULL;
    guint32 seed = 4711;
    guint damaged = 0;

    for (guint i = 0; i < 40; i++) {
        g_autofree char *id = g_strdup_printf ("m%u", i);
        g_autofree char *body = noise (20000, &seed);
        Mail mail = {.id = id, .author = "anna@example.test", .body = body};

        ids[i] = fixture_add (fixture, &mail);
    }
    store_reader_free (fixture->reader);
    store_close (fixture->store);
    int fd = open (fixture->path, O_RDWR);
    off_t size = lseek (fd, 0, SEEK_END);

    for (off_t at = (off_t)4096 * 60; at + 4096 <= size; at += 3 * 4096)
        g_assert_cmpint (pwrite (fd, "damaged damaged damaged damaged!", 32, at + 1000), ==, 32);
    close (fd);
    fixture->store = store_open (fixture->path, fixture->clock, &error);
    g_assert_no_error (error);
    fixture->reader = store_reader_new (fixture->store, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < 40; i++) {
        g_autoptr (GError) why = NULL;
        g_autoptr (GBytes) raw = store_post_raw (fixture->reader, ids[i], &why);

        if (raw == NULL) {
            g_assert_cmpint (error_class (why), ==, ERR_INTERNAL);
            damaged++;
        }
    }
    g_assert_cmpuint (damaged, >, 0);
    fixture_free (fixture);
}

static void test_junk_in_header (void)
{
    Fixture *fixture = fixture_new();
    Mail mail = {.id = "m", .author = "anna@example.test"};

    fixture_add (fixture, &mail);
    store_reader_free (fixture->reader);
    store_close (fixture->store);
    int fd = open (fixture->path, O_RDWR);

    for (off_t at = 0; at < 4096 * 8; at += 64)
        g_assert_cmpint (pwrite (fd, "junk junk junk junk ", 20, at), ==, 20);
    close (fd);
    g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
    g_unlink (log);
    assert_refused (fixture->path, ERR_INTERNAL);
    folder_remove (fixture->folder);
    clock_fake_free (fixture->clock);
    g_string_free (fixture->last_raw, TRUE);
    g_free (fixture->folder);
    g_free (fixture->path);
    g_free (fixture);
}

/* Another process holds the write lock for longer than we wait: TEMPORARY, and afterwards all is
 * well. */
static void test_locked (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    sqlite3 *other = NULL;
    Mail mail = {.id = "m", .author = "anna@example.test"};
    FixtureAdd add = {fixture, &mail, {0}, FALSE};
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (sqlite3_open (fixture->path, &other), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
    gint64 start = g_get_monotonic_time();

    g_assert_false (store_write (fixture->store, fixture_apply, &add, &error));
    g_assert_cmpint (error_class (error), ==, ERR_TEMPORARY);
    g_assert_cmpint (g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
    sqlite3_exec (other, "COMMIT", NULL, NULL, NULL);
    sqlite3_close (other);
    fixture_add (fixture, &mail);
}

/* Writes posts until one is refused. Returns how many were answered with success. */
static guint write_until_full (Fixture *fixture, guint most, ErrorClass *ret_class)
{
    guint32 seed = 12345;

    for (guint i = 0; i < most; i++) {
        g_autofree char *id = g_strdup_printf ("full-%u@example.test", i);
        g_autofree char *body = noise (30000, &seed);
        g_autoptr (GError) error = NULL;
        Mail mail = {.id = id,
                     .author = "anna@example.test",
                     .to = "ben@example.test",
                     .reason = "to",
                     .body = body};
        FixtureAdd add = {fixture, &mail, {0}, FALSE};

        if (!store_write (fixture->store, fixture_apply, &add, &error)) {
            *ret_class = error_class (error);
            return i;
        }
    }
    return most;
}

/* The disk is full (a limit on the size of files has the same effect): TEMPORARY; what was answered
 * is there, and writing goes on when there is room again. */
static void test_disk_full (void)
{
    Fixture *fixture = fixture_new();
    struct rlimit old, tight;
    ErrorClass class = 0;

    signal (SIGXFSZ, SIG_IGN);
    g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
    tight = old;
    tight.rlim_cur = 3000000;
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &tight), ==, 0);
    guint done = write_until_full (fixture, 2000, &class);

    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
    g_assert_cmpuint (done, >, 10);
    g_assert_cmpuint (done, <, 2000);
    g_assert_cmpint (class, ==, ERR_TEMPORARY);
    Mail mail = {.id = "after", .author = "anna@example.test"};
    PostId last = fixture_add (fixture, &mail);
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < done; i++) {
        g_autofree char *id = g_strdup_printf ("full-%u@example.test", i);
        g_autoptr (GPtrArray) found = store_post_find (fixture->reader, id, ADMIN, NULL);

        g_assert_cmpuint (found->len, ==, 1);
        g_autoptr (GBytes) raw =
            store_post_raw (fixture->reader, ((Post *)found->pdata[0])->id, &error);
        g_assert_no_error (error);
        g_assert_nonnull (raw);
    }
    g_autoptr (GBytes) raw = store_post_raw (fixture->reader, last, &error);
    g_assert_no_error (error);
    g_assert_nonnull (raw);
    g_assert_true (store_verify (fixture->reader, &error));
    fixture_free (fixture);
}

/* In the child: posts one after the other; each that was answered is told to the parent. */
static void write_until_killed (const char *path, int pipe_end, guint first)
{
    Fixture fixture = {.last_raw = g_string_new (NULL)};

    fixture.store = store_open (path, clock_system(), NULL);
    for (guint i = first; fixture.store != NULL; i++) {
        g_autofree char *id = g_strdup_printf ("kill-%u", i);
        g_autofree char *body = g_strdup_printf ("Body of number %u, %u", i, i * 17);
        Mail mail = {.id = id,
                     .author = "anna@example.test",
                     .body = body,
                     .to = "ben@example.test",
                     .reason = "to"};
        FixtureAdd add = {&fixture, &mail, {0}, FALSE};

        if (!store_write (fixture.store, fixture_apply, &add, NULL) ||
            write (pipe_end, &i, sizeof i) != sizeof i)
            break;
    }
    _exit (1);
}

/* Kills a writing child after some time, and gives the number of the last post it answered. */
static guint kill_a_writer (const char *path, guint first, gulong after_us)
{
    int ends[2];
    guint last = first - 1, number;

    g_assert_cmpint (pipe (ends), ==, 0);
    pid_t child = fork();

    if (child == 0) {
        close (ends[0]);
        write_until_killed (path, ends[1], first);
    }
    close (ends[1]);
    if (read (ends[0], &number, sizeof number) == sizeof number)
        last = number;
    g_usleep (after_us);
    kill (child, SIGKILL);
    while (read (ends[0], &number, sizeof number) == sizeof number)
        last = number;
    close (ends[0]);
    waitpid (child, NULL, 0);
    return last;
}

static void test_killed (void)
{
    g_autofree char *path = NULL;
    g_autofree char *folder = folder_new (&path);
    guint next = 1;

    for (guint round = 0; round < 8; round++) {
        guint last = kill_a_writer (path, next, 3000 + 7919 * round % 40000);
        g_autoptr (GError) error = NULL;
        Store *store = store_open (path, clock_system(), &error);

        g_assert_no_error (error);
        StoreReader *reader = store_reader_new (store, &error);

        g_assert_no_error (error);
        g_assert_true (store_verify (reader, &error));
        for (guint i = 1; i <= last; i++) {
            g_autofree char *id = g_strdup_printf ("kill-%u", i);
            g_autofree char *body = g_strdup_printf ("Body of number %u, %u\r\n", i, i * 17);
            g_autoptr (GPtrArray) found = store_post_find (reader, id, ADMIN, NULL);

            g_assert_cmpuint (found->len, ==, 1);
            g_autoptr (GBytes) raw = store_post_raw (reader, ((Post *)found->pdata[0])->id, &error);
            g_assert_no_error (error);
            gsize len;
            const char *bytes = g_bytes_get_data (raw, &len);
            g_assert_true (len > strlen (body) &&
                           memcmp (bytes + len - strlen (body), body, strlen (body)) == 0);
        }
        next = last + 1; /* this one may be there, unanswered: adding it again finds it */
        store_reader_free (reader);
        store_close (store);
    }
    folder_remove (folder);
}

static void test_missing_folder (void)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (store_open ("/nonexistent/folder/x.db", clock_system(), &error));
    g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/failures/foreign-file", test_foreign_file);
    g_test_add_func ("/store/failures/foreign-database", test_foreign_database);
    g_test_add_func ("/store/failures/newer-database", test_newer_database);
    g_test_add_func ("/store/failures/damaged-pages", test_damaged_pages);
    g_test_add_func ("/store/failures/junk-in-header", test_junk_in_header);
    g_test_add_func ("/store/failures/locked", test_locked);
    g_test_add_func ("/store/failures/disk-full", test_disk_full);
    g_test_add_func ("/store/failures/killed", test_killed);
    g_test_add_func ("/store/failures/missing-folder", test_missing_folder);
    return g_test_run();
}
