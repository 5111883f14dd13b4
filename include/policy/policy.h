/* policy.h - decides what becomes of a message. Pure: facts come in, a verdict goes out.
 *
 * Two questions: policy_early at DATA, from the envelope alone; policy_decide with the message. */
#ifndef POLICY_H
#define POLICY_H

#include "classify.h"
#include "conf.h"
#include "directory.h"
#include "message.h"
#include "token.h"

typedef enum { FRONT_MILTER, FRONT_LMTP, FRONT_IMPORT } Front;

/* One message's envelope. Strings are owned by it. */
typedef struct {
    Front front;
    char *queue_id;        /* Postfix's, or NULL */
    char *sender;          /* text of MAIL FROM as it came, with or without <>; "" or "<>" = null;
                              NULL = unknown (a file on the command line): taken as the From header */
    char *authenticated;   /* SASL login, or NULL */
    char *client;          /* address of the SMTP client, or NULL */
    GPtrArray *recipients; /* of char *: text of RCPT TO exactly as it came */
} Envelope;

Envelope *envelope_new (Front front);
void envelope_free (Envelope *envelope);

/* Compiled rules, with the configuration they came from. Immutable, counted. */
typedef struct Policy Policy;
/* Errors: REFUSED "file:line: rule NAME: pattern ..." . key signs hop headers; may be NULL. */
Policy *policy_new (Config *conf, TokenKey *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Policy *policy_ref (Policy *policy);
void policy_unref (Policy *policy);

/* How the local part of a reply address begins; the key follows. */
#define REPLY_PREFIX "reply+"
/* Header of our own mails. Its value is a signature of the Message-ID, so that a copy on another
 * mail is worth nothing. */
#define HOP_HEADER "X-Carbonless-Hop"
/* The value for a mail with this Message-ID (without <>). Owned by the caller. Thread: any. */
char *policy_hop_value (const TokenKey *key, const char *message_id);

typedef enum { VERDICT_PASS, VERDICT_POST, VERDICT_SPLIT, VERDICT_OBSERVE } VerdictKind;

typedef enum { ROLE_TO, ROLE_CC, ROLE_BCC } ReaderRole;

/* One colleague who is among the recipients, the author excepted. Strings are owned. */
typedef struct {
    char *address;      /* canonical */
    char *name;         /* from the headers or the directory, or "" */
    ReaderRole role;    /* best of To, Cc, Bcc; a group in To gives ROLE_TO */
    char *via;          /* the group through which they were addressed, or NULL */
    gboolean gets_copy; /* gets the original all the same, through a group that is not replaced */
    gboolean must_read;
    const char *reason; /* why must-read: "to", "first", "answered", "wrote", "mentioned",
                           "greeted", "habit", "bcc"; NULL for the others. Static. */
} Reader;

/* A reader who need not read. name and via may be NULL; everything is copied. */
Reader *reader_new (const char *address, const char *name, ReaderRole role, const char *via);
void reader_free (Reader *reader);

/* A person who counts, for explain. Strings are owned. */
typedef struct {
    char *address;   /* canonical */
    char *via;       /* the group in the envelope, or NULL */
    char *recipient; /* the RCPT text that brought them first */
} Counted;

/* A recipient that does not count as such, for explain. Strings are owned. */
typedef struct {
    char *recipient;    /* RCPT text */
    WhoKind kind;       /* WHO_OUTSIDER for what is no address */
    char *canonical;    /* who it is, or "" when it is no address */
    const char *reason; /* "sender", "outsider", "own-address", "always-deliver", "repeated",
                           "mixed-group", "empty-group", "invalid"; static. The members of a
                           mixed group count all the same. */
} Uncounted;

typedef struct {
    VerdictKind kind;
    const char *reason; /* stable code: "persons", "few", "null-sender", "rule", "pilot", ...
                           Static; policy_reason_text has a sentence for each */
    MailClass class;    /* CLASS_PERSON until the message was looked at */
    char *rule;         /* name of the first rule that matched, or NULL */
    guint persons;      /* the number that was compared with max_recipients */
    char *author;       /* canonical address of the author when a colleague, else as written; ""
                           when nobody is named */
    char *author_name;  /* never NULL */
    gboolean is_answer; /* refers to a message (In-Reply-To, References): a comment of its post,
                           when the archive knows one */
    GPtrArray *readers; /* of Reader, must-read ones first, best reasons first; empty for PASS */
    GPtrArray *drop;    /* of char *: RCPT texts to delete, exactly as they came, all of them
                           colleagues and groups of colleagues. Empty for PASS and OBSERVE */
    guint outsiders;    /* outsiders among the recipients: they keep their copy */
    guint kept;         /* recipients that stay, for whatever reason */
    Visibility visibility;
    GPtrArray *topics;  /* of char * */
    char *written;      /* the text without quotes (quote_split_text), which was looked at for names
                           and topics; NULL for PASS */
    guint deliveries;   /* copies to colleagues that Postfix would have delivered and does not (or,
                           for OBSERVE, would not) deliver; notices not yet taken off */
    GPtrArray *counted; /* of Counted: `persons` of them, whatever the verdict */
    GPtrArray *uncounted; /* of Uncounted */
} Verdict;

/* An empty verdict: no readers, nothing to drop, author NULL. reason must be static. Owned. */
Verdict *verdict_new (VerdictKind kind, const char *reason);
void verdict_free (Verdict *verdict);
const char *verdict_name (VerdictKind kind); /* "pass", "post", "post+split", "observe" */

/* What only the archive knows. All may be empty. */
typedef struct {
    const char *parent_author; /* canonical author of the message that is answered, or NULL */
    const char *const *thread_authors; /* canonical, newest first; NULL-terminated, or NULL */
    GHashTable *habit; /* canonical address -> GINT: per mille of this author's posts answered, or
                          NULL; only those with at least 3 answers */
    const char *answerer; /* canonical person whose reply address (with a valid key) is among the
                             recipients, or NULL: such an answer is a comment, no copy to each */
} PolicyFacts;

/* TRUE when the message is none of our business whatever it holds: answer ACCEPT at DATA. On TRUE
 * *ret_reason is a static code ("few", "null-sender", "external", "own-mail", "own-address"). On
 * FALSE the message is wanted. Microseconds, whatever the number of persons. Thread: any. */
gboolean policy_early (const Policy *policy, const Directory *directory, const Envelope *envelope,
                       const char **ret_reason);

/* The author of a message, for asking the archive about facts before deciding: canonical when a
 * colleague, else as written; "" when nobody is named. Owned. */
char *policy_author (const Directory *directory, const Envelope *envelope, const Message *message);

/* Whether a message is one that we sent ourselves: its hop header is signed with our key. */
gboolean policy_is_own_mail (const Policy *policy, const Message *message);

/* The full decision. facts may be NULL. Never fails; when in doubt PASS. Owned, and
 * independent of what it was made of. Thread: any. */
Verdict *policy_decide (const Policy *policy, const Directory *directory, const Envelope *envelope,
                        const Message *message, const PolicyFacts *facts) G_GNUC_WARN_UNUSED_RESULT;

/* For a message that goes into the archive whatever it is: visibility, topics and `written` of a fresh
 * verdict, as policy_decide sets them from configuration, subject and text. Thread: any. */
void policy_label_archived (const Config *conf, const Message *message, Verdict *verdict);

/* Sentence for people for a reason code, or NULL when there is no such code. */
const char *policy_reason_text (const char *reason);
/* The codes, by number from 0 on; NULL after the last: for manuals and tests. */
const char *policy_reason_code (guint number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Envelope, envelope_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Policy, policy_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Verdict, verdict_free)

#endif
