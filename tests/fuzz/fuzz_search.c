/* fuzz_search.c - whatever words are searched for, the answer is a list, never an error. Words are
 * the lines of the input. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "posts.h"
#include "store.h"

static Store *store;
static StoreReader *reader;

/* One empty archive for all runs; its files are removed at once, the connections keep them. */
static void make_store (void)
{
    g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "fuzz.db", NULL);

    store = store_open (path, clock_system(), NULL);
    reader = store != NULL ? store_reader_new (store, NULL) : NULL;
    g_assert_nonnull (reader);
    const char *suffixes[] = {"", "-wal", "-shm"};

    g_autoptr (GPtrArray) warm =
        store_post_list (reader, (Viewer){{1}, FALSE}, (PostId){0}, 1, NULL);

    g_assert_nonnull (warm);
    for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++) {
        g_autofree char *name = g_strconcat (path, suffixes[i], NULL);
        unlink (name);
    }
    rmdir (folder);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup ((const char *)data, MIN (size, 4096));
    g_auto (GStrv) words = g_strsplit (text, "\n", 50);
    g_autoptr (GError) error = NULL;

    if (reader == NULL)
        make_store();
    g_autoptr (GPtrArray) posts = store_search (reader, (Viewer){{1}, FALSE},
                                                (const char *const *)words, (PostId){0}, 5, &error);

    g_assert_no_error (error);
    g_assert_nonnull (posts);
    return 0;
}
