/* bench_store.c - what the archive costs: CPU per mail, size of the database, memory, search.
 *
 *   bench_store FILE.mbox [--check] [--no-quotes] [--batch=N] [--live=THREADS] [--repeat=TIMES]
 *       [--keep=DATABASE]
 *
 * Takes the mbox apart with a reader of its own, so that only the store is measured: adding posts
 * with raw bytes, and the words of the body, N to a transaction. --check reads every message back
 * and compares the bytes. --live writes one mail at a time from so many threads, as the milter's
 * workers do, with ten readers and three notices each, and leaves the index out. Mboxrd quoting is
 * left as it stands: bytes are bytes here. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "posts.h"
#include "store.h"

typedef struct {
    GBytes *raw;
    char *message_id, *author, *author_name, *subject, *identity, *text;
    GPtrArray *refs;
    GArray *shown, *parts;
    GStringChunk *chunk;
} BenchMail;

static gboolean check_bytes, no_quotes;
static int batch = 256, live, repeat = 1;
static char *keep_path;

static const GOptionEntry options[] = {
    {"check", 0, 0, G_OPTION_ARG_NONE, &check_bytes, "Read everything back", NULL},
    {"no-quotes", 0, 0, G_OPTION_ARG_NONE, &no_quotes, "Leave out quoted lines", NULL},
    {"batch", 0, 0, G_OPTION_ARG_INT, &batch, "Mails in a transaction", "N"},
    {"repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "Import the file so often, as other mail", "TIMES"},
    {"live", 0, 0, G_OPTION_ARG_INT, &live, "One mail a job, from so many threads", "THREADS"},
    {"keep", 0, 0, G_OPTION_ARG_FILENAME, &keep_path, "Leave the database here", "FILE"},
    {0}};

static double cpu_seconds (void)
{
    struct timespec at;

    clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static double wall_seconds (void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

/* The unfolded value of a header, NULL when absent. */
static char *header_of (const char *head, gsize len, const char *name)
{
    gsize name_len = strlen (name);
    const char *end = head + len;

    for (const char *at = head; at < end;) {
        const char *stop = memchr (at, '\n', (gsize)(end - at));
        stop = stop != NULL ? stop : end;
        if ((gsize)(stop - at) > name_len && g_ascii_strncasecmp (at, name, name_len) == 0 &&
            at[name_len] == ':') {
            while (stop + 1 < end && (stop[1] == ' ' || stop[1] == '\t')) {
                const char *next = memchr (stop + 1, '\n', (gsize)(end - stop - 1));
                stop = next != NULL ? next : end;
            }
            g_autofree char *folded =
                g_strndup (at + name_len + 1, (gsize)(stop - at) - name_len - 1);
            g_autofree char *valid = g_utf8_make_valid (folded, -1);
            return g_strstrip (g_strdelimit (g_strdup (valid), "\r\n\t", ' '));
        }
        at = stop + 1;
    }
    return NULL;
}

static void add_ids (GPtrArray *ids, const char *value, GStringChunk *chunk)
{
    for (const char *at = value != NULL ? strchr (value, '<') : NULL; at != NULL;
         at = strchr (at + 1, '<')) {
        const char *end = strchr (at, '>');
        if (end == NULL)
            return;
        g_ptr_array_add (ids, g_string_chunk_insert_len (chunk, at + 1, end - at - 1));
    }
}

static void add_shown (BenchMail *mail, const char *value, PostRole role)
{
    g_auto (GStrv) items = g_strsplit (value != NULL ? value : "", ",", -1);

    for (guint i = 0; items[i] != NULL; i++) {
        char *open = strchr (items[i], '<');
        char *addr = open != NULL ? open + 1 : items[i];
        DraftShown shown = {.role = role};
        if (open != NULL)
            *open = '\0';
        addr[strcspn (addr, ">")] = '\0';
        shown.name = g_string_chunk_insert (mail->chunk, open != NULL ? g_strstrip (items[i]) : "");
        shown.address = g_string_chunk_insert (mail->chunk, g_strstrip (addr));
        if (*shown.address != '\0')
            g_array_append_val (mail->shown, shown);
    }
}

