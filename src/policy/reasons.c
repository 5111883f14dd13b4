/* reasons.c - every reason code that the policy gives, with its sentence for people. Codes are
 * stable: logs, verdict log and `explain` show them. */
#include "policy.h"

#include <string.h>

static const struct {
    const char *code;
    const char *text;
} reasons[] = {
    /* the verdict */
    {"persons", "It went to more colleagues than max_recipients."},
    {"few", "It went to few colleagues: ordinary mail."},
    {"null-sender", "It has no sender: a bounce or another report of a mail system."},
    {"external", "It was sent from outside the organisation, and take_external is no."},
    {"own-mail", "Carbonless itself sent it."},
    {"own-address", "It went to addresses of Carbonless only."},
    {"keep-tag", "Its author wrote the tag into the subject that keeps it ordinary mail."},
    {"rule", "A rule of the configuration decided."},
    {"rule-limit", "A rule's pattern was too hard to match, so it was left alone."},
    {"mixed-group", "The group has members outside, or that must always get their copy; Postfix "
                    "expands it, so it cannot be replaced."},
    {"mode", "The gateway only observes: it would have become a post."},
    {"pilot", "Its sender is not in the pilot group: it would have become a post."},
    {"import", "It was imported from an archive."},
    /* why a recipient does not count */
    {"sender", "It is the sender's own address."},
    {"outsider", "The address is outside the organisation."},
    {"always-deliver", "A role mailbox or machine that always gets its copy."},
    {"repeated", "The same person was named before."},
    {"empty-group", "Nobody is known to be in this group."},
    {"invalid", "This is no mail address."},
    /* why somebody must read */
    {"to", "You are one of the few named in To."},
    {"mentioned", "You are mentioned by name with an @."},
    {"greeted", "You are greeted by name."},
    {"answered", "It answers a message of yours."},
    {"first", "You are the first colleague named in To."},
    {"wrote", "You wrote in this thread."},
    {"habit", "You usually answer this author."},
    {"bcc", "You got it as a blind copy: the others do not see that."},
};

const char *policy_reason_text (const char *reason)
{
    for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
        if (strcmp (reasons[i].code, reason) == 0)
            return reasons[i].text;
    }
    return NULL;
}

const char *policy_reason_code (guint number)
{
    return number < G_N_ELEMENTS (reasons) ? reasons[number].code : NULL;
}
