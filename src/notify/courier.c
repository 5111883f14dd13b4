/* courier.c - see notify.h: takes due mails from the outbox, composes and sends them.
 *
 *   queued --claim--> sending --accepted--> sent
 *     ^                  |-- 4xx, unreachable --> queued, due later
 *     |                  '-- 5xx, too many tries --> dead; ordinary mail: returned to its sender
 *     '---- the lease ran out: we died in between
 *
 * (I1) A mail is recorded as sent only after Postfix accepted it: a crash in between repeats it,
 * with the same Message-ID, and never loses it. (I2) One mail that cannot be composed or is refused
 * holds up no other. */
#include <curl/curl.h>

#include "chan.h"
#include "error.h"
#include "letter.h"
#include "letters.h"
#include "log.h"
#include "notify.h"
#include "smtp.h"
#include "thread.h"
#include "transit.h"
#include "undelivered.h"

#define BATCH 32
#define LEASE_MS (5 * 60 * 1000)
#define POLL_MS 2000
#define PATIENCE_MS 25 /* after a bell: what is committed next joins the round */
#define FIRST_PAUSE_MS 1000
#define LONGEST_PAUSE_MS (60 * 1000)
#define FIRST_RETRY_MS (60 * 1000)
#define LONGEST_RETRY_MS (60 * 60 * 1000)
#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

struct Courier {
    Config *conf;
    Store *store;
    TokenKey *key;
    TplSet *templates;
    const Clock *clock;
    StoreReader *reader;
    Smtp *smtp;
    Chan *bell; /* closed to stop */
    pthread_t thread;
    gint64 pause_ms; /* grows while Postfix cannot be reached; 0 = it can */
};

typedef struct {
    NoticeId id;
    SmtpResult result;
    gint64 due_ms;
    char *text;
    char *transit_to; /* recipient of ordinary mail; NULL: a mail of ours */
    Letter *report;   /* for the sender of ordinary mail that is given up; sender: who that is */
} Outcome;

/* What one transaction is about: the end of one round and the begin of the next. */
typedef struct {
    const char *administrator;
    gint64 now_ms;
    GArray *outcomes; /* of Outcome: of the last round */
    gboolean shall_claim;
    GPtrArray *claimed; /* of Notice: for the next round */
} Turn;

static void free_outcome (gpointer data)
{
    Outcome *outcome = data;
    g_free (outcome->text);
    g_free (outcome->transit_to);
    letter_free (outcome->report);
}

/* The sender is told in place of the recipient; then nothing of the mail is left here. */
static gboolean give_back (StoreTxn *txn, const Turn *turn, const Outcome *outcome, GError **error)
{
    const char *const sender[] = {outcome->report->sender, NULL};
    return store_transit_add (txn, "", sender, outcome->report->mail, error) &&
           store_notice_sent (txn, outcome->id, turn->now_ms, error);
}

/* Ordinary mail without a sender has nobody else who would notice. */
static gboolean bury (StoreTxn *txn, const Turn *turn, const Outcome *outcome, GError **error)
{
    const PersonId nobody = {0};
    if (outcome->report != NULL)
        return give_back (txn, turn, outcome, error);
    if (!store_notice_dead (txn, outcome->id, outcome->text, error))
        return FALSE;
    if (outcome->transit_to == NULL || *turn->administrator == '\0')
        return TRUE;
    g_autofree char *text = g_strdup_printf ("%s (%s)", outcome->transit_to, outcome->text);
    return store_answer_add (txn, nobody, turn->administrator, "transit", text, FALSE, NULL, error);
}

static gboolean apply_outcome (StoreTxn *txn, const Turn *turn, const Outcome *outcome,
                               GError **error)
{
    switch (outcome->result) {
    case SMTP_SENT:
        return store_notice_sent (txn, outcome->id, turn->now_ms, error);
    case SMTP_REFUSED:
        return bury (txn, turn, outcome, error);
    case SMTP_UNREACHABLE:
        return store_notice_postpone (txn, outcome->id, outcome->due_ms, outcome->text, error);
    case SMTP_RETRY:
        return store_notice_retry (txn, outcome->id, outcome->due_ms, outcome->text, error);
    }
    return error_fail (error, ERR_INTERNAL, "no outcome %d", (int)outcome->result);
}

static gboolean apply_turn (StoreTxn *txn, gpointer data, GError **error)
{
    Turn *turn = data;
    for (guint i = 0; i < turn->outcomes->len; i++)
        if (!apply_outcome (txn, turn, &g_array_index (turn->outcomes, Outcome, i), error))
            return FALSE;
    g_clear_pointer (&turn->claimed, g_ptr_array_unref);
    return !turn->shall_claim ||
           store_notice_claim (txn, turn->now_ms, LEASE_MS, BATCH, &turn->claimed, error);
}

