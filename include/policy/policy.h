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
    char *queue_id;     /* Postfix's, or NULL */
    char *sender;       /* text of MAIL FROM as it came, with or without <>; "" or "<>" = null */
    char *authenticated; /* SASL login, or NULL */
    char *client;       /* address of the SMTP client, or NULL */
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

typedef enum { VERDICT_PASS, VERDICT_POST, VERDICT_SPLIT, VERDICT_OBSERVE } VerdictKind;

typedef enum { ROLE_TO, ROLE_CC, ROLE_BCC } ReaderRole;

/* One colleague who is among the recipients, the author excepted. */
typedef struct {
    char *address;     /* canonical */
    char *name;        /* from the headers or the directory, or "" */
    ReaderRole role;   /* best of To, Cc, Bcc; a group in To gives ROLE_TO */
    char *via;         /* the group through which they were addressed, or NULL */
    gboolean must_read;
    const char *reason; /* why must-read: "to", "first", "answered", "wrote", "mentioned",
                           "greeted", "habit", "bcc"; NULL for the others. Static. */
} Reader;

typedef struct {
    VerdictKind kind;
    const char *reason; /* stable code: "persons", "few", "null-sender", "rule", "pilot", ... Static. */
    char *rule;         /* name of the rule that decided, or NULL */
    guint persons;      /* the number that was compared with max_recipients */
    char *author;       /* canonical address of the author when a colleague, else as written */
    char *author_name;
    GPtrArray *readers; /* of Reader, must-read ones first, best reasons first; empty for PASS */
    GPtrArray *drop;    /* of char *: RCPT texts to delete, exactly as they came. Empty for OBSERVE */
    GPtrArray *shown;   /* of Address: To and Cc as written, for pages; never Bcc */
    guint outsiders;    /* recipients that keep their copy */
    Visibility visibility;
    GPtrArray *topics;  /* of char * */
    guint deliveries;   /* copies to colleagues that Postfix would have delivered */
} Verdict;

void verdict_free (Verdict *verdict);
const char *verdict_name (VerdictKind kind); /* "pass", "post", "post+split", "observe" */

/* What only the archive knows. All may be empty. */
typedef struct {
    const char *parent_author;        /* canonical author of the message that is answered, or NULL */
    const char *const *thread_authors; /* canonical, newest first; NULL-terminated, or NULL */
    GHashTable *habit; /* canonical address -> GINT: per mille of this author's posts answered, or
                          NULL; only those with at least 3 answers */
} PolicyFacts;

/* TRUE when the message is none of our business whatever it holds: answer ACCEPT at DATA. On TRUE
 * *ret_reason is a static code ("few", "null-sender", "own-address"). On FALSE the message is wanted.
 * No allocation beyond scratch; microseconds. */
gboolean policy_early (const Policy *policy, const Directory *directory, const Envelope *envelope,
                       const char **ret_reason);

/* The full decision. facts may be NULL. Never fails; when in doubt PASS. Owned. */
Verdict *policy_decide (const Policy *policy, const Directory *directory, const Envelope *envelope,
                        const Message *message, const PolicyFacts *facts)
    G_GNUC_WARN_UNUSED_RESULT;

/* Sentence for people for a reason code, or NULL when there is no such code. */
const char *policy_reason_text (const char *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Envelope, envelope_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Policy, policy_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Verdict, verdict_free)

#endif