/* Encoded parts: from the blank line after a base64 header to the next boundary. */
static void find_parts (BenchMail *mail, const char *raw, gsize len)
{
    const char *at = raw, *end = raw + len;

    while ((at = memmem (at, (gsize)(end - at), "base64", 6)) != NULL) {
        const char *body = memmem (at, (gsize)(end - at), "\n\n", 2);
        if (body == NULL || (body += 2) >= end)
            return;
        const char *stop = memmem (body, (gsize)(end - body), "\n--", 3);
        stop = stop != NULL ? stop : end;
        DraftPart part = {.name = "part", .type = "application/octet-stream", .encoding = "base64"};
        part.raw_offset = (gsize)(body - raw);
        part.raw_size = (gsize)(stop - body);
        part.size = part.raw_size * 3 / 4;
        const char *context = at - raw > 200 ? at - 200 : raw;
        part.is_body = memmem (context, (gsize)(body - context), "text/plain", 10) != NULL;
        if (stop > body)
            g_array_append_val (mail->parts, part);
        at = stop;
    }
}

/* The body without what is no text for people: long lines without a blank, quotes if so asked. */
static char *words_of (const char *body, gsize len)
{
    GString *text = g_string_sized_new (len);

    for (const char *at = body, *end = body + len; at < end;) {
        const char *stop = memchr (at, '\n', (gsize)(end - at));
        stop = stop != NULL ? stop : end;
        gsize size = (gsize)(stop - at);
        if (!(size > 59 && memchr (at, ' ', size) == NULL) && !(no_quotes && *at == '>'))
            g_string_append_len (text, at,
                                 (gssize)size + 1 > end - at ? end - at : (gssize)size + 1);
        at = stop + 1;
    }
    char *valid = g_utf8_make_valid (text->str, (gssize)text->len);

    g_string_free (text, TRUE);
    return valid;
}

static BenchMail *mail_new (const char *raw, gsize len)
{
    BenchMail *mail = g_new0 (BenchMail, 1);
    const char *blank = memmem (raw, len, "\n\n", 2);
    gsize head = blank != NULL ? (gsize)(blank - raw) + 1 : len;
    g_autofree char *from = header_of (raw, head, "From");
    g_autofree char *id = header_of (raw, head, "Message-ID");
    g_autofree char *refs = header_of (raw, head, "References");
    g_autofree char *parent = header_of (raw, head, "In-Reply-To");
    g_autofree char *to = header_of (raw, head, "To");
    g_autofree char *cc = header_of (raw, head, "Cc");
    g_autoptr (GPtrArray) ids = g_ptr_array_new();

    mail->chunk = g_string_chunk_new (512);
    mail->raw = g_bytes_new_static (raw, len);
    mail->refs = g_ptr_array_new();
    mail->shown = g_array_new (FALSE, FALSE, sizeof (DraftShown));
    mail->parts = g_array_new (FALSE, FALSE, sizeof (DraftPart));
    add_ids (ids, id, mail->chunk);
    mail->message_id = ids->len > 0 ? ids->pdata[0] : NULL;
    add_ids (mail->refs, refs, mail->chunk);
    add_ids (mail->refs, parent, mail->chunk);
    g_ptr_array_add (mail->refs, NULL);
    char *open = from != NULL ? strrchr (from, '<') : NULL;
    if (open != NULL)
        *open = '\0';
    mail->author = g_string_chunk_insert (mail->chunk, open != NULL ? open + 1 : "x@example.test");
    mail->author[strcspn (mail->author, ">")] = '\0';
    mail->author_name = g_string_chunk_insert (mail->chunk, open != NULL ? g_strstrip (from) : "");
    g_autofree char *subject = header_of (raw, head, "Subject");
    mail->subject = g_string_chunk_insert (mail->chunk, subject != NULL ? subject : "");
    mail->identity = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)raw, len);
    add_shown (mail, to, POST_ROLE_TO);
    add_shown (mail, cc, POST_ROLE_CC);
    find_parts (mail, raw, len);
    mail->text = words_of (raw + head, len - head);
    return mail;
}

