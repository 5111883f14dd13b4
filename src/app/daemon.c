/* daemon.c - see daemon.h.
 *
 * (I1) Signals are blocked in every thread; the main thread reads them from a signalfd.
 * (I2) Started in the order store, flow, courier, web, intake: mail comes in only when everything
 *      that it needs is there. Stopped in reverse order.
 * (I3) One daemon a database: it holds a lock on the file beside it. */
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli.h"
#include "error.h"
#include "intake.h"
#include "log.h"
#include "notify.h"
#include "web.h"
#include "workspace.h"

typedef struct {
    Workspace workspace;
    int lock;
    int signals;
    Courier *courier;
    Web *web;
    Intake *intake;
} Daemon;

/* Tells systemd how we are (sd_notify(3)); does nothing where nobody listens. */
static void tell_manager (const char *state)
{
    const char *path = g_getenv ("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || strlen (path) >= sizeof address.sun_path)
        return;
    strcpy (address.sun_path, path);
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    socklen_t len = (socklen_t)(offsetof (struct sockaddr_un, sun_path) + strlen (path));
    int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *)&address, len) < 0)
        log_event (EV_DAEMON_FAILED, LOG_TEXT ("what", "sd_notify"),
                   LOG_TEXT ("error", g_strerror (errno)));
    close (fd);
}

static int open_signals (void)
{
    sigset_t set;
    sigemptyset (&set);
    sigaddset (&set, SIGTERM);
    sigaddset (&set, SIGINT);
    sigaddset (&set, SIGHUP);
    pthread_sigmask (SIG_BLOCK, &set, NULL);
    signal (SIGPIPE, SIG_IGN);
    return signalfd (-1, &set, SFD_CLOEXEC);
}

/* (I3) */
static int lock_database (const char *database, GError **error)
{
    g_autofree char *path = g_strdup_printf ("%s.lock", database);
    int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set (error, ERR_INTERNAL, "%s: %s", path, g_strerror (errno));
        return -1;
    }
    if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
        error_set (error, ERR_TEMPORARY, "%s: another carbonless serves this database", path);
        close (fd);
        return -1;
    }
    return fd;
}

static gboolean make_directory (const char *path, GError **error)
{
    if (g_mkdir_with_parents (path, 0700) == 0)
        return TRUE;
    return error_fail (error, ERR_INTERNAL, "%s: %s", path, g_strerror (errno));
}

static gboolean start_services (Daemon *daemon, GError **error)
{
    Workspace *w = &daemon->workspace;
    const Clock *clock = clock_system();
    if (!flow_start (w->flow, error))
        return FALSE;
    daemon->courier = courier_start (w->conf, w->store, w->key, w->templates, clock, error);
    if (daemon->courier == NULL)
        return FALSE;
    if (*w->conf->web_listen != '\0') {
        daemon->web = web_start (w->conf, w->flow, w->store, w->key, w->templates, clock, error);
        if (daemon->web == NULL)
            return FALSE;
    }
    daemon->intake = intake_start (w->flow, w->conf, error);
    return daemon->intake != NULL;
}

static gboolean start (Daemon *daemon, const char *conf_option, GError **error)
{
    g_autoptr (Config) conf = conf_load (cli_config_path (conf_option), error);
    if (conf == NULL)
        return FALSE;
    g_autofree char *folder = g_path_get_dirname (conf->database);
    if (!make_directory (folder, error) || !make_directory (conf->spool_directory, error))
        return FALSE;
    daemon->lock = lock_database (conf->database, error);
    if (daemon->lock < 0)
        return FALSE;
    return workspace_open (&daemon->workspace, conf_option,
                           NEEDS_STORE | NEEDS_FLOW | NEEDS_KEY | NEEDS_TEMPLATES, error) &&
           start_services (daemon, error);
}

static void stop (Daemon *daemon)
{
    g_clear_pointer (&daemon->intake, intake_stop);
    g_clear_pointer (&daemon->web, web_stop);
    g_clear_pointer (&daemon->courier, courier_stop);
    workspace_close (&daemon->workspace);
    if (daemon->lock >= 0)
        close (daemon->lock);
    if (daemon->signals >= 0)
        close (daemon->signals);
}

/* Rules, people and groups take effect at once; sockets, database and keys only at a restart. */
static void reload (Daemon *daemon, const char *conf_option)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Config) conf = conf_load (cli_config_path (conf_option), &error);
    if (conf == NULL || !flow_reload (daemon->workspace.flow, conf, &error)) {
        log_event (EV_DAEMON_FAILED, LOG_TEXT ("what", "reload; the old configuration stays"),
                   LOG_TEXT ("error", error->message));
        return;
    }
    log_event (EV_DAEMON_RELOAD, LOG_TEXT ("configuration", conf->path),
               LOG_TEXT ("mode", conf->mode == MODE_ENFORCE ? "enforce" : "observe"));
}

static void wait_for_end (Daemon *daemon, const char *conf_option)
{
    for (;;) {
        struct signalfd_siginfo info;
        ssize_t n = read (daemon->signals, &info, sizeof info);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != (ssize_t)sizeof info)
            return;
        if (info.ssi_signo != SIGHUP)
            return;
        reload (daemon, conf_option);
    }
}

gboolean daemon_run (const char *conf_option, GError **error)
{
    Daemon daemon = {.lock = -1};
    daemon.signals = open_signals();
    if (daemon.signals < 0)
        return error_fail (error, ERR_INTERNAL, "signalfd: %s", g_strerror (errno));
    if (!start (&daemon, conf_option, error)) {
        stop (&daemon);
        return FALSE;
    }
    const Config *conf = daemon.workspace.conf;
    log_event (EV_DAEMON_START, LOG_TEXT ("version", CARBONLESS_VERSION),
               LOG_TEXT ("mode", conf->mode == MODE_ENFORCE ? "enforce" : "observe"),
               LOG_TEXT ("milter", conf->milter_listen), LOG_TEXT ("web", conf->web_listen),
               LOG_TEXT ("database", conf->database));
    tell_manager ("READY=1");
    wait_for_end (&daemon, conf_option);
    tell_manager ("STOPPING=1");
    stop (&daemon);
    log_event (EV_DAEMON_STOP, LOG_INT ("pid", getpid()));
    return TRUE;
}
