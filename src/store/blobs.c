/* blobs.c - large parts of messages, kept once whoever sends them.
 *
 * A large base64 part is kept decoded, under the SHA-256 of its content, when encoding it again
 * gives the very same bytes; any other large part is kept as it stands. So the same attachment in
 * two messages is one blob, also when two programs laid it out differently.
 *
 * (R1) Skeleton and blobs give the message back byte for byte, whatever the draft said about parts.
 */
#include "blobs.h"

#include <string.h>
#include <zstd.h>

#include "base64.h"
#include "error.h"

/* From which size on a part is cut out. Text packs well with its neighbours, so the second is
 * higher. */
#define BASE64_LEAST 3000
#define PLAIN_LEAST (32 * 1024)
#define LEVEL 3

/* Bits of cut.line_end. */
enum { LINE_CRLF = 1, LINE_LAST = 2 };

typedef struct {
    gsize position, size; /* in the message */
    gint64 blob;
    Base64Form form; /* line_length 0: as it stands */
} Cut;

static GBytes *digest_of_content (const guint8 *bytes, gsize size)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize len = sizeof digest;

    for (gsize at = 0; at < size; at += MIN (size - at, 1 << 30))
        g_checksum_update (sum, bytes + at, (gssize)MIN (size - at, 1 << 30));
    g_checksum_get_digest (sum, digest, &len);
    return g_bytes_new (digest, len);
}

static gboolean find_blob (StoreTxn *txn, GBytes *digest, gsize size, gint64 *ret_id,
                           GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_BLOB_BY_DIGEST);

    stmt_put_bytes (stmt, g_bytes_get_data (digest, NULL), g_bytes_get_size (digest));
    stmt_put_int (stmt, (gint64)size);
    DbStep step = stmt_next (stmt, error);

    *ret_id = step == DB_ROW ? stmt_take_int (stmt) : 0;
    return step != DB_FAILED;
}

static gboolean insert_blob (StoreTxn *txn, GBytes *digest, const guint8 *bytes, gsize size,
                             gint64 *ret_id, GError **error)
{
    gsize bound = ZSTD_compressBound (size);
    g_autofree void *packed = g_malloc (bound);
    gsize len = ZSTD_compress (packed, bound, bytes, size, LEVEL);

    if (ZSTD_isError (len))
        return error_fail (error, ERR_INTERNAL, "zstd: %s", ZSTD_getErrorName (len));
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_BLOB_ADD);

    stmt_put_bytes (stmt, g_bytes_get_data (digest, NULL), g_bytes_get_size (digest));
    stmt_put_int (stmt, (gint64)size);
    stmt_put_bytes (stmt, packed, len);
    if (stmt_next (stmt, error) != DB_ROW)
        return FALSE;
    *ret_id = stmt_take_int (stmt);
    return stmt_run (stmt, error);
}

static gboolean keep_blob (StoreTxn *txn, const guint8 *bytes, gsize size, gint64 *ret_id,
                           GError **error)
{
    g_autoptr (GBytes) digest = digest_of_content (bytes, size);

    if (!find_blob (txn, digest, size, ret_id, error))
        return FALSE;
    return *ret_id != 0 || insert_blob (txn, digest, bytes, size, ret_id, error);
}

static gboolean insert_cut (StoreTxn *txn, PostId post, const Cut *cut, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_CUT_ADD);

    stmt_put_int (stmt, post.value);
    stmt_put_int (stmt, (gint64)cut->position);
    stmt_put_int (stmt, cut->blob);
    stmt_put_int (stmt, cut->form.line_length);
    stmt_put_int (stmt,
                  (cut->form.is_crlf ? LINE_CRLF : 0) | (cut->form.ends_line ? LINE_LAST : 0));
    stmt_put_int (stmt, (gint64)cut->size);
    return stmt_run (stmt, error);
}

/* Stores one part. *ret_is_cut FALSE: it is too small, and stays in the skeleton. */
static gboolean cut_part (StoreTxn *txn, PostId post, const char *raw, const DraftPart *part,
                          gboolean *ret_is_cut, GError **error)
{
    Cut cut = {part->raw_offset, part->raw_size, 0, {0}};
    g_autofree guint8 *decoded = NULL;
    const guint8 *bytes = (const guint8 *)raw + part->raw_offset;
    gsize size = part->raw_size;

    *ret_is_cut = FALSE;
    if (size < BASE64_LEAST)
        return TRUE;
    if (part->encoding != NULL && g_ascii_strcasecmp (part->encoding, "base64") == 0)
        decoded = base64_decode_exact (raw + part->raw_offset, size, &size, &cut.form);
    if (decoded == NULL && size < PLAIN_LEAST)
        return TRUE;
    if (!keep_blob (txn, decoded != NULL ? decoded : bytes, size, &cut.blob, error) ||
        !insert_cut (txn, post, &cut, error))
        return FALSE;
    *ret_is_cut = TRUE;
    return TRUE;
}