static void mail_free (BenchMail *mail)
{
    g_bytes_unref (mail->raw);
    g_ptr_array_unref (mail->refs);
    g_array_unref (mail->shown);
    g_array_unref (mail->parts);
    g_string_chunk_free (mail->chunk);
    g_free (mail->identity);
    g_free (mail->text);
    g_free (mail);
}

typedef struct {
    BenchMail **mails;
    guint count;
    gint64 *ids;
    double add_seconds, index_seconds;
} Batch;

static PostDraft draft_of (const BenchMail *mail)
{
    return (PostDraft){
        .raw = mail->raw,
        .message_id = mail->message_id,
        .refs = (const char *const *)mail->refs->pdata,
        .author = mail->author,
        .author_name = mail->author_name,
        .envelope_sender = mail->author,
        .subject = mail->subject,
        .preview = "Some words that stand for the first ones of the new text of this mail, up to a "
                   "hundred.",
        .identity = mail->identity,
        .sent_ms = 1700000000000,
        .received_ms = 1700000000000,
        .shown = (const DraftShown *)(const void *)mail->shown->data,
        .shown_count = mail->shown->len,
        .parts = (const DraftPart *)(const void *)mail->parts->data,
        .part_count = mail->parts->len,
    };
}

static gboolean apply_batch (StoreTxn *txn, gpointer data, GError **error)
{
    Batch *work = data;
    double start = cpu_seconds();

    for (guint i = 0; i < work->count; i++) {
        PostDraft draft = draft_of (work->mails[i]);
        PostId id;
        gboolean is_new;
        if (!store_post_add (txn, &draft, &id, &is_new, error))
            return FALSE;
        work->ids[i] = id.value;
    }
    double middle = cpu_seconds();
    for (guint i = 0; i < work->count; i++)
        if (!store_index_add (txn, (PostId){work->ids[i]}, work->mails[i]->subject,
                              work->mails[i]->text, "", error))
            return FALSE;
    work->add_seconds += middle - start;
    work->index_seconds += cpu_seconds() - middle;
    return TRUE;
}

typedef struct {
    Store *store;
    GPtrArray *mails;
    gint64 *ids;
    guint first;
} Worker;

static gboolean apply_live (StoreTxn *txn, gpointer data, GError **error)
{
    Worker *worker = data;
    PostDraft draft = draft_of (worker->mails->pdata[worker->first]);
    DraftReader readers[10];
    char addresses[10][32];
    gboolean is_new;
    PostId id;

    for (guint i = 0; i < 10; i++) {
        g_snprintf (addresses[i], sizeof addresses[i], "reader%u@example.test", i);
        readers[i] =
            (DraftReader){addresses[i], "A Reader", POST_ROLE_TO, NULL, i < 3 ? "to" : NULL};
    }
    draft.readers = readers;
    draft.reader_count = 10;
    if (!store_post_add (txn, &draft, &id, &is_new, error))
        return FALSE;
    worker->ids[worker->first] = id.value;
    return TRUE;
}

static gpointer live_thread (gpointer data)
{
    Worker *worker = data;

    for (; worker->first < worker->mails->len; worker->first += (guint)live) {
        g_autoptr (GError) error = NULL;

        if (!store_write (worker->store, apply_live, worker, &error))
            g_error ("%s", error->message);
    }
    return NULL;
}

