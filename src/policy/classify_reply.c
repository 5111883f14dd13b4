/* classify_reply.c - what a program answers for a person: absence notes, acknowledgements.
 *
 * A header that says so decides alone. A mail that is automatic for another reason (generated, null
 * sender, Precedence) is an answer when its words or its threading say so. Without any such header
 * the words decide, and only where a program could have written them: to one recipient, not through
 * a list, nothing quoted. A person who writes about days off gives themselves away by a greeting to
 * several or by name, by a question, by "next week"; and says less of what programs say. */
#include "classify_steps.h"

#include <string.h>

#define REPLY_KINDS                                                                                \
    (PHRASE_BIT (PHRASE_ABSENT) | PHRASE_BIT (PHRASE_RETURNS) | PHRASE_BIT (PHRASE_CONTACT) |      \
     PHRASE_BIT (PHRASE_LATER) | PHRASE_BIT (PHRASE_YOUR_MAIL) | PHRASE_BIT (PHRASE_AUTOMATIC))

/* Programs come to the point: within so many bytes of the folded text. */
#define AT_ONCE 100
#define SPEECH_MAX 400 /* bytes between quotation marks */

typedef struct {
    gboolean is_auto_subject; /* only programs write such a subject */
    gboolean is_absent_subject;
    gboolean is_office_subject; /* it is all of the subject, and what programs write */
    gboolean names_original;    /* "Out of office: your subject", and no date */
    gboolean names_answer;      /* "Out of office: Re: your subject" */
    gboolean names_author;      /* "Bob Jansen is out of the office" */
    PhraseHits body;
    gboolean is_answer_subject; /* and what is answered follows it, behind a colon */
    guint said;                 /* how many of REPLY_KINDS */
    gboolean is_person;         /* signs of one */
    gboolean is_of_other;       /* somebody else is away */
} Reply;

/* What follows the absence in a subject that a program wrote. */
static gboolean is_rest_of_program (const char *rest)
{
    if (*rest == ' ')
        rest++;
    return *rest == '\0' || strchr (":;,.!([/-~|", *rest) != NULL || g_ascii_isdigit (*rest) ||
           g_str_has_prefix (rest, "re:") || phrase_at_start (rest, PHRASE_ABSENT_REST) != NULL;
}

static void read_subject (Evidence *evidence, Reply *reply)
{
    if (evidence->is_re)
        return;
    const char *rest = phrase_at_start (evidence->subject, PHRASE_AUTO_SUBJECT);
    reply->is_auto_subject = rest != NULL && (rest[-1] == ':' || is_rest_of_program (rest));
    reply->is_answer_subject =
        reply->is_auto_subject && (*rest == ':' || g_str_has_prefix (rest, " :"));
    const char *office = phrase_at_start (evidence->subject, PHRASE_OFFICE_SUBJECT);
    reply->is_office_subject = office != NULL && *office == '\0';
    rest = phrase_at_start (evidence->subject, PHRASE_ABSENT_SUBJECT);
    if (rest != NULL && (rest[-1] == ':' || is_rest_of_program (rest))) {
        reply->is_absent_subject = TRUE;
        const char *original = rest + strspn (rest, ": ");
        reply->names_original = original > rest && *original != '\0' &&
                                memchr (rest - 1, ':', (gsize)(original - rest) + 1) != NULL &&
                                strpbrk (original, "0123456789") == NULL;
        reply->names_answer = g_str_has_prefix (original, "re:");
    }
    PhraseHits any = phrase_scan (evidence->subject, PHRASE_BIT (PHRASE_ABSENT_SUBJECT_ANY));
    reply->is_absent_subject |= phrase_has (&any, PHRASE_ABSENT_SUBJECT_ANY);
    reply->names_author = evidence_names_author (evidence, evidence->subject);
}

/* The first words, without what stands between quotation marks: that is somebody else's speech. */
static char *start_of_body (Evidence *evidence)
{
    const char *body = evidence_text (evidence)->body;
    const char *end = body + strlen (body);
    if (end - body > EVIDENCE_REPLY_MAX)
        end = g_utf8_find_prev_char (body, body + EVIDENCE_REPLY_MAX + 1);
    GString *own = g_string_sized_new ((gsize)(end - body) + 1);
    for (const char *p = body; p < end; p++) {
        g_string_append_c (own, *p);
        const char *close =
            *p == '"' ? memchr (p + 1, '"', MIN ((gsize)(end - p - 1), SPEECH_MAX)) : NULL;
        p = close != NULL ? close - 1 : p;
        if (close != NULL)
            g_string_append_c (own, *++p);
    }
    return g_string_free (own, FALSE);
}

