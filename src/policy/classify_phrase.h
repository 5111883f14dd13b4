/* classify_phrase.h - finds the phrases of classify_phrases_*.def in folded text. Private to
 * policy. */
#ifndef CLASSIFY_PHRASE_H
#define CLASSIFY_PHRASE_H

#include <glib.h>

typedef enum {
    PHRASE_BOUNCE_SUBJECT,     /* a subject begins so */
    PHRASE_BOUNCE_SUBJECT_ANY, /* a subject holds it; proves less */
    PHRASE_DELAY_SUBJECT,
    PHRASE_BOUNCE_BODY,  /* only a mail system says it */
    PHRASE_BOUNCE_WORDS, /* people say it too: counts only from a mail system */
    PHRASE_DELAY_BODY,
    PHRASE_AUTO_SUBJECT,
    PHRASE_ABSENT_SUBJECT,
    PHRASE_ABSENT_SUBJECT_ANY,
    PHRASE_ABSENT_REST,
    PHRASE_OFFICE_SUBJECT,
    PHRASE_ABSENT,
    PHRASE_RETURNS,
    PHRASE_CONTACT,
    PHRASE_LATER,
    PHRASE_YOUR_MAIL,
    PHRASE_AUTOMATIC,
    PHRASE_NOW,       /* proves nothing alone */
    PHRASE_PRESENT,   /* proves still less */
    PHRASE_RECEIVED,  /* proves nothing alone */
    PHRASE_CHALLENGE, /* only programs that fight spam say it */
    PHRASE_PERSON_SIGN,
    PHRASE_RECEIPT_SUBJECT,
    PHRASE_RECEIPT_BODY,
    PHRASE_REPORT_SUBJECT,
    PHRASE_MACHINE_SUBJECT,
    PHRASE_KINDS
} PhraseKind;

typedef struct {
    PhraseKind kind;
    const char *language; /* or the program that says it */
    const char *text;     /* folded, at least PHRASE_LEAST bytes */
} Phrase;

#define PHRASE_LEAST 3

/* What a scan found. A set of kinds is a bit mask: 1u << kind. */
typedef struct {
    guint32 kinds;
    gsize first[PHRASE_KINDS]; /* where the first of a kind begins; meaningful when in kinds */
} PhraseHits;

#define PHRASE_BIT(kind) (1u << (kind))

/* All phrases, for tests. */
const Phrase *phrase_table (gsize *ret_count);

/* Folded for matching: text_fold, white space squeezed to one blank, curly quotes made plain, sharp
 * s written ss, ends trimmed. Owned. */
char *phrase_fold (const char *text);

/* Looks for every phrase whose kind is in `kinds`, in one pass. A phrase in an alphabet that
 * separates words begins at the beginning of a word. */
PhraseHits phrase_scan (const char *folded, guint32 kinds);

/* Where the text goes on behind the longest phrase of this kind with which it begins, or NULL. */
const char *phrase_at_start (const char *folded, PhraseKind kind);

static inline gboolean phrase_has (const PhraseHits *hits, PhraseKind kind)
{
    return (hits->kinds & PHRASE_BIT (kind)) != 0;
}

#endif
