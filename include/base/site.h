/* site.h - the paths of our pages: one place for the links in mail and the routes that serve them. */
#ifndef SITE_H
#define SITE_H

#include <glib.h>

/* All owned by the caller, beginning with a slash, percent-encoded where needed. Thread: any. */
char *site_post_path (gint64 post);                         /* /p/812 */
char *site_comment_path (gint64 post);                      /* /p/812#p812: in its thread */
char *site_file_path (gint64 post, guint part);             /* /p/812/file/2 */
char *site_image_path (gint64 post, guint part);            /* /p/812/image/2 */
char *site_login_path (const char *token);                  /* /login?key=TOKEN */
char *site_unsubscribe_path (const char *token);            /* /unsubscribe?key=TOKEN */
char *site_author_path (const char *token);                 /* /author?key=TOKEN: release, withdraw */

/* web_url and a path as one URL, with exactly one slash between them. */
char *site_url (const char *web_url, const char *path);

#endif
