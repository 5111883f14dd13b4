/* posts.h - posts, their threads, readers, attachments and raw messages. */
#ifndef POSTS_H
#define POSTS_H

#include "store.h"

typedef enum {
    POST_EVERYONE,   /* same order as Visibility */
    POST_RECIPIENTS,
    POST_WITHDRAWN,  /* its author alone; the thread that it begins is hidden with it */
} PostVisibility;
typedef enum { POST_ROLE_TO, POST_ROLE_CC, POST_ROLE_BCC } PostRole; /* same order as ReaderRole */

typedef struct {
    const char *address; /* canonical */
    const char *name;    /* "" or NULL when unknown */
    PostRole role;
    const char *via;     /* group, or NULL */
    const char *reason;  /* why must-read, or NULL: no notice */
} DraftReader;

typedef struct {
    const char *name, *address;
    PostRole role; /* never BCC */
} DraftShown;

typedef struct {
    const char *name, *type, *content_id, *encoding; /* name, content_id may be NULL */
    gboolean is_inline;
    gsize size;                 /* decoded */
    gsize raw_offset, raw_size; /* the encoded body within raw */
    gboolean is_body; /* text that is shown, no attachment: named only so that it is kept well */
} DraftPart;

/* A post as flow hands it over. Borrowed during store_post_add. */
typedef struct {
    GBytes *raw;
    const char *queue_id;        /* or NULL */
    const char *message_id;      /* or NULL */
    const char *const *refs;     /* References then In-Reply-To, oldest first; NULL-terminated or NULL */
    const char *author, *author_name; /* canonical address */
    const char *envelope_sender; /* without <> */
    const char *subject;
    gint64 sent_ms, received_ms;
    PostVisibility visibility;
    const char *preview;         /* first words of the new text, one line */
    const char *identity;        /* digest of the content that makes it the same message (I2), hex */
    PostId comment_on;           /* the post that a reply key names; value 0: refs decide alone */
    guint deliveries_avoided;
    guint64 bytes_avoided;
    const DraftReader *readers; guint reader_count;
    guint notices_max;           /* never more notices of it, all its parts together; 0 = no bound */
    const DraftShown *shown;    guint shown_count;
    const DraftPart *parts;     guint part_count;
    const char *const *topics;   /* NULL-terminated, or NULL */
    const char *const *kept_for; /* addresses whose copy was replaced (for release); NULL-terminated */
} PostDraft;

/* Adds a post, or finds the one with the same identity (Message-ID + author + content) and widens its
 * audience. *ret_is_new tells which. Its place in a thread follows from refs; a parent that comes later
 * gathers its answers. Queues one notice per reader with a reason, never a second one (I3).
 * Errors: TEMPORARY disk full or busy; INTERNAL the draft breaks a constraint. Thread: writer. */
