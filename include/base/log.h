/* log.h - one line per event, key=value, the queue id of Postfix in every line about a message.
 *
 * Events are declared in events.def (name, level, sentence) and nowhere else; the manual lists them.
 * Never log subjects, bodies, tokens or passwords; addresses only at debug. */
#ifndef LOG_H
#define LOG_H

#include <glib.h>

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR } LogLevel;

typedef enum {
#define EVENT(id, level, name, sentence) EV_##id,
#include "events.def"
#undef EVENT
    EV_COUNT
} LogEvent;

typedef struct {
    const char *key; /* NULL ends the list */
    const char *text;
    gint64 number; /* used when text is NULL */
} LogField;

#define LOG_TEXT(key, value) ((LogField){ (key), (value) != NULL ? (value) : "-", 0 })
#define LOG_INT(key, value) ((LogField){ (key), NULL, (gint64) (value) })

/* log_event (EV_POST_STORED, LOG_TEXT ("qid", qid), LOG_INT ("post", id));
 * Writes "post.stored qid=4XyZ post=812". Values with blanks, quotes or controls are quoted and
 * escaped, and cut at 512 bytes. Thread: any; a line is written whole. */
#define log_event(event, ...) log_fields ((event), (const LogField[]){ __VA_ARGS__, { 0 } })
void log_fields (LogEvent event, const LogField *fields);

/* Where lines go and from which level on. To standard error with a time in front, unless
 * JOURNAL_STREAM says that systemd reads it: then "<N>" priority instead. Thread: main, at start. */
void log_init (LogLevel least);

/* "debug", "info", "warning", "error" to a level. FALSE when the word is none of them. */
gboolean log_level_parse (const char *word, LogLevel *ret_level);

const char *log_event_name (LogEvent event);     /* "post.stored" */
const char *log_event_sentence (LogEvent event); /* for the manual */
LogLevel log_event_level (LogEvent event);

#endif
