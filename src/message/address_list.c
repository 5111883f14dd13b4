/* address_list.c - reads address headers, see address.h.
 *
 * One loop over the value cuts it into tokens; each token adds to the entry at hand, and commas,
 * semicolons, and text behind "<...>" end the entry.
 *
 *     phrase      words outside of brackets, quotes removed: "Anna de Vries"
 *     spec        the word with an "@" outside of brackets, as written: "anna de vries"@example.org
 *     angle       what stands in <...>
 *     comment     what stands in (...): the name when there is no other
 *
 * (I1) Linear: a quote or comment that is never closed is found out once for the whole value.
 * (I2) Nothing recurses; comments nest by a counter. */
#include "address_list.h"

#include "charset.h"
#include "words.h"

#include <string.h>

#define LOCAL_PART_MAX 200
#define NAME_AHEAD 100

typedef struct {
    GString *phrase;
    GString *spec;
    GString *angle;
    GString *comment;
    gsize begin, angle_at; /* where the entry and its <...> stand in the value */
    guint words;           /* in phrase */
    gboolean has_angle;
    gboolean has_quoted;   /* some word of the phrase was quoted */
    gboolean is_spec_open; /* the last token belongs to spec and nothing blank came since */
} Entry;

typedef struct {
    const char *text;
    gsize at, len;
    gsize next_end;        /* memory of words_length */
    gboolean has_no_quote; /* no closing quote from here on */
    gboolean has_no_paren; /* a comment is never closed */
    gboolean is_decoded;   /* the text came out of encoded words: not again */
    const char *fallback;
    Entry entry;
    char *waiting; /* "Doe" of `Doe, John <j@example.org>`: may be half a name */
    GPtrArray *list;
    gsize max;
} Parser;

/* Whether something but a comment was read. */
static gboolean entry_has_more (const Entry *entry)
{
    return entry->words > 0 || entry->spec->len > 0 || entry->has_angle;
}

static void entry_clear (Entry *entry)
{
    g_string_truncate (entry->phrase, 0);
    g_string_truncate (entry->spec, 0);
    g_string_truncate (entry->angle, 0);
    g_string_truncate (entry->comment, 0);
    entry->words = 0;
    entry->has_angle = entry->has_quoted = entry->is_spec_open = FALSE;
}

/* A name for people: decoded, blanks and a pair of quotes around it removed. */
static char *name_decode (const Parser *parser, const GString *raw)
{
    char *name = words_decode (raw->str, raw->len, parser->fallback);
    gsize len = strlen (name);
    if (len >= 2 && name[0] == '"' && name[len - 1] == '"') {
        memmove (name, name + 1, len - 2);
        name[len - 2] = '\0';
        g_strstrip (name);
    }
    return name;
}

static void add_address (Parser *parser, const char *name, const char *addr)
{
    const gboolean is_empty = name[0] == '\0' && addr[0] == '\0'; /* of "@[::]" nothing is left */
    if (parser->list->len < parser->max && !is_empty)
        g_ptr_array_add (parser->list, address_new (name, addr));
}

/* What stood waiting for its other half was an entry of its own. */
static void flush_waiting (Parser *parser)
{
    if (parser->waiting == NULL)
        return;
    gboolean is_one_word = strpbrk (parser->waiting, " \t") == NULL;
    add_address (parser, is_one_word ? "" : parser->waiting, is_one_word ? parser->waiting : "");
    g_clear_pointer (&parser->waiting, g_free);
}

/* The length of the comment that stands here with its brackets, 0 when it is never closed. Nested
 * ones end it early: what is left is no address either way. */
static gsize closed_comment (const char *text)
{
    const char *end = strpbrk (text + 1, "()");
    return end != NULL && *end == ')' ? (gsize)(end - text) + 1 : 0;
}

/* The address of <...>: comments, blanks, source route, "mailto:" and stray marks removed. Owned.
 */
