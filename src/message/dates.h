/* dates.h - the dates of mail headers. Pure; thread: any. */
#ifndef DATES_H
#define DATES_H

#include <glib.h>

/* Reads RFC 5322 dates, obsolete and broken ones: two- and three-digit years, named zones, asctime,
 * ISO 8601, "1-Jan-03", "1/31/2003 4:05 PM", dots for colons, comments, month names of some
 * languages. FALSE when no day, month and year can be found; then nothing is set. A zone that is
 * not understood counts as UTC. */
gboolean date_parse (const char *value, gint64 *ret_ms,
                     gint *ret_offset_minutes) G_GNUC_WARN_UNUSED_RESULT;

/* RFC 3339, as in "2003-01-31T16:05:00+01:00". Owned. */
char *date_format (gint64 time_ms, gint offset_minutes);

#endif
