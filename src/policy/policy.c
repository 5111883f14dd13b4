/* policy.c - the policy object, and the question at DATA. */
#include "policy.h"

#include "count.h"
#include "policy_data.h"

Policy *policy_new (Config *conf, TokenKey *key, GError **error)
{
    Rules *rules = rules_new (conf, error);
    if (rules == NULL)
        return NULL;
    Policy *policy = g_new0 (Policy, 1);
    ref_init (&policy->ref);
    policy->conf = conf_ref (conf);
    policy->key = key != NULL ? token_key_ref (key) : NULL;
    policy->rules = rules;
    return policy;
}

Policy *policy_ref (Policy *policy)
{
    ref_take (&policy->ref);
    return policy;
}

void policy_unref (Policy *policy)
{
    if (policy == NULL || !ref_drop (&policy->ref))
        return;
    rules_free (policy->rules);
    g_clear_pointer (&policy->key, token_key_unref);
    conf_unref (policy->conf);
    g_free (policy);
}

gboolean policy_early (const Policy *policy, const Directory *directory, const Envelope *envelope,
                       const char **ret_reason)
{
    const Config *conf = policy->conf;
    g_auto (Count) count = {0};
    count_init (&count, directory, envelope);
    const char *reason = count_sender_reason (&count, conf, envelope);
    if (reason == NULL) {
        count_run (&count, envelope, conf->max_recipients);
        /* Whether an answer to all is a comment, its key will tell. */
        if (!count_has_reply (&count))
            reason = count_recipients_reason (&count, conf);
    }
    if (reason != NULL)
        *ret_reason = reason;
    return reason != NULL;
}

gboolean policy_is_own_mail (const Policy *policy, const Message *message)
{
    return hop_is_ours (policy->key, message);
}
