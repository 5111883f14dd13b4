/* bounce.h - a notice that came back: its reader gets no more, and the administrator hears of it
 * once.
 *
 * Every mail of ours that may come back has an envelope sender whose key says whose address failed,
 * whatever the report looks like and whoever its words name. Words are not believed: anybody could
 * have an address suppressed that they dislike. Nor is the key of Reply-To: every answer shows it
 * to all who get that. */
#ifndef BOUNCE_H
#define BOUNCE_H

#include "failure.h"
#include "flow_private.h"
#include "own_address.h"

/* On how many days, and within how many days from one to the next, a failure that may pass counts
 * as one that lasts. */
#define BOUNCE_DAYS 3
#define BOUNCE_PAUSE_DAYS 14

/* Suppresses the person to whose envelope sender (`own`) the mail came back, when the failure lasts
 * or on the BOUNCE_DAYSth day of such as may pass; any other address and a key that is not valid
 * are ignored. Errors: those of the store. */
gboolean bounce_take (const FlowSession *session, StoreReader *reader, const OwnAddress *own,
                      Failure failure, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
