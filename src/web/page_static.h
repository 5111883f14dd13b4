/* page_static.h - the files that pages need, and how pages name them: by their content, so that a
 * browser keeps them for ever and sees a new one at once. */
#ifndef PAGE_STATIC_H
#define PAGE_STATIC_H

#include "request.h"

/* Name -> digest of the content, of all static files. Owned. */
GHashTable *page_static_tags (void);

/* Sets style_path and icon_path. */
void page_static_links (const WebContext *context, TplMap *map);

#endif
