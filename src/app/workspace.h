/* workspace.h - what a command works with: configuration, archive, pipeline, opened as needed. */
#ifndef WORKSPACE_H
#define WORKSPACE_H

#include "conf.h"
#include "flow.h"
#include "store.h"
#include "token.h"
#include "tpl.h"

typedef enum {
    NEEDS_CONF = 0,
    NEEDS_STORE = 1 << 0, /* store and a reader */
    NEEDS_FLOW = 1 << 1,  /* and the pipeline, without its background thread */
    NEEDS_KEY = 1 << 2,
    NEEDS_TEMPLATES = 1 << 3,
    ONLY_READS = 1 << 4, /* nothing is made or changed: no key, no database, no schema. Without a key
                            or, with NEEDS_FLOW, a database it goes on */
} WorkspaceNeeds;

typedef struct {
    Config *conf;
    TokenKey *key;
    Store *store;
    StoreReader *reader;
    Flow *flow;
    TplSet *templates;
} Workspace;

/* Opens what is needed. conf_option: the value of -c, or NULL. Errors: those of what is opened. On
 * failure nothing stays open. Thread: main. */
gboolean workspace_open (Workspace *workspace, const char *conf_option, WorkspaceNeeds needs,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void workspace_close (Workspace *workspace);

/* An administrator's view of the archive. */
Viewer workspace_viewer (void);
/* "admin:USER" for the audit log: who runs this command. Owned. */
char *workspace_actor (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Workspace, workspace_close)

#endif
