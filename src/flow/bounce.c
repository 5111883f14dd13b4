/* bounce.c - see bounce.h. */
#include "bounce.h"

#include "letters.h"
#include "log.h"
#include "people.h"

typedef struct {
    PersonId person;
    const char *administrator, *address;
} Bounce;

gboolean bounce_is_final (Classification what)
{
    static const char *const reasons[] = {"delivery-report", "failed-recipients", "bounce-words",
                                          NULL};
    return what.class == CLASS_BOUNCE && g_strv_contains (reasons, what.reason);
}

static gboolean apply_bounce (StoreTxn *txn, gpointer data, GError **error)
{
    const Bounce *bounce = data;
    const PersonId nobody = {0};
    gboolean is_new = FALSE;
    if (!store_person_suppress (txn, bounce->person, TRUE, &is_new, error))
        return FALSE;
    return !is_new || *bounce->administrator == '\0' ||
           store_answer_add (txn, nobody, bounce->administrator, "bounce", bounce->address, FALSE,
                             NULL, error);
}

gboolean bounce_take (const FlowSession *session, StoreReader *reader, const OwnAddress *own,
                      GError **error)
{
    const TokenKey *key = session->flow->key;
    Token token;
    if (own->kind != OWN_REPLY || key == NULL ||
        !token_open (key, TOKEN_REPLY, own->word, clock_now_ms (session->flow->clock), &token,
                     NULL))
        return TRUE;
    PersonId id = {token.person};
    g_autoptr (Person) person = store_person_get (reader, id, NULL);
    if (person == NULL || person->is_suppressed)
        return TRUE;
    Bounce bounce = {id, session->snapshot->conf->administrator, person->address};
    log_event (EV_NOTICE_BOUNCED, LOG_TEXT ("qid", session->envelope->queue_id),
               LOG_INT ("person", id.value));
    return store_write (session->flow->store, apply_bounce, &bounce, error);
}
