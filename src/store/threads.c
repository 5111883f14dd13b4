/* threads.c - threads by References and In-Reply-To, never by subject.
 *
 * A post hangs under the nearest of its references that is here. References that are nearer than
 * that, or all when none is here, are noted as awaited; when such a message comes late, it gathers
 * the answers that wait for it. Two answers to a message that is not here stand in one thread: the
 * first is a stand-in for what is missing.
 *
 * (T1) thread is the id of a post whose parent is NULL, and following parents leads there: no
 *      cycles. A post is hung under another only when that one does not descend from it.
 * (T2) Nobody loses sight of a post by threading: under a first post that is not for everyone go
 *      only restricted posts or answers that refer to it, and those are listed for readers who
 *      cannot see the first one (is_top).
 * (T3) An answer to a restricted post is restricted, whatever its draft says.
 * (T4) The number of comments that lists show counts none that is more restricted than the first
 *      post: it would tell everybody that it is there.
 * (T5) Nothing new goes under a withdrawn
 * first post: nobody would see it. It begins a thread, or hangs under something else that it refers
 * to.
 */
#include "threads.h"
#include "store_private.h"

#include "error.h"

#include <string.h>

/* References beyond these are not looked at: the nearest count. */
#define REFS_MAX 100
/* Answers that one late message gathers at most, and how deep a thread is searched for cycles. */
#define GATHER_MAX 10000
#define DEPTH_MAX 1000

typedef struct {
    gint64 id, thread, parent;
    guint rank;
    PostVisibility visibility;
} Place;

static DbStep place_of (StoreTxn *txn, gint64 id, Place *ret_place, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_POST_PLACE);

    stmt_put_int (stmt, id);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_ROW) {
        ret_place->id = id;
        ret_place->thread = stmt_take_int (stmt);
        ret_place->parent = stmt_take_int (stmt);
        ret_place->rank = (guint)stmt_take_int (stmt);
        ret_place->visibility = (PostVisibility)stmt_take_int (stmt);
    }
    return step;
}

static gboolean known_post (StoreTxn *txn, const char *message_id, gint64 *ret_id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_POST_BY_KEY);
    DbStep step;

    *ret_id = 0;
    stmt_put_int (stmt, key_of (message_id));
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        gint64 id = stmt_take_int (stmt);

        if (g_strcmp0 (stmt_peek_text (stmt), message_id) == 0) {
            *ret_id = id;
            return TRUE;
        }
    }
    return step == DB_DONE;
}

/* The oldest post that waits for the same message, 0 for none. */
static gboolean fellow_of (StoreTxn *txn, const char *message_id, gint64 *ret_id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_AWAITED_BY_KEY);

    stmt_put_int (stmt, key_of (message_id));
    stmt_put_int (stmt, 1);
    DbStep step = stmt_next (stmt, error);

    *ret_id = step == DB_ROW ? stmt_take_int (stmt) : 0;
    return step != DB_FAILED;
}

/* The last REFS_MAX references. A message that refers to itself does not count. */
static const char *const *near_refs (const PostDraft *draft, guint *ret_count)
{
    guint count = draft->refs != NULL ? g_strv_length ((char **)draft->refs) : 0;
    guint skipped = count > REFS_MAX ? count - REFS_MAX : 0;

    *ret_count = count - skipped;
    return skipped > 0 ? draft->refs + skipped : draft->refs;
}

static gboolean is_self (const PostDraft *draft, const char *ref)
{
    return draft->message_id != NULL && strcmp (draft->message_id, ref) == 0;
}

/* A stand-in is taken only where that hides nothing (T2). */
static gboolean find_stand_in (StoreTxn *txn, const PostDraft *draft, const char *const *refs,
                               ThreadPlace *place, GError **error)
{
    for (guint i = place->ref_count; i > 0; i--) {
        Place fellow, root;
        gint64 id;

        if (!fellow_of (txn, refs[i - 1], &id, error))
            return FALSE;
        if (id == 0 || is_self (draft, refs[i - 1]))
            continue;
        if (place_of (txn, id, &fellow, error) != DB_ROW ||
            place_of (txn, fellow.thread, &root, error) != DB_ROW)
            return FALSE;
        if (root.visibility != POST_EVERYONE)
            continue;
        place->thread = place->parent = root.id;
        return TRUE;
    }
    return TRUE;
}

/* A reply key names the thread: references choose the parent only within it, and later ones do not
 * move the comment away. */
