/* sanitize_text.h - plain text as markup. Private to the message layer; pure, linear. */
#ifndef SANITIZE_TEXT_H
#define SANITIZE_TEXT_H

#include <glib.h>

/* Appends one character of text so that it is itself in markup and in quoted attributes. Controls
 * are left out. */
void sanitize_append_char (GString *out, gunichar c);
void sanitize_append_text (GString *out, const char *text);

/* Plain text (UTF-8) as a fragment: paragraphs, line breaks, runs of blanks kept, addresses linked,
 * quote levels as nested blockquotes. Owned. */
char *sanitize_text_markup (const char *text);

#endif
