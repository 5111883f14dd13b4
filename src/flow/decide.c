/* decide.c - brings the archive's facts and the policy together. */
#include "flow_private.h"

#include "draft.h"
#include "error.h"
#include "log.h"

static StoreFacts *load_facts (Flow *flow, const Snapshot *snapshot, const Envelope *envelope,
                               const Message *message)
{
    g_autoptr (GError) error = NULL;
    StoreReader *reader = flow_reader_borrow (flow, &error);
    StoreFacts *facts = NULL;
    if (reader != NULL) {
        g_autofree char *author = policy_author (snapshot->directory, envelope, message);
        g_autoptr (GPtrArray) refs = draft_refs (message);
        facts = store_facts (reader, author, (const char *const *)refs->pdata, &error);
    }
    flow_reader_return (flow, reader);
    if (facts == NULL)
        log_event (EV_STORE_FAILED, LOG_TEXT ("what", "facts"), LOG_TEXT ("error", error->message));
    return facts;
}

Verdict *flow_decide (Flow *flow, const Snapshot *snapshot, const Envelope *envelope,
                      const Message *message)
{
    g_autoptr (StoreFacts) known = load_facts (flow, snapshot, envelope, message);
    PolicyFacts facts = {0};
    if (known != NULL) {
        facts.parent_author = known->parent_author;
        facts.thread_authors = (const char *const *)known->thread_authors;
        facts.habit = known->habit;
    }
    return policy_decide (snapshot->policy, snapshot->directory, envelope, message, &facts);
}

Verdict *flow_explain (Flow *flow, const Envelope *envelope, const Message *message)
{
    g_autoptr (Snapshot) snapshot = flow_snapshot (flow);
    return flow_decide (flow, snapshot, envelope, message);
}
