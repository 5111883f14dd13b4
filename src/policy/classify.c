/* classify.c - what kind of mail it is. The order of the steps is the precedence of the classes and
 * is explained in classify.h; each step is a question, and the first that says yes decides. */
#include "classify.h"

#include "classify_steps.h"

static gboolean step_auto (Evidence *evidence, Classification *ret)
{
    if (evidence_is_from (evidence, SENDER_LIST_SERVER))
        return classified (ret, CLASS_BULK, TRUE, "list-server");
    return evidence_has (evidence, MARK_AUTO) &&
           classified (ret, CLASS_BULK, TRUE, evidence->reasons[MARK_AUTO]);
}

static gboolean step_private (Evidence *evidence, Classification *ret)
{
    return evidence_has (evidence, MARK_PRIVATE) &&
           classified (ret, CLASS_PRIVATE, FALSE, evidence->reasons[MARK_PRIVATE]);
}

static gboolean step_list (Evidence *evidence, Classification *ret)
{
    return evidence_has (evidence, MARK_LIST) &&
           classified (ret, CLASS_LIST, FALSE, evidence->reasons[MARK_LIST]);
}

/* A program that people write with, or an answer: then what else points to bulk mail may be the
 * work of an old list server. */
static gboolean is_by_hand (Evidence *evidence)
{
    return evidence_has (evidence, MARK_PROGRAM) || (evidence->is_answer && evidence->is_re);
}

/* Precedence: bulk alone proves nothing: old list servers put it on what people write, and a
 * person's first mail to such a list shows no other sign of either. With another sign it is bulk.
 */
static gboolean is_bulk (const Evidence *evidence)
{
    static const Mark signs[] = {MARK_JUNK, MARK_SUPPRESS, MARK_UNSUBSCRIBE, MARK_CAMPAIGN};
    for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
        if (evidence_has (evidence, signs[i]))
            return TRUE;
    return evidence_is_from (evidence, SENDER_NO_REPLY) ||
           evidence_is_from (evidence, SENDER_MACHINE);
}

static gboolean step_bulk (Evidence *evidence, Classification *ret)
{
    gboolean by_hand = is_by_hand (evidence);
    if (evidence_has (evidence, MARK_TICKET))
        return classified (ret, CLASS_BULK, TRUE, evidence->reasons[MARK_TICKET]);
    if (evidence_is_from (evidence, SENDER_MACHINE) &&
        phrase_at_start (evidence->subject, PHRASE_MACHINE_SUBJECT) != NULL)
        return classified (ret, CLASS_BULK, TRUE, "machine");
    if (evidence_has (evidence, MARK_BULK_HINT)) {
        gboolean is_auto = !by_hand && is_bulk (evidence);
        return classified (ret, is_auto ? CLASS_BULK : CLASS_LIST, is_auto, "precedence");
    }
    if (evidence_is_from (evidence, SENDER_NO_REPLY) && !by_hand)
        return classified (ret, CLASS_BULK, TRUE, "no-reply");
    if (!evidence_has (evidence, MARK_UNSUBSCRIBE))
        return FALSE;
    if (evidence_has (evidence, MARK_CAMPAIGN) && !by_hand)
        return classified (ret, CLASS_BULK, TRUE, evidence->reasons[MARK_CAMPAIGN]);
    return classified (ret, CLASS_LIST, FALSE, evidence->reasons[MARK_UNSUBSCRIBE]);
}

static gboolean step_resent (Evidence *evidence, Classification *ret)
{
    if (evidence_has (evidence, MARK_RESENT))
        return classified (ret, CLASS_RESENT, FALSE, evidence->reasons[MARK_RESENT]);
    return evidence_has (evidence, MARK_FORWARDED) &&
           classified (ret, CLASS_RESENT, FALSE, evidence->reasons[MARK_FORWARDED]);
}

static const ClassifyStep steps[] = {
    step_report,      step_bounce,      step_calendar, step_receipt,   step_reply_header,
    step_reply_words, step_mail_system, step_auto,     step_encrypted, step_private,
    step_list,        step_bulk,        step_resent,   step_opaque,
};

Classification classify_message (const Message *message, const char *sender)
{
    Classification result = {.class = CLASS_PERSON, .is_auto = FALSE, .reason = "person"};
    g_auto (Evidence) evidence;
    evidence_init (&evidence, message, sender);
    for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
        if (steps[i](&evidence, &result))
            break;
    return result;
}

const char *classify_name (MailClass class)
{
    static const char *const names[] = {
        [CLASS_PERSON] = "person",       [CLASS_BOUNCE] = "bounce", [CLASS_AUTOREPLY] = "autoreply",
        [CLASS_REPORT] = "report",       [CLASS_LIST] = "list",     [CLASS_CALENDAR] = "calendar",
        [CLASS_ENCRYPTED] = "encrypted", [CLASS_BULK] = "bulk",     [CLASS_RESENT] = "resent",
        [CLASS_PRIVATE] = "private",     [CLASS_OPAQUE] = "opaque",
    };
    return (gsize) class < G_N_ELEMENTS (names) ? names[class] : "person";
}
