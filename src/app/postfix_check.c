/* postfix_check.c - see postfix_check.h. */
#include "postfix_check.h"

#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "listen.h"

typedef struct {
    const Config *conf;
    const char *directory;
    GPtrArray *findings;
} Check;

/* What a program of Postfix prints, NULL when it fails or finds nothing. Owned. */
static char *run (const Check *check, const char *program, const char *const *args)
{
    g_autoptr (GPtrArray) argv = g_ptr_array_new();
    char *out = NULL;
    int status = 0;
    g_ptr_array_add (argv, (gpointer)program);
    if (check->directory != NULL) {
        g_ptr_array_add (argv, (gpointer) "-c");
        g_ptr_array_add (argv, (gpointer)check->directory);
    }
    for (; *args != NULL; args++)
        g_ptr_array_add (argv, (gpointer)*args);
    g_ptr_array_add (argv, NULL);
    gboolean ok = g_spawn_sync (NULL, (char **)argv->pdata, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                                NULL, &status, NULL);
    if (ok && g_spawn_check_wait_status (status, NULL))
        return out;
    g_free (out);
    return NULL;
}

/* The value of one parameter, with $names expanded. Owned, never NULL. */
static char *value_of (const Check *check, const char *name)
{
    const char *const args[] = {"-x", "-h", name, NULL};
    char *value = run (check, "postconf", args);
    return value != NULL ? g_strstrip (value) : g_strdup ("");
}

/* How Postfix has to write an address on which we listen. Owned. */
static char *name_in_postfix (const char *listen)
{
    g_autoptr (ListenAddress) address = listen_address_parse (listen, NULL);
    if (address == NULL)
        return g_strdup (listen);
    if (address->kind == LISTEN_UNIX)
        return g_strdup_printf ("unix:%s", address->path);
    return g_strdup_printf ("inet:%s:%u", address->host, address->port);
}

/* Postfix may name a socket relative to its queue directory, where smtpd is chrooted. */
static gboolean names_socket (const Check *check, const char *value, const char *wanted)
{
    if (strstr (value, wanted) != NULL)
        return TRUE;
    g_autofree char *queue = value_of (check, "queue_directory");
    g_autofree char *prefix = g_strdup_printf ("unix:%s/", queue);
    if (!g_str_has_prefix (wanted, prefix))
        return FALSE;
    g_autofree char *relative = g_strdup_printf ("unix:%s", wanted + strlen (prefix));
    g_autofree char *rooted = g_strdup_printf ("unix:/%s", wanted + strlen (prefix));
    return strstr (value, relative) != NULL || strstr (value, rooted) != NULL;
}

static void check_milters (Check *check, const char *parameter)
{
    g_autofree char *value = value_of (check, parameter);
    g_autofree char *wanted = name_in_postfix (check->conf->milter_listen);
    if (names_socket (check, value, wanted))
        findings_add (check->findings, FINDING_OK, parameter, "%s", value);
    else
        findings_add (check->findings, FINDING_WRONG, parameter,
                      "does not name our milter; add %s to it", wanted);
}

static void check_default_action (Check *check)
{
    g_autofree char *value = value_of (check, "milter_default_action");
    const char *fits = check->conf->on_failure == FAILURE_PASS ? "accept" : "tempfail";
    if (strcmp (value, fits) == 0)
        findings_add (check->findings, FINDING_OK, "milter_default_action", "%s", value);
    else
        findings_add (check->findings, FINDING_ADVICE, "milter_default_action",
                      "is %s: with on_failure = %s, %s does the same when the daemon is away",
                      value, check->conf->on_failure == FAILURE_PASS ? "pass" : "defer", fits);
}

static void check_size (Check *check)
{
    g_autofree char *value = value_of (check, "message_size_limit");
    guint64 limit = g_ascii_strtoull (value, NULL, 10);
    if (limit == 0 || limit > check->conf->message_size_max)
        findings_add (check->findings, FINDING_ADVICE, "message_size_limit",
                      "is %s: messages above message_size_max = %u pass untouched", value,
                      check->conf->message_size_max);
}

static void check_delimiter (Check *check)
{
    g_autofree char *value = value_of (check, "recipient_delimiter");
    if (strcmp (value, check->conf->recipient_delimiter) != 0)
        findings_add (check->findings, FINDING_ADVICE, "recipient_delimiter",
                      "is \"%s\" in Postfix and \"%s\" here: subaddresses are counted as if they "
                      "were the latter",
                      value, check->conf->recipient_delimiter);
}

/* Files of alias maps that Postfix expands and we do not know of. */
static void check_aliases (Check *check, const char *parameter, char **known, const char *option)
{
    g_autofree char *value = value_of (check, parameter);
    g_auto (GStrv) maps = g_strsplit_set (value, " ,\t\n", -1);
    for (char **map = maps; *map != NULL; map++) {
        const char *path = strchr (*map, ':');
        if (path == NULL || path[1] != '/')
            continue;
        if (g_strv_contains ((const char *const *)known, path + 1))
            findings_add (check->findings, FINDING_OK, parameter, "%s is in %s", path + 1, option);
        else
            findings_add (check->findings, FINDING_ADVICE, parameter,
                          "%s is not in %s: its groups count as one person each", path + 1, option);
    }
}

