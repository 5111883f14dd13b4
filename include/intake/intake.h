/* intake.h - the fronts that Postfix talks to: milter and LMTP, in one event loop. */
#ifndef INTAKE_H
#define INTAKE_H

#include "flow.h"

typedef struct Intake Intake;

/* Opens the sockets of the configuration (stale Unix sockets are removed, group and mode set), and
 * starts the loop thread and the workers. Errors: INTERNAL a socket cannot be opened, with its name. */
Intake *intake_start (Flow *flow, Config *conf, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops accepting, lets messages under way end (at most a few seconds), ends the threads, removes
 * Unix sockets. */
void intake_stop (Intake *intake);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Intake, intake_stop)

#endif
