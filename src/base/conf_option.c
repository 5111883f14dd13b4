/* conf_option.c - see conf_option.h: conf.def turned into a table. */
#include "conf_option.h"

#include <string.h>

#define NAME_BYTES_MAX 64

/* A WORD is written through a guint. */
#define CONF_WORD(name, type, fallback, words, text)                                               \
    G_STATIC_ASSERT (sizeof (type) == sizeof (guint));
#include "conf.def"

static const ConfOption options[] = {
#define CONF_SECTION(title) {.kind = OPTION_SECTION, .name = title},
#define CONF_TEXT(id, value, text)                                                                 \
    {.kind = OPTION_TEXT,                                                                          \
     .name = #id,                                                                                  \
     .sentence = text,                                                                             \
     .fallback = value,                                                                            \
     .offset = G_STRUCT_OFFSET (Config, id)},
#define CONF_LIST(id, text)                                                                        \
    {.kind = OPTION_LIST, .name = #id, .sentence = text, .offset = G_STRUCT_OFFSET (Config, id)},
#define CONF_UINT(id, value, low, high, text)                                                      \
    {.kind = OPTION_UINT,                                                                          \
     .name = #id,                                                                                  \
     .sentence = text,                                                                             \
     .number = value,                                                                              \
     .least = low,                                                                                 \
     .most = high,                                                                                 \
     .offset = G_STRUCT_OFFSET (Config, id)},
#define CONF_BOOL(id, value, text)                                                                 \
    {.kind = OPTION_BOOL,                                                                          \
     .name = #id,                                                                                  \
     .sentence = text,                                                                             \
     .number = value,                                                                              \
     .offset = G_STRUCT_OFFSET (Config, id)},
#define CONF_WORD(id, type, value, choice, text)                                                   \
    {.kind = OPTION_WORD,                                                                          \
     .name = #id,                                                                                  \
     .sentence = text,                                                                             \
     .number = value,                                                                              \
     .words = choice,                                                                              \
     .offset = G_STRUCT_OFFSET (Config, id)},
#include "conf.def"
    {0},
};

static const ConfOption rule_options[] = {
#define CONF_RULE(id, choice, text)                                                                \
    {.kind = OPTION_TEXT,                                                                          \
     .name = #id,                                                                                  \
     .sentence = text,                                                                             \
     .words = choice,                                                                              \
     .offset = G_STRUCT_OFFSET (ConfRule, id)},
#include "conf.def"
    {0},
};

const ConfOption *conf_options (void)
{
    return options;
}

const ConfOption *conf_rule_options (void)
{
    return rule_options;
}

const ConfOption *conf_option_find (const ConfOption *table, const char *name)
{
    for (const ConfOption *option = table; option->name != NULL; option++)
        if (option->kind != OPTION_SECTION && strcmp (option->name, name) == 0)
            return option;
    return NULL;
}

/* How many letters must be inserted, removed or changed (Levenshtein). */
static guint edit_distance (const char *a, const char *b)
{
    guint row[NAME_BYTES_MAX + 1];
    gsize length = strlen (b);
    for (guint j = 0; j <= length; j++)
        row[j] = j;
    for (guint i = 1; a[i - 1] != '\0'; i++) {
        guint diagonal = row[0];
        row[0] = i;
        for (guint j = 1; j <= length; j++) {
            guint changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = MIN (changed, MIN (row[j], row[j - 1]) + 1);
        }
    }
    return row[length];
}

const char *conf_option_nearest (const ConfOption *table, const char *name)
{
    const char *nearest = NULL;
    guint least = (guint)MAX (strlen (name) / 3, 2) + 1;
    if (strlen (name) > NAME_BYTES_MAX)
        return NULL;
    for (const ConfOption *option = table; option->name != NULL; option++) {
        guint distance =
            option->kind != OPTION_SECTION ? edit_distance (option->name, name) : least;
        if (distance < least) {
            least = distance;
            nearest = option->name;
        }
    }
    return nearest;
}

/* The n-th word of "a|b". Owned by the caller. */
static char *nth_word (const char *words, guint n)
{
    g_auto (GStrv) list = g_strsplit (words, "|", -1);
    return g_strdup (list[n]);
}

char *conf_option_default (const ConfOption *option)
{
    g_autofree char *word = NULL;
    switch (option->kind) {
    case OPTION_TEXT:
        return g_strdup_printf ("\"%s\"", option->fallback);
    case OPTION_LIST:
        return g_strdup ("{}");
    case OPTION_UINT:
        return g_strdup_printf ("%u", option->number);
    case OPTION_BOOL:
        return g_strdup (option->number ? "yes" : "no");
    case OPTION_WORD:
        word = nth_word (option->words, option->number);
        return g_strdup_printf ("\"%s\"", word);
    default:
        return NULL;
    }
}

int conf_word_index (const char *words, const char *word)
{
    g_auto (GStrv) list = g_strsplit (words, "|", -1);
    for (int i = 0; list[i] != NULL; i++)
        if (strcmp (list[i], word) == 0)
            return i;
    return -1;
}
