/* store.h - the archive: the only place with SQL. One writer thread, a reader per thread.
 *
 * Knows neither mail nor policy: takes plain structs. All strings in results belong to the result. */
#ifndef STORE_H
#define STORE_H

#include <glib.h>
#include "clock.h"

typedef struct { gint64 value; } PostId;
typedef struct { gint64 value; } PersonId;
typedef struct { gint64 value; } NoticeId;
typedef struct { gint64 value; } BlobId;

typedef struct Store Store;             /* thread-safe */
typedef struct StoreTxn StoreTxn;       /* lent by the writer to a job; valid only within it */
typedef struct StoreReader StoreReader; /* one thread */

/* Opens or makes the database at `path` and brings its schema up to date. Errors: TEMPORARY locked
 * or disk full; REFUSED newer than this program, or no database of ours; INTERNAL damaged. */
Store *store_open (const char *path, const Clock *clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens a database for reading alone: nothing is made, nothing brought up to date, and store_write
 * fails. Errors: NOT_FOUND there is none; REFUSED its schema is not this program's; as store_open. */
Store *store_open_read_only (const char *path, const Clock *clock, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The number of a database's schema (0: empty), and of the one that this program works with. Changes
 * nothing. Errors: NOT_FOUND; REFUSED no database of ours; as store_open. */
gboolean store_look (const char *path, guint *ret_schema, guint *ret_known, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Finishes queued jobs, then closes. No reader may be left. */
void store_close (Store *store);

/* A job for the writer. It must be repeatable: the writer retries it alone when its batch failed.
 * Thread: writer. FALSE with *error undoes this job and no other. */
typedef gboolean (*StoreApply) (StoreTxn *txn, gpointer data, GError **error);

/* Runs a job in a transaction shared with whatever else is waiting; returns after COMMIT is on disk.
 * Errors: those of the job; TEMPORARY disk full, locked, or the store is closing. Thread: any but the
 * writer. */
gboolean store_write (Store *store, StoreApply apply, gpointer data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same, but after all other jobs of its transaction: for words of the full-text index, which are
 * written out at each statement of another table that can undo itself. */
gboolean store_write_last (Store *store, StoreApply apply, gpointer data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Rung after every commit, on the writer's thread; must return at once. Several may be set. */
typedef void (*StoreBell) (gpointer data);
void store_on_commit (Store *store, StoreBell bell, gpointer data);
/* No bell with this data rings any more once this has returned. Thread: any but the writer. */
void store_off_commit (Store *store, gpointer data);

StoreReader *store_reader_new (Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_reader_free (StoreReader *reader);

/* Who looks. An administrator sees everything (and what they see is audited by the caller). */
typedef struct {
    PersonId person;
    gboolean is_admin;
} Viewer;

/* Copies the database while it is in use; `path` must not exist. The copy is checked and synced. */
gboolean store_backup (Store *store, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Looks for damage (quick_check, foreign keys). FALSE with the first finding. */
gboolean store_verify (StoreReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Small named values: cursors, positions of imports. Get: owned, NULL when absent. */
gboolean store_meta_set (StoreTxn *txn, const char *name, const char *value, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
char *store_meta_get (StoreReader *reader, const char *name);

/* An act of an administrator or author that must be traceable. actor: "admin:USER", or an address. */
gboolean store_audit_add (StoreTxn *txn, const char *actor, const char *act, const char *subject,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same about a post: "post 12", or "post 12 to ADDRESS" when `whom` is not NULL. */
gboolean store_audit_post (StoreTxn *txn, const char *actor, const char *act, PostId post,
                           const char *whom, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 id, time_ms;
    char *actor, *act, *subject;
} AuditEntry;

void audit_entry_free (AuditEntry *entry);
/* Not older than since_ms, newest first. Array of AuditEntry. */
GPtrArray *store_audit_list (StoreReader *reader, gint64 since_ms, guint limit, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreReader, store_reader_free)

#endif
