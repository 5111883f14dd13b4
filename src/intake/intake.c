/* intake.c - see intake.h. Puts loop, listeners, connections and workers together.
 *
 * (I1) Only the loop's thread touches listeners and connections after intake_start; others set
 *      is_stopping and wake it.
 * (I2) Workers end before connections are freed: what they commit has an owner until then. */
#include "intake.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "listen.h"
#include "log.h"
#include "thread.h"

#include "connection.h"
#include "lmtp_session.h"
#include "loop.h"
#include "milter_session.h"
#include "workers.h"

#define TICK_MS 1000
#define DRAIN_MS 5000    /* how long intake_stop waits for messages under way */
#define PROGRESS_MS 5000 /* well under every milter timeout in use */

typedef struct {
    Intake *intake;
    const Protocol *protocol;
    ListenAddress *address;
    int fd;
    LoopSource source;
    gboolean is_paused; /* no file descriptor was left: tried again at the next tick */
} Listener;

struct Intake {
    Loop *loop;
    Workers *workers;
    Connections *connections;
    GPtrArray *listeners; /* of Listener */
    SessionSettings settings;
    char host[256];
    pthread_t thread;
    gboolean has_thread;
    gboolean has_paused; /* a listener is */
    atomic_bool is_stopping;
    gint64 drain_until_ms; /* 0: not draining */
};

static void listener_free (Listener *listener)
{
    if (listener->fd >= 0)
        listen_close (listener->address, listener->fd);
    listen_address_free (listener->address);
    g_free (listener);
}

/* One peer a time: the loop comes back at once when more are waiting. */
static void on_peer (gpointer data, guint32 events)
{
    Listener *listener = data;
    (void)events;
    int fd = accept4 (listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        connections_add (listener->intake->connections, fd, listener->protocol);
        return;
    }
    if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
        return; /* the peer was gone before we came */
    log_event (listener->protocol->busy, LOG_TEXT ("text", g_strerror (errno)));
    listener->is_paused = listener->intake->has_paused = TRUE;
    loop_change (listener->intake->loop, listener->fd, 0, &listener->source);
}

static void resume_listeners (Intake *intake)
{
    for (guint i = 0; i < intake->listeners->len; i++) {
        Listener *listener = intake->listeners->pdata[i];
        if (listener->is_paused)
            loop_change (intake->loop, listener->fd, EPOLLIN, &listener->source);
        listener->is_paused = FALSE;
    }
    intake->has_paused = FALSE;
}

static void begin_drain (Intake *intake)
{
    intake->drain_until_ms = loop_now_ms (intake->loop) + DRAIN_MS;
    g_ptr_array_set_size (intake->listeners, 0);
    connections_drain (intake->connections, FALSE);
}

/* --- hooks of the loop --- */

static void on_woken (gpointer data)
{
    Intake *intake = data;
    connections_collect (intake->connections);
}

static void on_tick (gpointer data)
{
    Intake *intake = data;
    resume_listeners (intake);
    connections_tick (intake->connections);
    if (intake->drain_until_ms != 0 && loop_now_ms (intake->loop) >= intake->drain_until_ms)
        connections_drain (intake->connections, TRUE);
}

static void on_batch_done (gpointer data)
{
    Intake *intake = data;
    if (atomic_load (&intake->is_stopping) && intake->drain_until_ms == 0)
        begin_drain (intake);
    connections_bury (intake->connections);
    gboolean has_any = connections_count (intake->connections) > 0;
    loop_tick (intake->loop, has_any || intake->has_paused ? TICK_MS : 0);
    if (!has_any && intake->drain_until_ms != 0)
        loop_stop (intake->loop);
}

static void on_work_done (gpointer data)
{
    Intake *intake = data;
    loop_wake (intake->loop);
}

static void *run (void *data)
{
    Intake *intake = data;
    loop_run (intake->loop);
    return NULL;
}

/* --- start --- */

static gboolean add_listener (Intake *intake, const char *text, const char *group,
                              const Protocol *protocol, GError **error)
{
    g_autoptr (ListenAddress) address = listen_address_parse (text, error);
    if (address == NULL)
        return FALSE;
    int fd = listen_open (address, group, error);
    if (fd < 0)
        return FALSE;
    Listener *listener = g_new0 (Listener, 1);
    listener->intake = intake;
    listener->protocol = protocol;
    listener->address = g_steal_pointer (&address);
    listener->fd = fd;
    listener->source = (LoopSource){on_peer, listener};
    g_ptr_array_add (intake->listeners, listener);
    if (!loop_add (intake->loop, fd, EPOLLIN, &listener->source))
        return error_fail (error, ERR_INTERNAL, "cannot wait for %s: %s", text, g_strerror (errno));
    return TRUE;
}

/* Several addresses may stand in one option, with blanks or commas between them. */
static gboolean add_listeners (Intake *intake, const char *list, const char *group,
                               const Protocol *protocol, GError **error)
{
    g_auto (GStrv) texts = g_strsplit_set (list != NULL ? list : "", " ,\t", -1);
    for (guint i = 0; texts[i] != NULL; i++)
        if (*texts[i] != '\0' && !add_listener (intake, texts[i], group, protocol, error))
            return FALSE;
    return TRUE;
}

Intake *intake_start (Flow *flow, Config *conf, GError **error)
{
    g_autoptr (Intake) intake = g_new0 (Intake, 1);
    intake->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify)listener_free);
    if (gethostname (intake->host, sizeof intake->host - 1) != 0 || *intake->host == '\0')
        g_strlcpy (intake->host, "localhost", sizeof intake->host);
    intake->settings = (SessionSettings){flow, intake->host, conf->message_size_max};
    const LoopHooks hooks = {on_woken, on_tick, on_batch_done, intake};
    intake->loop = loop_new (&hooks, error);
    if (intake->loop == NULL)
        return NULL;
    intake->workers =
        workers_new (conf->workers, conf->intake_connections_max, on_work_done, intake, error);
    if (intake->workers == NULL)
        return NULL;
    const ConnectionLimits limits = {
        .count_max = conf->intake_connections_max,
        .silence_max_ms = (gint64)conf->intake_timeout_seconds * 1000,
        .progress_ms = PROGRESS_MS,
    };
    intake->connections =
        connections_new (intake->loop, intake->workers, &intake->settings, &limits);
    if (!add_listeners (intake, conf->milter_listen, conf->socket_group, &milter_protocol, error) ||
        !add_listeners (intake, conf->lmtp_listen, conf->socket_group, &lmtp_protocol, error) ||
        !thread_start (&intake->thread, "intake", run, intake, error))
        return NULL;
    intake->has_thread = TRUE;
    return g_steal_pointer (&intake);
}

void intake_stop (Intake *intake)
{
    if (intake == NULL)
        return;
    if (intake->has_thread) {
        atomic_store (&intake->is_stopping, TRUE);
        loop_wake (intake->loop);
        pthread_join (intake->thread, NULL);
    }
    g_ptr_array_unref (intake->listeners);
    workers_free (intake->workers); /* I2 */
    connections_free (intake->connections);
    loop_free (intake->loop);
    g_free (intake);
}
