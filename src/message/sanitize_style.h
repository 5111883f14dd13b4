/* sanitize_style.h - which CSS a foreign style attribute may keep. Private to the message layer;
 * pure. */
#ifndef SANITIZE_STYLE_H
#define SANITIZE_STYLE_H

#include <glib.h>

/* The declarations of a style attribute that are on the list, written in one form; "" when none is.
 * Pages keep what carries meaning (emphasis, alignment, indentation); mail keeps colours, fonts and
 * boxes too. Nothing on the list can load, move out of its box, cover or grow without bound.
 * Cleaning a clean style changes nothing. Linear; owned. */
char *sanitize_style (const char *style, gboolean for_mail);

/* A colour as in an attribute: a name, #hex or rgb(); NULL when it is none. Owned. */
char *sanitize_color (const char *value);

/* "17" or "50%" of at most `max` (percent: 100), or NULL. Owned. */
char *sanitize_extent (const char *value, guint max);

#endif