/* Whether the sentence before the first absence speaks of somebody else: "Eva is on leave". */
static gboolean is_of_other (Evidence *evidence, const char *start, gsize absent)
{
    static const char *const verbs[] = {" is ", " ist ", " est ", " esta ", " is on ", NULL};
    static const char *const things[] = {"office", "mailbox", "address", "account",
                                         "buro",   "kantoor", "bureau",  NULL};
    g_autofree char *before = g_strndup (start, absent);
    char *sentence = before;
    for (char *p = before; *p != '\0'; p++)
        sentence = strchr (".!:;,", *p) != NULL ? p + 1 : sentence;
    gboolean is_third =
        sentence[strspn (sentence, " ")] != '\0' && g_str_has_prefix (start + absent, "is ");
    for (guint i = 0; verbs[i] != NULL; i++)
        is_third |= g_str_has_suffix (sentence, verbs[i]);
    for (guint i = 0; things[i] != NULL; i++)
        is_third &= strstr (sentence, things[i]) == NULL;
    return is_third && !evidence_names_author (evidence, sentence);
}

static Reply read_reply (Evidence *evidence)
{
    Reply reply = {0};
    read_subject (evidence, &reply);
    g_autofree char *start = start_of_body (evidence);
    reply.body =
        phrase_scan (start, REPLY_KINDS | PHRASE_BIT (PHRASE_PERSON_SIGN) |
                                PHRASE_BIT (PHRASE_NOW) | PHRASE_BIT (PHRASE_PRESENT) |
                                PHRASE_BIT (PHRASE_RECEIVED) | PHRASE_BIT (PHRASE_CHALLENGE));
    if (!evidence->is_re) {
        PhraseHits subject = phrase_scan (evidence->subject, PHRASE_BIT (PHRASE_YOUR_MAIL));
        reply.body.kinds |= subject.kinds;
        if (subject.kinds != 0)
            reply.body.first[PHRASE_YOUR_MAIL] = 0;
    }
    reply.said = (guint)__builtin_popcount (reply.body.kinds & REPLY_KINDS);
    const char *question = strchr (start, '?');
    gboolean is_asking =
        question != NULL && (!phrase_has (&reply.body, PHRASE_YOUR_MAIL) ||
                             question < start + reply.body.first[PHRASE_YOUR_MAIL]);
    reply.is_person = evidence_text (evidence)->is_greeting ||
                      evidence_text (evidence)->is_quoting || is_asking ||
                      phrase_has (&reply.body, PHRASE_PERSON_SIGN);
    reply.is_of_other = phrase_has (&reply.body, PHRASE_ABSENT) &&
                        is_of_other (evidence, start, reply.body.first[PHRASE_ABSENT]);
    return reply;
}

gboolean step_reply_header (Evidence *evidence, Classification *ret)
{
    if (evidence_has (evidence, MARK_REPLY))
        return classified (ret, CLASS_AUTOREPLY, TRUE, evidence->reasons[MARK_REPLY]);
    gboolean is_list = evidence_has (evidence, MARK_LIST);
    gboolean is_auto = evidence_has (evidence, MARK_AUTO);
    gboolean is_likely = is_auto || evidence->null_sender != NULL_SENDER_NO ||
                         (evidence_has (evidence, MARK_BULK_HINT) && !is_list);
    gboolean is_only_suppressed = !is_likely && evidence_has (evidence, MARK_SUPPRESS) &&
                                  !is_list && !evidence_has (evidence, MARK_PROGRAM);
    if ((!is_likely && !is_only_suppressed) || !evidence->is_alone)
        return FALSE;
    Reply reply = read_reply (evidence);
    if (reply.is_auto_subject ||
        (reply.is_absent_subject && (reply.said >= 1 || evidence_has (evidence, MARK_AUTO))) ||
        (phrase_has (&reply.body, PHRASE_ABSENT) && !reply.is_person &&
         (!is_only_suppressed || reply.said >= 2)) ||
        (phrase_has (&reply.body, PHRASE_AUTOMATIC) && phrase_has (&reply.body, PHRASE_YOUR_MAIL)))
        return classified (ret, CLASS_AUTOREPLY, TRUE, "absence-note");
    gboolean is_answer = (evidence->is_answer || evidence->is_re) &&
                         !evidence_text (evidence)->is_quoting && !is_list &&
                         !evidence_has (evidence, MARK_TICKET) &&
                         !evidence_is_from (evidence, SENDER_NO_REPLY);
    if (is_answer && is_auto)
        return classified (ret, CLASS_AUTOREPLY, TRUE, evidence->reasons[MARK_AUTO]);
    return is_answer && evidence_has (evidence, MARK_SUPPRESS) && !reply.is_person &&
           reply.said >= 1 &&
           classified (ret, CLASS_AUTOREPLY, TRUE, evidence->reasons[MARK_SUPPRESS]);
}