/* When to try again: 1, 2, 4 ... minutes, at most an hour. */
static gint64 retry_after (guint tries)
{
    return MIN ((gint64)FIRST_RETRY_MS << MIN (MAX (tries, 1) - 1, 10), LONGEST_RETRY_MS);
}

/* Ordinary mail has the time that it would have in Postfix' queue, a mail of ours a number of
 * tries.
 */
static gboolean is_tried_enough (const Courier *courier, const Notice *notice)
{
    gint64 lifetime_ms = courier->conf->transit_days * DAY_MS;
    if (notice->kind == NOTICE_TRANSIT)
        return clock_now_ms (courier->clock) - notice->created_ms >= lifetime_ms;
    return notice->tries >= courier->conf->outbox_tries_max;
}

static void log_outcome (const Notice *notice, const Outcome *outcome)
{
    LogEvent event = outcome->result == SMTP_SENT      ? EV_NOTICE_SENT
                     : outcome->report != NULL         ? EV_TRANSIT_RETURNED
                     : outcome->result == SMTP_REFUSED ? EV_NOTICE_DEAD
                                                       : EV_NOTICE_RETRY;
    if (outcome->text == NULL)
        log_event (event, LOG_INT ("notice", notice->id.value),
                   LOG_INT ("post", notice->post.value));
    else
        log_event (event, LOG_INT ("notice", notice->id.value),
                   LOG_INT ("post", notice->post.value), LOG_TEXT ("answer", outcome->text));
}

static Outcome deliver (Courier *courier, const Notice *notice)
{
    g_autoptr (GError) error = NULL;
    Outcome outcome = {.id = notice->id};
    if (notice->kind == NOTICE_TRANSIT)
        outcome.transit_to = g_strdup (notice->address);
    g_autoptr (Letter) letter = letter_new (courier->conf, courier->templates, courier->key,
                                            courier->reader, notice, &error);
    if (letter == NULL) {
        /* A post that is gone or hidden by now has no reader any more. */
        gboolean is_gone = error_class (error) == ERR_NOT_FOUND;
        outcome.result = is_gone ? SMTP_REFUSED : SMTP_RETRY;
        outcome.text = g_strdup (error->message);
    } else {
        outcome.result =
            smtp_send (courier->smtp, letter->sender, notice->address, letter->mail, &outcome.text);
    }
    outcome.due_ms = clock_now_ms (courier->clock) + retry_after (notice->tries);
    if (outcome.result == SMTP_RETRY && is_tried_enough (courier, notice))
        outcome.result = SMTP_REFUSED;
    if (outcome.result == SMTP_REFUSED && notice->kind == NOTICE_TRANSIT && letter != NULL)
        outcome.report = undelivered_report (courier->conf, courier->key, notice, letter,
                                             outcome.text, clock_now_ms (courier->clock));
    log_outcome (notice, &outcome);
    return outcome;
}

/* While Postfix cannot be reached, or when we are to stop, nothing else of the round is tried: it
 * goes back as it came. */
