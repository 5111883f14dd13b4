/* tpl_time.c - how a time is written. One line a language, by the two letters of its code; the
 * first is used for all others. */
#include "tpl_data.h"

#include <string.h>

static const struct {
    const char *language;
    const char *months[12];
} languages[] = {
    {"en", {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}},
    {"nl", {"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}},
};

static const char *month_name (const char *language, int month)
{
    for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
        if (strncmp (languages[i].language, language, 2) == 0)
            return languages[i].months[month - 1];
    return languages[0].months[month - 1];
}

char *tpl_time_text (gint64 time_ms, GTimeZone *zone, const char *language, TplTimeForm form)
{
    gint64 seconds = time_ms / 1000 - (time_ms % 1000 < 0);
    g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
    g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
    if (local == NULL)
        return g_strdup (""); /* before the year 1 or after 9999 */
    if (form == TPL_TIME_ISO)
        return g_date_time_format (local, "%Y-%m-%dT%H:%M:%S%:z");
    g_autofree char *date = g_strdup_printf ("%d %s %d", g_date_time_get_day_of_month (local),
                                             month_name (language, g_date_time_get_month (local)),
                                             g_date_time_get_year (local));
    if (form == TPL_TIME_DATE)
        return g_steal_pointer (&date);
    return g_strdup_printf ("%s, %02d:%02d", date, g_date_time_get_hour (local),
                            g_date_time_get_minute (local));
}
