/* page_metrics.c - figures for Prometheus: what was decided, what waits. Numbers only, of nobody.
 */
#include "routes.h"

#include "notices.h"

static void add (GString *text, const char *name, const char *type, const char *help, guint64 value)
{
    g_string_append_printf (text, "# HELP carbonless_%s %s\n# TYPE carbonless_%s %s\n", name, help,
                            name, type);
    g_string_append_printf (text, "carbonless_%s %" G_GUINT64_FORMAT "\n", name, value);
}

static StatsWeek sum (const GArray *weeks)
{
    StatsWeek total = {0};
    for (guint i = 0; i < weeks->len; i++) {
        const StatsWeek *week = &g_array_index (weeks, StatsWeek, i);
        total.messages += week->messages;
        total.posts += week->posts;
        total.observed += week->observed;
        total.deliveries_avoided += week->deliveries_avoided;
        total.bytes_avoided += week->bytes_avoided;
        total.notices += week->notices;
    }
    return total;
}

WebReply *page_metrics (WebRequest *request, GError **error)
{
    g_autoptr (GArray) weeks = store_stats (request->reader, 0, error);
    if (weeks == NULL)
        return NULL;
    guint waiting = 0, dead = 0;
    if (!store_notice_count (request->reader, &waiting, &dead, error))
        return NULL;
    StatsWeek total = sum (weeks);
    g_autoptr (GString) text = g_string_new (NULL);
    add (text, "messages_examined", "counter", "Messages to many that were examined.",
         total.messages);
    add (text, "posts", "counter", "Messages that became posts.", total.posts);
    add (text, "observed", "counter", "Messages that would have, in observe mode.", total.observed);
    add (text, "copies_avoided", "counter", "Copies to colleagues that were replaced.",
         total.deliveries_avoided);
    add (text, "bytes_avoided", "counter", "Bytes of those copies.", total.bytes_avoided);
    add (text, "notices", "counter", "Notices sent in their place.", total.notices);
    add (text, "outbox_waiting", "gauge", "Mails that wait to be sent.", waiting);
    add (text, "outbox_dead", "gauge", "Mails that were refused for good.", dead);
    return reply_text (200, text->str);
}
