/* params.c - see params.h.
 *
 * (I1) Linear: every look ahead is bounded by PARAM_NAME_MAX.
 * (I2) At most PARAMS_MAX parameters are kept; the rest is not looked at. */
#include "params.h"

#include "charset.h"
#include "words.h"

#include <string.h>

#define PARAM_NAME_MAX 40
#define PARAMS_MAX 500

typedef struct {
    char *name;     /* lower case, without the RFC 2231 marks */
    GString *value; /* raw bytes, quotes removed */
    guint section;  /* name*N */
    gboolean is_sectioned;
    gboolean is_extended; /* name*= or name*N*= : percent-encoded */
} Param;

struct Params {
    char *value;
    GPtrArray *items; /* of Param */
};

/* Where the reader stands. */
typedef struct {
    const char *text;
    gsize at, len;
    gboolean has_no_quote; /* no closing quote from here on: found once, it stays so */
} Reader;

static void param_free (gpointer data)
{
    Param *param = data;
    g_free (param->name);
    g_string_free (param->value, TRUE);
    g_free (param);
}

static gboolean has_more (const Reader *reader)
{
    return reader->at < reader->len;
}

static void skip_comment (Reader *reader)
{
    guint depth = 0;
    for (; has_more (reader); reader->at++) {
        char c = reader->text[reader->at];
        if (c == '\\' && reader->at + 1 < reader->len)
            reader->at++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0) {
            reader->at++;
            return;
        }
    }
}

static void skip_blanks (Reader *reader)
{
    while (has_more (reader)) {
        if (reader->text[reader->at] == '(')
            skip_comment (reader);
        else if (g_ascii_isspace (reader->text[reader->at]))
            reader->at++;
        else
            break;
    }
}

static gboolean is_name_char (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("-_*.!#$%&'+^`{|}~", c) != NULL);
}

/* The length of "name" when "name=" stands at this place, else 0. */
static gsize name_length (const Reader *reader, gsize at)
{
    gsize n = 0;
    while (at + n < reader->len && n < PARAM_NAME_MAX && is_name_char (reader->text[at + n]))
        n++;
    gsize equal = at + n;
    while (equal < reader->len && equal < at + n + 4 && reader->text[equal] == ' ')
        equal++;
    return equal < reader->len && reader->text[equal] == '=' ? n : 0;
}

/* A closing quote is one behind which the value can end; others belong to the value. */
static gboolean is_closing (const Reader *reader, gsize at)
{
    return at + 1 >= reader->len || strchr ("; \t,(", reader->text[at + 1]) != NULL;
}

static void read_quoted (Reader *reader, GString *out)
{
    gsize start = ++reader->at;
    for (; has_more (reader) && !reader->has_no_quote; reader->at++) {
        char c = reader->text[reader->at];
        char next = reader->at + 1 < reader->len ? reader->text[reader->at + 1] : '\0';
        if (c == '\\' && (next == '"' || next == '\\')) {
            g_string_append_c (out, next);
            reader->at++;
        } else if (c == '"' && is_closing (reader, reader->at)) {
            reader->at++;
            return;
        } else {
            g_string_append_c (out, c);
        }
    }
    /* Never closed: it ends where the next parameter begins. */
    reader->has_no_quote = TRUE;
    const char *semicolon = memchr (reader->text + start, ';', reader->len - start);
    reader->at = semicolon != NULL ? (gsize)(semicolon - reader->text) : reader->len;
    g_string_truncate (out, 0);
    g_string_append_len (out, reader->text + start, (gssize)(reader->at - start));
}