static void write_live (Store *store, GPtrArray *mails, gint64 *ids)
{
    g_autofree Worker *workers = g_new (Worker, (gsize)live);
    g_autofree GThread **threads = g_new (GThread *, (gsize)live);

    for (guint i = 0; i < (guint)live; i++) {
        workers[i] = (Worker){store, mails, ids, i};
        threads[i] = g_thread_new ("live", live_thread, &workers[i]);
    }
    for (guint i = 0; i < (guint)live; i++)
        g_thread_join (threads[i]);
}

static gint64 file_size (const char *path)
{
    struct stat info;

    return stat (path, &info) == 0 ? (gint64)info.st_size : 0;
}

static void search_once (StoreReader *reader, const char *const *words)
{
    Viewer viewer = {{1}, FALSE};
    g_autofree char *shown = g_strjoinv (" ", (char **)words);
    guint found = 0;
    double start = wall_seconds();

    for (int i = 0; i < 20; i++) {
        g_autoptr (GPtrArray) posts = store_search (reader, viewer, words, (PostId){0}, 20, NULL);
        found = posts != NULL ? posts->len : 0;
    }
    printf ("  search %-24s %2u hits %8.3f ms\n", shown, found, (wall_seconds() - start) * 50);
}

static void measure_reading (Store *store)
{
    static const char *const queries[][4] = {{"the"},    {"page", "manual"}, {"pthread*"},
                                             {"zxqwvk"}, {"usrp", "gain"},   {"linux man"}};
    StoreReader *reader = store_reader_new (store, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
        search_once (reader, queries[i]);
    double start = wall_seconds();
    for (int i = 0; i < 100; i++)
        g_ptr_array_unref (store_post_list (reader, (Viewer){{1}, FALSE}, (PostId){0}, 20, NULL));
    printf ("  newest 20: %.3f ms\n", (wall_seconds() - start) * 10);
    store_reader_free (reader);
}

static void check_all (Store *store, GPtrArray *mails, const gint64 *ids)
{
    StoreReader *reader = store_reader_new (store, NULL);
    double start = cpu_seconds();
    guint bad = 0;

    for (guint i = 0; i < mails->len; i++) {
        const BenchMail *mail = mails->pdata[i];
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) raw = store_post_raw (reader, (PostId){ids[i]}, &error);
        bad += raw == NULL || !g_bytes_equal (raw, mail->raw);
    }
    printf ("  read in order: %.0f us a mail, %u differ\n",
            (cpu_seconds() - start) / mails->len * 1e6, bad);
    start = cpu_seconds();
    for (guint i = 0; i < 1000; i++)
        g_bytes_unref (
            store_post_raw (reader, (PostId){ids[(guint64)i * 2654435761u % mails->len]}, NULL));
    printf ("  read at random: %.0f us a mail\n", (cpu_seconds() - start) * 1000);
    store_reader_free (reader);
}

/* The length of the mail at `at`: up to a blank line before "From ". */
static gsize mail_length (const char *at, gsize left)
{
    const char *stop = memmem (at, left, "\n\nFrom ", 7);

    return stop != NULL ? (gsize)(stop - at) + 1 : left;
}

static GPtrArray *read_mbox (const char *data, gsize len, gsize *ret_bytes)
{
    GPtrArray *mails = g_ptr_array_new_with_free_func ((GDestroyNotify)mail_free);

    *ret_bytes = 0;
    for (const char *at = data, *end = data + len; at < end;) {
        const char *line_end = memchr (at, '\n', (gsize)(end - at));
        if (line_end == NULL)
            break;
        gsize size = mail_length (line_end + 1, (gsize)(end - line_end - 1));
        g_ptr_array_add (mails, mail_new (line_end + 1, size));
        *ret_bytes += size;
        at = line_end + 1 + size + 1;
    }
    return mails;
}

static char *prefixed (BenchMail *mail, int round, const char *id)
{
    g_autofree char *text = g_strdup_printf ("%d.%s", round, id);

    return g_string_chunk_insert (mail->chunk, text);
}

