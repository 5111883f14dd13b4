/* daemon.h - the daemon: start in order, wait for signals, stop in reverse order. */
#ifndef DAEMON_H
#define DAEMON_H

#include "conf.h"

/* Runs until SIGTERM or SIGINT; SIGHUP reads configuration and groups again. conf_option: value of
 * -c or NULL. Errors: whatever could not be opened, with its name; then nothing was left behind.
 * Thread: main. */
gboolean daemon_run (const char *conf_option, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
