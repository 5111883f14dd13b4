/* test_raw.c - messages byte for byte, however they are made and whatever is said about their
 * parts. */
#include <sqlite3.h>

#include "error.h"
#include "store_fixture.h"

typedef struct {
    const char *id;
    GString *raw;
    DraftPart parts[4];
    guint part_count;
    PostId post;
} RawJob;

static gboolean apply_raw (StoreTxn *txn, gpointer data, GError **error)
{
    RawJob *job = data;
    g_autoptr (GBytes) bytes = g_bytes_new (job->raw->str, job->raw->len);
    gboolean is_new;
    PostDraft draft = {.raw = bytes,
                       .message_id = job->id,
                       .author = "anna@example.test",
                       .identity = "aa",
                       .parts = job->parts,
                       .part_count = job->part_count};

    return store_post_add (txn, &draft, &job->post, &is_new, error);
}

static void add_raw (Fixture *fixture, RawJob *job)
{
    g_autoptr (GError) error = NULL;
    gboolean is_good = store_write (fixture->store, apply_raw, job, &error);

    g_assert_no_error (error);
    g_assert_true (is_good);
}

static void assert_same (Fixture *fixture, const RawJob *job)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) raw = store_post_raw (fixture->reader, job->post, &error);

    g_assert_no_error (error);
    g_autoptr (GBytes) sent = g_bytes_new (job->raw->str, job->raw->len);
    g_assert_true (g_bytes_equal (raw, sent));
}

static gint64 count_rows (Fixture *fixture, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;

    g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
    gint64 count = sqlite3_column_int64 (stmt, 0);

    sqlite3_finalize (stmt);
    sqlite3_close (db);
    return count;
}

/* Appends `size` pseudo-random bytes as base64 in lines, and says where. */
static DraftPart append_base64 (GString *raw, gsize size, guint line, const char *line_end)
{
    g_autofree guint8 *bytes = g_malloc (size);

    for (gsize i = 0; i < size; i++)
        bytes[i] = (guint8)((i * i * 31 + i * 17 + size) >> 3);
    g_autofree char *text = g_base64_encode (bytes, size);
    DraftPart part = {.name = "plan.bin",
                      .type = "application/octet-stream",
                      .encoding = "base64",
                      .size = size,
                      .raw_offset = raw->len};

    for (gsize at = 0, len = strlen (text); at < len; at += line) {
        g_string_append_len (raw, text + at, (gssize)MIN (line, len - at));
        g_string_append (raw, line_end);
    }
    part.raw_size = raw->len - part.raw_offset;
    return part;
}

static RawJob job_new (const char *id)
{
    RawJob job = {.id = id, .raw = g_string_new (NULL)};

    g_string_append_printf (job.raw, "Message-ID: <%s>\r\n\r\n--x\r\n\r\n", id);
    return job;
}

/* The same file from two programs with lines of other lengths: one blob. */
static void test_shared_part (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    RawJob one = job_new ("one"), two = job_new ("two");

    one.parts[one.part_count++] = append_base64 (one.raw, 50000, 76, "\r\n");
    two.parts[two.part_count++] = append_base64 (two.raw, 50000, 60, "\n");
    g_string_append (one.raw, "--x--\r\n");
    g_string_append (two.raw, "--x--\r\nThe end.\r\n");
    add_raw (fixture, &one);
    add_raw (fixture, &two);
    assert_same (fixture, &one);
    assert_same (fixture, &two);
    g_assert_cmpint (count_rows (fixture, "SELECT count(*) FROM blob"), ==, 1);
    g_assert_cmpint (count_rows (fixture, "SELECT count(*) FROM cut"), ==, 2);
    g_string_free (one.raw, TRUE);
    g_string_free (two.raw, TRUE);
}

/* Several parts, small and large, text that is shown, and base64 that is not exact. */
static void test_many_parts (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    RawJob job = job_new ("many");

    job.parts[0] = append_base64 (job.raw, 700, 76, "\r\n");
    g_string_append (job.raw, "--x\r\n\r\n");
    job.parts[1] = append_base64 (job.raw, 90000, 72, "\n");
    g_string_append (job.raw, "--x\r\n\r\n");
    job.parts[2] = append_base64 (job.raw, 5000, 76, "\r\n");
    job.parts[2].is_body = TRUE;
    g_string_append (job.raw, "--x\r\n\r\n");
    job.parts[3] = append_base64 (job.raw, 5000, 76, "\r\n \r\n");
    g_string_append (job.raw, "--x--\r\n");
    job.part_count = 4;
    add_raw (fixture, &job);
    assert_same (fixture, &job);
    g_assert_cmpint (count_rows (fixture, "SELECT count(*) FROM cut"), ==, 3);
    g_assert_cmpint (count_rows (fixture, "SELECT count(*) FROM blob"), ==, 1);
    g_assert_cmpint (count_rows (fixture, "SELECT count(*) FROM part"), ==, 3);
    g_string_free (job.raw, TRUE);
}