GBytes *blobs_cut (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error)
{
    gsize size, done = 0;
    const char *raw = g_bytes_get_data (draft->raw, &size);
    g_autoptr (GByteArray) skeleton = NULL;

    for (guint i = 0; i < draft->part_count; i++) {
        const DraftPart *part = &draft->parts[i];
        gboolean is_cut = FALSE;

        if (part->raw_offset < done || part->raw_offset > size ||
            part->raw_size > size - part->raw_offset)
            continue; /* within another part, or nonsense: R1 holds all the same */
        if (!cut_part (txn, post, raw, part, &is_cut, error))
            return NULL;
        if (!is_cut)
            continue;
        if (skeleton == NULL)
            skeleton = g_byte_array_new();
        g_byte_array_append (skeleton, (const guint8 *)raw + done,
                             (guint)(part->raw_offset - done));
        done = part->raw_offset + part->raw_size;
    }
    if (skeleton == NULL)
        return g_bytes_ref (draft->raw);
    g_byte_array_append (skeleton, (const guint8 *)raw + done, (guint)(size - done));
    return g_byte_array_free_to_bytes (g_steal_pointer (&skeleton));
}

/* Writes the encoded part to `out`, which has room for cut->size bytes. */
static gboolean restore_part (Conn *conn, const Cut *cut, char *out, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_BLOB_GET);

    stmt_put_int (stmt, cut->blob);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_FAILED)
        return FALSE;
    gsize size = step == DB_ROW ? (gsize)stmt_take_int (stmt) : 0, len = 0;
    const void *packed = step == DB_ROW ? stmt_peek_bytes (stmt, &len) : NULL;
    gboolean is_plain = cut->form.line_length == 0;
    gboolean fits =
        packed != NULL && (is_plain ? size : base64_length (size, &cut->form)) == cut->size;
    g_autofree guint8 *bytes = fits && !is_plain ? g_malloc (size) : NULL;
    gsize got = fits ? ZSTD_decompress (is_plain ? (void *)out : bytes, size, packed, len) : 0;

    if (!fits || ZSTD_isError (got) || got != size)
        return error_fail (error, ERR_INTERNAL, "part %" G_GINT64_FORMAT " of a message is damaged",
                           cut->blob);
    if (!is_plain)
        base64_encode (bytes, size, &cut->form, out);
    return TRUE;
}

static GArray *load_cuts (Conn *conn, PostId post, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_CUT_LIST);
    g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
    DbStep step;

    stmt_put_int (stmt, post.value);
    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        Cut cut = {0};

        cut.position = (gsize)stmt_take_int (stmt);
        cut.blob = stmt_take_int (stmt);
        cut.form.line_length = (guint)stmt_take_int (stmt);
        gint64 line_end = stmt_take_int (stmt);
        cut.form.is_crlf = (line_end & LINE_CRLF) != 0;
        cut.form.ends_line = (line_end & LINE_LAST) != 0;
        cut.size = (gsize)stmt_take_int (stmt);
        g_array_append_val (cuts, cut);
    }
    return step == DB_DONE ? g_steal_pointer (&cuts) : NULL;
}

GBytes *blobs_restore (StoreReader *reader, PostId post, const char *skeleton, gsize skeleton_len,
                       gsize size, GError **error)
{
    g_autoptr (GArray) cuts = load_cuts (reader->conn, post, error);
    g_autofree char *raw = NULL;
    gsize done = 0, used = 0;

    if (cuts == NULL)
        return NULL;
    raw = g_malloc (size + 1);
    for (guint i = 0; i <= cuts->len; i++) {
        const Cut *cut = i < cuts->len ? &g_array_index (cuts, Cut, i) : NULL;
        gsize until = cut != NULL ? cut->position : size;

        if (until < done || until > size || until - done > skeleton_len - used ||
            (cut != NULL && cut->size > size - until)) {
            error_set (error, ERR_INTERNAL, "the parts of a message do not fit");
            return NULL;
        }
        memcpy (raw + done, skeleton + used, until - done);
        used += until - done;
        if (cut != NULL && !restore_part (reader->conn, cut, raw + until, error))
            return NULL;
        done = until + (cut != NULL ? cut->size : 0);
    }
    return g_bytes_new_take (g_steal_pointer (&raw), size);
}
