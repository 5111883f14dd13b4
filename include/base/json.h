/* json.h - writes JSON into a GString. Always valid UTF-8 and valid JSON, whatever the bytes are.
 *
 *     g_autoptr (Json) json = json_new (2);
 *     json_open_object (json, NULL);
 *     json_text (json, "subject", message->subject);
 *     json_open_array (json, "to");
 *     json_text (json, NULL, "anna@example.org");
 *     json_close (json);
 *     json_close (json);
 *     puts (json_get (json));
 *
 * A key is given inside objects and NULL inside arrays and at the top; anything else is our own
 * mistake and asserted. */
#ifndef JSON_H
#define JSON_H

#include <glib.h>

typedef struct Json Json;

/* indent: blanks per level; 0 writes everything on one line. One thread. */
Json *json_new (guint indent);
void json_free (Json *json);

void json_open_object (Json *json, const char *key);
void json_open_array (Json *json, const char *key);
/* Closes the innermost open object or array. */
void json_close (Json *json);

/* text NULL writes null. Invalid UTF-8 becomes U+FFFD. */
void json_text (Json *json, const char *key, const char *text);
void json_int (Json *json, const char *key, gint64 number);
/* Six significant digits; infinities and NaN become null. */
void json_double (Json *json, const char *key, double number);
void json_bool (Json *json, const char *key, gboolean value);
void json_null (Json *json, const char *key);

/* The text so far, without a final newline; complete when everything is closed. Borrowed. */
const char *json_get (const Json *json);

/* Appends text as a quoted JSON string: for the few who write a line by hand. */
void json_append_quoted (GString *out, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Json, json_free)

#endif
