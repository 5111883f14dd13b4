/* cmd_stats.c - carbonless stats: the effect, per week. */
#include <stdio.h>

#include "cli.h"
#include "json.h"
#include "notices.h"
#include "text.h"
#include "workspace.h"

#define WEEK_MS ((gint64)7 * 24 * 3600 * 1000)

/* Copies that colleagues did not get, less the notices that they got instead. */
static guint64 saved (const StatsWeek *week)
{
    return week->deliveries_avoided > week->notices ? week->deliveries_avoided - week->notices : 0;
}

static void print_table (const GArray *weeks)
{
    printf ("%-12s %9s %6s %9s %9s %8s %7s %10s\n", "week of", "examined", "posts", "observed",
            "copies", "notices", "saved", "bytes");
    for (guint i = 0; i < weeks->len; i++) {
        const StatsWeek *week = &g_array_index (weeks, StatsWeek, i);
        g_autofree char *date = cli_time (week->week_start_ms);
        g_autofree char *size = text_size (week->bytes_avoided);
        printf ("%-12.10s %9" G_GUINT64_FORMAT " %6" G_GUINT64_FORMAT " %9" G_GUINT64_FORMAT
                " %9" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT " %7" G_GUINT64_FORMAT " %10s\n",
                date, week->messages, week->posts, week->observed, week->deliveries_avoided,
                week->notices, saved (week), size);
    }
}

static void print_json (const GArray *weeks)
{
    g_autoptr (Json) json = json_new (2);
    json_open_array (json, NULL);
    for (guint i = 0; i < weeks->len; i++) {
        const StatsWeek *week = &g_array_index (weeks, StatsWeek, i);
        json_open_object (json, NULL);
        json_int (json, "week_start_ms", week->week_start_ms);
        json_int (json, "examined", (gint64)week->messages);
        json_int (json, "posts", (gint64)week->posts);
        json_int (json, "observed", (gint64)week->observed);
        json_int (json, "copies", (gint64)week->deliveries_avoided);
        json_int (json, "notices", (gint64)week->notices);
        json_int (json, "saved", (gint64)saved (week));
        json_int (json, "bytes", (gint64)week->bytes_avoided);
        json_close (json);
    }
    json_close (json);
    puts (json_get (json));
}

int cmd_stats (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE;
    int weeks = 12, status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"weeks", 'w', 0, G_OPTION_ARG_INT, &weeks, "look back this far (12)", "NUMBER"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "",
            "For each week: messages to many that were examined, those that became posts or\n"
            "(in observe mode) would have, the copies that were replaced or would have been,\n"
            "the notices sent in their place, and the deliveries saved: copies less notices.",
            entries, &status))
        return status;
    if (argc != 1)
        return cli_usage ("stats", "takes no arguments");
    if (weeks < 1)
        return cli_usage ("stats", "--weeks is 1 or more");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE | ONLY_READS, &error))
        return cli_fail ("stats", error);
    gint64 from = clock_now_ms (clock_system()) - weeks * WEEK_MS;
    g_autoptr (GArray) rows = store_stats (workspace.reader, from, &error);
    if (rows == NULL)
        return cli_fail ("stats", error);
    (as_json ? print_json : print_table) (rows);
    return EXIT_OK;
}
