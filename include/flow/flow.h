/* flow.h - the use cases: what happens to one message, whichever front it came through.
 *
 * A front makes a FlowSession, fills its envelope, asks flow_recipients_done, appends the bytes and
 * translates the FlowReply; it decides nothing. */
#ifndef FLOW_H
#define FLOW_H

#include "conf.h"
#include "policy.h"
#include "posts.h"
#include "store.h"

typedef struct Flow Flow; /* thread-safe */
typedef struct FlowSession FlowSession; /* one thread at a time */

/* The pipeline on an open store: reads groups and people, makes the first directory snapshot. store
 * (NULL: there is no archive yet, only flow_explain works) and clock are borrowed, conf and key (may be
 * NULL) referenced. Errors: REFUSED configuration, rules or group files; those of the store. */
Flow *flow_new (Config *conf, TokenKey *key, Store *store, const Clock *clock, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* What only the daemon needs: remembers in spool_directory which message crashed the parser, and starts
 * the background thread (full-text index, verdict log, fresh snapshots). Errors: INTERNAL. */
gboolean flow_start (Flow *flow, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what the background thread still has, and ends it. No session may be left. */
void flow_free (Flow *flow);
/* Reads group files and persons again (SIGHUP, or people changed) with a new configuration. On error
 * the old snapshot stays. Thread: any. */
gboolean flow_reload (Flow *flow, Config *conf, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The snapshots in use, referenced for the caller. */
Directory *flow_directory (Flow *flow);
Config *flow_config (Flow *flow);

typedef enum {
    FLOW_STEP_PASS,      /* none of our business: no header or body is needed */
    FLOW_STEP_WANT_BODY,
} FlowStep;

typedef enum {
    FLOW_PASS,    /* deliver as it is */
    FLOW_TAKEN,   /* archived: nobody is left to deliver to */
    FLOW_DROP,    /* archived: delete the recipients in `drop`, deliver to the rest */
    FLOW_DEFER,   /* try again later (4xx) */
    FLOW_REFUSE,  /* for good (5xx): only own addresses, with a text for the sender */
} FlowKind;

typedef struct {
    FlowKind kind;
    const char *reason;      /* static code, for the log */
    const char *text;        /* for DEFER and REFUSE: "4.3.0 Please try again later" */
    const GPtrArray *drop;   /* of char *: RCPT texts as they came; owned by the session. Over LMTP also
                                with DEFER and REFUSE: these are done, the answer is about the rest */
    PostId post;             /* when archived */
} FlowReply;

FlowSession *flow_session_new (Flow *flow, Front front);
void flow_session_free (FlowSession *session);
/* The envelope, to be filled by the front before flow_recipients_done. */
Envelope *flow_session_envelope (FlowSession *session);
/* Asks the policy before a byte of the message is sent. */
FlowStep flow_recipients_done (FlowSession *session);
/* Adds bytes of the message, in order: memory first, then an unlinked file. Errors: REFUSED larger
 * than message_size_max, TEMPORARY disk full; after an error flow_finish passes or defers. */
gboolean flow_append (FlowSession *session, gconstpointer data, gsize len, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Parses, decides, stores, and returns after the commit. Turns every error into a reply, in this one
 * place. Blocks: call it on a worker. */
FlowReply flow_finish (FlowSession *session);

/* Import: the same path, in batches, without notices. */
typedef struct {
    guint64 read, added;
    guint64 variants; /* of a message that is a post already, other bytes: kept for export */
    guint64 repeated, failed;
} FlowImportCount;
typedef struct FlowImport FlowImport;
FlowImport *flow_import_new (Flow *flow);
/* Adds one message; written in batches. `source` and `position` make an import resumable. */
gboolean flow_import_add (FlowImport *import, GBytes *raw, const char *source, gint64 position,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what is still waiting. */
gboolean flow_import_finish (FlowImport *import, FlowImportCount *ret_count, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void flow_import_free (FlowImport *import);

/* Queues the release of a post: the original to each recipient whose copy it replaced, once. Who has
 * asked for it before, and has it, is left out, also behind a group, which then is taken apart. *ret_count:
 * how many mails. For a job of the store; directory from flow_directory. Thread: writer. */
gboolean flow_release (StoreTxn *txn, const Directory *directory, PostId post, const char *actor,
                       guint *ret_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What would happen, without doing it: for explain and replay. The verdict is owned. */
Verdict *flow_explain (Flow *flow, const Envelope *envelope, const Message *message)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlowSession, flow_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlowImport, flow_import_free)

#endif
