/* tpl_context.c - a small HTML tokenizer, run over templates when they are compiled.
 *
 *   TEXT --<--> TAG_OPEN --letter--> TAG_NAME --blank--> IN_TAG --letter--> ATTRIBUTE --=-->
 *   BEFORE_VALUE --quote--> VALUE_x --quote--> IN_TAG -->--> TEXT, or RAW / TITLE behind the tags
 *   that need it, until their end tag. <! leads to DECLARATION, <!-- to COMMENT.
 *
 * (I1) Whatever is not understood is an error of the template, never a guess: it is our own text.
 */
#include "tpl_context.h"

#include <string.h>

#include "text.h"

typedef const char *(*StateStep) (HtmlContext *context, char c);

static const char *const raw_tags[] = {"script", "style", "iframe", "noscript", "xmp", NULL};
static const char *const title_tags[] = {"title", "textarea", NULL};
static const char *const url_attributes[] = {"href",       "src",      "action",   "formaction",
                                             "poster",     "cite",     "data",     "background",
                                             "xlink:href", "longdesc", "manifest", NULL};
static const char *const closed_attributes[] = {"style",  "srcset", "imagesrcset",
                                                "srcdoc", "ping",   NULL};

static gboolean is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void append_letter (char *word, gsize size, char c)
{
    gsize length = strlen (word);
    if (length + 1 < size) {
        word[length] = g_ascii_tolower (c);
        word[length + 1] = '\0';
    }
}

/* Behind the > of a tag. */
static void end_tag (HtmlContext *context)
{
    context->state = HTML_TEXT;
    context->matched = 0;
    if (!context->is_end_tag && text_is_one_of (context->tag, raw_tags))
        context->state = HTML_RAW;
    if (!context->is_end_tag && text_is_one_of (context->tag, title_tags))
        context->state = HTML_TITLE;
}

static const char *step_text (HtmlContext *context, char c)
{
    if (c == '<')
        context->state = HTML_TAG_OPEN;
    return NULL;
}

static const char *step_tag_open (HtmlContext *context, char c)
{
    if (c == '/' && !context->is_end_tag) {
        context->is_end_tag = TRUE;
        return NULL;
    }
    context->tag[0] = '\0';
    context->matched = 0;
    if (g_ascii_isalpha (c)) {
        append_letter (context->tag, sizeof context->tag, c);
        context->state = HTML_TAG_NAME;
        return NULL;
    }
    if (c == '!' && !context->is_end_tag) {
        context->state = HTML_DECLARATION;
        return NULL;
    }
    return "a < that begins no tag must be written &lt;";
}

static const char *step_tag_name (HtmlContext *context, char c)
{
    if (c == '>')
        end_tag (context);
    else if (is_blank (c) || c == '/')
        context->state = HTML_IN_TAG;
    else
        append_letter (context->tag, sizeof context->tag, c);
    return NULL;
}

static const char *step_in_tag (HtmlContext *context, char c)
{
    gboolean is_break = is_blank (c) || c == '/' || c == '>';
    if (context->needs_break && !is_break)
        return "white space is missing behind the section";
    context->needs_break = FALSE;
    if (c == '>') {
        end_tag (context);
    } else if (!is_break) {
        if (c == '=' || c == '"' || c == '\'' || c == '<')
            return "an attribute has no name here";
        context->attribute[0] = '\0';
        append_letter (context->attribute, sizeof context->attribute, c);
        context->state = HTML_ATTRIBUTE;
    }
    return NULL;
}

static const char *step_attribute (HtmlContext *context, char c)
{
    if (c == '=') {
        context->state = HTML_BEFORE_VALUE;
        context->value_begun = FALSE;
    } else if (is_blank (c)) {
        context->state = HTML_AFTER_NAME;
    } else if (c == '>' || c == '/') {
        context->state = HTML_IN_TAG;
        return step_in_tag (context, c);
    } else {
        append_letter (context->attribute, sizeof context->attribute, c);
    }
    return NULL;
}

static const char *step_after_name (HtmlContext *context, char c)
{
    if (is_blank (c))
        return NULL;
    if (c == '=')
        return step_attribute (context, c);
    context->state = HTML_IN_TAG;
    return step_in_tag (context, c);
}

static const char *step_before_value (HtmlContext *context, char c)
{
    if (is_blank (c))
        return NULL;
    context->state = c == '"' ? HTML_VALUE_DOUBLE : c == '\'' ? HTML_VALUE_SINGLE : HTML_VALUE_BARE;
    return c == '>' ? "an attribute has no value here" : NULL;
}

static const char *step_value_double (HtmlContext *context, char c)
{
    context->value_begun = TRUE;
    if (c == '"')
        context->state = HTML_IN_TAG;
    return NULL;
}

static const char *step_value_single (HtmlContext *context, char c)
{
    context->value_begun = TRUE;
    if (c == '\'')
        context->state = HTML_IN_TAG;
    return NULL;
}

static const char *step_value_bare (HtmlContext *context, char c)
{
    if (is_blank (c))
        context->state = HTML_IN_TAG;
    else if (c == '>')
        end_tag (context);
    return NULL;
}

