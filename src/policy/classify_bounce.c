/* classify_bounce.c - failed, late and made deliveries that are not told by multipart/report.
 *
 * Who writes and what it says are weighed: a mail system that names itself, or a null sender,
 * weighs 2; an address under which administrators write too, a mail system's program, or a mark
 * that it is automatic, 1; a subject and a text that only mail systems write, 1 each. From 2 on it
 * is a bounce, if at least one is words. So people may quote a bounce, answer it or forward it:
 * without such a sender they reach 2 only with both a bounce's own subject and its own first words.
 */
#include "classify_steps.h"

#include <string.h>

#include "classify_parts.h"

#define ENOUGH 2

static guint weigh_sender (const Evidence *evidence)
{
    gboolean program = evidence_has (evidence, MARK_PROGRAM);
    guint weight = 0;
    if (evidence_is_from (evidence, SENDER_DAEMON) ||
        evidence->null_sender == NULL_SENDER_ENVELOPE ||
        (evidence->null_sender == NULL_SENDER_HEADER && !program))
        return ENOUGH;
    if (evidence->null_sender != NULL_SENDER_NO)
        weight++;
    if (evidence_is_from (evidence, SENDER_ADMIN) && !program)
        weight++;
    if (evidence_has (evidence, MARK_SERVER))
        weight++;
    if (evidence_has (evidence, MARK_AUTO) || evidence_has (evidence, MARK_REPLY))
        weight++;
    return weight;
}

typedef struct {
    gboolean subject, subject_any, is_late;
    gboolean body, body_first, words;
} Words;

static Words read_words (const Evidence *evidence)
{
    const guint32 kinds = PHRASE_BIT (PHRASE_BOUNCE_SUBJECT_ANY) | PHRASE_BIT (PHRASE_BOUNCE_BODY) |
                          PHRASE_BIT (PHRASE_BOUNCE_WORDS) | PHRASE_BIT (PHRASE_DELAY_BODY);
    Words words = {0};
    gboolean late = phrase_at_start (evidence->subject, PHRASE_DELAY_SUBJECT) != NULL;
    words.subject = !evidence->is_re &&
                    (late || phrase_at_start (evidence->subject, PHRASE_BOUNCE_SUBJECT) != NULL);
    PhraseHits subject = phrase_scan (evidence->subject, PHRASE_BIT (PHRASE_BOUNCE_SUBJECT_ANY));
    words.subject_any = phrase_has (&subject, PHRASE_BOUNCE_SUBJECT_ANY);
    PhraseHits body = phrase_scan (evidence->body, kinds & ~PHRASE_BIT (PHRASE_BOUNCE_SUBJECT_ANY));
    gboolean body_late = phrase_has (&body, PHRASE_DELAY_BODY);
    words.body = phrase_has (&body, PHRASE_BOUNCE_BODY) || body_late;
    words.body_first = (phrase_has (&body, PHRASE_BOUNCE_BODY) &&
                        body.first[PHRASE_BOUNCE_BODY] < EVIDENCE_NEAR_START) ||
                       (body_late && body.first[PHRASE_DELAY_BODY] < EVIDENCE_NEAR_START);
    words.words = phrase_has (&body, PHRASE_BOUNCE_WORDS) ||
                  parts_find (evidence->message, "message/delivery-status") != NULL;
    words.is_late = late || body_late;
    return words;
}

/* An absence note to a bounce, or one whose words resemble one: the reply steps know better. */
static gboolean is_reply (const Evidence *evidence, const Words *words)
{
    return !words->subject && (evidence_has (evidence, MARK_REPLY) ||
                               phrase_at_start (evidence->subject, PHRASE_AUTO_SUBJECT) != NULL ||
                               phrase_at_start (evidence->subject, PHRASE_ABSENT_SUBJECT) != NULL);
}

gboolean step_bounce (const Evidence *evidence, Classification *ret)
{
    if (evidence_has (evidence, MARK_BOUNCE))
        return classified (ret, CLASS_BOUNCE, TRUE, evidence->reasons[MARK_BOUNCE]);
    guint sender = weigh_sender (evidence);
    gboolean start_only = sender == 0 &&
                          phrase_at_start (evidence->subject, PHRASE_BOUNCE_SUBJECT) == NULL &&
                          phrase_at_start (evidence->subject, PHRASE_DELAY_SUBJECT) == NULL;
    if (start_only)
        return FALSE; /* most mail ends here, unread */
    Words words = read_words (evidence);
    if (is_reply (evidence, &words))
        return FALSE;
    guint said = 0;
    if (sender > 0) {
        said += words.subject || words.subject_any ? 1 : 0;
        said += words.body || words.words ? 1 : 0;
    } else if (words.subject && words.body_first && evidence->is_alone && !evidence->is_greeting &&
               !evidence_has (evidence, MARK_PROGRAM) && !evidence_has (evidence, MARK_LIST)) {
        said = ENOUGH;
    }
    if (said == 0 || sender + said < ENOUGH)
        return FALSE;
    return classified (ret, CLASS_BOUNCE, TRUE, words.is_late ? "delayed" : "bounce-words");
}

gboolean step_mail_system (const Evidence *evidence, Classification *ret)
{
    if (evidence->null_sender == NULL_SENDER_ENVELOPE)
        return classified (ret, CLASS_BOUNCE, TRUE, "null-sender");
    if (evidence_has (evidence, MARK_LIST) || evidence_has (evidence, MARK_PROGRAM))
        return FALSE;
    if (evidence->null_sender == NULL_SENDER_HEADER)
        return classified (ret, CLASS_BOUNCE, TRUE, "null-sender");
    return evidence_is_from (evidence, SENDER_DAEMON) &&
           classified (ret, CLASS_BOUNCE, TRUE, "mail-system");
}
