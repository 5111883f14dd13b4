/* log.c - see log.h. Each line is one write(2), so lines of several threads never mix. */
#include "log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VALUE_BYTES_MAX 512

static const struct {
    const char *name, *sentence;
    LogLevel level;
} events[EV_COUNT] = {
#define EVENT(id, level, name, sentence) [EV_##id] = {name, sentence, LOG_##level},
#include "events.def"
#undef EVENT
};

/* The only mutable globals of the program: set once at start, read by every thread. */
static atomic_int least_level = LOG_INFO;
static atomic_bool to_journal = FALSE;

static const char *const level_words[] = {"debug", "info", "warning", "error"};
static const char journal_priority[] = {'7', '6', '4', '3'};

void log_init (LogLevel least)
{
    atomic_store (&least_level, (int)least);
    atomic_store (&to_journal, g_getenv ("JOURNAL_STREAM") != NULL);
}

gboolean log_level_parse (const char *word, LogLevel *ret_level)
{
    for (guint i = 0; i < G_N_ELEMENTS (level_words); i++) {
        if (g_ascii_strcasecmp (word, level_words[i]) == 0) {
            *ret_level = (LogLevel)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_plain (const char *text)
{
    if (*text == '\0')
        return FALSE;
    for (const char *p = text; *p != '\0'; p++)
        if ((guchar)*p <= ' ' || (guchar)*p >= 0x7f || *p == '"' || *p == '\\' || *p == '=')
            return FALSE;
    return TRUE;
}

static void append_value (GString *line, const char *text)
{
    g_autofree char *cut = g_strndup (text, VALUE_BYTES_MAX);
    if (is_plain (cut)) {
        g_string_append (line, cut);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid (cut, -1);
    g_string_append_c (line, '"');
    for (const char *p = valid; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c (line, '\\');
        if ((guchar)*p < ' ' || *p == 0x7f)
            g_string_append_printf (line, "\\x%02x", (guint)(guchar)*p);
        else if ((guchar)p[0] == 0xc2 && (guchar)p[1] < 0xa0) /* U+0080 to U+009F */
            g_string_append_printf (line, "\\xc2\\x%02x", (guint)(guchar) * ++p);
        else
            g_string_append_c (line, *p);
    }
    g_string_append_c (line, '"');
}

static void append_start (GString *line, LogLevel level)
{
    if (atomic_load (&to_journal)) {
        g_string_append_printf (line, "<%c>", journal_priority[level]);
        return;
    }
    struct timespec now;
    struct tm parts;
    clock_gettime (CLOCK_REALTIME, &now);
    gmtime_r (&now.tv_sec, &parts);
    g_string_append_printf (line, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ ", parts.tm_year + 1900,
                            parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                            parts.tm_sec, now.tv_nsec / 1000000);
}

void log_fields (LogEvent event, const LogField *fields)
{
    if ((int)events[event].level < atomic_load (&least_level))
        return;
    g_autoptr (GString) line = g_string_sized_new (160);
    append_start (line, events[event].level);
    g_string_append (line, events[event].name);
    for (const LogField *field = fields; field->key != NULL; field++) {
        g_string_append_printf (line, " %s=", field->key);
        if (field->text != NULL)
            append_value (line, field->text);
        else
            g_string_append_printf (line, "%" G_GINT64_FORMAT, field->number);
    }
    g_string_append_c (line, '\n');
    /* Nothing can be done about a log that cannot be written. */
    if (write (STDERR_FILENO, line->str, line->len) < 0)
        return;
}

const char *log_event_name (LogEvent event)
{
    return events[event].name;
}

const char *log_event_sentence (LogEvent event)
{
    return events[event].sentence;
}

LogLevel log_event_level (LogEvent event)
{
    return events[event].level;
}
