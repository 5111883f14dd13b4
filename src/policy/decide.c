/* decide.c - the full decision. A message goes down a list of questions; the first that has an
 * answer ends it. Then come the recipients: who is replaced, who stays, who must read.
 *
 * (I1) In doubt a message passes untouched.
 * (I2) Only a RCPT whose every copy goes to a colleague is deleted. A group with a member outside,
 *      or one that must always get its copy, or with nobody known in it, stays: Postfix expands it,
 *      and deleting it would take the copy of that member too. Its colleagues then get the original
 *      and no notice.
 * (I3) The number that decides is counted as policy_early counts it. */
#include <string.h>

#include "address.h"
#include "count.h"
#include "policy_data.h"
#include "quote.h"
#include "select.h"
#include "topics.h"

/* A decision under way. */
typedef struct {
    const Policy *policy;
    const Config *conf;
    const Directory *directory;
    const Envelope *envelope;
    const Message *message;
    Count *count;
    Verdict *verdict;
    const Rule *rule;    /* that matched, or NULL */
    gboolean is_comment; /* an answer to all that holds a reply address of its author */
    GHashTable *copied;  /* persons who get the original through a group that stays */
    const Address *from; /* the author, or NULL */
    gboolean is_author_inside;
} Decision;

/* Looks at one thing; a reason ends the questions: the message passes. */
typedef const char *(*Question) (Decision *decision);

/* ------------------------------------------------------------------ the author */

/* Of several in From, the one who sent it; Sender when there is no From. NULL when nobody is named.
 */
static const Address *find_author (const Directory *directory, const char *sender,
                                   const Message *message, GStringChunk *scratch)
{
    const GPtrArray *from = message->from->len > 0 ? message->from : message->sender;
    for (guint i = 0; i < from->len && sender != NULL; i++) {
        const Address *address = from->pdata[i];
        const char *person = directory_find_author (directory, address->addr, scratch);
        if (g_strcmp0 (person, sender) == 0)
            return address;
    }
    return from->len > 0 ? from->pdata[0] : NULL;
}

/* Owned. */
static char *name_author (const Directory *directory, const Count *count, const Address *from,
                          GStringChunk *scratch)
{
    const char *written = from != NULL ? from->addr : count->sender_address;
    if (written == NULL)
        return g_strdup ("");
    const char *person = directory_find_author (directory, written, scratch);
    return g_strdup (person != NULL ? person : written);
}

char *policy_author (const Directory *directory, const Envelope *envelope, const Message *message)
{
    g_auto (Count) count = {0};
    count_init (&count, directory, envelope);
    const Address *from = find_author (directory, count.sender, message, count.scratch);
    return name_author (directory, &count, from, count.scratch);
}

static void decide_author (Decision *decision)
{
    Verdict *verdict = decision->verdict;
    Count *count = decision->count;
    const Directory *directory = decision->directory;
    decision->from = find_author (directory, count->sender, decision->message, count->scratch);
    verdict->author = name_author (directory, count, decision->from, count->scratch);
    Who who = directory_find (directory, verdict->author, count->scratch);
    const char *known = who.kind == WHO_PERSON ? who.name : NULL;
    gboolean has_name = decision->from != NULL && *decision->from->name != '\0';
    verdict->author_name = g_strdup (has_name ? decision->from->name : known != NULL ? known : "");
    decision->is_author_inside = directory_is_internal (directory, verdict->author);
}

/* ------------------------------------------------------------------ the recipients */

static void list_found (Decision *decision)
{
    const Count *count = decision->count;
    for (guint i = 0; i < count->found->len; i++) {
        const Found *found = &g_array_index (count->found, Found, i);
        const Recipient *recipient =
            &g_array_index (count->recipients, Recipient, found->recipient);
        Counted *counted = g_new0 (Counted, 1);
        counted->address = g_strdup (found->address);
        counted->via = g_strdup (found->via);
        counted->recipient = g_strdup (recipient->text);
        g_ptr_array_add (decision->verdict->counted, counted);
    }
    decision->verdict->persons = count->found->len;
}