/* Whether the words under a subject that tells an absence are those of a program. */
static gboolean is_note_by_subject (Evidence *evidence, const Reply *reply)
{
    const PhraseHits *body = &reply->body;
    gboolean is_about_mail = phrase_has (body, PHRASE_YOUR_MAIL) ||
                             phrase_has (body, PHRASE_AUTOMATIC) || phrase_has (body, PHRASE_LATER);
    gboolean is_away = phrase_has (body, PHRASE_ABSENT) || phrase_has (body, PHRASE_AUTOMATIC);
    if (reply->names_answer)
        return TRUE;
    if (evidence->is_answer)
        return is_away || reply->said >= 2;
    gboolean is_likely = is_about_mail || reply->names_author || reply->names_original;
    if (is_likely)
        return is_away && reply->said >= 2;
    /* Or it is a plan, told to the boss. */
    return is_away &&
           ((reply->said >= 2 && phrase_has (body, PHRASE_NOW)) ||
            (reply->said >= 3 && (phrase_has (body, PHRASE_PRESENT) || reply->is_office_subject)));
}

/* Away now, until when, and whom to ask: all that a note says. */
static gboolean is_of_now (const PhraseHits *body)
{
    return phrase_has (body, PHRASE_RETURNS) && phrase_has (body, PHRASE_CONTACT) &&
           (phrase_has (body, PHRASE_NOW) || phrase_has (body, PHRASE_PRESENT));
}

/* Whether the words alone are those of a program. */
static gboolean is_note_by_body (Evidence *evidence, const Reply *reply)
{
    const PhraseHits *body = &reply->body;
    gboolean absent = phrase_has (body, PHRASE_ABSENT), yours = phrase_has (body, PHRASE_YOUR_MAIL),
             automatic = phrase_has (body, PHRASE_AUTOMATIC),
             later = phrase_has (body, PHRASE_LATER),
             further = phrase_has (body, PHRASE_RETURNS) || phrase_has (body, PHRASE_CONTACT);
    gboolean received = phrase_has (body, PHRASE_RECEIVED);
    if (automatic && (received || reply->said >= 2) &&
        (body->first[PHRASE_AUTOMATIC] < AT_ONCE ||
         (received && body->first[PHRASE_RECEIVED] < AT_ONCE) ||
         (yours && body->first[PHRASE_YOUR_MAIL] < AT_ONCE) ||
         (absent && body->first[PHRASE_ABSENT] < AT_ONCE)))
        return absent || yours || received;
    if (!absent)
        return FALSE;
    if (yours)
        return further || later;
    if (evidence->is_answer || evidence->is_re)
        return (later && further) || is_of_now (body);
    return later && further && reply->said >= 4;
}

gboolean step_reply_words (Evidence *evidence, Classification *ret)
{
    if (!evidence->is_alone || evidence_has (evidence, MARK_LIST) ||
        evidence_has (evidence, MARK_FORWARDED) || evidence_has (evidence, MARK_RESENT))
        return FALSE;
    Reply reply = read_reply (evidence);
    const PhraseHits *body = &reply.body;
    if (reply.is_answer_subject ||
        (reply.is_auto_subject &&
         (!reply.is_person || (body->kinds & REPLY_KINDS & ~PHRASE_BIT (PHRASE_AUTOMATIC)) != 0)))
        return classified (ret, CLASS_AUTOREPLY, TRUE, "absence-note");
    gboolean is_clear =
        phrase_has (body, PHRASE_ABSENT) &&
        (phrase_has (body, PHRASE_YOUR_MAIL) || phrase_has (body, PHRASE_AUTOMATIC)) &&
        reply.said >= 4;
    if ((reply.is_person && !is_clear) || reply.is_of_other ||
        evidence_text (evidence)->is_quoting ||
        (evidence_text (evidence)->is_greeting && !phrase_has (body, PHRASE_AUTOMATIC)))
        return FALSE;
    if (evidence_has (evidence, MARK_PROGRAM) && !is_clear)
        return FALSE;
    gboolean is_note = phrase_has (body, PHRASE_CHALLENGE) ||
                       (reply.is_absent_subject && is_note_by_subject (evidence, &reply)) ||
                       is_note_by_body (evidence, &reply);
    return is_note && classified (ret, CLASS_AUTOREPLY, TRUE, "absence-note");
}
