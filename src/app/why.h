/* why.h - the verdict log, as an administrator asks it. */
#ifndef WHY_H
#define WHY_H

#include "workspace.h"

/* Prints what was decided about a message (queue id, Message-ID with or without <>) or for a person
 * (any of their addresses, in any spelling), newest first. The workspace has a flow. Returns an
 * exit status: EXIT_NO when the log knows nothing of it. */
int why_run (Workspace *workspace, const char *about, int limit, gboolean as_json);

#endif
