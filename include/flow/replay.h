/* replay.h - runs old mail through counting and selection and measures what would have come of it:
 * deliveries saved, and who would have missed what they later answered. Needs no database. */
#ifndef REPLAY_H
#define REPLAY_H

#include "conf.h"
#include "message.h"

typedef struct {
    guint64 messages;         /* read */
    guint64 deliveries;       /* copies to colleagues that the mail system made of all of them */
    guint64 taken;            /* messages that would have become posts */
    guint64 copies_avoided;   /* copies of those */
    guint64 notices;          /* sent in their place */
    guint64 answers;          /* answers to taken messages by colleagues who were addressed */
    guint64 answers_noticed;  /* of those: by colleagues who would have had a notice */
} ReplayReport;

typedef struct Replay Replay;

/* Rules, groups and limits come from conf; its mode and pilot are ignored. take_lists: mail that came
 * through a mailing list is treated as if its members had been addressed. Errors: those of rules and
 * group files. */
Replay *replay_new (Config *conf, gboolean take_lists, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One message, in order of time; what was answered before teaches who usually answers whom. */
void replay_add (Replay *replay, Message *message);
ReplayReport replay_report (const Replay *replay);
/* Messages by verdict reason: code -> GUINT, borrowed. */
GHashTable *replay_reasons (const Replay *replay);
void replay_free (Replay *replay);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Replay, replay_free)

#endif
