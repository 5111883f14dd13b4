/* trace.c - see trace.h. */
#include "trace.h"

#include <string.h>

#define TOP_BYTES_MAX 8192
#define ID_CHARS_MIN 5
#define ID_CHARS_MAX 64

/* What a delivery agent may put on top of the newest Received. */
static const char *const delivery_fields[] = {"Return-Path:", "X-Original-To:", "Delivered-To:"};

static gboolean begins (const char *line, const char *name)
{
    return g_ascii_strncasecmp (line, name, strlen (name)) == 0;
}

static gboolean is_delivery_field (const char *line)
{
    for (guint i = 0; i < G_N_ELEMENTS (delivery_fields); i++)
        if (begins (line, delivery_fields[i]))
            return TRUE;
    return FALSE;
}

/* Behind the field that begins here: its next lines begin with a blank. */
static const char *field_end (const char *field)
{
    do {
        const char *newline = strchr (field, '\n');
        if (newline == NULL)
            return field + strlen (field);
        field = newline + 1;
    } while (*field == ' ' || *field == '\t');
    return field;
}

static gboolean is_id (const char *word, gsize size)
{
    if (size < ID_CHARS_MIN || size > ID_CHARS_MAX)
        return FALSE;
    for (gsize i = 0; i < size; i++)
        if (!g_ascii_isalnum (word[i]) && strchr ("-._", word[i]) == NULL)
            return FALSE;
    return TRUE;
}

/* How deep in comments and addresses this word ends that begins at `depth`. */
static guint depth_behind (const char *word, gsize size, guint depth)
{
    for (gsize i = 0; i < size; i++) {
        depth += strchr ("(<", word[i]) != NULL;
        depth -= strchr (")>", word[i]) != NULL && depth > 0;
    }
    return depth;
}

/* The word behind the last "id" before the date; comments and addresses are not looked into. The
 * name that a client gives in HELO stands in front and may hold anything, an "id" of another mail's
 * queue too: what it leaves open, and quotes (of the recipient), make all of it doubtful. Owned. */
static char *id_of (const char *field, const char *end)
{
    guint depth = 0;
    gboolean is_next = FALSE;
    g_autofree char *id = NULL;
    const char *date = g_strrstr_len (field, (gssize)(end - field), ";");
    end = date != NULL ? date : end;
    if (memchr (field, '"', (gsize)(end - field)) != NULL)
        return NULL;
    while (field < end) {
        gsize size = MIN (strcspn (field, " \t\r\n"), (gsize)(end - field));
        if (is_next && depth == 0 && size > 0) {
            g_free (id);
            id = is_id (field, size) ? g_strndup (field, size) : NULL;
        }
        is_next = depth == 0 && size == 2 && begins (field, "id");
        depth = depth_behind (field, size, depth);
        field += size;
        while (field < end && strchr (" \t\r\n", *field) != NULL)
            field++;
    }
    return depth == 0 ? g_steal_pointer (&id) : NULL;
}

char *trace_queue_id (GBytes *raw)
{
    gsize size;
    const char *data = g_bytes_get_data (raw, &size);
    g_autofree char *top = g_strndup (data, MIN (size, TOP_BYTES_MAX)); /* up to a NUL */
    const char *field = top != NULL ? top : "";
    while (is_delivery_field (field))
        field = field_end (field);
    return begins (field, "Received:") ? id_of (field, field_end (field)) : NULL;
}
