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

/* Below the first, nothing is done; from the second on base64 is a blob, from the third anything.
 */
#define BASE64_LEAST 200
#define BLOB_LEAST 3000
#define PLAIN_LEAST ((gsize)32 * 1024)
#define LEVEL 3

/* Bits of cut.line_end. */
enum { LINE_CRLF = 1, LINE_LAST = 2 };

typedef struct {
    gsize position, size; /* in the message */
    gsize length;         /* of the content */
    gint64 blob;          /* 0: the content stands in the skeleton */
    Base64Form form;      /* line_length 0: as it stands */
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
    stmt_put_id (stmt, cut->blob);
    stmt_put_int (stmt, cut->form.line_length);
    stmt_put_int (stmt,
                  (cut->form.is_crlf ? LINE_CRLF : 0) | (cut->form.ends_line ? LINE_LAST : 0));
    stmt_put_int (stmt, (gint64)cut->size);
    stmt_put_int (stmt, (gint64)cut->length);
    return stmt_run (stmt, error);
}

/* Stores the content of one part: as a blob, or in `skeleton`. *ret_is_cut FALSE: the part is to
 * stay as it is. */
static gboolean cut_part (StoreTxn *txn, PostId post, const char *raw, const DraftPart *part,
                          GByteArray *skeleton, gboolean *ret_is_cut, GError **error)
{
    Cut cut = {part->raw_offset, part->raw_size, part->raw_size, 0, {0}};
    g_autofree guint8 *decoded = NULL;
    const guint8 *bytes = (const guint8 *)raw + part->raw_offset;

    *ret_is_cut = FALSE;
    if (cut.size < BASE64_LEAST)
        return TRUE;
    if (part->encoding != NULL && g_ascii_strcasecmp (part->encoding, "base64") == 0)
        decoded = base64_decode_exact ((const char *)bytes, cut.size, &cut.length, &cut.form);
    if (decoded == NULL && (part->is_body || cut.size < PLAIN_LEAST))
        return TRUE;
    gboolean is_inline = decoded != NULL && cut.length < (part->is_body ? PLAIN_LEAST : BLOB_LEAST);

    if (!is_inline &&
        !keep_blob (txn, decoded != NULL ? decoded : bytes, cut.length, &cut.blob, error))
        return FALSE;
    if (!insert_cut (txn, post, &cut, error))
        return FALSE;
    if (is_inline)
        g_byte_array_append (skeleton, decoded, (guint)cut.length);
    *ret_is_cut = TRUE;
    return TRUE;
}

/* Whether a part lies behind what was taken already; drafts are not believed (R1). */
static gboolean part_fits (const DraftPart *part, gsize done, gsize size)
{
    return part->raw_offset >= done && part->raw_offset <= size &&
           part->raw_size <= size - part->raw_offset;
}

GBytes *blobs_cut (StoreTxn *txn, PostId post, const PostDraft *draft, GError **error)
{
    gsize size, done = 0;
    const char *raw = g_bytes_get_data (draft->raw, &size);
    g_autoptr (GByteArray) skeleton = g_byte_array_new();

    for (guint i = 0; i < draft->part_count; i++) {
        const DraftPart *part = &draft->parts[i];
        guint before = skeleton->len;
        gboolean is_cut = FALSE;

        if (!part_fits (part, done, size) || part->raw_size < BASE64_LEAST)
            continue;
        g_byte_array_append (skeleton, (const guint8 *)raw + done,
                             (guint)(part->raw_offset - done));
        if (!cut_part (txn, post, raw, part, skeleton, &is_cut, error))
            return NULL;
        if (is_cut)
            done = part->raw_offset + part->raw_size;
        else
            g_byte_array_set_size (skeleton, before);
    }
    if (done == 0)
        return g_bytes_ref (draft->raw);
    g_byte_array_append (skeleton, (const guint8 *)raw + done, (guint)(size - done));
    return g_byte_array_free_to_bytes (g_steal_pointer (&skeleton));
}

/* The content of a blob, unpacked into `out`, which has room for cut->length bytes. */
static gboolean load_blob (Conn *conn, const Cut *cut, void *out, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_BLOB_GET);

    stmt_put_int (stmt, cut->blob);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_FAILED)
        return FALSE;
    gsize len = 0;
    const void *packed = step == DB_ROW ? stmt_peek_bytes (stmt, &len) : NULL;
    gsize got = packed != NULL ? ZSTD_decompress (out, cut->length, packed, len) : 0;

    return (!ZSTD_isError (got) && got == cut->length) ||
           error_fail (error, ERR_INTERNAL, "part %" G_GINT64_FORMAT " of a message is damaged",
                       cut->blob);
}

/* Writes the encoded part to `out`, which has room for cut->size bytes. */
static gboolean restore_part (Conn *conn, const Cut *cut, const char *skeleton, char *out,
                              GError **error)
{
    if (cut->form.line_length == 0)
        return load_blob (conn, cut, out, error);
    if (cut->blob == 0) {
        base64_encode ((const guint8 *)skeleton, cut->length, &cut->form, out);
        return TRUE;
    }
    g_autofree guint8 *bytes = g_malloc (cut->length);

    if (!load_blob (conn, cut, bytes, error))
        return FALSE;
    base64_encode (bytes, cut->length, &cut->form, out);
    return TRUE;
}

/* Whether the content makes as many bytes as were cut out. */
static gboolean cut_is_sound (const Cut *cut)
{
    if (cut->form.line_length == 0)
        return cut->length == cut->size && cut->blob != 0;
    return cut->length > 0 && cut->length <= cut->size &&
           base64_length (cut->length, &cut->form) == cut->size;
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
        cut.length = (gsize)stmt_take_int (stmt);
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
        gsize inner = cut != NULL && cut->blob == 0 ? cut->length : 0;

        if (until < done || until > size || until - done > skeleton_len - used ||
            inner > skeleton_len - used - (until - done) ||
            (cut != NULL && (cut->size > size - until || !cut_is_sound (cut)))) {
            error_set (error, ERR_INTERNAL, "the parts of a message do not fit");
            return NULL;
        }
        memcpy (raw + done, skeleton + used, until - done);
        used += until - done;
        if (cut != NULL && !restore_part (reader->conn, cut, skeleton + used, raw + until, error))
            return NULL;
        used += inner;
        done = until + (cut != NULL ? cut->size : 0);
    }
    return g_bytes_new_take (g_steal_pointer (&raw), size);
}
