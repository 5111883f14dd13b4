/* conf.c - see conf.h. libconfuse reads the syntax; every value comes to us as text, so that each
 * message can say what is allowed.
 *
 * (I1) A Config is changed by nobody once it is returned.
 * (I2) libconfuse's scanner and its callbacks know no "self": one reading at a time, under `lock`.
 */
#include "conf.h"

#include <confuse.h>
#include <pthread.h>
#include <string.h>

#include "conf_option.h"
#include "error.h"

#define FILE_BYTES_MAX (1024 * 1024)
#define OPTIONS_MAX 128
#define MISTAKES_MAX 20

typedef struct {
    Config *conf;
    const char *path;
    GHashTable *set_lines; /* name of an option of the file -> line + 1 */
    GString *mistakes;     /* a line for each; empty: none */
    guint mistake_count;
    int unknown_line; /* where an unknown option ended the reading, or 0 */
} Reading;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Reading *reading; /* the one under way; guarded by lock */

static gpointer field (gpointer object, const ConfOption *option)
{
    return (char *)object + option->offset;
}

static void rule_free (ConfRule *rule)
{
    g_free (rule->name);
    for (const ConfOption *option = conf_rule_options(); option->name != NULL; option++)
        g_free (*(char **)field (rule, option));
    g_free (rule);
}

static Config *config_default (void)
{
    Config *conf = g_new0 (Config, 1);
    g_atomic_int_set (&conf->ref_count, 1);
    conf->rules = g_ptr_array_new_with_free_func ((GDestroyNotify)rule_free);
    conf->lines = g_hash_table_new (g_str_hash, g_str_equal);
    for (const ConfOption *option = conf_options(); option->name != NULL; option++) {
        gpointer place = field (conf, option);
        if (option->kind == OPTION_TEXT)
            *(char **)place = g_strdup (option->fallback);
        else if (option->kind == OPTION_LIST)
            *(char ***)place = g_new0 (char *, 1);
        else if (option->kind != OPTION_SECTION)
            memcpy (place, &option->number, sizeof option->number);
    }
    return conf;
}

char *conf_where (const Config *conf, const char *name)
{
    int line = GPOINTER_TO_INT (g_hash_table_lookup (conf->lines, name));
    return line > 0 ? g_strdup_printf ("%s:%d: %s", conf->path, line, name) : g_strdup (name);
}

Config *conf_ref (Config *conf)
{
    g_atomic_int_inc (&conf->ref_count);
    return conf;
}

void conf_unref (Config *conf)
{
    if (conf == NULL || !g_atomic_int_dec_and_test (&conf->ref_count))
        return;
    for (const ConfOption *option = conf_options(); option->name != NULL; option++) {
        if (option->kind == OPTION_TEXT)
            g_free (*(char **)field (conf, option));
        else if (option->kind == OPTION_LIST)
            g_strfreev (*(char ***)field (conf, option));
    }
    g_ptr_array_unref (conf->rules);
    g_hash_table_unref (conf->lines);
    g_free (conf->path);
    g_free (conf);
}

/* Notes a mistake. Returns -1: what libconfuse wants of a callback that gives up. */
static int fail_at (int line, const char *format, ...) G_GNUC_PRINTF (2, 3);
static int fail_at (int line, const char *format, ...)
{
    va_list args;
    va_start (args, format);
    g_autofree char *text = g_strdup_vprintf (format, args);
    va_end (args);
    g_autofree char *mistake = g_strdup_printf ("%s:%d: %s", reading->path, line, text);
    /* A list's callback comes for each element, and would say the same again. */
    if (reading->mistake_count >= MISTAKES_MAX || strstr (reading->mistakes->str, mistake) != NULL)
        return -1;
    g_string_append_printf (reading->mistakes, "%s%s", reading->mistake_count > 0 ? "\n" : "",
                            mistake);
    reading->mistake_count++;
    return -1;
}

static int fail_value (cfg_t *section, const ConfOption *option, const char *value,
                       const char *allowed)
{
    g_autofree char *shown = g_strndup (value, 80);
    g_autofree char *valid = g_utf8_make_valid (shown, -1);
    return fail_at (section->line, "%s = \"%s\": allowed %s %s", option->name, valid,
                    g_str_has_prefix (allowed, "a ") || g_str_has_prefix (allowed, "the ") ? "is"
                                                                                           : "are",
                    allowed);
}

/* An option given twice would silently lose its first value. A list's callback comes once for each
 * element, and again at its end: what it holds must go on from what it held. */
