/* sanitize.h - foreign HTML made harmless (allow-list) or made text. Untrusted input; bounded in time
 * and memory by a budget, beyond which the text is shown instead. Thread: any. */
#ifndef SANITIZE_H
#define SANITIZE_H

#include "safehtml.h"

/* Where an inline image is to be found: gives the path on our site for a Content-ID, or NULL. */
typedef char *(*SanitizeCid) (const char *content_id, gpointer data);

typedef struct {
    SanitizeCid cid; /* NULL: images by cid: are dropped */
    gpointer data;
    gboolean for_mail; /* keep inline style as mail clients need it; no classes */
} SanitizeRules;

/* The fragment to show for an HTML body (UTF-8). Remote content is off: no remote images, fonts,
 * style sheets or backgrounds; links only http, https, mailto, with rel=noopener noreferrer nofollow.
 * Never NULL. rules may be NULL. len -1: up to NUL. */
SafeHtml *sanitize_html (const char *html, gssize len, const SanitizeRules *rules);

/* Plain text as HTML: escaped, paragraphs kept, links made, quote levels as <blockquote>. */
SafeHtml *sanitize_text (const char *text);

/* Readable text of HTML: paragraphs, lists, links as "text <url>" where they differ, tables by row,
 * quotes with "> ". Never NULL, owned. */
char *html_to_text (const char *html, gssize len);

#endif