/* Whether a group has to be left to Postfix (I2), and why. */
static const char *group_keep_reason (const GroupMembers *members)
{
    if (members->has_outsiders || members->has_always)
        return "mixed-group";
    return members->person_count == 0 ? "empty-group" : NULL;
}

/* Why a recipient does not count as such; NULL when it counts. */
static const char *uncounted_reason (const Decision *decision, const Recipient *recipient)
{
    static const char *const by_kind[] = {
        [WHO_PERSON] = NULL,
        [WHO_GROUP] = NULL,
        [WHO_OUTSIDER] = "outsider",
        [WHO_OWN] = "own-address",
        [WHO_ALWAYS] = "always-deliver",
    };
    if (!recipient->is_address)
        return "invalid";
    if (recipient->who.kind == WHO_PERSON && recipient->has_sender)
        return "sender";
    if (recipient->who.kind == WHO_GROUP) {
        GroupMembers members = directory_members (decision->directory, recipient->who.canonical);
        const char *reason = group_keep_reason (&members);
        if (reason != NULL)
            return reason;
    }
    return recipient->is_repeated ? "repeated" : by_kind[recipient->who.kind];
}

static gboolean must_keep (const Decision *decision, const Recipient *recipient)
{
    if (recipient->who.kind == WHO_PERSON)
        return FALSE;
    if (recipient->who.kind != WHO_GROUP)
        return TRUE;
    GroupMembers members = directory_members (decision->directory, recipient->who.canonical);
    return group_keep_reason (&members) != NULL;
}

/* A group that stays delivers to its colleagues too. */
static void note_copies (Decision *decision, const Recipient *recipient)
{
    if (recipient->who.kind != WHO_GROUP)
        return;
    GroupMembers members = directory_members (decision->directory, recipient->who.canonical);
    for (guint i = 0; i < members.person_count; i++)
        g_hash_table_add (decision->copied, (gpointer)members.persons[i]);
}

static void list_recipients (Decision *decision)
{
    Verdict *verdict = decision->verdict;
    const GArray *recipients = decision->count->recipients;
    for (guint i = 0; i < recipients->len; i++) {
        const Recipient *recipient = &g_array_index (recipients, Recipient, i);
        const char *reason = uncounted_reason (decision, recipient);
        verdict->outsiders += recipient->is_address && recipient->who.kind == WHO_OUTSIDER;
        if (must_keep (decision, recipient))
            note_copies (decision, recipient);
        if (reason == NULL)
            continue;
        Uncounted *uncounted = g_new0 (Uncounted, 1);
        uncounted->recipient = g_strdup (recipient->text);
        uncounted->kind = recipient->who.kind;
        uncounted->canonical = g_strdup (recipient->who.canonical);
        uncounted->reason = reason;
        g_ptr_array_add (verdict->uncounted, uncounted);
    }
}

/* Copies that would be replaced: the persons found and, when they named themselves, the sender. */
static guint count_deliveries (const Decision *decision)
{
    const Count *count = decision->count;
    guint deliveries = 0;
    gboolean has_sender = FALSE;
    for (guint i = 0; i < count->found->len; i++) {
        const Found *found = &g_array_index (count->found, Found, i);
        deliveries += !g_hash_table_contains (decision->copied, found->address);
    }
    for (guint i = 0; i < count->recipients->len; i++)
        has_sender |= g_array_index (count->recipients, Recipient, i).has_sender;
    if (has_sender && !g_hash_table_contains (decision->copied, count->sender))
        deliveries++;
    return deliveries;
}

/* The RCPT texts to delete; the kind follows from what stays. */
static void drop_recipients (Decision *decision)
{
    Verdict *verdict = decision->verdict;
    const GArray *recipients = decision->count->recipients;
    for (guint i = 0; i < recipients->len; i++) {
        const Recipient *recipient = &g_array_index (recipients, Recipient, i);
        if (must_keep (decision, recipient))
            verdict->kept++;
        else
            g_ptr_array_add (verdict->drop, g_strdup (recipient->text));
    }
    verdict->kind = verdict->kept > 0 ? VERDICT_SPLIT : VERDICT_POST;
}

