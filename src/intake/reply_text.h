/* reply_text.h - the words of an SMTP reply, fit to be sent. */
#ifndef REPLY_TEXT_H
#define REPLY_TEXT_H

#include <glib.h>

/* Appends "451 4.3.0 Please try again later" to line, made of a code ("451"), and a text that may
 * begin with an enhanced status code ("4.3.0 Please ..."). When it has none of the code's class, or
 * is NULL, `fallback` ("4.3.0 Local problem") gives it. Controls and bytes above 126 become '?',
 * and the text is cut at 400 bytes: RFC 5321 4.5.3.1.5 allows 512 in all. Pure. */
void reply_text_append (GString *line, const char *code, const char *text, const char *fallback);

#endif
