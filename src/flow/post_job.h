/* post_job.h - a message on its way into the archive: the job of one transaction. */
#ifndef POST_JOB_H
#define POST_JOB_H

#include "draft.h"
#include "flow_private.h"

typedef struct {
    Draft *draft;
    VerdictEntry *entry;
    guint receipts_max; /* 0 = always, G_MAXUINT = never */
    gint64 due_ms;      /* of mails to who follows the thread that it answers */
    PostId post;        /* set by post_job_apply, with is_new */
    gboolean is_new;
} PostJob;

/* From a session that has its verdict; message is borrowed for as long as the job lives. */
PostJob *post_job_new (FlowSession *session, const Message *message, const char *identity);
void post_job_free (PostJob *job);
/* A StoreApply: post, notices, receipt and verdict. */
gboolean post_job_apply (StoreTxn *txn, gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One line about what was committed. */
void post_job_log (const PostJob *job, const FlowSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostJob, post_job_free)

#endif