/* Behind the queue, Postfix sends us all mail. Both ways open at once would be a mistake. */
static void check_filter (Check *check)
{
    g_autofree char *value = value_of (check, "content_filter");
    g_autofree char *milters = value_of (check, "smtpd_milters");
    g_autofree char *xforward = value_of (check, "lmtp_send_xforward_command");
    g_autofree char *socket = name_in_postfix (check->conf->lmtp_listen);
    g_autofree char *milter = name_in_postfix (check->conf->milter_listen);
    if (g_str_has_prefix (value, "lmtp:") && names_socket (check, value, socket))
        findings_add (check->findings, FINDING_OK, "content_filter", "%s", value);
    else
        findings_add (check->findings, FINDING_WRONG, "content_filter",
                      "with lmtp_filter = yes it must be lmtp:%s, or no mail comes to us", socket);
    if (*check->conf->milter_listen != '\0' && names_socket (check, milters, milter))
        findings_add (check->findings, FINDING_WRONG, "smtpd_milters",
                      "names our milter although we are the content filter: remove one of them");
    if (strcmp (xforward, "yes") != 0)
        findings_add (check->findings, FINDING_ADVICE, "lmtp_send_xforward_command",
                      "is %s: yes tells us client and queue id of each message", xforward);
}

/* Whether the lines of `postconf -P` say that the smtpd on a port has this parameter empty. */
static gboolean is_empty_on_port (char *const *lines, guint port, const char *parameter)
{
    g_autofree char *bare = g_strdup_printf ("%u/inet/%s =", port, parameter);
    for (; *lines != NULL; lines++) {
        const char *at = strstr (*lines, bare);
        gboolean is_port = at != NULL && (at == *lines || at[-1] == ':');
        if (is_port && at[strlen (bare) + strspn (at + strlen (bare), " \t")] == '\0')
            return TRUE;
    }
    return FALSE;
}

/* The port that smtp_url names must not be filtered again, and leave headers alone. */
static void check_reinjection (Check *check)
{
    const char *port = strrchr (check->conf->smtp_url, ':');
    if (port == NULL || !g_ascii_isdigit (port[1]))
        return;
    guint number = (guint)strtoul (port + 1, NULL, 10);
    const char *const args[] = {"-P", NULL};
    g_autofree char *services = run (check, "postconf", args);
    g_auto (GStrv) lines = g_strsplit (services != NULL ? services : "", "\n", -1);
    const char *way = check->conf->lmtp_filter ? "content_filter" : "smtpd_milters";
    if (!is_empty_on_port (lines, number, way)) {
        findings_add (check->findings, FINDING_WRONG, "smtp_url",
                      "there is no smtpd on port %u in master.cf with -o %s= (notices "
                      "and released mail go in there)",
                      number, way);
        return;
    }
    findings_add (check->findings, FINDING_OK, "smtp_url",
                  "port %u of Postfix is not filtered again", number);
    if (!is_empty_on_port (lines, number, "local_header_rewrite_clients"))
        findings_add (check->findings, FINDING_ADVICE, "smtp_url",
                      "port %u may rewrite headers of released mail: give it "
                      "-o local_header_rewrite_clients= in master.cf",
                      number);
}

/* Where transport_maps send a domain, NULL when nowhere. Owned. */
static char *transport_of (const Check *check, const char *domain)
{
    g_autofree char *value = value_of (check, "transport_maps");
    g_auto (GStrv) maps = g_strsplit_set (value, " ,\t\n", -1);
    for (char **map = maps; *map != NULL; map++) {
        const char *const args[] = {"-q", domain, *map, NULL};
        char *found = **map != '\0' ? run (check, "postmap", args) : NULL;
        if (found != NULL)
            return g_strstrip (found);
    }
    return NULL;
}

static void check_transport (Check *check)
{
    const Config *conf = check->conf;
    if (*conf->lmtp_listen == '\0') {
        findings_add (check->findings, FINDING_ADVICE, "lmtp_listen",
                      "is not set: answers to notices cannot come back as comments");
        return;
    }
    g_autofree char *transport = transport_of (check, conf->post_domain);
    g_autofree char *socket = name_in_postfix (conf->lmtp_listen);
    if (transport != NULL && names_socket (check, transport, socket))
        findings_add (check->findings, FINDING_OK, "transport_maps", "%s goes to %s",
                      conf->post_domain, transport);
    else
        findings_add (check->findings, FINDING_WRONG, "transport_maps",
                      "%s goes to %s, and not to lmtp_listen: add the line %s lmtp:%s",
                      conf->post_domain, transport != NULL ? transport : "no transport of its own",
                      conf->post_domain, socket);
}

void postfix_check (const Config *conf, const char *directory, GPtrArray *findings)
{
    Check check = {conf, directory, findings};
    g_autofree char *version = value_of (&check, "mail_version");
    if (*version == '\0') {
        findings_add (findings, FINDING_ADVICE, "postfix", "postconf cannot be run%s%s",
                      directory != NULL ? " on " : "", directory != NULL ? directory : "");
        return;
    }
    findings_add (findings, FINDING_OK, "postfix", "version %s", version);
    if (conf->lmtp_filter) {
        check_filter (&check);
    } else {
        check_milters (&check, "smtpd_milters");
        check_milters (&check, "non_smtpd_milters");
        check_default_action (&check);
    }
    check_size (&check);
    check_delimiter (&check);
    check_aliases (&check, "alias_maps", conf->alias_files, "alias_files");
    check_aliases (&check, "virtual_alias_maps", conf->virtual_files, "virtual_files");
    check_reinjection (&check);
    check_transport (&check);
}
