/* classify_evidence.h - what a mail shows of its kind, gathered once. Private to policy. */
#ifndef CLASSIFY_EVIDENCE_H
#define CLASSIFY_EVIDENCE_H

#include "classify.h"
#include "classify_phrase.h"

/* What a header says (classify_headers.def). */
typedef enum {
    MARK_NOTHING,
    MARK_REPLY,     /* a program answered for a person */
    MARK_AUTO,      /* a program wrote it */
    MARK_FORWARDED, /* a program forwarded it */
    MARK_BULK_HINT, /* Precedence: bulk, which old lists say too */
    MARK_JUNK,      /* Precedence: junk, which no list says */
    MARK_SUPPRESS,  /* wants no automatic answers: most automatic mail, but some of people's */
    MARK_BOUNCE,
    MARK_SERVER, /* a program that mail systems send bounces with */
    MARK_RECEIPT,
    MARK_CALENDAR,
    MARK_LIST,
    MARK_UNSUBSCRIBE, /* List-Unsubscribe, which says nothing alone */
    MARK_CAMPAIGN,    /* a sender of campaigns; says nothing alone */
    MARK_TICKET,      /* a tracker sent it */
    MARK_PRIVATE,
    MARK_RESENT,
    MARK_PROGRAM, /* a program that people write with */
    MARK_COUNT
} Mark;

/* Who wrote it (classify_senders.def). */
typedef enum {
    SENDER_DAEMON,
    SENDER_ADMIN,
    SENDER_MACHINE,
    SENDER_NO_REPLY,
    SENDER_LIST_SERVER,
    SENDER_SYSTEM_WORD, /* proves nothing: its name may be that of a program */
    SENDER_KINDS
} SenderKind;

typedef enum { NULL_SENDER_NO, NULL_SENDER_HEADER, NULL_SENDER_ENVELOPE } NullSender;

/* Bounds of what is looked at, in bytes. */
#define EVIDENCE_TEXT_MAX 6000  /* of the text */
#define EVIDENCE_REPLY_MAX 1800 /* of the folded text, for absence notes: they are short */
#define EVIDENCE_NEAR_START 200 /* "at the beginning" of the folded text */

/* What the text shows. */
typedef struct {
    char *body;           /* folded start of the text, quoted lines left out */
    gboolean is_quoting;  /* there are quoted lines, or the head of a quoted mail */
    gboolean is_greeting; /* it begins with the name of its recipient */
} EvidenceText;

typedef struct {
    const Message *message;
    guint32 marks;                   /* 1u << Mark */
    const char *reasons[MARK_COUNT]; /* static; of the first header with that mark */
    guint32 senders;                 /* 1u << SenderKind */
    NullSender null_sender;
    char *subject;      /* folded, tags such as [list] and ***SPAM*** cut from its start */
    gboolean is_re;     /* it began with Re: or Fwd: in some language, which is cut */
    gboolean is_answer; /* In-Reply-To or References */
    gboolean is_alone;  /* at most one recipient in To and Cc: no program answers to more */
    EvidenceText text;  /* ask evidence_text for it */
} Evidence;

void evidence_init (Evidence *evidence, const Message *message, const char *sender);
void evidence_clear (Evidence *evidence);

/* Reads the text when it is first asked for: most mail is classified without. */
const EvidenceText *evidence_text (Evidence *evidence);

/* Whether the author's name is one that people have: two words or more, none of them a system's. */
gboolean evidence_is_full_name (const Evidence *evidence);

/* Whether a word of the author's name stands in the folded text. */
gboolean evidence_names_author (const Evidence *evidence, const char *folded);

static inline gboolean evidence_has (const Evidence *evidence, Mark mark)
{
    return (evidence->marks & (1u << mark)) != 0;
}

static inline gboolean evidence_is_from (const Evidence *evidence, SenderKind kind)
{
    return (evidence->senders & (1u << kind)) != 0;
}

/* The tables, for tests. */
typedef enum { HEADER_ANY, HEADER_WORD, HEADER_START, HEADER_HAS } HeaderHow;
typedef struct {
    const char *name;
    gsize name_length;
    HeaderHow how;
    const char *value;
    Mark mark;
    const char *reason;
} HeaderRule;
const HeaderRule *evidence_header_rules (gsize *ret_count);

typedef enum { SENDER_LOCAL, SENDER_LOCAL_HAS, SENDER_NAME_HAS } SenderHow;
typedef struct {
    SenderKind kind;
    SenderHow how;
    const char *text;
} SenderRule;
const SenderRule *evidence_sender_rules (gsize *ret_count);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Evidence, evidence_clear)

#endif
