/* spoken.c - see spoken.h. Names are found by Names, so a word that could mean two of the
 * recipients means nobody. Greetings, titles and the words between names are tables: a language is
 * a line. */
#include "spoken.h"

#include <string.h>

#include "text.h"

#define NAME_WORDS_MAX 4
#define GREETING_WORDS_MAX 4
#define FIRST_LINES 3
#define LINE_BYTES_MAX 300
#define MENTIONS_MAX 1000
#define NAMES_MAX 50

static const char *const greetings[] = {
    /* en */ "hi",
    "hello",
    "hey",
    "dear",
    "good",
    "morning",
    "afternoon",
    "evening",
    "greetings",
    "all",
    /* nl */ "beste",
    "hallo",
    "hoi",
    "dag",
    "goedemorgen",
    "goedemiddag",
    "goedenavond",
    "goeie",
    "goede",
    "morgen",
    "middag",
    "avond",
    "geachte",
    "lieve",
    "ha",
    "hee",
    /* de */ "liebe",
    "lieber",
    "guten",
    "tag",
    "abend",
    "moin",
    "servus",
    "geehrte",
    "geehrter",
    "sehr",
    "grüezi",
    /* fr */ "bonjour",
    "bonsoir",
    "salut",
    "cher",
    "chère",
    "coucou",
    /* es, pt, it */ "hola",
    "estimado",
    "estimada",
    "querido",
    "querida",
    "olá",
    "oi",
    "caro",
    "cara",
    "ciao",
    "buongiorno",
    "salve",
    "gentile",
    "buenos",
    "buenas",
    "bom",
    "boa",
    "días",
    "tardes",
    "dia",
    "tarde",
    /* da, no, sv, fi, pl, cs */ "hej",
    "kære",
    "kjære",
    "hei",
    "hallå",
    "bästa",
    "moi",
    "terve",
    "cześć",
    "witaj",
    "drogi",
    "droga",
    "ahoj",
    "dobrý",
    "den",
    NULL};

static const char *const titles[] = {"mr",   "mrs",  "ms",    "miss",    "dr",       "prof", "ir",
                                     "drs",  "heer", "de",    "mevrouw", "mevr",     "mw",   "dhr",
                                     "herr", "frau", "herrn", "madame",  "monsieur", "mme",  "m",
                                     "sr",   "sra",  "señor", "señora",  "signor",   NULL};

static const char *const connectors[] = {"and", "en", "und", "et", "y", "e", "i", "og",
                                         "och", "ja", "a",   "&",  "+", "/", ",", NULL};

typedef struct {
    const Names *names;
    SpokenFound on_found;
    gpointer data;
} Search;

static gboolean is_name_char (gunichar c)
{
    return g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '-' || c == '_' || c == '.' ||
           c == '\'' || c == 0x2019;
}

/* End of the word at `text`: points and dashes at its end do not belong to it. */
static const char *word_end (const char *text)
{
    const char *end = text;
    for (const char *next = text; is_name_char (g_utf8_get_char (next));) {
        gunichar c = g_utf8_get_char (next);
        next = g_utf8_next_char (next);
        if (g_unichar_isalnum (c) || g_unichar_ismark (c))
            end = next;
    }
    return end;
}

static gboolean is_listed (const char *word, gsize len, const char *const *list)
{
    g_autofree char *text = g_utf8_strdown (word, (gssize)len);
    return g_strv_contains (list, text);
}

static const char *skip_blanks (const char *text)
{
    return text + strspn (text, " \t");
}

/* The person whose name begins at `text`, in as many words as possible. */
static const char *match_name (const Names *names, const char *text, const char **ret_end)
{
    const char *found = NULL;
    const char *end = text;
    for (guint words = 0; words < NAME_WORDS_MAX; words++) {
        const char *next = word_end (end);
        if (next == end)
            break;
        g_autofree char *name = g_strndup (text, (gsize)(next - text));
        const char *address = names_find (names, name);
        if (address != NULL) {
            found = address;
            *ret_end = next;
        }
        if (*next != ' ')
            break;
        end = next + 1;
    }
    return found;
}

void spoken_mentioned (const char *text, const Names *names, SpokenFound on_found, gpointer data)
{
    guint count = 0;
    for (const char *at = strchr (text, '@'); at != NULL && count < MENTIONS_MAX;
         at = strchr (at + 1, '@')) {
        const char *before = at > text ? g_utf8_find_prev_char (text, at) : NULL;
        /* somebody@example.test is an address */
        if (before != NULL && is_name_char (g_utf8_get_char (before)))
            continue;
        const char *end = NULL;
        const char *address = match_name (names, at + 1, &end);
        count++;
        if (address != NULL)
            on_found (address, data);
    }
}

/* Goes past greeting words; TRUE when there were any. */
static gboolean skip_greeting (const char **text)
{
    gboolean has_greeting = FALSE;
    for (guint i = 0; i < GREETING_WORDS_MAX; i++) {
        const char *end = word_end (*text);
        if (!is_listed (*text, (gsize)(end - *text), greetings))
            break;
        has_greeting = TRUE;
        *text = skip_blanks (end + (*end == ','));
    }
    return has_greeting;
}

static const char *skip_titles (const char *text)
{
    const char *end = word_end (text);
    while (end > text && is_listed (text, (gsize)(end - text), titles)) {
        text = skip_blanks (end + (*end == '.'));
        end = word_end (text);
    }
    return text;
}

/* Past "and", "&", a comma; the text itself when no connector stands there. */
static const char *skip_connectors (const char *text)
{
    for (;;) {
        const char *start = skip_blanks (text);
        const char *end = word_end (start);
        if (end == start && *start != '\0')
            end = g_utf8_next_char (start);
        if (!is_listed (start, (gsize)(end - start), connectors))
            return text;
        text = skip_blanks (end);
    }
}

/* Whether the names that end here are a greeting although no greeting word came before. */
static gboolean is_call (const char *end)
{
    const char *next = skip_blanks (end);
    return *next == '\0' || strchr (",:;!-", *next) != NULL || g_str_has_prefix (next, "–") ||
           g_str_has_prefix (next, "—");
}

static void search_line (const Search *search, const char *line)
{
    const char *found[NAMES_MAX];
    guint count = 0;
    const char *next = line;
    const char *end = NULL;
    gboolean is_greeting = skip_greeting (&next);
    while (count < NAMES_MAX) {
        const char *name = skip_titles (next);
        const char *address = match_name (search->names, name, &end);
        if (address == NULL)
            break;
        found[count++] = address;
        next = skip_connectors (end);
        if (next == end)
            break;
    }
    if (count == 0 || (!is_greeting && !is_call (end)))
        return;
    for (guint i = 0; i < count; i++)
        search->on_found (found[i], search->data);
}

void spoken_greeted (const char *text, const Names *names, SpokenFound on_found, gpointer data)
{
    Search search = {names, on_found, data};
    guint lines = 0;
    while (*text != '\0' && lines < FIRST_LINES) {
        gsize len = strcspn (text, "\n");
        gsize used = MIN (len, LINE_BYTES_MAX);
        while ((text[used] & 0xc0) == 0x80) /* in the middle of a character */
            used--;
        g_autofree char *line = g_strndup (text, used);
        g_strstrip (line);
        if (*line != '\0') {
            search_line (&search, line);
            lines++;
        }
        text += len + (text[len] == '\n');
    }
}
