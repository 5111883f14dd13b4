/* pack.c - many small texts that resemble each other, packed together.
 *
 * A pack is one zstd frame that is never ended: each text continues it, so that it is written in
 * terms of those before, and is flushed, so that its bytes can be committed. To read a text, the
 * pack is unpacked from its beginning. A pack ends when it holds PACK_LIMIT bytes of text. Large
 * texts get a pack of their own.
 *
 * (K1) What stands in the database of a pack can be unpacked without what follows it.
 * (K2) A pack is continued only after its bytes were committed, each exactly once: when a
 *      transaction is undone, the pack ends.
 * (K3) Segments are written once a transaction, at its end: what many jobs added is one row. */
#include "pack.h"

#include <string.h>
#include <zstd.h>

#include "error.h"

#define LEVEL 3
#define WINDOW_LOG 20
#define LARGE (PACK_LIMIT / 8)

typedef struct {
    gint64 id, pack;
    GByteArray *bytes;
} Segment;

struct Packer {
    ZSTD_CCtx *context;
    gint64 pack;      /* the open pack; 0 none */
    gsize length;     /* of text in it */
    GArray *segments; /* of Segment: not yet written */
};

static void segment_clear (gpointer data)
{
    g_byte_array_unref (((Segment *)data)->bytes);
}

Packer *packer_new (void)
{
    Packer *packer = g_new0 (Packer, 1);

    packer->context = ZSTD_createCCtx();
    packer->segments = g_array_new (FALSE, FALSE, sizeof (Segment));
    g_array_set_clear_func (packer->segments, segment_clear);
    return packer;
}

void packer_free (Packer *packer)
{
    if (packer == NULL)
        return;
    ZSTD_freeCCtx (packer->context);
    g_array_unref (packer->segments);
    g_free (packer);
}