static char *angle_address (const Parser *parser, const GString *raw)
{
    g_autofree char *text = charset_to_utf8 (raw->str, raw->len, NULL, parser->fallback, NULL);
    const char *from = text;
    const char *colon = from[0] == '@' ? strrchr (from, ':') : NULL;
    if (colon != NULL)
        from = colon + 1;
    if (g_ascii_strncasecmp (from, "mailto:", 7) == 0)
        from += 7;
    GString *out = g_string_new (NULL);
    gboolean in_quotes = FALSE;
    for (; *from != '\0'; from++) {
        gsize comment = *from == '(' && !in_quotes ? closed_comment (from) : 0;
        if (comment > 0) {
            from += comment - 1;
            continue;
        }
        in_quotes = in_quotes != (*from == '"');
        if (in_quotes || ((guchar)*from > ' ' && *from != 0x7f && *from != '<' && *from != '>'))
            g_string_append_c (out, (guchar)*from < ' ' ? ' ' : *from);
    }
    if (out->len > 2 && out->str[0] == '\'' && out->str[out->len - 1] == '\'') {
        g_string_truncate (out, out->len - 1);
        g_string_erase (out, 0, 1);
    }
    return g_string_free (out, FALSE);
}

/* `Anna @ Work <a@example.org>`: what looked like an address belongs to the name, as it stands. */
static void name_with_spec (Parser *parser)
{
    Entry *entry = &parser->entry;
    const char *text = parser->text + entry->begin;
    const gsize len = entry->angle_at - entry->begin;
    if (memchr (text, '"', len) == NULL && memchr (text, '(', len) == NULL) {
        g_string_truncate (entry->phrase, 0);
        g_string_append_len (entry->phrase, text, (gssize)len);
        return;
    }
    if (entry->phrase->len > 0)
        g_string_append_c (entry->phrase, ' ');
    g_string_append_len (entry->phrase, entry->spec->str, (gssize)entry->spec->len);
}

static void finish_angle (Parser *parser)
{
    Entry *entry = &parser->entry;
    if (entry->spec->len > 0)
        name_with_spec (parser);
    g_autofree char *own =
        name_decode (parser, entry->phrase->len > 0 ? entry->phrase : entry->comment);
    g_autofree char *addr = angle_address (parser, entry->angle);
    g_autofree char *name = NULL;
    if (parser->waiting != NULL && !entry->has_quoted && own[0] != '\0') {
        name = g_strconcat (parser->waiting, ", ", own, NULL);
        g_clear_pointer (&parser->waiting, g_free);
    }
    flush_waiting (parser);
    if (strchr (addr, '@') == NULL && strchr (addr, ':') != NULL)
        return; /* <undisclosed-recipients:;> */
    if (addr[0] != '\0' || own[0] != '\0')
        add_address (parser, name != NULL ? name : own, addr);
}

static void parse_value (Parser *parser);

/* A phrase without any address. Encoded words may hide one. */
static void finish_phrase (Parser *parser)
{
    Entry *entry = &parser->entry;
    g_autofree char *name = name_decode (parser, entry->phrase);
    gboolean was_encoded = memmem (entry->phrase->str, entry->phrase->len, "=?", 2) != NULL;
    gboolean has_address = strchr (name, '@') != NULL;
    flush_waiting (parser);
    if (has_address && was_encoded && !parser->is_decoded) {
        Parser inner = *parser;
        inner.text = name;
        inner.at = 0;
        inner.len = strlen (name);
        inner.next_end = 0;
        inner.has_no_quote = inner.has_no_paren = FALSE;
        inner.is_decoded = TRUE;
        parse_value (&inner);
        return;
    }
    if (name[0] == '\0' || g_ascii_strncasecmp (name, "undisclosed", 11) == 0)
        return;
    if (has_address && strpbrk (name, " \t") == NULL) {
        add_address (parser, "", name); /* "anna@example.org" in quotes */
        return;
    }
    if (entry->comment->len > 0) {
        g_autofree char *comment = name_decode (parser, entry->comment);
        gboolean is_one_word = entry->words == 1;
        add_address (parser, is_one_word ? comment : name, is_one_word ? name : "");
        return;
    }
    parser->waiting = g_steal_pointer (&name);
}

static void finish_entry (Parser *parser)
{
    Entry *entry = &parser->entry;
    if (entry->has_angle) {
        finish_angle (parser);
    } else if (entry->spec->len > 0) {
        flush_waiting (parser);
        g_autofree char *addr = angle_address (parser, entry->spec);
        g_autofree char *name =
            name_decode (parser, entry->phrase->len > 0 ? entry->phrase : entry->comment);
        add_address (parser, name, addr);
    } else if (entry->phrase->len > 0) {
        finish_phrase (parser);
    }
    entry_clear (entry);
}

/* The length of the comment at this place with its brackets, or 0 when it is never closed. */
static gsize comment_length (Parser *parser)
{
    guint depth = 0;
    if (parser->has_no_paren)
        return 0;
    for (gsize i = parser->at; i < parser->len; i++) {
        char c = parser->text[i];
        if (c == '\\')
            i++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            return i + 1 - parser->at;
    }
    parser->has_no_paren = TRUE;
    return 0;
}