/* ------------------------------------------------------------------ the questions */

static const char *ask_sender (Decision *decision)
{
    return count_sender_reason (decision->count, decision->conf, decision->envelope);
}

static const char *ask_count (Decision *decision)
{
    return decision->is_comment ? NULL : count_recipients_reason (decision->count, decision->conf);
}

static const char *ask_hop (Decision *decision)
{
    return hop_is_ours (decision->policy->key, decision->message) ? "own-mail" : NULL;
}

static const char *ask_class (Decision *decision)
{
    Classification what = classify_message (decision->message, decision->count->sender_address);
    decision->verdict->class = what.class;
    return what.class != CLASS_PERSON ? what.reason : NULL;
}

/* The envelope may be a colleague's while From is not: forwarded mail, a service that sends for us.
 */
static const char *ask_author (Decision *decision)
{
    Who who =
        directory_find (decision->directory, decision->verdict->author, decision->count->scratch);
    if (who.kind == WHO_OWN)
        return "own-mail";
    return decision->is_author_inside || decision->conf->take_external ? NULL : "external";
}

static const char *ask_tag (Decision *decision)
{
    return topics_has_tag (decision->message->subject, decision->conf->keep_tag) ? "keep-tag"
                                                                                 : NULL;
}

static const char *ask_rules (Decision *decision)
{
    g_autoptr (GPtrArray) bare = g_ptr_array_new_with_free_func (g_free);
    const GArray *recipients = decision->count->recipients;
    for (guint i = 0; i < recipients->len; i++) {
        const Recipient *recipient = &g_array_index (recipients, Recipient, i);
        if (recipient->is_address)
            g_ptr_array_add (bare, address_from_envelope (recipient->text));
    }
    RuleSubject subject = {decision->count->sender_address, decision->message,
                           (const char *const *)bare->pdata, bare->len};
    gboolean is_unsure = FALSE;
    decision->rule = rules_match (decision->policy->rules, &subject, &is_unsure);
    if (decision->rule == NULL)
        return NULL;
    decision->verdict->rule = g_strdup (rule_name (decision->rule));
    if (is_unsure) /* (I1) */
        return "rule-limit";
    return rule_verdict (decision->rule) == RULE_PASS ? "rule" : NULL;
}

static const char *ask_groups (Decision *decision)
{
    decision->verdict->deliveries = count_deliveries (decision);
    return decision->verdict->deliveries == 0 ? "mixed-group" : NULL;
}

static const Question questions[] = {ask_sender, ask_count, ask_hop,   ask_class,
                                     ask_author, ask_tag,   ask_rules, ask_groups};

/* ------------------------------------------------------------------ the verdict */

/* Why a message that would become a post is only observed; NULL when it becomes one. */
static const char *observe_reason (const Decision *decision)
{
    const Config *conf = decision->conf;
    if (decision->rule != NULL && rule_verdict (decision->rule) == RULE_OBSERVE)
        return "rule";
    if (conf->mode == MODE_OBSERVE)
        return "mode";
    if (*conf->pilot == '\0')
        return NULL;
    const Verdict *verdict = decision->verdict;
    Who pilot = directory_find (decision->directory, conf->pilot, decision->count->scratch);
    gboolean is_in = strcmp (verdict->author, pilot.canonical) == 0 ||
                     directory_is_member (decision->directory, pilot.canonical, verdict->author);
    return is_in ? NULL : "pilot";
}

/* What the author says with subject and text. */
static void label_by_author (const Config *conf, const Message *message, Verdict *verdict)
{
    const char *const except[] = {conf->keep_tag, conf->private_tag, NULL};
    if (topics_has_tag (message->subject, conf->private_tag))
        verdict->visibility = VISIBLE_RECIPIENTS;
    topics_add_subject (verdict->topics, message->subject, except);
    topics_add_text (verdict->topics, verdict->written);
}

