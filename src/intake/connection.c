/* connection.c - see connection.h.
 *
 *          bytes               SESSION_WORKS                    collect
 *   OPEN --------> feed ---------------------> is_working ----------------> finished, feed on
 *     | error, end of file, silence, fault          | the peer goes away
 *     v                                             v
 *   is_closed: buried after the batch <---------- is_closed, buried once the worker is done
 *
 * (I1) While is_working, `work` and its message belong to a worker: the connection stays in memory
 *      (and in the count), whatever becomes of its socket.
 * (I2) Input is read only when all output has gone out, and fed only while less than OUT_MAX waits,
 *      so a peer that does not read what we say cannot make us grow.
 * (I3) Bytes that are no whole packet yet are kept in `in`; the common case, whole packets, is fed
 *      from one buffer that all connections share, without copying. */
#include "connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SHARED_BYTES ((gsize)128 * 1024)
#define KEEP_BYTES ((gsize)4096)   /* a larger input buffer is given back when it is empty */
#define IN_MAX ((gsize)256 * 1024) /* more than any packet or line, and a full read behind it */
#define OUT_MAX (64 * 1024)

typedef struct {
    Connections *all;
    const Protocol *protocol;
    gpointer session;
    LoopSource source;
    Work work;
    GList link; /* in all->list, or all->dead */
    int fd;
    guint32 events;      /* what the loop watches */
    gboolean is_working; /* I1 */
    gboolean is_closed;
    gboolean must_end;  /* close when the output has gone out */
    gboolean must_wait; /* the session takes nothing before its work is done */
    gboolean is_choked; /* feeding stopped because OUT_MAX was reached */
    gint64 active_ms;   /* last sign of life from the peer */
    gint64 progress_ms; /* last sign of life from us, while working */
    guint8 *in;
    gsize in_size, in_room;
    GByteArray *out;
    gsize out_sent;
} Connection;

struct Connections {
    Loop *loop;
    Workers *workers;
    const SessionSettings *settings;
    ConnectionLimits limits;
    GQueue list, dead; /* of Connection */
    guint count;
    gboolean is_draining;
    guint8 shared[SHARED_BYTES];
};

static void connection_free (Connection *connection)
{
    connection->protocol->close (connection->session);
    g_byte_array_unref (connection->out);
    g_free (connection->in);
    g_free (connection);
}

/* The socket is closed at once; the object follows when nobody can look at it any more (I1). */
static void shut (Connection *connection)
{
    if (connection->is_closed)
        return;
    connection->is_closed = TRUE;
    close (connection->fd); /* which also ends the watching: nobody else has the descriptor */
    connection->fd = -1;
    if (connection->is_working)
        return;
    g_queue_unlink (&connection->all->list, &connection->link);
    g_queue_push_tail_link (&connection->all->dead, &connection->link);
}

static void watch (Connection *connection, guint32 events)
{
    if (connection->is_closed || connection->events == events)
        return;
    connection->events = events;
    loop_change (connection->all->loop, connection->fd, events, &connection->source);
}

