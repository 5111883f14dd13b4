/* rules.h - the `rule` sections, compiled. Private to the layer. */
#ifndef RULES_H
#define RULES_H

#include "conf.h"
#include "message.h"

typedef enum { RULE_DEFAULT, RULE_POST, RULE_PASS, RULE_OBSERVE } RuleVerdict;

typedef struct Rule Rule;
typedef struct Rules Rules;

/* What rules look at. Borrowed. */
typedef struct {
    const char *sender; /* envelope, bare; or NULL */
    const Message *message;
    const char *const *recipients; /* bare addresses */
    guint recipient_count;
} RuleSubject;

/* Compiles all rules. Errors: REFUSED "file:line: rule NAME: what". Owned. Thread: any. */
Rules *rules_new (const Config *conf, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rules_free (Rules *rules);

/* The first rule whose every pattern matches, or NULL. *ret_is_unsure tells that this rule's
 * pattern ran into a limit, so that nobody knows. Thread: any. */
const Rule *rules_match (const Rules *rules, const RuleSubject *subject, gboolean *ret_is_unsure);

const char *rule_name (const Rule *rule);
RuleVerdict rule_verdict (const Rule *rule);
const char *rule_topic (const Rule *rule); /* or NULL */
/* FALSE when the rule says nothing about it. */
gboolean rule_visibility (const Rule *rule, Visibility *ret_visibility);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rules, rules_free)

#endif
