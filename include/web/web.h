/* web.h - the pages, served by the daemon itself. */
#ifndef WEB_H
#define WEB_H

#include "flow.h"
#include "token.h"
#include "tpl.h"

typedef struct Web Web;

/* Starts serving web_listen. Borrows flow, store and clock; references the rest. Errors: INTERNAL
 * the address cannot be opened, with its name. */
Web *web_start (Config *conf, Flow *flow, Store *store, TokenKey *key, TplSet *templates,
                const Clock *clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void web_stop (Web *web);

/* The link that logs a person in: web_url + "/login?key=TOKEN". Owned. */
char *web_login_link (Config *conf, TokenKey *key, PersonId person, gint64 now_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Web, web_stop)

#endif
