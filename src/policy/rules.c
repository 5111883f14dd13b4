/* rules.c - rules are tried in the order of the file; the first whose patterns all match wins.
 *
 * Patterns are PCRE2, in any case of letters, and untrusted text meets them: matching is bounded in
 * steps, heap and depth, and no more than VALUE_BYTES_MAX of a value is looked at. A pattern that
 * runs into a bound has neither matched nor failed: rules_match says so and the message passes. */
#include "rules.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "error.h"

#define MATCH_STEPS_MAX 100000
#define MATCH_DEPTH_MAX 10000
#define MATCH_HEAP_KIB_MAX 4096
#define VALUE_BYTES_MAX 8192

typedef enum { FIELD_SENDER, FIELD_RECIPIENT, FIELD_SUBJECT, FIELD_HEADER, FIELDS } Field;
typedef enum { MATCH_NO, MATCH_YES, MATCH_UNSURE } Match;

static const char *const field_names[FIELDS] = {"sender", "recipient", "subject", "header"};

static const struct {
    const char *word;
    RuleVerdict verdict;
} verdict_words[] = {{"post", RULE_POST}, {"pass", RULE_PASS}, {"observe", RULE_OBSERVE}};

static const char *const visibility_words[] = {
    [VISIBLE_EVERYONE] = "everyone", [VISIBLE_RECIPIENTS] = "recipients"};

struct Rule {
    char *name;
    pcre2_code *patterns[FIELDS]; /* NULL = any */
    char *header;                 /* name, for FIELD_HEADER */
    RuleVerdict verdict;
    gint visibility; /* Visibility, or -1 */
    char *topic;
};

struct Rules {
    GPtrArray *list; /* of Rule */
    pcre2_match_context *limits;
};

/* A match under way. */
typedef struct {
    const Rules *rules;
    const RuleSubject *subject;
    pcre2_match_data *data;
} Matching;

static void rule_free (gpointer data)
{
    Rule *rule = data;
    for (guint i = 0; i < FIELDS; i++)
        pcre2_code_free (rule->patterns[i]);
    g_free (rule->name);
    g_free (rule->header);
    g_free (rule->topic);
    g_free (rule);
}

void rules_free (Rules *rules)
{
    if (rules == NULL)
        return;
    g_ptr_array_unref (rules->list);
    pcre2_match_context_free (rules->limits);
    g_free (rules);
}

/* ------------------------------------------------------------------ compiling */

static gboolean compile_pattern (Rule *rule, Field field, const char *pattern, GError **error)
{
    int code = 0;
    PCRE2_SIZE offset = 0;
    uint32_t options =
        PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    rule->patterns[field] =
        pcre2_compile ((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &offset, NULL);
    if (rule->patterns[field] != NULL)
        return TRUE;
    PCRE2_UCHAR text[256] = {0};
    pcre2_get_error_message (code, text, sizeof text);
    return error_fail (error, ERR_REFUSED, "pattern for %s: %s at character %zu",
                       field_names[field], (const char *)text, offset + 1);
}

/* "Name: pattern" */
static gboolean compile_header (Rule *rule, const char *text, GError **error)
{
    const char *colon = strchr (text, ':');
    if (colon == NULL || colon == text)
        return error_fail (error, ERR_REFUSED, "header must be \"Name: pattern\"");
    g_autofree char *name = g_strndup (text, (gsize)(colon - text));
    rule->header = g_strdup (g_strstrip (name));
    for (colon++; *colon == ' ' || *colon == '\t'; colon++)
        ;
    return compile_pattern (rule, FIELD_HEADER, colon, error);
}

static gboolean compile_words (Rule *rule, const ConfRule *section, GError **error)
{
    gboolean is_known = section->verdict == NULL;
    for (guint i = 0; i < G_N_ELEMENTS (verdict_words); i++) {
        if (g_strcmp0 (section->verdict, verdict_words[i].word) == 0) {
            rule->verdict = verdict_words[i].verdict;
            is_known = TRUE;
        }
    }
    if (!is_known)
        return error_fail (error, ERR_REFUSED, "verdict must be post, pass or observe, not \"%s\"",
                           section->verdict);
    rule->visibility = -1;
    for (guint i = 0; i < G_N_ELEMENTS (visibility_words); i++) {
        if (g_strcmp0 (section->visibility, visibility_words[i]) == 0)
            rule->visibility = (gint)i;
    }
    if (section->visibility != NULL && rule->visibility < 0)
        return error_fail (error, ERR_REFUSED,
                           "visibility must be everyone or recipients, not \"%s\"",
                           section->visibility);
    return TRUE;
}

static gboolean compile_rule (Rule *rule, const ConfRule *section, GError **error)
{
    const char *const texts[] = {section->sender, section->recipient, section->subject};
    rule->name = g_strdup (section->name);
    rule->topic = g_strdup (section->topic);
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        if (texts[i] != NULL && !compile_pattern (rule, (Field)i, texts[i], error))
            return FALSE;
    }
    if (section->header != NULL && !compile_header (rule, section->header, error))
        return FALSE;
    return compile_words (rule, section, error);
}

