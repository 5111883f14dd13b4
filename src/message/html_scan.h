/* html_scan.h - cuts HTML into tags and text in one linear pass, without building anything. It is
 * forgiving rather than exact: it judges how costly a document is before the real parser sees it,
 * and reads the text of what is too costly. Nothing it returns is trusted. Thread: any. */
#ifndef HTML_SCAN_H
#define HTML_SCAN_H

#include <glib.h>
#include <gumbo.h>

typedef enum { HTML_TOKEN_TEXT, HTML_TOKEN_START, HTML_TOKEN_END } HtmlTokenKind;

typedef struct {
    HtmlTokenKind kind;
    const char *text; /* of HTML_TOKEN_TEXT: as written, character references not decoded */
    gsize len;
    GumboTag tag;
    guint attributes;
    gboolean is_self_closing;
} HtmlToken;

typedef struct {
    const char *at, *end;
    gboolean has_no_close, has_no_quote[2]; /* not found up to the end: do not look again */
    guint foreign; /* open <svg> and <math>: in them <style> and the like are markup */
} HtmlScan;

void html_scan_init (HtmlScan *scan, const char *html, gsize len);

/* The next token; FALSE at the end. Comments, declarations and the content of script, style and the
 * like are passed over. */
gboolean html_scan_next (HtmlScan *scan, HtmlToken *ret_token);

#endif
