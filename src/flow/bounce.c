/* bounce.c - see bounce.h. */
#include "bounce.h"

#include "letters.h"
#include "log.h"
#include "people.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

/* "DAYS LAST": on how many days mail came back that may get there later, and the last of them. */
#define SETTING "bounces"
#define NOTHING "0 0" /* who is taken back begins anew */

typedef struct {
    PersonId person;
    const char *administrator, *address;
    char *counted; /* the setting to keep, or NULL: suppress */
} Bounce;

static gboolean apply_bounce (StoreTxn *txn, gpointer data, GError **error)
{
    const Bounce *bounce = data;
    const PersonId nobody = {0};
    gboolean is_new = FALSE;
    if (bounce->counted != NULL)
        return store_setting_set (txn, bounce->person, SETTING, bounce->counted, error);
    if (!store_person_suppress (txn, bounce->person, TRUE, &is_new, error) ||
        !store_setting_set (txn, bounce->person, SETTING, NOTHING, error))
        return FALSE;
    return !is_new || *bounce->administrator == '\0' ||
           store_answer_add (txn, nobody, bounce->administrator, "bounce", bounce->address, FALSE,
                             NULL, error);
}

/* What to keep of one more failure that may pass; NULL when that is enough. Owned. */
static char *count_day (StoreReader *reader, PersonId person, gint64 now_ms)
{
    g_autofree char *kept = store_setting_get (reader, person, SETTING);
    char *rest = NULL;
    gint64 today = now_ms / DAY_MS;
    guint64 days = kept != NULL ? g_ascii_strtoull (kept, &rest, 10) : 0;
    gint64 last = rest != NULL ? g_ascii_strtoll (rest, NULL, 10) : 0;
    if (days == 0 || today - last > BOUNCE_PAUSE_DAYS)
        days = 1;
    else if (today != last)
        days++;
    return days < BOUNCE_DAYS
               ? g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT, days, today)
               : NULL;
}

gboolean bounce_take (const FlowSession *session, StoreReader *reader, const OwnAddress *own,
                      Failure failure, GError **error)
{
    const TokenKey *key = session->flow->key;
    gint64 now_ms = clock_now_ms (session->flow->clock);
    Token token;
    if (failure == FAILURE_NONE || own->kind != OWN_REPLY || key == NULL ||
        !token_open (key, TOKEN_BOUNCE, own->word, now_ms, &token, NULL))
        return TRUE;
    PersonId id = {token.person};
    g_autoptr (Person) person = store_person_get (reader, id, NULL);
    if (person == NULL || person->is_suppressed)
        return TRUE;
    g_autofree char *counted = failure == FAILURE_PASSING ? count_day (reader, id, now_ms) : NULL;
    Bounce bounce = {id, session->snapshot->conf->administrator, person->address, counted};
    log_event (counted != NULL ? EV_NOTICE_RETURNED : EV_NOTICE_BOUNCED,
               LOG_TEXT ("qid", session->envelope->queue_id), LOG_INT ("person", id.value));
    return store_write (session->flow->store, apply_bounce, &bounce, error);
}