static gboolean read_comment (Parser *parser)
{
    gsize len = comment_length (parser);
    if (len == 0)
        return FALSE;
    GString *comment = parser->entry.comment;
    if (comment->len > 0)
        g_string_append_c (comment, ' ');
    const char *text = parser->text + parser->at + 1;
    for (gsize i = 0; i + 2 < len; i++) {
        if (text[i] == '\\' && i + 3 < len)
            i++;
        g_string_append_c (comment, text[i]);
    }
    parser->at += len;
    return TRUE;
}

/* The length of the quoted string at this place with its quotes, or 0 when it is never closed. */
static gsize quoted_length (Parser *parser)
{
    if (parser->has_no_quote)
        return 0;
    for (gsize i = parser->at + 1; i < parser->len; i++) {
        if (parser->text[i] == '\\')
            i++;
        else if (parser->text[i] == '"')
            return i + 1 - parser->at;
    }
    parser->has_no_quote = TRUE;
    return 0;
}

/* Puts a blank before the next word of the phrase. */
static void begin_word (Entry *entry)
{
    if (entry->phrase->len > 0)
        g_string_append_c (entry->phrase, ' ');
    entry->words++;
}

static void read_quoted (Parser *parser, gsize len)
{
    const char *text = parser->text + parser->at;
    Entry *entry = &parser->entry;
    gboolean is_local = parser->at + len < parser->len && text[len] == '@';
    parser->at += len;
    if (is_local && entry->spec->len == 0) {
        g_string_append_len (entry->spec, text, (gssize)len);
        entry->is_spec_open = TRUE;
        return;
    }
    begin_word (entry);
    entry->has_quoted = TRUE;
    for (gsize i = 1; i + 1 < len; i++) {
        if (text[i] == '\\' && i + 2 < len)
            i++;
        g_string_append_c (entry->phrase, text[i]);
    }
}

/* <...>: to ">", or to a comma when an address stands before it and no source route does. */
static void read_angle (Parser *parser)
{
    Entry *entry = &parser->entry;
    const gsize angle_at = parser->at;
    while (parser->at < parser->len && parser->text[parser->at] == '<')
        parser->at++;
    gsize start = parser->at;
    entry->angle_at = angle_at;
    gboolean in_quotes = FALSE, has_at = FALSE;
    for (; parser->at < parser->len; parser->at++) {
        char c = parser->text[parser->at];
        in_quotes = in_quotes != (c == '"' && !parser->has_no_quote);
        has_at = has_at || c == '@';
        if (!in_quotes &&
            (c == '>' || ((c == ',' || c == ';') && has_at && parser->text[start] != '@')))
            break;
    }
    g_string_append_len (entry->angle, parser->text + start, (gssize)(parser->at - start));
    entry->has_angle = TRUE;
    while (parser->at < parser->len && parser->text[parser->at] == '>')
        parser->at++;
}

/* How far a word goes: to a blank or a mark with a meaning of its own. */
static gsize word_length (const Parser *parser, gboolean *ret_has_at)
{
    gsize i = parser->at;
    gboolean in_literal = FALSE;
    *ret_has_at = FALSE;
    for (; i < parser->len; i++) {
        char c = parser->text[i];
        in_literal = (in_literal && c != ']') || (c == '[' && i > 0 && parser->text[i - 1] == '@');
        if ((guchar)c <= ' ' || strchr (",;<\"", c) != NULL ||
            (c == '(' && !parser->has_no_paren) || (c == ':' && !in_literal))
            break;
        *ret_has_at = *ret_has_at || c == '@';
    }
    return i - parser->at;
}

/* Whether a word goes on with the address at hand: "anna@ example.org", "anna@example .org". */
static gboolean word_joins (const Entry *entry, const char *word)
{
    const GString *spec = entry->spec;
    if (spec->len == 0)
        return word[0] == '@';
    return word[0] == '@' || word[0] == '.' || entry->is_spec_open ||
           spec->str[spec->len - 1] == '@' || spec->str[spec->len - 1] == '.';
}

/* "anna @ example.org", "anna . berg @ example.org": what was taken for a name is the local part.
 */
