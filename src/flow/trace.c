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

/* The word behind "id", of what stands before the date; comments are not looked into. Owned. */
static char *id_of (const char *field, const char *end)
{
    guint depth = 0;
    gboolean is_next = FALSE;
    while (field < end && *field != ';') {
        gsize size = MIN (strcspn (field, " \t\r\n;"), (gsize)(end - field));
        if (is_next && depth == 0 && size > 0)
            return is_id (field, size) ? g_strndup (field, size) : NULL;
        is_next = is_next || (depth == 0 && size == 2 && begins (field, "id"));
        for (gsize i = 0; i < size; i++) {
            depth += field[i] == '(';
            depth -= field[i] == ')' && depth > 0;
        }
        field += size;
        while (field < end && strchr (" \t\r\n", *field) != NULL)
            field++;
    }
    return NULL;
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
