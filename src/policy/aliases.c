/* aliases.c - reads Postfix's aliases(5): `name: target, target`. A target is an address, a local
 * name,
 * "|command", /file or :include:/file, whose lines are targets too.
 *
 * (I1) Included files are bounded in depth, and in bytes together with what includes them. */
#include "aliases.h"

#include <string.h>

#include "error.h"
#include "listfile.h"

#define INCLUDE_DEPTH_MAX 8

static const char include_word[] = ":include:";

/* One file and what it includes. */
typedef struct {
    AliasesRead read_file;
    gsize bytes_left;
    guint depth;
    GPtrArray *targets; /* of char *, of the name being read */
} Reading;

static gboolean read_values (Reading *reading, const ListLines *lines, const char *text,
                             GError **error);

static gboolean read_include (Reading *reading, const ListLines *from, const char *path,
                              GError **error)
{
    if (reading->depth == INCLUDE_DEPTH_MAX)
        return list_lines_refuse (from, error, "files include each other too deeply");
    gsize len = 0;
    g_autofree char *text = reading->read_file (path, reading->bytes_left, &len, error);
    if (text == NULL) {
        error_prefix (error, "%s:%u", from->path, from->line);
        return FALSE;
    }
    reading->bytes_left -= MIN (len, reading->bytes_left);
    reading->depth++;
    g_autoptr (GError) cause = NULL;
    g_auto (ListLines) lines = {0};
    list_lines_init (&lines, path, text, len);
    while (list_lines_next (&lines, &cause)) {
        if (!read_values (reading, &lines, lines.text->str, &cause))
            break;
    }
    reading->depth--;
    if (cause == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
}

static gboolean read_values (Reading *reading, const ListLines *lines, const char *text,
                             GError **error)
{
    const char *what = NULL;
    g_autoptr (GPtrArray) values = list_values (text, &what);
    if (values == NULL)
        return list_lines_refuse (lines, error, what);
    for (guint i = 0; i < values->len; i++) {
        const char *value = values->pdata[i];
        gsize prefix = strlen (include_word);
        if (g_ascii_strncasecmp (value, include_word, prefix) != 0)
            g_ptr_array_add (reading->targets, g_strdup (value));
        else if (!read_include (reading, lines, value + prefix, error))
            return FALSE;
    }
    return TRUE;
}

/* The colon that ends the name, or NULL. */
static const char *find_colon (const char *text)
{
    gboolean is_quoted = FALSE;
    for (; *text != '\0'; text++) {
        if (*text == '\\' && is_quoted && text[1] != '\0')
            text++;
        else if (*text == '"')
            is_quoted = !is_quoted;
        else if (*text == ':' && !is_quoted)
            return text;
    }
    return NULL;
}

static gboolean read_definition (DirectoryBuilder *builder, Reading *reading,
                                 const ListLines *lines, GError **error)
{
    const char *colon = find_colon (lines->text->str);
    if (colon == NULL)
        return list_lines_refuse (lines, error, "expected \"name: target, target\"");
    g_autofree char *left = g_strndup (lines->text->str, (gsize)(colon - lines->text->str));
    const char *what = NULL;
    g_autoptr (GPtrArray) names = list_values (left, &what);
    if (names == NULL)
        return list_lines_refuse (lines, error, what);
    if (names->len != 1)
        return list_lines_refuse (lines, error, "expected one name before the colon");
    g_ptr_array_set_size (reading->targets, 0);
    if (!read_values (reading, lines, colon + 1, error))
        return FALSE;
    builder_define (builder, SOURCE_ALIASES, names->pdata[0],
                    (const char *const *)reading->targets->pdata, reading->targets->len, FALSE);
    return TRUE;
}

gboolean aliases_parse (DirectoryBuilder *builder, const char *path, const char *text, gsize len,
                        AliasesRead read_file, GError **error)
{
    g_autoptr (GError) cause = NULL;
    g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_free);
    Reading reading = {read_file, LISTFILE_BYTES_MAX - MIN (len, LISTFILE_BYTES_MAX), 0, targets};
    g_auto (ListLines) lines = {0};
    list_lines_init (&lines, path, text, len);
    while (list_lines_next (&lines, &cause)) {
        if (!read_definition (builder, &reading, &lines, &cause))
            break;
    }
    if (cause == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
}

gboolean directory_read_aliases (DirectoryBuilder *builder, const char *path, GError **error)
{
    gsize len = 0;
    g_autofree char *text = listfile_read (path, LISTFILE_BYTES_MAX, &len, error);
    return text != NULL && aliases_parse (builder, path, text, len, listfile_read, error);
}
