/* safehtml.h - HTML that went through the allow-list. Only sanitize.c can make one (the maker stands
 * in safehtml_make.h, which a lint test lets nobody else include). */
#ifndef SAFEHTML_H
#define SAFEHTML_H

#include <glib.h>

typedef struct SafeHtml SafeHtml;

/* The markup; lives as long as the object. */
const char *safehtml_get (const SafeHtml *html);
void safehtml_free (SafeHtml *html);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SafeHtml, safehtml_free)

#endif
