/* wish.c - see wish.h. */
#include "wish.h"

#include <string.h>

#define COMMAND_CHARS_MAX 40

static const struct {
    const char *word;
    Wish wish;
} answers[] = {
    {"mute", WISH_MUTE},
    {"demp", WISH_MUTE},
    {"dempen", WISH_MUTE},
    {"unsubscribe", WISH_MUTE}, /* what people are used to from lists */
    {"afmelden", WISH_MUTE},
    {"follow", WISH_FOLLOW},
    {"unmute", WISH_FOLLOW},
    {"volg", WISH_FOLLOW},
    {"volgen", WISH_FOLLOW},
    {"mail", WISH_MAIL},
    {"+1", WISH_PLUS},
    {"👍", WISH_PLUS},
    {"withdraw", WISH_WITHDRAW},
    {"intrekken", WISH_WITHDRAW},
};

static const struct {
    const char *word;
    LineKind kind;
} lines[] = {
    {"watch", LINE_WATCH},  {"unwatch", LINE_UNWATCH}, {"list", LINE_LIST},  {"help", LINE_HELP},
    {"daily", LINE_DIGEST}, {"weekly", LINE_DIGEST},   {"off", LINE_DIGEST},
};

Wish wish_of_answer (const char *text)
{
    if (strlen (text) > COMMAND_CHARS_MAX)
        return WISH_NONE;
    g_autofree char *copy = g_utf8_strdown (text, -1);
    char *word = g_strstrip (copy);
    gsize len = strlen (word);
    while (len > 0 && strchr (".!", word[len - 1]) != NULL)
        word[--len] = '\0';
    for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
        if (strcmp (word, answers[i].word) == 0)
            return answers[i].wish;
    return WISH_NONE;
}

LineKind wish_of_line (const char *line, const char **ret_rest)
{
    while (g_ascii_isspace (*line))
        line++;
    gsize len = strcspn (line, " \t\r\n");
    const char *rest = line + len;
    while (g_ascii_isspace (*rest))
        rest++;
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        if (strlen (lines[i].word) != len || g_ascii_strncasecmp (line, lines[i].word, len) != 0)
            continue;
        *ret_rest = lines[i].kind == LINE_DIGEST ? lines[i].word : rest;
        return lines[i].kind;
    }
    return LINE_OTHER;
}