static gboolean settle_on (StoreTxn *txn, PostId post, ThreadPlace *place, GError **error)
{
    Place named, found = {0};

    if (place_of (txn, post.value, &named, error) != DB_ROW)
        return error_fail (error, ERR_NOT_FOUND, "there is no post %" G_GINT64_FORMAT, post.value);
    if (place->parent != 0 && place_of (txn, place->parent, &found, error) != DB_ROW)
        return FALSE;
    if (found.thread != named.thread)
        place->parent = named.id;
    place->rank = 1;
    place->ref_count = 0;
    return TRUE;
}

/* (T5) */
static gboolean is_in_sight (StoreTxn *txn, gint64 post, gboolean *ret_is, GError **error)
{
    Place place, root;

    if (place_of (txn, post, &place, error) != DB_ROW ||
        place_of (txn, place.thread, &root, error) != DB_ROW)
        return FALSE;
    *ret_is = root.visibility != POST_WITHDRAWN;
    return TRUE;
}

/* The nearest of the references that is here. */
static gboolean find_parent (StoreTxn *txn, const PostDraft *draft, const char *const *refs,
                             ThreadPlace *place, GError **error)
{
    for (guint i = place->ref_count; i > 0; i--) {
        gboolean is_good = FALSE;
        gint64 found;

        if (is_self (draft, refs[i - 1]))
            continue;
        if (!known_post (txn, refs[i - 1], &found, error) ||
            (found != 0 && !is_in_sight (txn, found, &is_good, error)))
            return FALSE;
        if (!is_good)
            continue;
        place->parent = found;
        place->rank = i;
        return TRUE;
    }
    return TRUE;
}

gboolean thread_find_place (StoreTxn *txn, const PostDraft *draft, ThreadPlace *ret_place,
                            GError **error)
{
    ThreadPlace place = {.visibility = draft->visibility, .is_top = TRUE};
    const char *const *refs = near_refs (draft, &place.ref_count);

    if (!find_parent (txn, draft, refs, &place, error))
        return FALSE;
    if (draft->comment_on.value != 0 && !settle_on (txn, draft->comment_on, &place, error))
        return FALSE;
    if (place.parent != 0) {
        Place parent, root;

        if (place_of (txn, place.parent, &parent, error) != DB_ROW ||
            place_of (txn, parent.thread, &root, error) != DB_ROW)
            return FALSE;
        place.thread = root.id;
        place.is_top = root.visibility != POST_EVERYONE;
        if (parent.visibility == POST_RECIPIENTS)
            place.visibility = POST_RECIPIENTS; /* T3 */
    } else {
        if (!find_stand_in (txn, draft, refs, &place, error))
            return FALSE;
        place.is_top = place.parent == 0;
    }
    *ret_place = place;
    return TRUE;
}

static gboolean run_three (StoreTxn *txn, StmtId id, gint64 first, gint64 second, gint64 third,
                           GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, id);

    stmt_put_int (stmt, first);
    stmt_put_int (stmt, second);
    stmt_put_int (stmt, third);
    return stmt_run (stmt, error);
}

static gboolean note_awaited (StoreTxn *txn, const PostDraft *draft, PostId id,
                              const ThreadPlace *place, GError **error)
{
    guint count;
    const char *const *refs = near_refs (draft, &count);

    for (guint i = count; i > place->rank; i--)
        if (!is_self (draft, refs[i - 1]) &&
            !run_three (txn, ST_AWAITED_ADD, key_of (refs[i - 1]), id.value, i, error))
            return FALSE;
    return TRUE;
}

/* Whether `id` is `ancestor` or descends from it; in doubt (too deep) yes. *ret_loose is the
 * highest post on that way that hangs under a stand-in, 0 for none. */
static gboolean descends (StoreTxn *txn, gint64 id, gint64 ancestor, gboolean *ret_descends,
                          gint64 *ret_loose, GError **error)
{
    *ret_loose = 0;
    for (guint depth = 0; depth < DEPTH_MAX; depth++) {
        Place place;

        *ret_descends = id == ancestor;
        if (id == ancestor || id == 0)
            return TRUE;
        if (place_of (txn, id, &place, error) != DB_ROW)
            return FALSE;
        if (place.rank == 0 && place.parent != 0)
            *ret_loose = id;
        id = place.parent;
    }
    *ret_descends = TRUE;
    *ret_loose = 0;
    return TRUE;
}

static gboolean count_thread (StoreTxn *txn, gint64 thread, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_THREAD_COUNT);

    stmt_put_int (stmt, thread);
    return stmt_run (stmt, error);
}

static gboolean make_top (StoreTxn *txn, gint64 id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_POST_TOP_SET);

    stmt_put_int (stmt, id);
    return stmt_run (stmt, error);
}

/* The posts of a thread, and what people wished about it, go to another. */
static gboolean move_thread (StoreTxn *txn, gint64 to, gboolean is_top, gint64 from, GError **error)
{
    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_FOLLOW_MOVE);

        stmt_put_int (stmt, to);
        stmt_put_int (stmt, from);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    return run_three (txn, ST_THREAD_MOVE, to, is_top, from, error);
}