static void send_all (Courier *courier, const GPtrArray *notices, GArray *outcomes)
{
    gboolean is_unreachable = FALSE;
    for (guint i = 0; i < notices->len; i++) {
        is_unreachable |= chan_is_closed (courier->bell);
        const Notice *notice = notices->pdata[i];
        Outcome outcome = {.id = notice->id, .result = SMTP_UNREACHABLE};
        if (!is_unreachable)
            outcome = deliver (courier, notice);
        if (outcome.result == SMTP_UNREACHABLE) {
            is_unreachable = TRUE;
            courier->pause_ms = CLAMP (courier->pause_ms * 2, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
            outcome.due_ms = clock_now_ms (courier->clock) + courier->pause_ms;
            if (outcome.text == NULL)
                outcome.text = g_strdup ("Postfix cannot be reached");
        } else {
            courier->pause_ms = 0;
        }
        g_array_append_val (outcomes, outcome);
    }
}

static guint count_sent (const GArray *outcomes)
{
    guint count = 0;
    for (guint i = 0; i < outcomes->len; i++)
        count += g_array_index (outcomes, Outcome, i).result == SMTP_SENT;
    return count;
}

static gboolean is_anything_due (const Courier *courier)
{
    return store_notice_next_due (courier->reader) <= clock_now_ms (courier->clock);
}

/* Sends what is due until nothing is, or Postfix cannot be reached. One write ends a round and
 * begins the next, which holds what came while the last was sent. */
static gboolean run_rounds (Courier *courier, guint *ret_sent, GError **error)
{
    g_autoptr (GArray) outcomes = g_array_new (FALSE, FALSE, sizeof (Outcome));
    g_array_set_clear_func (outcomes, free_outcome);
    Turn turn = {.administrator = courier->conf->administrator, .outcomes = outcomes};
    turn.shall_claim = is_anything_due (courier);
    while (turn.shall_claim || outcomes->len > 0) {
        turn.now_ms = clock_now_ms (courier->clock);
        if (!store_write (courier->store, apply_turn, &turn, error)) {
            g_clear_pointer (&turn.claimed, g_ptr_array_unref);
            return FALSE;
        }
        *ret_sent += count_sent (outcomes);
        g_array_set_size (outcomes, 0);
        g_autoptr (GPtrArray) claimed = g_steal_pointer (&turn.claimed);
        if (claimed == NULL || claimed->len == 0)
            return TRUE;
        send_all (courier, claimed, outcomes);
        turn.shall_claim = courier->pause_ms == 0 && !chan_is_closed (courier->bell);
    }
    return TRUE;
}

static gboolean apply_reclaim (StoreTxn *txn, gpointer data, GError **error)
{
    const Courier *courier = data;
    return store_notice_reclaim (txn, clock_now_ms (courier->clock), error);
}

/* One daemon a database: what is being sent was claimed by one that was killed. */
static void reclaim (Courier *courier)
{
    g_autoptr (GError) error = NULL;
    if (!store_write (courier->store, apply_reclaim, courier, &error))
        log_event (EV_STORE_FAILED, LOG_TEXT ("what", "outbox"),
                   LOG_TEXT ("error", error->message));
}

static void *courier_main (void *data)
{
    Courier *courier = data;
    reclaim (courier);
    while (!chan_is_closed (courier->bell)) {
        g_autoptr (GError) error = NULL;
        guint sent = 0;
        if (!run_rounds (courier, &sent, &error))
            log_event (EV_STORE_FAILED, LOG_TEXT ("what", "outbox"),
                       LOG_TEXT ("error", error->message));
        if (chan_pop (courier->bell, POLL_MS) != NULL && !chan_is_closed (courier->bell))
            g_usleep (PATIENCE_MS * 1000);
    }
    return NULL;
}

static void ring (gpointer data)
{
    Courier *courier = data;
    /* When the queue of one is full it has been rung already. */
    gboolean is_new = chan_try_push (courier->bell, courier);
    (void)is_new;
}

static void courier_free (Courier *courier)
{
    smtp_free (courier->smtp);
    store_reader_free (courier->reader);
    chan_free (courier->bell);
    tpl_set_unref (courier->templates);
    token_key_unref (courier->key);
    conf_unref (courier->conf);
    g_free (courier);
}

static Courier *courier_new (Config *conf, Store *store, TokenKey *key, TplSet *templates,
                             const Clock *clock, GError **error)
{
    Courier *courier = g_new0 (Courier, 1);
    courier->conf = conf_ref (conf);
    courier->store = store;
    courier->key = token_key_ref (key);
    courier->templates = tpl_set_ref (templates);
    courier->clock = clock;
    courier->bell = chan_new (1, NULL);
    courier->reader = store_reader_new (store, error);
    if (courier->reader != NULL)
        courier->smtp = smtp_new (conf->smtp_url, conf->smtp_helo, error);
    if (courier->smtp == NULL) {
        courier_free (courier);
        return NULL;
    }
    return courier;
}

Courier *courier_start (Config *conf, Store *store, TokenKey *key, TplSet *templates,
                        const Clock *clock, GError **error)
{
    curl_global_init (CURL_GLOBAL_DEFAULT);
    Courier *courier = courier_new (conf, store, key, templates, clock, error);
    if (courier == NULL)
        return NULL;
    store_on_commit (store, ring, courier);
    if (!thread_start (&courier->thread, "courier", courier_main, courier, error)) {
        store_off_commit (store, courier);
        courier_free (courier);
        return NULL;
    }
    return courier;
}

void courier_stop (Courier *courier)
{
    if (courier == NULL)
        return;
    store_off_commit (courier->store, courier);
    chan_close (courier->bell);
    smtp_hurry (courier->smtp);
    pthread_join (courier->thread, NULL);
    courier_free (courier);
}

gboolean courier_run_once (Config *conf, Store *store, TokenKey *key, TplSet *templates,
                           const Clock *clock, guint *ret_sent, GError **error)
{
    Courier *courier = courier_new (conf, store, key, templates, clock, error);
    if (courier == NULL)
        return FALSE;
    *ret_sent = 0;
    gboolean ok = run_rounds (courier, ret_sent, error);
    courier_free (courier);
    return ok;
}
