/* snapshot.h - configuration, rules and directory as one immutable, counted whole: what a message
 * sees from its first recipient to its end, whatever is reloaded meanwhile. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "policy.h"
#include "ref.h"
#include "store.h"

typedef struct {
    Ref ref;
    Config *conf;
    Policy *policy;
    Directory *directory;
    gint64 generation; /* of the people in the store when it was made */
} Snapshot;

/* Reads the group files and the store's people. Errors: REFUSED rules or group files; NOT_FOUND a
 * group file; those of the store. */
Snapshot *snapshot_new (Config *conf, TokenKey *key, StoreReader *reader,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
Snapshot *snapshot_ref (Snapshot *snapshot);
void snapshot_unref (Snapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Snapshot, snapshot_unref)

#endif