gboolean store_post_add (StoreTxn *txn, const PostDraft *draft, PostId *ret_id, gboolean *ret_is_new,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What one message added to a post: copies that were not replaced before, and new notices. */
typedef struct {
    guint deliveries, notices;
    guint64 bytes;
} PostGain;
/* store_post_add that also tells the gain: nothing for a mere repetition. */
gboolean store_post_gain (StoreTxn *txn, const PostDraft *draft, PostId *ret_id, gboolean *ret_is_new,
                          PostGain *ret_gain, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps the bytes of a message that store_post_add found to be `post` already, when they are other
 * bytes (trace headers, line ends) than those kept for it. *ret_is_new tells whether they were. They
 * are seen by store_post_walk and store_post_raw alone. Errors: NOT_FOUND no such post. Thread: writer. */
gboolean store_variant_add (StoreTxn *txn, PostId post, const PostDraft *draft, gboolean *ret_is_new,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds the words of a post to the full-text index. Once per post; a repetition is ignored. */
gboolean store_index_add (StoreTxn *txn, PostId post, const char *subject, const char *text,
                          const char *names, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Posts that are not in the index yet, oldest first. Array of PostId. */
GArray *store_index_pending (StoreReader *reader, guint max);

typedef struct {
    PostId id, thread, parent; /* thread = id of its first post; parent.value 0 = none */
    char *message_id;          /* or NULL */
    PersonId author;
    char *author_address, *author_name;
    char *subject, *preview;
    gint64 sent_ms, received_ms, last_ms; /* last_ms: newest comment of the thread (first posts) */
    guint comments;            /* in the thread, for first posts */
    guint attachments;
    PostVisibility visibility;
    char *queue_id;            /* or NULL */
    GPtrArray *topics;         /* of char * */
} Post;

typedef struct { char *name, *address; PostRole role; } PostShown;
typedef struct {
    PersonId person; char *address, *name; PostRole role; char *via, *reason;
    gint64 noticed_ms; /* when the notice was sent; 0 = none or not yet */
} PostReader;
typedef struct {
    guint number; char *name, *type, *content_id; gboolean is_inline; gsize size;
} PostPart;

void post_free (Post *post);

/* One post, or NULL with NOT_FOUND, also when the viewer may not see it. */
Post *store_post_get (StoreReader *reader, PostId id, Viewer viewer, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The posts that came with this queue id or Message-ID; array of Post, newest first. */
GPtrArray *store_post_find (StoreReader *reader, const char *queue_or_message_id, Viewer viewer,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* First posts of threads, newest first, older than `before` (value 0: from the newest). */
GPtrArray *store_post_list (StoreReader *reader, Viewer viewer, PostId before, guint limit,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every message after `after`, oldest first, variants too (without Message-ID and subject): for export. */
GPtrArray *store_post_walk (StoreReader *reader, PostId after, guint limit, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* A thread in order of sending: the first post, then comments. Those the viewer may not see are left
 * out; NOT_FOUND when none remains. */
GPtrArray *store_thread (StoreReader *reader, PostId thread, Viewer viewer, guint limit,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Posts that hold all these words (any case, diacritics ignored; a last * means prefix). */
GPtrArray *store_search (StoreReader *reader, Viewer viewer, const char *const *words, PostId before,
                         guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* To and Cc as written: what pages show. Array of PostShown. */
GPtrArray *store_post_shown (StoreReader *reader, PostId id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* All readers, Bcc included: for notices and administrators, never for pages. Array of PostReader. */
GPtrArray *store_post_readers (StoreReader *reader, PostId id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_post_parts (StoreReader *reader, PostId id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The message as it came, byte for byte (checked against its digest). INTERNAL when damaged. */
GBytes *store_post_raw (StoreReader *reader, PostId id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The envelope sender without <> ("" = null sender). Owned. NOT_FOUND no such post. */
char *store_post_sender (StoreReader *reader, PostId id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Tells the followers of a thread of a new comment: its author, must-read readers and who wrote in it,
 * and whom the comment itself names in To and Cc, while these are not more than named_max; not its own
 * author, nor who muted the thread, may not see it or has a notice of it. One mail to each, due at
 * due_ms; who has one waiting already will find this comment in it. Nothing happens for a first post.
 * Thread: writer. */
gboolean store_comment_notices (StoreTxn *txn, PostId comment, guint named_max, gint64 due_ms,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The comments that a NOTICE_COMMENT about `first` tells this person, in order: from `first` to before
 * the next mail about the thread that was queued for them, without their own and those they had a
 * notice of. Array of Post. */
GPtrArray *store_comment_news (StoreReader *reader, PostId first, PersonId person, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* How many answers this person sent through the gateway since then; counts to `most` at most. */
guint store_answers_since (StoreReader *reader, PersonId author, gint64 since_ms, guint most);
/* How often this person said the same (by its preview) in this thread, in other messages than this. */
guint store_answers_same (StoreReader *reader, PostId thread, PersonId author, const char *preview,
                          const char *message_id);

/* Hides a post from everybody but its author, and with a first post its thread, which that author still
 * sees; who wrote a comment sees that one. Mails about them that wait are not sent. NOT_FOUND no such
 * post. The raw message stays in the archive. */
gboolean store_post_withdraw (StoreTxn *txn, PostId post, const char *actor, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What the policy wants to know (borrow nothing). parent_author NULL when unknown; thread_authors
 * newest first; habit: canonical address -> per mille of this author's last 200 posts addressed to
 * that person which they answered, for those with at least 3 answers. */
typedef struct {
    PostId parent;
    char *parent_author;
    char **thread_authors;
    GHashTable *habit;
} StoreFacts;
StoreFacts *store_facts (StoreReader *reader, const char *author, const char *const *refs,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_facts_free (StoreFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Post, post_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreFacts, store_facts_free)

#endif
