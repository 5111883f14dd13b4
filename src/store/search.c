/* search.c - the full-text index: filled after the commit, asked newest first.
 *
 * The text is the first column, since FTS5 writes the number of any other beside each word.
 *
 * (F1) A post is in the index once: the row in `unindexed` is its permission to enter. */
#include "posts.h"
#include "store_private.h"

#include <string.h>

gboolean store_index_add (StoreTxn *txn, PostId post, const char *subject, const char *text,
                          const char *names, GError **error)
{
    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_UNINDEXED_REMOVE);

        stmt_put_int (stmt, post.value);
        if (!stmt_run (stmt, error))
            return FALSE;
        if (stmt_changes (stmt) == 0)
            return TRUE;
    }
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_WORDS_ADD);

    stmt_put_int (stmt, post.value);
    stmt_put_text (stmt, text);
    stmt_put_text (stmt, subject);
    stmt_put_text (stmt, names);
    return stmt_run (stmt, error);
}

GArray *store_index_pending (StoreReader *reader, guint max)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_UNINDEXED_LIST);
    GArray *posts = g_array_new (FALSE, FALSE, sizeof (PostId));

    stmt_put_int (stmt, max);
    while (stmt_next (stmt, NULL) == DB_ROW) {
        PostId id = {stmt_take_int (stmt)};

        g_array_append_val (posts, id);
    }
    return posts;
}

/* A word in quotes is a phrase to FTS5, whatever it holds; a * after it makes it a prefix. */
static void add_word (GString *match, const char *word)
{
    gsize len = strlen (word);
    gboolean is_prefix = len > 1 && word[len - 1] == '*';

    if (match->len > 0)
        g_string_append_c (match, ' ');
    g_string_append_c (match, '"');
    for (gsize i = 0; i < len - (is_prefix ? 1 : 0); i++) {
        if (word[i] == '"')
            g_string_append_c (match, '"');
        g_string_append_c (match, word[i]);
    }
    g_string_append (match, is_prefix ? "\"*" : "\"");
}

GPtrArray *store_search (StoreReader *reader, Viewer viewer, const char *const *words,
                         PostId before, guint limit, GError **error)
{
    g_autoptr (GString) match = g_string_new (NULL);

    for (guint i = 0; words[i] != NULL; i++)
        add_word (match, words[i]);
    if (match->len == 0)
        return g_ptr_array_new_with_free_func ((GDestroyNotify)post_free);
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_WORDS_FIND);

    stmt_put_text (stmt, match->str);
    stmt_put_int (stmt, before.value > 0 ? before.value : G_MAXINT64);
    stmt_put_int (stmt, viewer_number (viewer));
    stmt_put_int (stmt, limit);
    return posts_from_rows (reader->conn, stmt, error);
}
