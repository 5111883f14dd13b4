/* facts.c - what the archive can tell the policy about a message that is coming in. */
#include "posts.h"
#include "store_private.h"

void store_facts_free (StoreFacts *facts)
{
    if (facts == NULL)
        return;
    g_free (facts->parent_author);
    g_strfreev (facts->thread_authors);
    if (facts->habit != NULL)
        g_hash_table_unref (facts->habit);
    g_free (facts);
}

/* The nearest reference that is here. */
static gboolean find_parent (Conn *conn, const char *const *refs, gint64 *ret_id, GError **error)
{
    guint count = refs != NULL ? g_strv_length ((char **)refs) : 0;

    *ret_id = 0;
    for (guint i = count; i > 0 && *ret_id == 0 && count - i < 100; i--) {
        g_autoptr (Stmt) stmt = stmt_use (conn, ST_POST_BY_KEY);
        DbStep step;

        stmt_put_int (stmt, key_of (refs[i - 1]));
        while (*ret_id == 0 && (step = stmt_next (stmt, error)) != DB_DONE) {
            if (step == DB_FAILED)
                return FALSE;
            gint64 id = stmt_take_int (stmt);

            if (g_strcmp0 (stmt_peek_text (stmt), refs[i - 1]) == 0)
                *ret_id = id;
        }
    }
    return TRUE;
}

/* One column of one row as text, NULL when there is no row. */
static gboolean text_of (Conn *conn, StmtId statement, gint64 id, char **ret_text, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, statement);

    stmt_put_int (stmt, id);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_ROW)
        *ret_text = stmt_take_text (stmt);
    return step != DB_FAILED;
}

static gboolean find_thread_authors (Conn *conn, gint64 post, char ***ret_authors, GError **error)
{
    g_autoptr (GPtrArray) authors = g_ptr_array_new_with_free_func (g_free);
    gint64 thread = 0;
    DbStep step;

    {
        g_autoptr (Stmt) place = stmt_use (conn, ST_POST_PLACE);

        stmt_put_int (place, post);
        step = stmt_next (place, error);
        if (step == DB_FAILED)
            return FALSE;
        thread = step == DB_ROW ? stmt_take_int (place) : 0;
    }
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_THREAD_AUTHORS);

    stmt_put_int (stmt, thread);
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        const char *address = stmt_peek_text (stmt);

        if (!g_ptr_array_find_with_equal_func (authors, address, g_str_equal, NULL))
            g_ptr_array_add (authors, g_strdup (address));
    }
    if (step == DB_FAILED)
        return FALSE;
    g_ptr_array_add (authors, NULL);
    *ret_authors = (char **)g_ptr_array_free (g_steal_pointer (&authors), FALSE);
    return TRUE;
}

/* How many of the author's last posts were addressed to this person, and how many of those they
 * answered. */
static gboolean add_habit (Conn *conn, gint64 author, gint64 person, GHashTable *habit,
                           GError **error)
{
    gint64 addressed, answered;
    g_autofree char *address = NULL;

    {
        g_autoptr (Stmt) stmt = stmt_use (conn, ST_HABIT_ADDRESSED);

        stmt_put_int (stmt, person);
        stmt_put_int (stmt, author);
        if (stmt_next (stmt, error) != DB_ROW)
            return FALSE;
        addressed = stmt_take_int (stmt);
        answered = stmt_take_int (stmt);
    }
    if (answered < 3)
        return TRUE;
    if (!text_of (conn, ST_PERSON_ADDRESS, person, &address, error))
        return FALSE;
    if (address != NULL)
        g_hash_table_insert (habit, g_steal_pointer (&address),
                             GINT_TO_POINTER ((gint)(1000 * answered / addressed)));
    return TRUE;
}

static gboolean find_habit (Conn *conn, gint64 author, GHashTable *habit, GError **error)
{
    g_autoptr (GArray) people = g_array_new (FALSE, FALSE, sizeof (gint64));
    DbStep step;

    {
        g_autoptr (Stmt) stmt = stmt_use (conn, ST_HABIT_ANSWERS);

        stmt_put_int (stmt, author);
        while ((step = stmt_next (stmt, error)) == DB_ROW) {
            gint64 person = stmt_take_int (stmt);

            g_array_append_val (people, person);
        }
    }
    if (step == DB_FAILED)
        return FALSE;
    for (guint i = 0; i < people->len; i++)
        if (!add_habit (conn, author, g_array_index (people, gint64, i), habit, error))
            return FALSE;
    return TRUE;
}

static gboolean author_id (Conn *conn, const char *author, gint64 *ret_id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_PERSON_BY_ADDRESS);

    stmt_put_text (stmt, author);
    DbStep step = stmt_next (stmt, error);

    *ret_id = step == DB_ROW ? stmt_take_int (stmt) : 0;
    return step != DB_FAILED;
}

static gboolean find_thread (Conn *conn, StoreFacts *facts, GError **error)
{
    gint64 parent = facts->parent.value;

    return text_of (conn, ST_POST_AUTHOR, parent, &facts->parent_author, error) &&
           find_thread_authors (conn, parent, &facts->thread_authors, error);
}

StoreFacts *store_facts (StoreReader *reader, const char *author, const char *const *refs,
                         GError **error)
{
    g_autoptr (StoreFacts) facts = g_new0 (StoreFacts, 1);
    Conn *conn = reader->conn;
    gint64 person;

    facts->habit = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    if (!find_parent (conn, refs, &facts->parent.value, error) ||
        (facts->parent.value != 0 && !find_thread (conn, facts, error)) ||
        !author_id (conn, author, &person, error) ||
        (person != 0 && !find_habit (conn, person, facts->habit, error)))
        return NULL;
    return g_steal_pointer (&facts);
}