/* A value without quotes goes to the semicolon, or to a blank behind which "name=" stands. */
static void read_bare (Reader *reader, gboolean is_file_name, GString *out)
{
    gsize start = reader->at;
    for (; has_more (reader) && reader->text[reader->at] != ';'; reader->at++) {
        if (!g_ascii_isspace (reader->text[reader->at]))
            continue;
        gsize next = reader->at + 1;
        if (next < reader->len &&
            ((reader->text[next] == '(' && !is_file_name) || name_length (reader, next) > 0))
            break;
    }
    gsize end = reader->at;
    while (end > start && g_ascii_isspace (reader->text[end - 1]))
        end--;
    /* A closing quote that none opens. */
    if (end > start + 1 &&
        memchr (reader->text + start, '"', end - start) == reader->text + end - 1)
        end--;
    g_string_append_len (out, reader->text + start, (gssize)(end - start));
}

/* Splits "filename*1*" into its name and RFC 2231 marks. */
static Param *param_new (const char *name, gsize len)
{
    Param *param = g_new0 (Param, 1);
    param->name = g_ascii_strdown (name, (gssize)len);
    param->value = g_string_new (NULL);
    char *star = strchr (param->name, '*');
    if (star == NULL)
        return param;
    *star++ = '\0';
    if (g_ascii_isdigit (*star)) {
        param->is_sectioned = TRUE;
        param->section = (guint)g_ascii_strtoull (star, &star, 10);
        param->is_extended = *star == '*';
    } else {
        param->is_extended = TRUE;
    }
    return param;
}

static void read_param (Reader *reader, GPtrArray *items)
{
    gsize len = name_length (reader, reader->at);
    if (len == 0) {
        reader->at++; /* junk */
        return;
    }
    Param *param = param_new (reader->text + reader->at, len);
    g_ptr_array_add (items, param);
    reader->at += len;
    while (reader->text[reader->at] != '=')
        reader->at++;
    reader->at++;
    while (has_more (reader) && g_ascii_isspace (reader->text[reader->at]))
        reader->at++;
    gboolean is_file_name =
        strcmp (param->name, "name") == 0 || strcmp (param->name, "filename") == 0;
    if (has_more (reader) && reader->text[reader->at] == '"')
        read_quoted (reader, param->value);
    else
        read_bare (reader, is_file_name, param->value);
}

/* The part before the parameters; blanks around the slash are forgiven. */
static char *read_value (Reader *reader)
{
    g_autoptr (GString) out = g_string_new (NULL);
    skip_blanks (reader);
    for (; has_more (reader); reader->at++) {
        char c = reader->text[reader->at];
        if (c == ';' || c == ',' || name_length (reader, reader->at) > 0)
            break;
        if (c == '(') {
            skip_comment (reader);
            reader->at--;
            continue;
        }
        if ((guchar)c > ' ' && c != '"' && (guchar)c < 0x7f && out->len < 200)
            g_string_append_c (out, g_ascii_tolower (c));
        else if (g_ascii_isspace (c) && out->len > 0 && out->str[out->len - 1] != '/') {
            gsize next = reader->at + 1;
            while (next < reader->len && next < reader->at + 4 && reader->text[next] == ' ')
                next++;
            if (next >= reader->len || reader->text[next] != '/')
                break;
        }
    }
    return g_string_free (g_steal_pointer (&out), FALSE);
}

Params *params_parse (const char *value, gsize len)
{
    Params *params = g_new0 (Params, 1);
    Reader reader = {value, 0, len, FALSE};
    params->items = g_ptr_array_new_with_free_func (param_free);
    params->value = read_value (&reader);
    while (has_more (&reader) && params->items->len < PARAMS_MAX) {
        skip_blanks (&reader);
        if (has_more (&reader))
            read_param (&reader, params->items);
    }
    return params;
}

void params_free (Params *params)
{
    if (params == NULL)
        return;
    g_ptr_array_unref (params->items);
    g_free (params->value);
    g_free (params);
}

const char *params_value (const Params *params)
{
    return params->value;
}

static gint compare_sections (gconstpointer a, gconstpointer b)
{
    const Param *first = *(Param *const *)a, *second = *(Param *const *)b;
    return first->section < second->section ? -1 : first->section > second->section;
}