static void take_local_part (Entry *entry)
{
    if (entry->spec->len > 0 || entry->words == 0 || entry->phrase->len > LOCAL_PART_MAX)
        return;
    g_autofree char *local = g_strdup (entry->phrase->str);
    char *to = local;
    gboolean is_open = TRUE; /* no blank ends a word here */
    for (const char *from = local; *from != '\0'; from++) {
        if (*from == ' ' && !is_open && from[1] != '.')
            return; /* several words: a name */
        if (*from != ' ')
            *to++ = *from;
        is_open = *from == '.' || (*from == ' ' && is_open);
    }
    g_string_append_len (entry->spec, local, to - local);
    g_string_truncate (entry->phrase, 0);
    entry->words = 0;
}

/* Whether a word with an "@" behind an address is the next one, without a comma between them; not
 * where a <...> is near, of which both would be the name. Ends the entry at hand. */
static gboolean is_next_address (Parser *parser, const Entry *entry)
{
    const char *behind = parser->text + parser->at;
    const gsize len = MIN (parser->len - parser->at, NAME_AHEAD);
    const char *comma = memchr (behind, ',', len);
    if (entry->phrase->len > 0 ||
        memchr (behind, '<', comma != NULL ? (gsize)(comma - behind) : len) != NULL)
        return FALSE;
    finish_entry (parser);
    return TRUE;
}

static void read_word (Parser *parser)
{
    Entry *entry = &parser->entry;
    gboolean has_at = FALSE;
    gsize encoded = words_length (parser->text, parser->at, parser->len, &parser->next_end);
    gsize len = encoded > 0 ? encoded : word_length (parser, &has_at);
    const char *word = parser->text + parser->at;
    if (len == 0) { /* a mark that means nothing here */
        parser->at++;
        return;
    }
    parser->at += len;
    if (encoded == 0 && word_joins (entry, word)) {
        take_local_part (entry);
        g_string_append_len (entry->spec, word, (gssize)len);
        entry->is_spec_open = TRUE;
    } else if (has_at && encoded == 0 &&
               (entry->spec->len == 0 || is_next_address (parser, entry))) {
        g_string_append_len (entry->spec, word, (gssize)len);
        entry->is_spec_open = TRUE;
    } else {
        begin_word (entry);
        g_string_append_len (entry->phrase, word, (gssize)len);
    }
}

/* "Team: a@example.org, b@example.org;": the name of a group is nobody's address. */
static void read_colon (Parser *parser)
{
    parser->at++;
    if (parser->entry.spec->len == 0 && !parser->entry.has_angle)
        entry_clear (&parser->entry);
}

/* Adds one token. Behind <...> only a comment still belongs to the entry. */
static void read_token (Parser *parser)
{
    char c = parser->text[parser->at];
    if (c == '(' && read_comment (parser))
        return;
    if (parser->entry.has_angle)
        finish_entry (parser);
    if (!entry_has_more (&parser->entry))
        parser->entry.begin = parser->at;
    gsize quoted = c == '"' ? quoted_length (parser) : 0;
    if (c == '<')
        read_angle (parser);
    else if (c == ':')
        read_colon (parser);
    else if (c == '"' && quoted == 0)
        parser->at++;
    else if (c == '"')
        read_quoted (parser, quoted);
    else
        read_word (parser);
}

static void parse_value (Parser *parser)
{
    entry_clear (&parser->entry);
    while (parser->at < parser->len && parser->list->len < parser->max) {
        char c = parser->text[parser->at];
        if ((guchar)c <= ' ' || c == '>') {
            parser->entry.is_spec_open = FALSE;
            parser->at++;
        } else if (c == ',' || c == ';') {
            finish_entry (parser);
            if (c == ';')
                flush_waiting (parser);
            parser->at++;
        } else {
            read_token (parser);
        }
    }
    finish_entry (parser);
    flush_waiting (parser);
}

void address_list_add (GPtrArray *list, const char *value, gsize len, const char *fallback,
                       gsize max)
{
    Parser parser = {.text = value, .len = len, .fallback = fallback, .list = list, .max = max};
    parser.entry = (Entry){.phrase = g_string_new (NULL),
                           .spec = g_string_new (NULL),
                           .angle = g_string_new (NULL),
                           .comment = g_string_new (NULL)};
    parse_value (&parser);
    g_string_free (parser.entry.phrase, TRUE);
    g_string_free (parser.entry.spec, TRUE);
    g_string_free (parser.entry.angle, TRUE);
    g_string_free (parser.entry.comment, TRUE);
    g_free (parser.waiting);
}

GPtrArray *address_parse_list (const char *value, gsize max)
{
    GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)address_free);
    address_list_add (list, value, strlen (value), NULL, max);
    return list;
}
