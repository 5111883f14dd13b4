/* params.h - values with parameters: Content-Type, Content-Disposition (RFC 2045, 2231). Pure. */
#ifndef PARAMS_H
#define PARAMS_H

#include <glib.h>

typedef struct Params Params;

/* Takes a raw unfolded value apart. Forgives missing or doubled semicolons, missing quotes, quotes
 * inside quotes, comments. Linear. Owned. */
Params *params_parse (const char *value, gsize len);
void params_free (Params *params);

/* What stands before the parameters, in lower case: "text/plain", "attachment"; "" when nothing. */
const char *params_value (const Params *params);

/* A parameter as it stands, its RFC 2231 pieces joined; for tokens such as boundary and charset.
 * NULL when absent. Owned. */
char *params_token (const Params *params, const char *name);

/* A parameter for people, decoded by RFC 2231 and, as many programs write, RFC 2047; one line of
 * UTF-8. NULL when absent. Owned. */
char *params_text (const Params *params, const char *name, const char *fallback);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Params, params_free)

#endif
