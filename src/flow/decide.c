/* decide.c - brings the archive's facts and the policy together. */
#include "flow_private.h"

#include "draft.h"
#include "error.h"
#include "log.h"
#include "own_address.h"
#include "people.h"

static StoreFacts *load_facts (Flow *flow, const Snapshot *snapshot, const Envelope *envelope,
                               const Message *message)
{
    g_autoptr (GError) error = NULL;
    if (flow->store == NULL)
        return NULL;
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

/* The person who holds a key, while they may see the post: else the answer would be refused, and
 * nobody had it. Owned, or NULL. */
static char *find_holder (Flow *flow, Token token)
{
    Viewer viewer = {.person = {token.person}};
    g_autoptr (Person) person = NULL;
    g_autoptr (Post) post = NULL;
    StoreReader *reader = flow_reader_borrow (flow, NULL);
    if (reader != NULL)
        person = store_person_get (reader, viewer.person, NULL);
    if (person != NULL)
        post = store_post_get (reader, (PostId){token.id}, viewer, NULL);
    flow_reader_return (flow, reader);
    return post != NULL ? g_strdup (person->address) : NULL;
}

/* The person whose reply address, with a valid key, is among the recipients. Owned, or NULL. */
static char *find_answerer (Flow *flow, const Snapshot *snapshot, const Envelope *envelope)
{
    for (guint i = 0; flow->key != NULL && i < envelope->recipients->len; i++) {
        Token token;
        g_auto (OwnAddress) own =
            own_address_parse (snapshot->conf, envelope->recipients->pdata[i]);
        if (own.kind != OWN_REPLY || !token_open (flow->key, TOKEN_REPLY, own.word,
                                                  clock_now_ms (flow->clock), &token, NULL))
            continue;
        return find_holder (flow, token);
    }
    return NULL;
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
    g_autofree char *answerer = find_answerer (flow, snapshot, envelope);
    facts.answerer = answerer;
    return policy_decide (snapshot->policy, snapshot->directory, envelope, message, &facts);
}

Verdict *flow_explain (Flow *flow, const Envelope *envelope, const Message *message)
{
    g_autoptr (Snapshot) snapshot = flow_snapshot (flow);
    return flow_decide (flow, snapshot, envelope, message);
}