/* Sends what is in `out`. FALSE when some of it has to wait, or the connection was closed. */
static gboolean flush (Connection *connection)
{
    GByteArray *out = connection->out;
    while (connection->out_sent < out->len) {
        ssize_t sent = send (connection->fd, out->data + connection->out_sent,
                             out->len - connection->out_sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            shut (connection);
        if (sent < 0)
            return FALSE;
        connection->out_sent += (gsize)sent;
    }
    connection->out_sent = 0;
    g_byte_array_set_size (out, 0);
    return TRUE;
}

static void start_work (Connection *connection)
{
    connection->is_working = TRUE;
    connection->progress_ms = loop_now_ms (connection->all->loop);
    connection->work =
        (Work){.message = connection->protocol->message (connection->session), .owner = connection};
    workers_submit (connection->all->workers, &connection->work);
}

static void obey (Connection *connection, SessionWant want)
{
    connection->must_end = want == SESSION_ENDS;
    connection->must_wait = want == SESSION_WAITS;
    if (want == SESSION_WORKS)
        start_work (connection);
}

/* Feeds the session as far as it goes; how many bytes it took. */
static gsize feed (Connection *connection, const guint8 *bytes, gsize size)
{
    gsize total = 0;
    connection->is_choked = FALSE;
    while (total < size && !connection->must_end && !connection->must_wait) {
        if (connection->out->len >= OUT_MAX) {
            connection->is_choked = TRUE;
            break;
        }
        gsize used = 0;
        obey (connection, connection->protocol->feed (connection->session, bytes + total,
                                                      size - total, &used, connection->out));
        total += used;
        if (used == 0)
            break;
    }
    return total;
}

static void make_room (Connection *connection, gsize room)
{
    if (connection->in_room >= room)
        return;
    connection->in = g_realloc (connection->in, room);
    connection->in_room = room;
}

/* Feeds what was kept, and keeps what remains of it. */
static void feed_kept (Connection *connection)
{
    gsize used = feed (connection, connection->in, connection->in_size);
    connection->in_size -= used;
    if (used > 0 && connection->in_size > 0)
        memmove (connection->in, connection->in + used, connection->in_size);
    if (connection->in_size > 0 || connection->in_room <= KEEP_BYTES)
        return;
    g_clear_pointer (&connection->in, g_free);
    connection->in_room = 0;
}

static void keep (Connection *connection, const guint8 *bytes, gsize size)
{
    if (size == 0)
        return;
    make_room (connection, MAX (size, KEEP_BYTES));
    memcpy (connection->in, bytes, size);
    connection->in_size = size;
}

/* Sends (and feeds what had to wait for that), then watches for what is due next. */
static void settle (Connection *connection)
{
    gboolean is_sent = flush (connection);
    while (is_sent && connection->is_choked) {
        feed_kept (connection);
        is_sent = flush (connection);
    }
    if (connection->is_closed)
        return;
    gboolean is_over =
        connection->must_end ||
        (connection->all->is_draining && !connection->is_working && connection->in_size == 0 &&
         connection->protocol->is_idle (connection->session));
    if (!is_sent)
        watch (connection, EPOLLOUT);
    else if (is_over)
        shut (connection);
    else
        watch (connection, connection->must_wait ? 0 : EPOLLIN);
}

/* One read, into the shared buffer or behind what was kept (I3). FALSE: nothing came. */
static gboolean receive (Connection *connection)
{
    Connections *all = connection->all;
    gboolean is_shared = connection->in_size == 0;
    if (!is_shared)
        make_room (connection, MIN (MAX (2 * connection->in_size, KEEP_BYTES), IN_MAX));
    guint8 *place = is_shared ? all->shared : connection->in + connection->in_size;
    gsize room = is_shared ? SHARED_BYTES : connection->in_room - connection->in_size;
    ssize_t got = recv (connection->fd, place, room, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return FALSE;
    if (got <= 0) {
        shut (connection);
        return FALSE;
    }
    connection->active_ms = loop_now_ms (all->loop);
    if (is_shared) {
        gsize used = feed (connection, place, (gsize)got);
        keep (connection, place + used, (gsize)got - used);
    } else {
        connection->in_size += (gsize)got;
        feed_kept (connection);
    }
    return TRUE;
}

static void on_ready (gpointer data, guint32 events)
{
    Connection *connection = data;
    if (connection->is_closed)
        return;
    if ((events & (EPOLLIN | EPOLLOUT)) == 0) { /* EPOLLHUP, EPOLLERR: nobody is there */
        shut (connection);
        return;
    }
    if ((events & EPOLLOUT) != 0) {
        connection->active_ms = loop_now_ms (connection->all->loop);
    } else if (!receive (connection)) {
        return;
    }
    settle (connection);
}

static void say_goodbye (Connection *connection, const char *text)
{
    connection->protocol->goodbye (connection->session, text, connection->out);
    if (connection->out->len > 0)
        flush (connection);
    shut (connection);
}

Connections *connections_new (Loop *loop, Workers *workers, const SessionSettings *settings,
                              const ConnectionLimits *limits)
{
    Connections *all = g_new0 (Connections, 1);
    all->loop = loop;
    all->workers = workers;
    all->settings = settings;
    all->limits = *limits;
    g_queue_init (&all->list);
    g_queue_init (&all->dead);
    return all;
}

void connections_free (Connections *all)
{
    if (all == NULL)
        return;
    while (all->list.head != NULL) {
        Connection *connection = all->list.head->data;
        g_queue_unlink (&all->list, &connection->link);
        if (!connection->is_closed)
            close (connection->fd);
        connection_free (connection);
    }
    connections_bury (all);
    g_free (all);
}

void connections_add (Connections *all, int take_fd, const Protocol *protocol)
{
    Connection *connection = g_new0 (Connection, 1);
    connection->all = all;
    connection->protocol = protocol;
    connection->fd = take_fd;
    connection->source = (LoopSource){on_ready, connection};
    connection->link.data = connection;
    connection->out = g_byte_array_new();
    connection->session = protocol->open (all->settings, connection->out);
    connection->active_ms = loop_now_ms (all->loop);
    connection->events = EPOLLIN;
    g_queue_push_tail_link (&all->list, &connection->link);
    gboolean is_watched = loop_add (all->loop, take_fd, EPOLLIN, &connection->source);
    if (++all->count > all->limits.count_max || !is_watched) {
        log_event (protocol->busy, LOG_INT ("connections", all->count - 1));
        g_byte_array_set_size (connection->out, 0); /* no greeting */
        say_goodbye (connection, "4.3.2 too many connections");
        return;
    }
    log_event (protocol->opened, LOG_INT ("connections", all->count));
    settle (connection);
}

guint connections_count (const Connections *all)
{
    return all->count;
}

static void tick (Connection *connection, gint64 now_ms)
{
    const ConnectionLimits *limits = &connection->all->limits;
    if (connection->is_working && !connection->is_closed &&
        now_ms - connection->progress_ms >= limits->progress_ms) {
        connection->progress_ms = now_ms;
        if (connection->out->len == 0)
            connection->protocol->progress (connection->session, connection->out);
        settle (connection);
        return;
    }
    gboolean may_be_silent = connection->protocol->is_patient && connection->out->len == 0 &&
                             connection->in_size == 0 &&
                             connection->protocol->is_idle (connection->session);
    if (connection->is_working || may_be_silent ||
        now_ms - connection->active_ms < limits->silence_max_ms)
        return;
    log_event (connection->protocol->silent,
               LOG_INT ("seconds", (now_ms - connection->active_ms) / 1000));
    say_goodbye (connection, "4.4.2 timeout exceeded");
}

void connections_tick (Connections *all)
{
    gint64 now_ms = loop_now_ms (all->loop);
    for (GList *node = all->list.head, *next; node != NULL; node = next) {
        next = node->next;
        tick (node->data, now_ms);
    }
}

static void finish (Connection *connection)
{
    connection->is_working = FALSE;
    connection->active_ms = loop_now_ms (connection->all->loop);
    if (connection->is_closed) { /* the peer did not wait for the answer */
        g_queue_unlink (&connection->all->list, &connection->link);
        g_queue_push_tail_link (&connection->all->dead, &connection->link);
        return;
    }
    obey (connection, connection->protocol->finished (connection->session, &connection->work.reply,
                                                      connection->out));
    feed_kept (connection);
    settle (connection);
}

void connections_collect (Connections *all)
{
    Work *work;
    while ((work = workers_take (all->workers)) != NULL)
        finish (work->owner);
}

void connections_bury (Connections *all)
{
    GList *node;
    while ((node = g_queue_pop_head_link (&all->dead)) != NULL) {
        connection_free (node->data);
        all->count--;
    }
}

void connections_drain (Connections *all, gboolean at_once)
{
    all->is_draining = TRUE;
    for (GList *node = all->list.head, *next; node != NULL; node = next) {
        Connection *connection = node->data;
        next = node->next;
        if (connection->is_working || connection->is_closed)
            continue;
        if (at_once || (connection->in_size == 0 && connection->out->len == 0 &&
                        connection->protocol->is_idle (connection->session)))
            say_goodbye (connection, "4.3.2 shutting down");
    }
}