static int check_repeated (cfg_t *section, cfg_opt_t *opt, const ConfOption *option)
{
    gpointer before = g_hash_table_lookup (reading->set_lines, opt);
    gboolean repeated = before != NULL;
    if (repeated && option->kind == OPTION_LIST) {
        char **old = *(char ***)field (reading->conf, option);
        repeated = FALSE;
        for (guint i = 0; old[i] != NULL && !repeated; i++)
            repeated = i >= cfg_opt_size (opt) || strcmp (old[i], cfg_opt_getnstr (opt, i)) != 0;
    }
    if (repeated)
        return fail_at (section->line, "%s is set in line %d already%s", option->name,
                        GPOINTER_TO_INT (before),
                        option->kind == OPTION_LIST ? "; += adds to a list" : "");
    g_hash_table_insert (reading->set_lines, opt, GINT_TO_POINTER (section->line));
    return 0;
}

static void set_list (char ***place, cfg_opt_t *opt)
{
    guint n = cfg_opt_size (opt);
    g_strfreev (*place);
    *place = g_new0 (char *, n + 1);
    for (guint i = 0; i < n; i++)
        (*place)[i] = g_strdup (cfg_opt_getnstr (opt, i));
}

static int take_value (cfg_t *section, cfg_opt_t *opt)
{
    const ConfOption *option = conf_option_find (conf_options(), opt->name);
    const char *value = cfg_opt_getnstr (opt, cfg_opt_size (opt) - 1);
    g_autofree char *allowed = conf_check (option, value);
    if (allowed != NULL)
        return fail_value (section, option, value, allowed);
    if (check_repeated (section, opt, option) != 0)
        return -1;

    if (!g_hash_table_contains (reading->conf->lines, option->name))
        g_hash_table_insert (reading->conf->lines, (gpointer)option->name,
                             GINT_TO_POINTER (section->line));
    gpointer place = field (reading->conf, option);
    if (option->kind == OPTION_LIST) {
        set_list (place, opt);
    } else if (option->kind == OPTION_TEXT) {
        g_free (*(char **)place);
        *(char **)place = g_strdup (value);
    } else {
        guint number = option->kind == OPTION_UINT ? (guint)g_ascii_strtoull (value, NULL, 10)
                       : option->kind == OPTION_BOOL
                           ? strcmp (value, "yes") == 0
                           : (guint)conf_word_index (option->words, value);
        memcpy (place, &number, sizeof number);
    }
    return 0;
}

/* libconfuse calls this when it has read a value of the top level. A mistake in a value is noted
 * and reading goes on, so that an administrator hears of all mistakes at once. */
static int on_value (cfg_t *section, cfg_opt_t *opt)
{
    take_value (section, opt);
    return 0;
}

/* The same for a value within a rule; on_rule takes it over. */
static int on_rule_value (cfg_t *section, cfg_opt_t *opt)
{
    const ConfOption *option = conf_option_find (conf_rule_options(), opt->name);
    const char *value = cfg_opt_getnstr (opt, 0);
    g_autofree char *allowed = conf_check (option, value);
    if (allowed != NULL)
        fail_value (section, option, value, allowed);
    check_repeated (section, opt, option);
    return 0;
}

/* libconfuse calls this at the end of a rule. */
static int on_rule (cfg_t *section, cfg_opt_t *opt)
{
    cfg_t *body = cfg_opt_getnsec (opt, cfg_opt_size (opt) - 1);
    int line = G_MAXINT;
    ConfRule *rule = g_new0 (ConfRule, 1);
    g_ptr_array_add (reading->conf->rules, rule);
    rule->name = g_strdup (cfg_title (body));
    for (const ConfOption *option = conf_rule_options(); option->name != NULL; option++) {
        cfg_opt_t *setting = cfg_getopt (body, option->name);
        gpointer set_line = g_hash_table_lookup (reading->set_lines, setting);
        if (set_line == NULL)
            continue;
        *(char **)field (rule, option) = g_strdup (cfg_opt_getnstr (setting, 0));
        line = MIN (line, GPOINTER_TO_INT (set_line));
    }
    rule->line = MIN (line, section->line);
    if (rule->verdict == NULL && rule->visibility == NULL && rule->topic == NULL)
        fail_at (section->line,
                 "rule \"%s\" has no effect: verdict, visibility or topic must be set", rule->name);
    return 0;
}

/* The name in "no such option 'name'", or NULL. Owned by the caller. */
static char *unknown_name (const char *text)
{
    static const char lead[] = "no such option '";
    if (!g_str_has_prefix (text, lead))
        return NULL;
    const char *name = text + strlen (lead), *quote = strrchr (name, '\'');
    return quote != NULL ? g_strndup (name, (gsize)(quote - name)) : NULL;
}

static void on_error (cfg_t *section, const char *format, va_list args) G_GNUC_PRINTF (2, 0);
static void on_error (cfg_t *section, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf (format, args);
    g_autofree char *name = unknown_name (text);
    gboolean in_rule = strcmp (cfg_name (section), "rule") == 0;
    if (name == NULL) {
        fail_at (section->line, "%s; allowed is NAME = VALUE, with text in quotes", text);
        return;
    }
    reading->unknown_line = section->line;
    const char *nearest =
        conf_option_nearest (in_rule ? conf_rule_options() : conf_options(), name);
    fail_at (section->line, "there is no option \"%s\"%s%s%s%s", name, in_rule ? " in a rule" : "",
             nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
             nearest != NULL ? "?" : "");
}