static const char *step_declaration (HtmlContext *context, char c)
{
    context->matched = c == '-' && context->matched < 2 ? context->matched + 1 : 99;
    if (context->matched == 2) {
        context->state = HTML_COMMENT;
        context->matched = 0;
    } else if (c == '>') {
        context->state = HTML_TEXT;
    }
    return NULL;
}

static const char *step_comment (HtmlContext *context, char c)
{
    if (c == '-')
        context->matched = MIN (context->matched + 1, 2);
    else if (c == '>' && context->matched == 2)
        context->state = HTML_TEXT;
    else
        context->matched = 0;
    return NULL;
}

/* Waits for "</" and the name of the tag it is in. */
static const char *step_raw (HtmlContext *context, char c)
{
    gsize length = strlen (context->tag);
    char expected = context->matched == 0   ? '<'
                    : context->matched == 1 ? '/'
                                            : context->tag[context->matched - 2];
    context->matched = g_ascii_tolower (c) == expected ? context->matched + 1 : c == '<';
    if (context->matched == length + 2) {
        context->is_end_tag = TRUE;
        context->state = HTML_IN_TAG;
    }
    return NULL;
}

static const StateStep steps[] = {
    [HTML_TEXT] = step_text,
    [HTML_TAG_OPEN] = step_tag_open,
    [HTML_TAG_NAME] = step_tag_name,
    [HTML_IN_TAG] = step_in_tag,
    [HTML_ATTRIBUTE] = step_attribute,
    [HTML_AFTER_NAME] = step_after_name,
    [HTML_BEFORE_VALUE] = step_before_value,
    [HTML_VALUE_DOUBLE] = step_value_double,
    [HTML_VALUE_SINGLE] = step_value_single,
    [HTML_VALUE_BARE] = step_value_bare,
    [HTML_DECLARATION] = step_declaration,
    [HTML_COMMENT] = step_comment,
    [HTML_RAW] = step_raw,
    [HTML_TITLE] = step_raw,
};

const char *html_context_feed (HtmlContext *context, const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        if (context->state == HTML_TEXT)
            context->is_end_tag = FALSE;
        const char *problem = steps[context->state](context, text[i]);
        if (problem != NULL)
            return problem;
    }
    return NULL;
}

static const char *place_in_attribute (HtmlContext *context, TplPlace *ret_place)
{
    const char *name = context->attribute;
    gboolean begun = context->value_begun;
    if (g_str_has_prefix (name, "on") || text_is_one_of (name, closed_attributes))
        return "nothing may be filled into this attribute";
    if (text_is_one_of (name, url_attributes))
        *ret_place = begun ? PLACE_URL_REST : PLACE_URL;
    else
        *ret_place = PLACE_ATTRIBUTE;
    context->value_begun = TRUE;
    return NULL;
}

const char *html_context_value (HtmlContext *context, gboolean raw, TplPlace *ret_place)
{
    gboolean quoted = context->state == HTML_VALUE_DOUBLE || context->state == HTML_VALUE_SINGLE;
    if (raw && context->state != HTML_TEXT)
        return "{{{ }}} may stand between tags only";
    if (context->state == HTML_TEXT || context->state == HTML_TITLE) {
        *ret_place = PLACE_TEXT;
        context->matched = 0;
        return NULL;
    }
    if (quoted)
        return place_in_attribute (context, ret_place);
    if (context->state == HTML_BEFORE_VALUE || context->state == HTML_VALUE_BARE)
        return "an attribute that is filled in needs quotes";
    if (context->state == HTML_RAW)
        return "nothing may be filled into script or style";
    return "nothing may be filled into the middle of a tag or comment";
}

const char *html_context_section (HtmlContext *context)
{
    TplPlace place = PLACE_TEXT;
    HtmlContext copy = *context;
    switch (context->state) {
    case HTML_TEXT:
    case HTML_TITLE:
        context->matched = 0;
        return NULL;
    case HTML_IN_TAG:
        return NULL;
    case HTML_ATTRIBUTE:
    case HTML_AFTER_NAME:
        context->needs_break = context->state == HTML_ATTRIBUTE;
        context->state = HTML_IN_TAG;
        return NULL;
    case HTML_VALUE_DOUBLE:
    case HTML_VALUE_SINGLE:
        if (place_in_attribute (&copy, &place) != NULL || place != PLACE_ATTRIBUTE)
            return "no section may stand in this attribute";
        return NULL;
    default:
        return "no section may begin or end here";
    }
}

gboolean html_context_same (const HtmlContext *a, const HtmlContext *b)
{
    if (a->state != b->state)
        return FALSE;
    if (a->state == HTML_TEXT)
        return TRUE;
    gboolean in_value = a->state == HTML_VALUE_DOUBLE || a->state == HTML_VALUE_SINGLE;
    return strcmp (a->tag, b->tag) == 0 && a->is_end_tag == b->is_end_tag &&
           (!in_value || strcmp (a->attribute, b->attribute) == 0);
}