/* The pieces of a parameter: its RFC 2231 form if there is one, else the plain one. */
static GPtrArray *find_pieces (const Params *params, const char *name)
{
    GPtrArray *pieces = g_ptr_array_new();
    Param *plain = NULL, *extended = NULL;
    for (guint i = 0; i < params->items->len; i++) {
        Param *param = params->items->pdata[i];
        if (strcmp (param->name, name) != 0)
            continue;
        if (param->is_sectioned)
            g_ptr_array_add (pieces, param);
        else if (param->is_extended && extended == NULL)
            extended = param;
        else if (!param->is_extended && plain == NULL)
            plain = param;
    }
    if (extended != NULL)
        g_ptr_array_set_size (pieces, 0);
    g_ptr_array_sort (pieces, compare_sections);
    if (pieces->len == 0 && (extended != NULL || plain != NULL))
        g_ptr_array_add (pieces, extended != NULL ? extended : plain);
    return pieces;
}

static void append_percent_decoded (GString *out, const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        if (text[i] == '%' && i + 2 < len && g_ascii_isxdigit (text[i + 1]) &&
            g_ascii_isxdigit (text[i + 2])) {
            g_string_append_c (out, (gchar)(g_ascii_xdigit_value (text[i + 1]) * 16 +
                                            g_ascii_xdigit_value (text[i + 2])));
            i += 2;
        } else {
            g_string_append_c (out, text[i]);
        }
    }
}

/* The value behind "charset'language'", or behind "charset'" of programs that forget the rest; NULL
 * when it does not begin so. */
static const char *behind_charset (const char *text, gsize len, char **ret_charset)
{
    const char *quote = memchr (text, '\'', len);
    if (quote == NULL)
        return NULL;
    const char *second = memchr (quote + 1, '\'', len - (gsize)(quote + 1 - text));
    g_autofree char *charset = g_strndup (text, (gsize)(quote - text));
    if (second == NULL && !charset_is_known (charset))
        return NULL;
    *ret_charset = g_steal_pointer (&charset);
    return (second != NULL ? second : quote) + 1;
}

/* Joins the pieces. *ret_charset (owned, may stay NULL) is what "charset'language'" names;
 * *ret_extended tells whether any piece was percent-encoded. */
static GString *join_pieces (GPtrArray *pieces, char **ret_charset, gboolean *ret_extended)
{
    GString *out = g_string_new (NULL);
    *ret_charset = NULL;
    *ret_extended = FALSE;
    guint last = G_MAXUINT;
    for (guint i = 0; i < pieces->len; i++) {
        const Param *piece = pieces->pdata[i];
        const char *text = piece->value->str;
        gsize len = piece->value->len;
        if (piece->is_sectioned && piece->section == last)
            continue; /* the same number again */
        last = piece->section;
        if (!piece->is_extended) {
            g_string_append_len (out, text, (gssize)len);
            continue;
        }
        *ret_extended = TRUE;
        const char *behind = i == 0 ? behind_charset (text, len, ret_charset) : NULL;
        if (behind != NULL) {
            len -= (gsize)(behind - text);
            text = behind;
        }
        append_percent_decoded (out, text, len);
    }
    return out;
}

char *params_token (const Params *params, const char *name)
{
    g_autoptr (GPtrArray) pieces = find_pieces (params, name);
    if (pieces->len == 0)
        return NULL;
    g_autofree char *charset = NULL;
    gboolean is_extended = FALSE;
    return g_string_free (join_pieces (pieces, &charset, &is_extended), FALSE);
}

char *params_text (const Params *params, const char *name, const char *fallback)
{
    g_autoptr (GPtrArray) pieces = find_pieces (params, name);
    if (pieces->len == 0)
        return NULL;
    g_autofree char *charset = NULL;
    gboolean is_extended = FALSE;
    g_autoptr (GString) raw = join_pieces (pieces, &charset, &is_extended);
    if (charset != NULL && charset[0] != '\0')
        return words_tidy (charset_to_utf8 (raw->str, raw->len, charset, fallback, NULL));
    return words_decode (raw->str, raw->len, fallback);
}