Rules *rules_new (const Config *conf, GError **error)
{
    g_autoptr (Rules) rules = g_new0 (Rules, 1);
    rules->list = g_ptr_array_new_with_free_func (rule_free);
    rules->limits = pcre2_match_context_create (NULL);
    pcre2_set_match_limit (rules->limits, MATCH_STEPS_MAX);
    pcre2_set_depth_limit (rules->limits, MATCH_DEPTH_MAX);
    pcre2_set_heap_limit (rules->limits, MATCH_HEAP_KIB_MAX);
    for (guint i = 0; i < conf->rules->len; i++) {
        const ConfRule *section = conf->rules->pdata[i];
        Rule *rule = g_new0 (Rule, 1);
        g_ptr_array_add (rules->list, rule);
        if (compile_rule (rule, section, error))
            continue;
        error_prefix (error, "%s:%d: rule %s", conf->path != NULL ? conf->path : "-", section->line,
                      section->name);
        return NULL;
    }
    return g_steal_pointer (&rules);
}

/* ------------------------------------------------------------------ matching */

static Match match_value (const Matching *matching, const pcre2_code *pattern, const char *value)
{
    int result = pcre2_match (pattern, (PCRE2_SPTR)value, strnlen (value, VALUE_BYTES_MAX), 0, 0,
                              matching->data, matching->rules->limits);
    if (result >= 0)
        return MATCH_YES;
    return result == PCRE2_ERROR_NOMATCH ? MATCH_NO : MATCH_UNSURE;
}

/* The sender is who stands in the envelope or in From. */
static Match match_sender (const Matching *matching, const Rule *rule)
{
    const pcre2_code *pattern = rule->patterns[FIELD_SENDER];
    const GPtrArray *from = matching->subject->message->from;
    Match match = MATCH_NO;
    if (matching->subject->sender != NULL)
        match = match_value (matching, pattern, matching->subject->sender);
    for (guint i = 0; i < from->len && match == MATCH_NO; i++) {
        const Address *address = from->pdata[i];
        match = match_value (matching, pattern, address->addr);
    }
    return match;
}

static Match match_recipient (const Matching *matching, const Rule *rule)
{
    Match match = MATCH_NO;
    for (guint i = 0; i < matching->subject->recipient_count && match == MATCH_NO; i++)
        match = match_value (matching, rule->patterns[FIELD_RECIPIENT],
                             matching->subject->recipients[i]);
    return match;
}

static Match match_subject (const Matching *matching, const Rule *rule)
{
    return match_value (matching, rule->patterns[FIELD_SUBJECT],
                        matching->subject->message->subject);
}

static Match match_header (const Matching *matching, const Rule *rule)
{
    const GPtrArray *headers = matching->subject->message->headers;
    Match match = MATCH_NO;
    for (guint i = 0; i < headers->len && match == MATCH_NO; i++) {
        const Header *header = headers->pdata[i];
        if (g_ascii_strcasecmp (header->name, rule->header) != 0)
            continue;
        g_autofree char *value = header_decode (header->value);
        match = match_value (matching, rule->patterns[FIELD_HEADER], value);
    }
    return match;
}

static Match (*const matchers[FIELDS]) (const Matching *, const Rule *) = {
    match_sender, match_recipient, match_subject, match_header};

static Match match_rule (const Matching *matching, const Rule *rule)
{
    Match match = MATCH_YES;
    for (guint i = 0; i < FIELDS && match != MATCH_NO; i++) {
        if (rule->patterns[i] == NULL)
            continue;
        Match this = matchers[i](matching, rule);
        if (this != MATCH_YES)
            match = this;
    }
    return match;
}

const Rule *rules_match (const Rules *rules, const RuleSubject *subject, gboolean *ret_is_unsure)
{
    *ret_is_unsure = FALSE;
    if (rules->list->len == 0)
        return NULL;
    const Rule *found = NULL;
    Matching matching = {rules, subject, pcre2_match_data_create (1, NULL)};
    for (guint i = 0; i < rules->list->len && found == NULL; i++) {
        Match match = match_rule (&matching, rules->list->pdata[i]);
        if (match != MATCH_NO)
            found = rules->list->pdata[i];
        *ret_is_unsure = match == MATCH_UNSURE;
    }
    pcre2_match_data_free (matching.data);
    return found;
}

const char *rule_name (const Rule *rule)
{
    return rule->name;
}

RuleVerdict rule_verdict (const Rule *rule)
{
    return rule->verdict;
}

const char *rule_topic (const Rule *rule)
{
    return rule->topic;
}

gboolean rule_visibility (const Rule *rule, Visibility *ret_visibility)
{
    if (rule->visibility < 0)
        return FALSE;
    *ret_visibility = (Visibility)rule->visibility;
    return TRUE;
}
