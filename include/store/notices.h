/* notices.h - the outbox (mails still to be sent) and the verdict log. */
#ifndef NOTICES_H
#define NOTICES_H

#include "posts.h"

typedef enum {
    NOTICE_POST = 1, /* to a must-read reader */
    NOTICE_RECEIPT,  /* to the author: where it was posted */
    NOTICE_RELEASE,  /* the original message to one recipient after all */
    NOTICE_COMMENT,  /* new comments in a followed thread */
    NOTICE_ANSWER,   /* a friendly refusal or the result of a command */
    NOTICE_TRANSIT,  /* ordinary mail given back to Postfix (transit.h) */
} NoticeKind;

typedef enum { NOTICE_QUEUED, NOTICE_SENDING, NOTICE_SENT, NOTICE_DEAD } NoticeState;

typedef struct {
    NoticeId id;
    NoticeKind kind;
    NoticeState state;
    PostId post;
    PersonId person;
    char *address;  /* where it goes */
    char *name;     /* of the person */
    char *reason;   /* why this person got it */
    char *text;     /* NOTICE_ANSWER: what is told; else NULL */
    guint tries;
    gint64 created_ms, due_ms, sent_ms;
    char *last_error; /* or NULL */
} Notice;

void notice_free (Notice *notice);

/* Queues one mail. Unique by kind, post and address: a repetition changes nothing and
 * ret_is_new (may be NULL) is FALSE. */
gboolean store_notice_add (StoreTxn *txn, NoticeKind kind, PostId post, PersonId person,
                           const char *address, const char *reason, const char *text, gint64 due_ms,
                           gboolean *ret_is_new, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues a receipt (NOTICE_RECEIPT) for the author of a post, while they have had fewer than `most`
 * (0: always). Nothing happens when they had enough. */
gboolean store_receipt_add (StoreTxn *txn, PostId post, const char *author, guint most,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes up to `max` due mails for sending; after lease_ms without a result they are due again, so a
 * crash repeats a mail (with the same Message-ID) rather than losing it. Array of Notice. */
gboolean store_notice_claim (StoreTxn *txn, gint64 now_ms, gint64 lease_ms, guint max,
                             GPtrArray **ret_notices, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a process that is gone had claimed is due now. Only for who knows that nobody else is sending. */
gboolean store_notice_reclaim (StoreTxn *txn, gint64 now_ms, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean store_notice_sent (StoreTxn *txn, NoticeId id, gint64 now_ms, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean store_notice_retry (StoreTxn *txn, NoticeId id, gint64 due_ms, const char *why,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Like retry, but this time does not count as a try: nobody was there to answer. */
gboolean store_notice_postpone (StoreTxn *txn, NoticeId id, gint64 due_ms, const char *why,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_notice_dead (StoreTxn *txn, NoticeId id, const char *why, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* An administrator's wish: due now, tries forgotten. NOT_FOUND when there is no such mail to send. */
gboolean store_notice_again (StoreTxn *txn, NoticeId id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When the next mail is due; G_MAXINT64 when none. */
gint64 store_notice_next_due (StoreReader *reader);
/* The outbox, newest first; `only_open` leaves out what was sent. */
GPtrArray *store_notice_list (StoreReader *reader, gboolean only_open, NoticeId before, guint limit,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many mails wait, and how many were refused for good. */
gboolean store_notice_count (StoreReader *reader, guint *ret_waiting, guint *ret_dead,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
Notice *store_notice_get (StoreReader *reader, NoticeId id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Queues the release of a post: one NOTICE_RELEASE for each recipient who did not get the original
 * (kept_for) and was not released to before. *ret_count: how many. */
gboolean store_release (StoreTxn *txn, PostId post, const char *actor, guint *ret_count,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same to these addresses. See flow_release, which chooses them. */
gboolean store_release_to (StoreTxn *txn, PostId post, const GPtrArray *addresses, const char *actor,
                           guint *ret_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whose copy the post replaced (addresses of RCPT), and to whom it was released: those who asked for
 * it for themselves, and the others. Arrays of char *, owned. Thread: writer. */
GPtrArray *store_release_kept (StoreTxn *txn, PostId post, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_release_done (StoreTxn *txn, PostId post, GPtrArray **ret_asked,
                             GPtrArray **ret_others, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 time_ms;
    char *queue_id, *message_id; /* or NULL */
    char *sender;
    char *verdict, *reason, *rule; /* rule may be NULL */
    guint persons, deliveries_avoided, notices;
    guint64 bytes_avoided;
    PostId post; /* 0 = none */
    gboolean is_repeated; /* the post was there already: not one more in the effects */
    char **people; /* addresses in normal form that it is found by; NULL = none; never read back */
} VerdictEntry;

void verdict_entry_free (VerdictEntry *entry);
gboolean store_verdict_add (StoreTxn *txn, const VerdictEntry *entry, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Newest first; `about` is a queue id, a Message-ID without <>, or the address of a person in normal
 * form, NULL for all. Array of VerdictEntry. */
GPtrArray *store_verdict_list (StoreReader *reader, const char *about, guint limit, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Times before which something is forgotten; 0: never. */
typedef struct {
    gint64 verdicts_ms; /* the verdict log; the weekly effects stay */
    gint64 refused_ms;  /* refused mail, and whom we told what on which day */
    gint64 transit_ms;  /* which copies in transit were taken */
    gint64 sessions_ms; /* ended sessions whose key expired before */
} StorePrune;
/* Forgets at most `most` rows of each kind. *ret_has_more: call it again. Thread: writer. */
gboolean store_prune (StoreTxn *txn, const StorePrune *before, guint most, gboolean *ret_has_more,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 week_start_ms; /* Monday 00:00 UTC */
    guint64 messages, posts, observed, deliveries_avoided, bytes_avoided, notices;
} StatsWeek;
/* Effects per week from the verdict log, oldest first; array of StatsWeek. */
GArray *store_stats (StoreReader *reader, gint64 from_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Notice, notice_free)

#endif