static gboolean hang_under (StoreTxn *txn, gint64 parent, guint rank, gint64 child, GError **error)
{
    return run_three (txn, ST_POST_PARENT_SET, parent, rank, child, error);
}

/* The late message hangs, by way of the stand-in's place, under the answer that waits for it: what
 * hung under the stand-in takes the answer's place, and the answer goes where it belongs. */
static gboolean turn_over (StoreTxn *txn, gint64 late, const Place *child, gint64 loose, guint rank,
                           GError **error)
{
    Place place;

    if (place_of (txn, loose, &place, error) != DB_ROW)
        return FALSE;
    if (place.visibility != POST_EVERYONE)
        return TRUE; /* T2 */
    if (child->parent != 0)
        return hang_under (txn, child->parent, 0, loose, error) &&
               hang_under (txn, late, rank, child->id, error);
    return move_thread (txn, loose, FALSE, child->thread, error) && make_top (txn, loose, error) &&
           hang_under (txn, late, rank, child->id, error) && count_thread (txn, loose, error);
}

/* The answer and the late message are in one thread already. */
static gboolean gather_within (StoreTxn *txn, gint64 late, const Place *child, guint rank,
                               GError **error)
{
    gboolean is_below = FALSE;
    gint64 loose = 0;

    if (!descends (txn, late, child->id, &is_below, &loose, error))
        return FALSE;
    if (!is_below)
        return hang_under (txn, late, rank, child->id, error);
    return loose == 0 || turn_over (txn, late, child, loose, rank, error);
}

/* Hangs one waiting answer under the late message, with all that hangs under the answer. */
static gboolean gather_one (StoreTxn *txn, gint64 late, gint64 id, guint rank, GError **error)
{
    Place child, under, root;

    if (place_of (txn, id, &child, error) != DB_ROW ||
        place_of (txn, late, &under, error) != DB_ROW ||
        place_of (txn, under.thread, &root, error) != DB_ROW)
        return FALSE;
    if (rank <= child.rank)
        return TRUE;
    if (child.thread == under.thread)
        return gather_within (txn, late, &child, rank, error);
    if (child.visibility == POST_WITHDRAWN)
        return TRUE; /* its thread would come into sight again */
    if (child.parent != 0)
        return TRUE; /* it has a place with others already */
    if (root.visibility != POST_EVERYONE && child.visibility == POST_EVERYONE)
        return TRUE; /* T2 */
    return move_thread (txn, root.id, root.visibility != POST_EVERYONE, child.thread, error) &&
           hang_under (txn, late, rank, id, error) && count_thread (txn, root.id, error);
}

static gboolean gather (StoreTxn *txn, gint64 late, gint64 key, GError **error)
{
    g_autoptr (GArray) waiting = g_array_new (FALSE, FALSE, sizeof (gint64[2]));
    DbStep step;

    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_AWAITED_BY_KEY);

        stmt_put_int (stmt, key);
        stmt_put_int (stmt, GATHER_MAX);
        while ((step = stmt_next (stmt, error)) == DB_ROW) {
            gint64 pair[2];

            pair[0] = stmt_take_int (stmt);
            pair[1] = stmt_take_int (stmt);
            g_array_append_val (waiting, pair);
        }
    }
    if (step == DB_FAILED)
        return FALSE;
    /* Twice: when a first post has moved, those below it that wait too are in the same thread. */
    for (guint i = 0; i < 2 * waiting->len; i++) {
        const gint64 *pair = &g_array_index (waiting, gint64, (gsize)2 * (i % waiting->len));

        if (pair[0] != late && !gather_one (txn, late, pair[0], (guint)pair[1], error))
            return FALSE;
    }
    return TRUE;
}

/* (T4) */
static gboolean count_comment (StoreTxn *txn, const ThreadPlace *place, gint64 sent_ms,
                               GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_THREAD_GROWN);

    stmt_put_int (stmt, sent_ms);
    stmt_put_int (stmt, place->thread);
    stmt_put_int (stmt, place->visibility);
    return stmt_run (stmt, error);
}

gboolean thread_settle (StoreTxn *txn, const PostDraft *draft, PostId id, gint64 key,
                        const ThreadPlace *place, GError **error)
{
    if (place->thread == 0 && !make_top (txn, id.value, error))
        return FALSE;
    if (place->thread != 0 && !count_comment (txn, place, draft->sent_ms, error))
        return FALSE;
    return note_awaited (txn, draft, id, place, error) &&
           (draft->message_id == NULL || gather (txn, id.value, key, error));
}
