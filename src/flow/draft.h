/* draft.h - turns a message and its verdict into what the store takes. */
#ifndef DRAFT_H
#define DRAFT_H

#include "policy.h"
#include "posts.h"

/* A PostDraft with the arrays it points to. Strings are borrowed from message and verdict, which
 * must live longer. */
typedef struct {
    PostDraft post;
    GArray *readers, *shown, *parts;
    GPtrArray *refs, *topics, *kept_for;
    char *identity, *preview;
    char *text;            /* the new text, without quotes: for the index */
    char *names;           /* names of attachments, for the index */
    char *sender;          /* envelope sender without <> */
    GStringChunk *strings; /* names as they are shown */
} Draft;

Draft *draft_new (const Message *message, const Envelope *envelope, const Verdict *verdict,
                  const char *identity, gint64 now_ms);
void draft_free (Draft *draft);

/* References then In-Reply-To of a message, NULL-terminated; the container is owned, the ids are
 * the message's. */
GPtrArray *draft_refs (const Message *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Draft, draft_free)

#endif
