/* topics.c - see topics.h. A topic begins with a letter and goes on with letters, digits and - _ .
 * : numbers of tickets, "[PATCH 2/5]" and "[EXTERNAL SENDER]" are none. */
#include "topics.h"

#include <string.h>

#include "address.h"

#define TOPIC_CHARS_MAX 50
#define TOPICS_MAX 10
#define TEXT_BYTES_MAX 65536

/* Own addresses that are no topics (PRODUCT.md 1 and 4), and names every domain must have. */
static const char *const reserved_names[] = {"reply",   "new",           "alerts",    "digest",
                                             "help",    "postmaster",    "abuse",     "bounce",
                                             "noreply", "mailer-daemon", "carbonless"};

/* What stands behind # in programs, not in letters. */
static const char *const code_words[] = {"include", "define", "undef",  "ifdef", "ifndef",
                                         "endif",   "elif",   "pragma", "error", "region",
                                         "import",  "else",   "if"};

static gboolean is_in (const char *word, const char *const *list, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (strcmp (word, list[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_word_char (gunichar c)
{
    return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

static gboolean is_topic_char (gunichar c)
{
    return is_word_char (c) || c == '-' || c == '_' || c == '.';
}

/* Bytes of the topic that begins at `text`, 0 when none does. Points and dashes at its end are
 * punctuation. */
static gsize topic_length (const char *text)
{
    const char *next = text;
    const char *end = text;
    if (!g_unichar_isalpha (g_utf8_get_char (text)))
        return 0;
    for (; is_topic_char (g_utf8_get_char (next)); next = g_utf8_next_char (next)) {
        if (is_word_char (g_utf8_get_char (next)))
            end = g_utf8_next_char (next);
    }
    return (gsize)(end - text);
}

/* Adds what is in lower case already. */
static void add (GPtrArray *topics, const char *topic)
{
    if (topics->len >= TOPICS_MAX || *topic == '\0' || g_utf8_strlen (topic, -1) > TOPIC_CHARS_MAX)
        return;
    if (!is_in (topic, (const char *const *)topics->pdata, topics->len))
        g_ptr_array_add (topics, g_strdup (topic));
}

/* "fff" and "a0b1c2" are colours. */
static gboolean is_colour (const char *word)
{
    gsize len = strlen (word);
    return (len == 3 || len == 6) && strspn (word, "0123456789abcdef") == len &&
           (strpbrk (word, "0123456789") != NULL || strspn (word, "f") == len);
}

/* Whether a # after this character begins a hashtag. */
static gboolean is_boundary (gunichar c)
{
    return g_unichar_isspace (c) || c == '(' || c == '[' || c == ',' || c == ';';
}

static void add_hashtag (GPtrArray *topics, const char *text)
{
    gsize length = topic_length (text);
    if (length == 0)
        return;
    g_autofree char *topic = g_utf8_strdown (text, (gssize)length);
    if (!is_in (topic, code_words, G_N_ELEMENTS (code_words)) && !is_colour (topic))
        add (topics, topic);
}

static void add_hashtags (GPtrArray *topics, const char *text, gsize len)
{
    gunichar before = ' ';
    for (const char *next = text; next < text + len; next = g_utf8_next_char (next)) {
        gunichar c = g_utf8_get_char (next);
        if (c == '#' && is_boundary (before))
            add_hashtag (topics, next + 1);
        before = c;
    }
}

static gboolean is_excepted (const char *tag, const char *const *except)
{
    for (; *except != NULL; except++) {
        g_autofree char *folded = g_utf8_strdown (*except, -1);
        if (strcmp (tag, folded) == 0)
            return TRUE;
    }
    return FALSE;
}

static void add_tag (GPtrArray *topics, const char *start, const char *const *except)
{
    gsize length = topic_length (start + 1);
    if (length == 0 || start[1 + length] != ']')
        return;
    g_autofree char *tag = g_utf8_strdown (start, (gssize)length + 2);
    if (is_excepted (tag, except))
        return;
    tag[strlen (tag) - 1] = '\0';
    add (topics, tag + 1);
}

void topics_add_subject (GPtrArray *topics, const char *subject, const char *const *except)
{
    for (const char *tag = strchr (subject, '['); tag != NULL; tag = strchr (tag + 1, '['))
        add_tag (topics, tag, except);
    topics_add_text (topics, subject);
}

void topics_add_text (GPtrArray *topics, const char *text)
{
    add_hashtags (topics, text, strnlen (text, TEXT_BYTES_MAX));
}

void topics_add_rule (GPtrArray *topics, const char *topic)
{
    g_autofree char *folded = g_utf8_strdown (topic, -1);
    g_strstrip (folded);
    add (topics, *folded == '#' ? folded + 1 : folded);
}

void topics_add_own (GPtrArray *topics, const char *address)
{
    g_autofree char *local = address_local_part (address);
    g_autofree char *name = g_utf8_strdown (local, (gssize)strcspn (local, "+"));
    if (topic_length (name) == strlen (name) &&
        !is_in (name, reserved_names, G_N_ELEMENTS (reserved_names)))
        add (topics, name);
}

gboolean topics_has_tag (const char *subject, const char *tag)
{
    g_autofree char *text = g_utf8_strdown (subject, -1);
    g_autofree char *wanted = g_utf8_strdown (tag, -1);
    return *wanted != '\0' && strstr (text, wanted) != NULL;
}
