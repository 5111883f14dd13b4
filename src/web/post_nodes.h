/* post_nodes.h - fills template values with posts: what stream, search and post page share. */
#ifndef POST_NODES_H
#define POST_NODES_H

#include "request.h"

/* One line of a list: author, time, subject, preview, number of comments. */
void post_node_summary (TplMap *map, const Post *post);
/* A list page: adds one "post" for each, and "older_path" when there may be more. path: of the
 * list, with a ? or & at its end. */
void post_nodes_list (TplMap *map, const GPtrArray *posts, guint limit, const char *path);

/* What a page may still show: a thread is as long as people like, and their HTML as odd. */
typedef struct {
    gsize text_bytes;
    gint64 until_ms; /* of the monotonic clock */
} PostBudget;

/* Enough for a post of any sensible size. */
PostBudget post_budget (void);

/* A whole post: text, attachments, To and Cc. Without budget, its first words and a link. Errors:
 * those of the store. */
gboolean post_node_whole (const WebRequest *request, TplMap *map, const Post *post,
                          PostBudget *budget, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
