/* pruner.h - forgets what is past the days that the configuration gives it. */
#ifndef PRUNER_H
#define PRUNER_H

#include "conf.h"
#include "store.h"

/* One batch. *ret_has_more: there is more to forget. Errors: those of the store. Thread:
 * background. */
gboolean pruner_run (Store *store, const Config *conf, gint64 now_ms, gboolean *ret_has_more,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
