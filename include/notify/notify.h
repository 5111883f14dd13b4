/* notify.h - sends what is in the outbox. */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "conf.h"
#include "store.h"
#include "token.h"
#include "tpl.h"

typedef struct Courier Courier;

/* A thread that claims due mails, composes and sends them, woken by commits and by the clock.
 * Borrows store and clock; references the rest. */
Courier *courier_start (Config *conf, Store *store, TokenKey *key, TplSet *templates,
                        const Clock *clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the thread after the mail under way, which has five seconds for it. */
void courier_stop (Courier *courier);

/* One round without a thread, for commands and tests: sends everything that is due now. */
gboolean courier_run_once (Config *conf, Store *store, TokenKey *key, TplSet *templates,
                           const Clock *clock, guint *ret_sent, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Courier, courier_stop)

#endif