/* Whatever a draft says of parts, the bytes come back. */
static void test_lying_parts (void)
{
    g_autoptr (Fixture) fixture = fixture_new();

    for (guint lie = 0; lie < 6; lie++) {
        g_autofree char *id = g_strdup_printf ("lie-%u", lie);
        RawJob job = job_new (id);
        DraftPart part = append_base64 (job.raw, 9000, 76, "\r\n");
        gsize len = job.raw->len;
        const DraftPart lies[6][2] = {
            {{.encoding = "base64", .raw_offset = len, .raw_size = 9000}},
            {{.encoding = "base64", .raw_offset = G_MAXSIZE - 5, .raw_size = 100}},
            {{.encoding = "base64", .raw_offset = 3, .raw_size = G_MAXSIZE}},
            {{.encoding = "base64", .raw_offset = part.raw_offset + 1, .raw_size = 8000}, part},
            {part, part},
            {{.encoding = "base64", .raw_offset = 0, .raw_size = len}},
        };

        memcpy (job.parts, lies[lie], sizeof lies[lie]);
        job.part_count = 2;
        add_raw (fixture, &job);
        assert_same (fixture, &job);
        g_string_free (job.raw, TRUE);
    }
}

/* Any bytes: none, NUL, larger than a pack. */
static void test_any_bytes (void)
{
    static const gsize sizes[] = {0, 1, 300, 200000, 3000000, 10, 1048576, 5000};
    g_autoptr (Fixture) fixture = fixture_new();
    RawJob jobs[G_N_ELEMENTS (sizes)];

    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        jobs[i] = (RawJob){.id = g_strdup_printf ("any-%zu", i), .raw = g_string_new (NULL)};
        g_string_set_size (jobs[i].raw, sizes[i]);
        for (gsize k = 0; k < sizes[i]; k++)
            jobs[i].raw->str[k] = (char)((k * k + i) >> 5);
        add_raw (fixture, &jobs[i]);
    }
    for (gsize i = G_N_ELEMENTS (sizes); i > 0; i--)
        assert_same (fixture, &jobs[i - 1]);
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        assert_same (fixture, &jobs[i]);
        g_string_free (jobs[i].raw, TRUE);
        g_free ((char *)jobs[i].id);
    }
}

/* A reader that remembers a pack sees what was added to it later, also after the store was opened
 * anew. */
static void test_growing_pack (void)
{
    g_autoptr (Fixture) fixture = fixture_new();

    for (guint i = 0; i < 60; i++) {
        g_autofree char *id = g_strdup_printf ("grow-%u", i);
        RawJob job = {.id = id, .raw = g_string_new (NULL)};

        g_string_append_printf (job.raw, "Subject: %u\n\n", i);
        for (guint k = 0; k < 40 * i; k++)
            g_string_append_printf (job.raw, "line %u of %u\n", k * i, i);
        add_raw (fixture, &job);
        assert_same (fixture, &job);
        g_string_free (job.raw, TRUE);
        if (i % 25 == 24) {
            store_reader_free (fixture->reader);
            store_close (fixture->store);
            fixture->store = store_open (fixture->path, fixture->clock, NULL);
            fixture->reader = store_reader_new (fixture->store, NULL);
        }
    }
    g_assert_cmpint (count_rows (fixture, "SELECT count(DISTINCT pack) FROM raw"), ==, 3);
}

static void change_file (Fixture *fixture, const char *sql)
{
    sqlite3 *db = NULL;

    g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
}

/* Rows that do not fit together: INTERNAL, never other bytes and never a crash. */
static void test_damaged_rows (void)
{
    static const char *const damages[] = {
        "UPDATE raw SET digest = digest + 1",
        "UPDATE raw SET start = start + 1",
        "UPDATE raw SET length = length + 100000",
        "UPDATE raw SET size = size - 1",
        "UPDATE segment SET bytes = substr(bytes, 1, length(bytes) / 2)",
        "UPDATE segment SET bytes = zeroblob(length(bytes))",
        "UPDATE cut SET position = position + 1000000",
        "UPDATE cut SET line_length = 0",
        "UPDATE cut SET length = length - 1",
        "UPDATE blob SET bytes = zeroblob(50)",
        "DELETE FROM blob",
        "DELETE FROM segment",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (damages); i++) {
        g_autoptr (Fixture) fixture = fixture_new();
        RawJob job = job_new ("damaged");
        g_autoptr (GError) error = NULL;

        job.parts[job.part_count++] = append_base64 (job.raw, 9000, 76, "\r\n");
        add_raw (fixture, &job);
        change_file (fixture, damages[i]);
        g_assert_null (store_post_raw (fixture->reader, job.post, &error));
        g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
        g_string_free (job.raw, TRUE);
    }
}

static void test_missing (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;

    g_assert_null (store_post_raw (fixture->reader, (PostId){7}, &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/raw/shared-part", test_shared_part);
    g_test_add_func ("/store/raw/many-parts", test_many_parts);
    g_test_add_func ("/store/raw/lying-parts", test_lying_parts);
    g_test_add_func ("/store/raw/any-bytes", test_any_bytes);
    g_test_add_func ("/store/raw/growing-pack", test_growing_pack);
    g_test_add_func ("/store/raw/damaged-rows", test_damaged_rows);
    g_test_add_func ("/store/raw/missing", test_missing);
    return g_test_run();
}