static void open_pack (Packer *packer, gint64 id)
{
    ZSTD_CCtx_reset (packer->context, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter (packer->context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter (packer->context, ZSTD_c_checksumFlag, 0);
    ZSTD_CCtx_setParameter (packer->context, ZSTD_c_windowLog, WINDOW_LOG);
    packer->pack = id;
    packer->length = 0;
}

static Segment *segment_for (Packer *packer, gint64 id)
{
    guint count = packer->segments->len;
    Segment *last = count > 0 ? &g_array_index (packer->segments, Segment, count - 1) : NULL;

    if (last != NULL && last->pack == packer->pack)
        return last;
    Segment fresh = {id, packer->pack, g_byte_array_new()};

    g_array_append_val (packer->segments, fresh);
    return &g_array_index (packer->segments, Segment, count);
}

static gboolean compress (Packer *packer, GByteArray *bytes, const void *text, gsize len,
                          GError **error)
{
    ZSTD_inBuffer in = {text, len, 0};
    guint old = bytes->len;
    gsize left;

    do {
        g_byte_array_set_size (bytes, old + (guint)ZSTD_compressBound (len - in.pos) + 64);
        ZSTD_outBuffer out = {bytes->data + old, bytes->len - old, 0};

        left = ZSTD_compressStream2 (packer->context, &out, &in, ZSTD_e_flush);
        if (ZSTD_isError (left))
            return error_fail (error, ERR_INTERNAL, "zstd: %s", ZSTD_getErrorName (left));
        old += (guint)out.pos;
    } while (left > 0);
    g_byte_array_set_size (bytes, old);
    return TRUE;
}

gboolean packer_add (Packer *packer, gint64 id, const void *text, gsize len, PackPlace *ret_place,
                     GError **error)
{
    if (packer->pack == 0 || len > LARGE || packer->length + len > PACK_LIMIT)
        open_pack (packer, id);
    Segment *segment = segment_for (packer, id);

    ret_place->pack = packer->pack;
    ret_place->start = (gint64)packer->length;
    if (!compress (packer, segment->bytes, text, len, error)) {
        packer->pack = 0;
        return FALSE;
    }
    packer->length += len;
    if (len > LARGE)
        packer->pack = 0;
    return TRUE;
}

gboolean packer_write (Packer *packer, Conn *conn, GError **error)
{
    for (guint i = 0; i < packer->segments->len; i++) {
        const Segment *segment = &g_array_index (packer->segments, Segment, i);
        g_autoptr (Stmt) stmt = stmt_use (conn, ST_SEGMENT_ADD);

        stmt_put_int (stmt, segment->id);
        stmt_put_int (stmt, segment->pack);
        stmt_put_bytes (stmt, segment->bytes->data, segment->bytes->len);
        if (!stmt_run (stmt, error))
            return FALSE;
    }
    return TRUE;
}

void packer_done (Packer *packer, gboolean is_committed)
{
    g_array_set_size (packer->segments, 0);
    if (!is_committed)
        packer->pack = 0; /* K2 */
}

struct Unpacker {
    ZSTD_DCtx *context;
    gint64 pack;    /* what `text` is of; 0 nothing */
    gint64 segment; /* the one that was unpacked last, */
    gsize consumed; /* and how much of it */
    GByteArray *text;
};

Unpacker *unpacker_new (void)
{
    Unpacker *unpacker = g_new0 (Unpacker, 1);

    unpacker->context = ZSTD_createDCtx();
    unpacker->text = g_byte_array_new();
    return unpacker;
}

void unpacker_free (Unpacker *unpacker)
{
    if (unpacker == NULL)
        return;
    ZSTD_freeDCtx (unpacker->context);
    g_byte_array_unref (unpacker->text);
    g_free (unpacker);
}

void unpacker_reset (Unpacker *unpacker)
{
    ZSTD_DCtx_reset (unpacker->context, ZSTD_reset_session_only);
    unpacker->pack = 0;
    unpacker->segment = 0;
    unpacker->consumed = 0;
    g_byte_array_unref (unpacker->text); /* gives a large buffer back */
    unpacker->text = g_byte_array_new();
}

/* Unpacks from one segment until `text` has `wanted` bytes or the segment is used up. */
static gboolean unpack_segment (Unpacker *unpacker, const void *bytes, gsize len, gsize wanted,
                                GError **error)
{
    ZSTD_inBuffer in = {bytes, len, unpacker->consumed};
    gsize have = unpacker->text->len;

    g_byte_array_set_size (unpacker->text, (guint)wanted);
    while (have < wanted) {
        ZSTD_outBuffer out = {unpacker->text->data + have, wanted - have, 0};
        gsize before = in.pos;
        gsize result = ZSTD_decompressStream (unpacker->context, &out, &in);

        have += out.pos;
        if (ZSTD_isError (result) || (out.pos == 0 && in.pos == before && in.pos < len)) {
            unpacker_reset (unpacker);
            return error_fail (error, ERR_INTERNAL, "a pack of messages is damaged");
        }
        if (in.pos == len && out.pos == 0)
            break;
    }
    g_byte_array_set_size (unpacker->text, (guint)have);
    unpacker->consumed = in.pos;
    return TRUE;
}

static gboolean unpack (Unpacker *unpacker, Conn *conn, gint64 id, gint64 pack, gsize wanted,
                        GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_SEGMENT_LIST);
    DbStep step = DB_DONE;

    stmt_put_int (stmt, MAX (pack, unpacker->segment));
    stmt_put_int (stmt, id);
    stmt_put_int (stmt, pack);
    while (unpacker->text->len < wanted && (step = stmt_next (stmt, error)) == DB_ROW) {
        gint64 segment = stmt_take_int (stmt);
        gsize len;
        const void *bytes = stmt_peek_bytes (stmt, &len);

        if (segment != unpacker->segment)
            unpacker->consumed = 0;
        unpacker->segment = segment;
        if (!unpack_segment (unpacker, bytes, len, wanted, error))
            return FALSE;
    }
    if (step == DB_FAILED)
        return FALSE;
    return unpacker->text->len >= wanted ||
           error_fail (error, ERR_INTERNAL, "a pack of messages is too short");
}

const char *unpacker_get (Unpacker *unpacker, Conn *conn, gint64 id, PackPlace place, gsize len,
                          GError **error)
{
    gsize wanted = (gsize)place.start + len;

    if (place.start < 0 || len > G_MAXINT || wanted > G_MAXINT) {
        error_set (error, ERR_INTERNAL, "the place of a message is damaged");
        return NULL;
    }
    if (unpacker->pack != place.pack) {
        unpacker_reset (unpacker);
        unpacker->pack = place.pack;
    }
    if (unpacker->text->len < wanted && !unpack (unpacker, conn, id, place.pack, wanted, error)) {
        unpacker_reset (unpacker);
        return NULL;
    }
    /* A pack of nothing but empty messages has no bytes at all. */
    return unpacker->text->data != NULL ? (const char *)unpacker->text->data + place.start : "";
}
