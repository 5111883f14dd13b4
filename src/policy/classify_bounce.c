/* classify_bounce.c - failed, late and made deliveries that are not told by multipart/report.
 *
 * The less the sender proves, the more the words must say:
 *   a mail system that names itself, or a null sender: one phrase of a mail system;
 *   an address under which people write too (postmaster), a mail system's program, a mark that it
 * is automatic: a subject and words with an address or a code, or a mail system's own first words,
 * to one recipient;
 *   anybody else who has no full name: a mail system's own subject, its own words at once, and no
 * question. So people may quote a bounce, answer it, forward it or ask about it. */
#include "classify_steps.h"

#include <string.h>

#include "classify_parts.h"

#define MAIL_SYSTEM 2

/* Where a mail system that does not name itself has begun to speak. Who pastes what it said has
 * written a word before it. */
#define AT_ONCE 40

static guint weigh_sender (Evidence *evidence)
{
    gboolean program = evidence_has (evidence, MARK_PROGRAM);
    guint weight = 0;
    if (evidence_is_from (evidence, SENDER_DAEMON) ||
        evidence->null_sender == NULL_SENDER_ENVELOPE ||
        (evidence->null_sender == NULL_SENDER_HEADER && !program))
        return MAIL_SYSTEM;
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
    gboolean body, body_first, body_at_once, delay_first, words, status;
    gboolean is_technical, is_asking, names_address;
} Words;

/* Whether a sentence ends with a question mark: mail systems ask nothing. */
static gboolean is_asking (const char *folded)
{
    return strstr (folded, "? ") != NULL || g_str_has_suffix (folded, "?");
}

/* Whether it names an address or a code, or speaks of a user: a mail system always does, an
 * administrator who tells of lost mail seldom. */
static gboolean is_technical (const char *folded)
{
    if (strchr (folded, '@') != NULL || strstr (folded, "user") != NULL ||
        strstr (folded, "recipient") != NULL)
        return TRUE;
    for (const char *p = strpbrk (folded, "45"); p != NULL; p = strpbrk (p + 1, "45"))
        if (g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2]) && !g_ascii_isdigit (p[3]))
            return TRUE;
    return FALSE;
}

static Words read_words (Evidence *evidence)
{
    const guint32 kinds = PHRASE_BIT (PHRASE_BOUNCE_SUBJECT_ANY) | PHRASE_BIT (PHRASE_BOUNCE_BODY) |
                          PHRASE_BIT (PHRASE_BOUNCE_WORDS) | PHRASE_BIT (PHRASE_DELAY_BODY);
    Words words = {0};
    gboolean late = phrase_at_start (evidence->subject, PHRASE_DELAY_SUBJECT) != NULL;
    words.subject = !evidence->is_re &&
                    (late || phrase_at_start (evidence->subject, PHRASE_BOUNCE_SUBJECT) != NULL);
    PhraseHits subject = phrase_scan (evidence->subject, PHRASE_BIT (PHRASE_BOUNCE_SUBJECT_ANY));
    words.subject_any = phrase_has (&subject, PHRASE_BOUNCE_SUBJECT_ANY);
    PhraseHits body = phrase_scan (evidence_text (evidence)->body,
                                   kinds & ~PHRASE_BIT (PHRASE_BOUNCE_SUBJECT_ANY));
    gboolean body_late = phrase_has (&body, PHRASE_DELAY_BODY);
    words.body = phrase_has (&body, PHRASE_BOUNCE_BODY) || body_late;
    words.body_first = phrase_has (&body, PHRASE_BOUNCE_BODY) &&
                       body.first[PHRASE_BOUNCE_BODY] < EVIDENCE_NEAR_START;
    const char *text = evidence_text (evidence)->body;
    words.is_asking = is_asking (text);
    words.names_address = memchr (text, '@', strnlen (text, EVIDENCE_NEAR_START)) != NULL;
    words.body_at_once =
        words.body_first && body.first[PHRASE_BOUNCE_BODY] < AT_ONCE && !words.is_asking;
    words.delay_first = body_late && body.first[PHRASE_DELAY_BODY] < EVIDENCE_NEAR_START;
    words.words = phrase_has (&body, PHRASE_BOUNCE_WORDS);
    words.is_technical = is_technical (text);
    words.status = parts_find (evidence->message, "message/delivery-status") != NULL;
    words.is_late = late || body_late;
    return words;
}

/* An absence note to a bounce, or one whose words resemble one: the reply steps know better. */
static gboolean is_reply (Evidence *evidence, const Words *words)
{
    return !words->subject && (evidence_has (evidence, MARK_REPLY) ||
                               phrase_at_start (evidence->subject, PHRASE_AUTO_SUBJECT) != NULL ||
                               phrase_at_start (evidence->subject, PHRASE_ABSENT_SUBJECT) != NULL);
}

/* Of an author under whose address people write too. A localised subject and an address at once
 * will do: nobody knows all the words. */
static gboolean is_bounce_of_admin (const Words *words)
{
    if (words->subject && words->names_address && !words->is_asking)
        return TRUE;
    if ((words->subject || words->subject_any) &&
        (words->body || words->status || (words->words && words->is_technical)))
        return TRUE;
    return words->body_first || words->delay_first || words->status;
}

/* Whether such a sender and such words make a bounce. */
static gboolean is_bounce (Evidence *evidence, guint sender, const Words *words)
{
    gboolean subject = words->subject || words->subject_any,
             text = words->body || words->words || words->status;
    if (sender >= MAIL_SYSTEM)
        return subject || text;
    if (!evidence->is_alone || evidence_text (evidence)->is_greeting)
        return FALSE;
    if (sender > 0)
        return is_bounce_of_admin (words);
    return words->subject && words->body_at_once && !evidence_is_full_name (evidence) &&
           !evidence_has (evidence, MARK_PROGRAM) && !evidence_has (evidence, MARK_LIST);
}

gboolean step_bounce (Evidence *evidence, Classification *ret)
{
    if (evidence_has (evidence, MARK_BOUNCE))
        return classified (ret, CLASS_BOUNCE, TRUE, evidence->reasons[MARK_BOUNCE]);
    guint sender = weigh_sender (evidence);
    if (sender == 0 && phrase_at_start (evidence->subject, PHRASE_BOUNCE_SUBJECT) == NULL &&
        phrase_at_start (evidence->subject, PHRASE_DELAY_SUBJECT) == NULL)
        return FALSE; /* most mail ends here, its text unread */
    Words words = read_words (evidence);
    return !is_reply (evidence, &words) && is_bounce (evidence, sender, &words) &&
           classified (ret, CLASS_BOUNCE, TRUE, words.is_late ? "delayed" : "bounce-words");
}

gboolean step_mail_system (Evidence *evidence, Classification *ret)
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
