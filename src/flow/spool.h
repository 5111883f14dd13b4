/* spool.h - collects the bytes of one message: in memory while small, then in an unlinked file. */
#ifndef SPOOL_H
#define SPOOL_H

#include <glib.h>

typedef struct Spool Spool;

/* directory: where a large message is kept on its way; the file has no name, so that nothing stays
 * behind after a crash. size_max in bytes. */
Spool *spool_new (const char *directory, gsize size_max);
void spool_free (Spool *spool);

/* Errors: REFUSED larger than size_max; TEMPORARY the file cannot be written. After an error the
 * spool is broken and gives nothing. One thread. */
gboolean spool_append (Spool *spool, gconstpointer data, gsize len,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole message, once; the spool is empty afterwards. A large one is mapped, not read. Owned.
 * Errors: TEMPORARY broken, or the file cannot be mapped. */
GBytes *spool_take (Spool *spool, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Spool, spool_free)

#endif
