/* conf_sample.c - the sample configuration and the options of its manual page, out of conf.def. */
#include "conf_option.h"

#include <string.h>

#define COLUMNS 78

static const char sample_head[] =
    "# Configuration of Carbonless. carbonless.conf(5) explains it; `carbonless check` reads it\n"
    "# over and says what is wrong, with the line.\n"
    "#\n"
    "# Every option stands here with its default, commented out: take away the # to change one.\n"
    "# Text stands in quotes; lists are {\"one\", \"two\"}; truth is yes or no. After a change:\n"
    "# systemctl reload carbonless.\n";

static const char sample_rules[] =
    "# Rules: the first one that matches decides, in the order of this file. All patterns of a\n"
    "# rule must match. Write patterns in 'single quotes': there a backslash is only a "
    "backslash.\n";

/* Filled with a few telling values: a rule has no defaults. */
static const char sample_rule_examples[] = "#\n"
                                           "# rule \"personnel\" {\n"
                                           "#     recipient = '^personnel@'\n"
                                           "#     verdict = \"pass\"\n"
                                           "# }\n"
                                           "# rule \"board\" {\n"
                                           "#     sender = '@board\\.example\\.org$'\n"
                                           "#     visibility = \"recipients\"\n"
                                           "# }\n"
                                           "# rule \"incidents\" {\n"
                                           "#     header = 'X-Incident: ^[0-9]+$'\n"
                                           "#     verdict = \"post\"\n"
                                           "#     topic = \"incidents\"\n"
                                           "# }\n";

/* Appends a sentence in lines of at most COLUMNS, each behind `indent`, the first behind `first`.
 */
static void append_wrapped (GString *out, const char *first, const char *indent, const char *text)
{
    g_auto (GStrv) words = g_strsplit (text, " ", -1);
    gsize column = strlen (first);
    g_string_append (out, first);
    for (guint i = 0; words[i] != NULL; i++) {
        gsize length = (gsize)g_utf8_strlen (words[i], -1);
        if (i > 0 && column + 1 + length > COLUMNS) {
            g_string_append_printf (out, "\n%s", indent);
            column = strlen (indent);
        } else if (i > 0) {
            g_string_append_c (out, ' ');
            column++;
        }
        g_string_append (out, words[i]);
        column += length;
    }
    g_string_append_c (out, '\n');
}

/* "yes or no", "1 to 1000"; NULL when the sentence says all. Owned by the caller. */
static char *choice_text (const ConfOption *option)
{
    if (option->kind == OPTION_BOOL)
        return g_strdup ("yes or no");
    if (option->kind == OPTION_UINT)
        return g_strdup_printf ("%u to %u", option->least, option->most);
    if (option->words == NULL || *option->words == '\0')
        return NULL;
    g_auto (GStrv) words = g_strsplit (option->words, "|", -1);
    return g_strjoinv (", ", words);
}

/* Whether the sentence explains the choice already: "pass: it goes through. defer: ..." */
static gboolean says_all (const ConfOption *option, const char *choice)
{
    return choice == NULL ||
           (option->kind == OPTION_WORD && strchr (option->sentence, ':') != NULL);
}

static void append_heading (GString *out, const char *title)
{
    g_string_append_printf (out, "\n# ---- %s ", title);
    for (gsize n = strlen (title) + 8; n < COLUMNS; n++)
        g_string_append_c (out, '-');
    g_string_append_c (out, '\n');
}

char *conf_sample (void)
{
    GString *out = g_string_new (sample_head);
    for (const ConfOption *option = conf_options(); option->name != NULL; option++) {
        if (option->kind == OPTION_SECTION) {
            append_heading (out, option->name);
            continue;
        }
        g_autofree char *choice = choice_text (option);
        g_autofree char *sentence = says_all (option, choice)
                                        ? g_strdup (option->sentence)
                                        : g_strdup_printf ("%s (%s)", option->sentence, choice);
        g_autofree char *value = conf_option_default (option);
        g_string_append_c (out, '\n');
        append_wrapped (out, "# ", "# ", sentence);
        g_string_append_printf (out, "#%s = %s\n", option->name, value);
    }
    append_heading (out, "Rules");
    g_string_append_printf (out, "\n%s#\n", sample_rules);
    for (const ConfOption *option = conf_rule_options(); option->name != NULL; option++) {
        g_autofree char *first = g_strdup_printf ("#   %-11s ", option->name);
        append_wrapped (out, first, "#               ", option->sentence);
    }
    g_string_append (out, sample_rule_examples);
    return g_string_free (out, FALSE);
}

/* Text for troff: nothing in it is a request or an escape. */
static void append_troff (GString *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        g_string_append (out, "\\&");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\')
            g_string_append (out, "\\e");
        else if (*p == '-')
            g_string_append (out, "\\-");
        else if (*p == '"')
            g_string_append (out, "\\(dq");
        else
            g_string_append_c (out, *p);
    }
}

static void append_manual_entry (GString *out, const ConfOption *option, const char *value)
{
    g_autofree char *choice = choice_text (option);
    g_string_append_printf (out, ".TP\n\\fB%s\\fR", option->name);
    if (value != NULL) {
        g_string_append (out, " = ");
        append_troff (out, value);
    }
    g_string_append_c (out, '\n');
    append_troff (out, option->sentence);
    g_string_append_c (out, '\n');
    if (choice != NULL) {
        g_string_append (out, "Allowed: ");
        append_troff (out, choice);
        g_string_append (out, ".\n");
    }
}

char *conf_manual (void)
{
    GString *out = g_string_new ("");
    for (const ConfOption *option = conf_options(); option->name != NULL; option++) {
        if (option->kind == OPTION_SECTION) {
            g_string_append_printf (out, ".SS %s\n", option->name);
            continue;
        }
        g_autofree char *value = conf_option_default (option);
        append_manual_entry (out, option, value);
    }
    g_string_append (out, ".SS Settings of a rule\n");
    for (const ConfOption *option = conf_rule_options(); option->name != NULL; option++)
        append_manual_entry (out, option, NULL);
    return g_string_free (out, FALSE);
}