/* The same mail as if others had written it, with the same threads. */
static void make_other (GPtrArray *mails, int round)
{
    for (guint i = 0; round > 0 && i < mails->len; i++) {
        BenchMail *mail = mails->pdata[i];
        mail->identity[0] = mail->identity[0] == 'f' ? '0' : 'f';
        if (mail->message_id != NULL)
            mail->message_id = prefixed (mail, round, mail->message_id);
        for (guint k = 0; k + 1 < mail->refs->len; k++)
            mail->refs->pdata[k] = prefixed (mail, round, mail->refs->pdata[k]);
    }
}

static gboolean write_batches (Store *store, GPtrArray *mails, gint64 *ids, Batch *work,
                               GError **error)
{
    for (int round = 0; round < repeat; round++) {
        make_other (mails, round);
        for (guint i = 0; i < mails->len; i += work->count) {
            work->mails = (BenchMail **)mails->pdata + i;
            work->ids = ids + i;
            work->count = MIN ((guint)batch, mails->len - i);
            if (!store_write (store, apply_batch, work, error))
                return FALSE;
        }
    }
    return TRUE;
}

int main (int argc, char **argv)
{
    g_autoptr (GOptionContext) context = g_option_context_new ("FILE.mbox");
    g_autoptr (GError) error = NULL;
    g_autoptr (GMappedFile) file = NULL;
    g_autofree char *folder = g_dir_make_tmp ("bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
    struct rusage before, after;
    Batch work = {0};
    gsize bytes;

    g_option_context_add_main_entries (context, options, NULL);
    if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 ||
        (file = g_mapped_file_new (argv[1], FALSE, &error)) == NULL) {
        fprintf (stderr, "%s\n", error != NULL ? error->message : "bench_store FILE.mbox");
        return 2;
    }
    g_autoptr (GPtrArray) mails =
        read_mbox (g_mapped_file_get_contents (file), g_mapped_file_get_length (file), &bytes);
    g_autofree gint64 *ids = g_new0 (gint64, mails->len);
    getrusage (RUSAGE_SELF, &before);
    double wall = wall_seconds(), cpu = cpu_seconds();
    Store *store = store_open (path, clock_system(), &error);
    if (store != NULL && live > 0)
        write_live (store, mails, ids);
    if (store != NULL && live == 0 && !write_batches (store, mails, ids, &work, &error))
        store_close (g_steal_pointer (&store));
    if (error != NULL) {
        fprintf (stderr, "%s\n", error->message);
        return 1;
    }
    cpu = cpu_seconds() - cpu;
    wall = wall_seconds() - wall;
    getrusage (RUSAGE_SELF, &after);
    bytes *= (gsize)repeat;
    double count = (double)mails->len * repeat;
    printf (
        "%.0f mails, %zu bytes: %.0f us CPU a mail (add %.0f, index %.0f, commit and rest %.0f), "
        "%.0f us wall, memory +%ld MB\n",
        count, bytes, cpu / count * 1e6, work.add_seconds / count * 1e6,
        work.index_seconds / count * 1e6,
        (cpu - work.add_seconds - work.index_seconds) / count * 1e6, wall / count * 1e6,
        (after.ru_maxrss - before.ru_maxrss) / 1024);
    measure_reading (store);
    if (check_bytes)
        check_all (store, mails, ids);
    store_close (store);
    printf ("  database %" G_GINT64_FORMAT " bytes, %.3f of the mail\n", file_size (path),
            (double)file_size (path) / (double)bytes);
    if (keep_path != NULL && g_rename (path, keep_path) != 0)
        perror (keep_path);
    g_autofree char *log = g_strconcat (path, "-wal", NULL);
    g_autofree char *shared = g_strconcat (path, "-shm", NULL);
    g_unlink (path);
    g_unlink (log);
    g_unlink (shared);
    g_rmdir (folder);
    return 0;
}
