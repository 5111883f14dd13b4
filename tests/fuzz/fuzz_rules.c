/* fuzz_rules.c - any pattern compiles or is an error, and meets any text in bounded time. The first
 * line is the pattern, the rest is subject and header. */
#include <stdint.h>
#include <string.h>

#include "rules.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size > 2048)
        return 0;
    g_autofree char *text = g_strndup ((const char *)data, size);
    char *rest = strchr (text, '\n');
    if (rest == NULL)
        return 0;
    *rest++ = '\0';
    g_autofree char *subject_text = g_utf8_make_valid (rest, -1);
    g_autofree char *header_pattern = g_strconcat ("X: ", text, NULL);
    Header header = {"X", subject_text};
    g_autoptr (GPtrArray) headers = g_ptr_array_new();
    g_autoptr (GPtrArray) none = g_ptr_array_new();
    g_ptr_array_add (headers, &header);
    Message message = {.headers = headers, .from = none, .subject = subject_text};
    ConfRule section = {
        .name = (char *)"r", .subject = text, .header = header_pattern, .recipient = text};
    g_autoptr (GPtrArray) sections = g_ptr_array_new();
    g_ptr_array_add (sections, &section);
    Config conf = {.rules = sections};
    g_autoptr (GError) error = NULL;
    g_autoptr (Rules) rules = rules_new (&conf, &error);
    g_assert_true ((rules == NULL) == (error != NULL));
    if (rules == NULL)
        return 0;
    const char *const recipients[] = {rest, "anna@example.test"};
    RuleSubject subject = {NULL, &message, recipients, G_N_ELEMENTS (recipients)};
    gboolean is_unsure = FALSE;
    const Rule *rule = rules_match (rules, &subject, &is_unsure);
    g_assert_true (rule != NULL || !is_unsure);
    return 0;
}
