/* letters.h - what people tell us by mail, and what we answer. */
#ifndef LETTERS_H
#define LETTERS_H

#include "store.h"

/* A named setting of a person, such as "digest". Get: owned, NULL when never set. */
gboolean store_setting_set (StoreTxn *txn, PersonId person, const char *name, const char *value,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *store_setting_get (StoreReader *reader, PersonId person, const char *name);

/* Saves or removes (`add` FALSE) an alert. *ret_changed (may be NULL): whether it was not so before. */
gboolean store_alert_set (StoreTxn *txn, PersonId person, const char *query, gboolean add,
                          gboolean *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The alerts of a person, oldest first; NULL-terminated, owned. */
char **store_alert_list (StoreReader *reader, PersonId person);

/* Queues an answer of ours (NOTICE_ANSWER). kind: stable word that chooses the template; text: what
 * the template shows. At most one of a kind per address and UTC day when `once` is TRUE; then
 * *ret_is_new (may be NULL) tells whether it was queued. Nothing is queued for a person to whom mail
 * bounces. */
gboolean store_answer_add (StoreTxn *txn, PersonId person, const char *address, const char *kind,
                           const char *text, gboolean once, gboolean *ret_is_new, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Keeps mail that was not accepted, for the administrator. */
gboolean store_refused_add (StoreTxn *txn, const char *sender, const char *recipient,
                            const char *reason, GBytes *raw, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 id, time_ms;
    char *sender, *recipient, *reason;
    GBytes *raw; /* NULL in lists */
} Refused;

void refused_free (Refused *refused);
/* Newest first, older than `before` (0: from the newest). Array of Refused. */
GPtrArray *store_refused_list (StoreReader *reader, gint64 before, guint limit, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* With the mail as it came. NOT_FOUND no such mail. Owned. */
Refused *store_refused_get (StoreReader *reader, gint64 id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Mail to this person bounces: what waits for them is given up, and nothing more is sent until it is
 * taken back, but originals that are released. *ret_changed (may be NULL): whether it was not so. */
gboolean store_person_suppress (StoreTxn *txn, PersonId person, gboolean is_suppressed,
                                gboolean *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Refused, refused_free)

#endif
