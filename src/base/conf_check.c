/* conf_check.c - what may stand in an option, beyond its type. One line a checked option. */
#include "conf_option.h"

#include <string.h>

#include "listen.h"
#include "log.h"

typedef gboolean (*ValueTest) (const char *value);

static gboolean is_domain (const char *value)
{
    gsize label = 0;
    if (strlen (value) > 253)
        return FALSE;
    for (const char *p = value;; p++) {
        if (*p == '.' || *p == '\0') {
            if (label == 0 || label > 63 || p[-1] == '-')
                return FALSE;
            label = 0;
            if (*p == '\0')
                return TRUE;
        } else if (g_ascii_isalnum (*p) || (guchar)*p >= 0x80 || (*p == '-' && label > 0)) {
            label++;
        } else {
            return FALSE;
        }
    }
}

static gboolean is_address (const char *value)
{
    const char *at = strrchr (value, '@');
    if (at == NULL || at == value || !is_domain (at + 1))
        return FALSE;
    for (const char *p = value; p < at; p++)
        if ((guchar)*p <= ' ' || *p == 0x7f || strchr ("<>,;()", *p) != NULL)
            return FALSE;
    return TRUE;
}

static gboolean is_address_or_nothing (const char *value)
{
    return *value == '\0' || is_address (value);
}

static gboolean is_address_or_at_domain (const char *value)
{
    return value[0] == '@' ? is_domain (value + 1) : is_address (value);
}

static gboolean is_delimiter (const char *value)
{
    for (const char *p = value; *p != '\0'; p++)
        if (!g_ascii_isgraph (*p) || g_ascii_isalnum (*p) || *p == '@' || *p == '"')
            return FALSE;
    return TRUE;
}

static gboolean is_path (const char *value)
{
    return value[0] == '/';
}

static gboolean is_path_or_nothing (const char *value)
{
    return *value == '\0' || is_path (value);
}

static gboolean is_level (const char *value)
{
    LogLevel level;
    return log_level_parse (value, &level);
}

static gboolean is_listen_or_nothing (const char *value)
{
    g_autoptr (ListenAddress) address = listen_address_parse (value, NULL);
    return *value == '\0' || address != NULL;
}

static gboolean is_language (const char *value)
{
    return strcmp (value, "en") == 0 || strcmp (value, "nl") == 0;
}

static gboolean is_time_zone (const char *value)
{
    g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (value);
    return zone != NULL;
}

static gboolean is_url (const char *value, const char *const *schemes)
{
    g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
    return uri != NULL && g_strv_contains (schemes, g_uri_get_scheme (uri)) &&
           g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
}

static gboolean is_web_url (const char *value)
{
    static const char *const schemes[] = {"http", "https", NULL};
    return is_url (value, schemes) && strpbrk (value, "?# \"<>") == NULL;
}

static gboolean is_smtp_url (const char *value)
{
    static const char *const schemes[] = {"smtp", "smtps", NULL};
    return is_url (value, schemes);
}

static gboolean is_header_name_or_nothing (const char *value)
{
    for (const char *p = value; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
            return FALSE;
    return TRUE;
}

static gboolean is_header_pattern (const char *value)
{
    const char *colon = strchr (value, ':');
    g_autofree char *name = colon != NULL ? g_strndup (value, (gsize)(colon - value)) : NULL;
    return name != NULL && *name != '\0' && is_header_name_or_nothing (name);
}

static gboolean is_something (const char *value)
{
    return *value != '\0';
}

#define LISTEN_TEXT                                                                                \
    "unix:/path (at most 107 bytes), inet:PORT@127.0.0.1 or 127.0.0.1:PORT (host any: every "      \
    "address of the machine), "                                                                    \
    "or \"\" for none"

static const struct {
    const char *name;
    ValueTest test;
    const char *allowed;
} checks[] = {
    {"internal_domains", is_domain, "domains such as example.org"},
    {"post_domain", is_domain, "a domain such as posts.example.org"},
    {"recipient_delimiter", is_delimiter, "characters such as +- , no letters, digits or @"},
    {"alias_files", is_path, "paths that begin with /"},
    {"virtual_files", is_path, "paths that begin with /"},
    {"always_deliver", is_address_or_at_domain, "addresses, or @domain"},
    {"pilot", is_address_or_nothing, "the address of a group, or \"\""},
    {"language", is_language, "en or nl"},
    {"time_zone", is_time_zone, "a name of /usr/share/zoneinfo such as Europe/Amsterdam"},
    {"database", is_path, "a path that begins with /"},
    {"spool_directory", is_path, "a path that begins with /"},
    {"key_file", is_path, "a path that begins with /"},
    {"template_directory", is_path_or_nothing, "a path that begins with /, or \"\""},
    {"log_level", is_level, "debug, info, warning or error"},
    {"milter_listen", is_listen_or_nothing, LISTEN_TEXT},
    {"lmtp_listen", is_listen_or_nothing, LISTEN_TEXT},
    {"web_listen", is_listen_or_nothing, LISTEN_TEXT},
    {"smtp_url", is_smtp_url, "smtp://HOST:PORT or smtps://HOST:PORT"},
    {"smtp_helo", is_domain, "a host name"},
    {"administrator", is_address_or_nothing, "an address, or \"\""},
    {"web_url", is_web_url, "http://HOST or https://HOST, with port and path where needed"},
    {"web_user_header", is_header_name_or_nothing, "the name of a header, or \"\""},
    {"header", is_header_pattern, "\"Name: pattern\""},
    {"sender", is_something, "a pattern"},
    {"recipient", is_something, "a pattern"},
    {"subject", is_something, "a pattern"},
    {"topic", is_something, "a word"},
};

static char *check_number (const ConfOption *option, const char *value)
{
    guint64 number;
    if (g_ascii_string_to_unsigned (value, 10, option->least, option->most, &number, NULL))
        return NULL;
    return g_strdup_printf ("a whole number from %u to %u", option->least, option->most);
}

static char *check_words (const char *words, const char *value)
{
    if (conf_word_index (words, value) >= 0)
        return NULL;
    g_auto (GStrv) list = g_strsplit (words, "|", -1);
    g_autofree char *text = g_strjoinv (" or ", list);
    return g_steal_pointer (&text);
}

char *conf_check (const ConfOption *option, const char *value)
{
    if (option->kind == OPTION_UINT)
        return check_number (option, value);
    if (option->kind == OPTION_BOOL)
        return check_words ("yes|no", value);
    if (option->words != NULL && *option->words != '\0')
        return check_words (option->words, value);
    for (const char *p = value; *p != '\0'; p++)
        if ((guchar)*p < ' ' || *p == 0x7f)
            return g_strdup ("text without control characters");
    for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
        if (strcmp (checks[i].name, option->name) == 0 && !checks[i].test (value))
            return g_strdup (checks[i].allowed);
    return NULL;
}