/* Our table in libconfuse's form: all values as text. */
static void fill_opts (const ConfOption *table, cfg_opt_t *opts, cfg_validate_callback_t on_set)
{
    for (const ConfOption *option = table; option->name != NULL; option++) {
        if (option->kind == OPTION_SECTION)
            continue;
        *opts = option->kind == OPTION_LIST
                    ? (cfg_opt_t)CFG_STR_LIST (option->name, NULL, CFGF_NODEFAULT)
                    : (cfg_opt_t)CFG_STR (option->name, NULL, CFGF_NODEFAULT);
        opts++->validcb = on_set;
    }
}

static void run_confuse (const char *text)
{
    cfg_opt_t rule_opts[OPTIONS_MAX] = {0}, opts[OPTIONS_MAX] = {0};
    fill_opts (conf_rule_options(), rule_opts, on_rule_value);
    opts[0] = (cfg_opt_t)CFG_SEC ("rule", rule_opts, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
    opts[0].validcb = on_rule;
    fill_opts (conf_options(), opts + 1, on_value);
    cfg_t *cfg = cfg_init (opts, CFGF_NONE);
    cfg_set_error_function (cfg, on_error);
    if (cfg_parse_buf (cfg, text) != CFG_SUCCESS && reading->mistake_count == 0)
        fail_at (cfg->line, "cannot be read; allowed is NAME = VALUE");
    cfg_free (cfg);
}

/* Makes one line blank, so that the lines after it can be read. Not when it holds a part of
 * something that goes on in other lines, which could not be read without it. */
static gboolean blank_line (char *text, int line)
{
    for (int n = 1; n < line && text != NULL; n++)
        text = (text = strchr (text, '\n')) != NULL ? text + 1 : NULL;
    if (text == NULL)
        return FALSE;
    int depth = 0, quotes = 0;
    gsize len = strcspn (text, "\n");
    for (gsize i = 0; i < len; i++) {
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        quotes += text[i] == '"' || text[i] == '\'';
    }
    if (depth != 0 || quotes % 2 != 0)
        return FALSE;
    memset (text, ' ', len);
    return TRUE;
}

/* libconfuse gives up at an option that is unknown. So that the mistakes below it are heard of too,
 * it reads again without it; what it says then of lines before is known already. */
static void run_through (char *text)
{
    int before;
    do {
        before = reading->unknown_line;
        reading->unknown_line = 0;
        g_hash_table_remove_all (reading->set_lines);
        run_confuse (text);
    } while (reading->unknown_line > before && reading->mistake_count < MISTAKES_MAX &&
             blank_line (text, reading->unknown_line));
}

static Config *parse (const char *text, gsize length, const char *path, GError **error)
{
    guint line = 0;
    g_autofree char *plain = conf_uncomment (text, length, &line, error);
    if (plain == NULL) {
        error_prefix (error, "%s:%u", path, line);
        return NULL;
    }
    g_autoptr (GHashTable) set_lines = g_hash_table_new (NULL, NULL);
    g_autoptr (GString) mistakes = g_string_new (NULL);
    Reading now = {
        .conf = config_default(), .path = path, .set_lines = set_lines, .mistakes = mistakes};
    g_autoptr (Config) conf = now.conf;
    conf->path = g_strdup (path);

    pthread_mutex_lock (&lock);
    reading = &now;
    run_through (plain);
    reading = NULL;
    pthread_mutex_unlock (&lock);
    if (now.mistake_count > 0) {
        error_set (error, ERR_REFUSED, "%s", mistakes->str);
        return NULL;
    }
    for (gsize n = strlen (conf->web_url); n > 0 && conf->web_url[n - 1] == '/'; n--)
        conf->web_url[n - 1] = '\0';
    return g_steal_pointer (&conf);
}

char *conf_allowed (const char *name, const char *value)
{
    return conf_check (conf_option_find (conf_options(), name), value);
}

Config *conf_parse (const char *text, const char *path, GError **error)
{
    return parse (text, strlen (text), path, error);
}

Config *conf_load (const char *path, GError **error)
{
    if (path == NULL)
        return config_default();
    g_autofree char *text = NULL;
    gsize length = 0;
    if (!g_file_get_contents (path, &text, &length, error))
        return NULL;
    if (length > FILE_BYTES_MAX) {
        error_set (error, ERR_REFUSED, "%s: larger than 1 MB, so no configuration", path);
        return NULL;
    }
    return parse (text, length, path, error);
}
