/* bounce.h - a notice that came back: its reader gets no more, and the administrator hears of it
 * once.
 */
#ifndef BOUNCE_H
#define BOUNCE_H

#include "classify.h"
#include "flow_private.h"
#include "own_address.h"

/* Whether a mail says for sure that another was not delivered. A null sender alone says nothing:
 * absence notes have it too. */
gboolean bounce_is_final (Classification what);

/* Suppresses the person whose reply address (`own`) the mail came back to; any other address and a
 * key that is not valid are ignored. Errors: those of the store. */
gboolean bounce_take (const FlowSession *session, StoreReader *reader, const OwnAddress *own,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
