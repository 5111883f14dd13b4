/* markup.h - an independent judge of sanitised markup: reads it byte by byte against its own lists,
 * knowing nothing of how it was made. */
#ifndef MARKUP_H
#define MARKUP_H

#include <glib.h>
#include <string.h>

static const char markup_elements[] =
    " a abbr b strong i em u ins s del small big sub sup tt code kbd samp var cite q dfn mark span "
    "bdi "
    "font br wbr img hr p div center blockquote address section figure figcaption h1 h2 h3 h4 h5 "
    "h6 "
    "pre ul ol li dl dt dd table caption thead tbody tfoot tr td th ";
static const char markup_voids[] = " br wbr img hr ";
static const char markup_attributes[] = " href rel src alt title dir lang style align valign "
                                        "colspan rowspan border start value type width "
                                        "height cellpadding cellspacing bgcolor color size ";

static inline gboolean markup_listed (const char *list, const char *word, gsize len)
{
    g_autofree char *padded = g_strdup_printf (" %.*s ", (int)len, word);
    return strstr (list, padded) != NULL;
}

/* NULL, or what is wrong with the value. */
static inline const char *markup_value_fault (const char *name, gsize name_len, const char *value,
                                              gsize len)
{
    g_autofree char *text = g_strndup (value, len);
    if (strpbrk (text, "<>") != NULL)
        return "raw < or > in a value";
    if (strncmp (name, "href", name_len) == 0 && !g_str_has_prefix (text, "https://") &&
        !g_str_has_prefix (text, "http://") && !g_str_has_prefix (text, "mailto:"))
        return "href with another scheme";
    if (name_len == 3 && strncmp (name, "src", 3) == 0 && !g_str_has_prefix (text, "cid:") &&
        !(text[0] == '/' && text[1] != '/'))
        return "src that is not ours";
    if (strncmp (name, "style", name_len) == 0 &&
        (strpbrk (text, "\\@{}!&") != NULL || strstr (text, "url(") != NULL ||
         strstr (text, "position") != NULL || strstr (text, "-moz") != NULL ||
         strstr (text, "expression") != NULL || strstr (text, "/*") != NULL))
        return "dangerous style";
    return NULL;
}

/* NULL, or what is wrong with the markup. */
static inline const char *markup_fault (const char *markup)
{
    g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);
    if (!g_utf8_validate (markup, -1, NULL))
        return "not UTF-8";
    for (const char *at = markup; *at != '\0'; at++) {
        guchar c = (guchar)*at;
        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f || c == '>' || c == '"')
            return "raw control, > or quote in text";
        if (c == '&' && !g_str_has_prefix (at, "&amp;") && !g_str_has_prefix (at, "&lt;") &&
            !g_str_has_prefix (at, "&gt;") && !g_str_has_prefix (at, "&quot;") &&
            !g_str_has_prefix (at, "&nbsp;"))
            return "raw &";
        if (c != '<')
            continue;
        gboolean is_end = *++at == '/';
        at += is_end ? 1 : 0;
        gsize len = strspn (at, "abcdefghijklmnopqrstuvwxyz0123456789");
        if (len == 0 || !markup_listed (markup_elements, at, len))
            return "element not on the list";
        g_autofree char *name = g_strndup (at, len);
        at += len;
        if (is_end) {
            if (*at != '>' || open->len == 0 || strcmp (open->pdata[open->len - 1], name) != 0)
                return "end tag without start tag";
            g_ptr_array_set_size (open, (gint)open->len - 1);
            continue;
        }
        while (*at == ' ') {
            const char *attribute = ++at;
            gsize attribute_len = strspn (at, "abcdefghijklmnopqrstuvwxyz");
            if (!markup_listed (markup_attributes, attribute, attribute_len))
                return "attribute not on the list";
            at += attribute_len;
            if (at[0] != '=' || at[1] != '"')
                return "attribute without quotes";
            const char *value = at + 2;
            gsize value_len = strcspn (value, "\"");
            const char *fault = markup_value_fault (attribute, attribute_len, value, value_len);
            if (fault != NULL)
                return fault;
            at = value + value_len + 1;
        }
        if (*at != '>')
            return "odd tag";
        if (!markup_listed (markup_voids, name, len))
            g_ptr_array_add (open, g_steal_pointer (&name));
    }
    return open->len == 0 ? NULL : "start tag without end tag";
}

#endif