void policy_label_archived (const Config *conf, const Message *message, Verdict *verdict)
{
    g_autoptr (Quote) quote = quote_split_message (message);
    verdict->written = g_steal_pointer (&quote->kept);
    verdict->visibility = conf->visibility;
    label_by_author (conf, message, verdict);
}

static void label (Decision *decision)
{
    const Config *conf = decision->conf;
    Verdict *verdict = decision->verdict;
    verdict->visibility = conf->visibility;
    if (decision->rule != NULL) {
        rule_visibility (decision->rule, &verdict->visibility);
        if (rule_topic (decision->rule) != NULL)
            topics_add_rule (verdict->topics, rule_topic (decision->rule));
    }
    const GArray *recipients = decision->count->recipients;
    for (guint i = 0; i < recipients->len; i++) {
        const Recipient *recipient = &g_array_index (recipients, Recipient, i);
        if (recipient->who.kind == WHO_OWN)
            topics_add_own (verdict->topics, recipient->who.canonical);
    }
    label_by_author (conf, decision->message, verdict);
}

/* The own address among the recipients takes the answer in; the colleagues hear of it as followers
 * of the thread, not by a copy each. Outsiders keep theirs. */
static void take_comment (Decision *decision)
{
    Verdict *verdict = decision->verdict;
    const char *reason = observe_reason (decision);
    verdict->reason = reason != NULL ? reason : "comment";
    if (reason != NULL)
        verdict->kind = VERDICT_OBSERVE;
    else
        drop_recipients (decision);
}

static void take (Decision *decision, const PolicyFacts *facts)
{
    static const PolicyFacts no_facts = {0};
    Verdict *verdict = decision->verdict;
    g_autoptr (Quote) quote = quote_split_message (decision->message);
    verdict->written = g_steal_pointer (&quote->kept);
    label (decision);
    Selection selection = {decision->conf,
                           decision->count,
                           decision->message,
                           verdict->written,
                           verdict->author,
                           decision->copied,
                           facts != NULL ? facts : &no_facts};
    g_ptr_array_unref (verdict->readers);
    verdict->readers = select_readers (&selection);
    const char *reason = observe_reason (decision);
    verdict->reason = reason != NULL ? reason : "persons";
    if (reason != NULL)
        verdict->kind = VERDICT_OBSERVE;
    else
        drop_recipients (decision);
}

Verdict *policy_decide (const Policy *policy, const Directory *directory, const Envelope *envelope,
                        const Message *message, const PolicyFacts *facts)
{
    g_auto (Count) count = {0};
    g_autoptr (GHashTable) copied = g_hash_table_new (g_str_hash, g_str_equal);
    Verdict *verdict = verdict_new (VERDICT_PASS, NULL);
    Decision decision = {.policy = policy,
                         .conf = policy->conf,
                         .directory = directory,
                         .envelope = envelope,
                         .message = message,
                         .count = &count,
                         .verdict = verdict,
                         .copied = copied};
    count_init (&count, directory, envelope);
    decide_author (&decision);
    if (envelope->sender == NULL) /* unknown: whoever stands in From */
        count.sender = directory_find_author (directory, verdict->author, count.scratch);
    count_run (&count, envelope, G_MAXUINT - 1);
    list_found (&decision);
    list_recipients (&decision);
    decision.is_comment = facts != NULL && facts->answerer != NULL && count_has_reply (&count) &&
                          strcmp (facts->answerer, verdict->author) == 0;
    verdict->is_answer = message->in_reply_to->len > 0 || message->references->len > 0;
    for (guint i = 0; i < G_N_ELEMENTS (questions) && verdict->reason == NULL; i++)
        verdict->reason = questions[i](&decision);
    if (verdict->reason == NULL && decision.is_comment)
        take_comment (&decision);
    else if (verdict->reason == NULL)
        take (&decision, facts);
    else
        verdict->kept = count.recipients->len;
    return verdict;
}
