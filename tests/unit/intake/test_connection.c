/* test_connection.c - what needs a clock or a peer that does not read: progress, full output. */
#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "connection.h"
#include "fake_flow.h"
#include "fake_mta.h"
#include "lmtp_session.h"
#include "milter_session.h"

typedef struct {
    Flow *flow;
    SessionSettings settings;
    Loop *loop;
    Workers *workers;
    Connections *connections;
    pthread_t thread;
    atomic_bool is_stopping;
} Fixture;

static void on_woken (gpointer data)
{
    Fixture *fixture = data;
    connections_collect (fixture->connections);
    if (atomic_load (&fixture->is_stopping))
        loop_stop (fixture->loop);
}

static void on_tick (gpointer data)
{
    Fixture *fixture = data;
    connections_tick (fixture->connections);
}

static void on_batch_done (gpointer data)
{
    Fixture *fixture = data;
    connections_bury (fixture->connections);
    loop_tick (fixture->loop, 10);
}

static void on_work_done (gpointer data)
{
    Fixture *fixture = data;
    loop_wake (fixture->loop);
}

static void *run (void *data)
{
    Fixture *fixture = data;
    loop_run (fixture->loop);
    return NULL;
}

/* Starts a loop with one connection; our end of it. */
static int start (Fixture *fixture, const Protocol *protocol)
{
    g_autoptr (GError) error = NULL;
    const LoopHooks hooks = {on_woken, on_tick, on_batch_done, fixture};
    const ConnectionLimits limits = {10, 60000, 20};
    fixture->flow = fake_flow_new();
    fixture->settings = (SessionSettings){fixture->flow, "mx.example.test", 1000000};
    fixture->loop = loop_new (&hooks, &error);
    g_assert_no_error (error);
    fixture->workers = workers_new (1, 10, on_work_done, fixture, &error);
    g_assert_no_error (error);
    fixture->connections =
        connections_new (fixture->loop, fixture->workers, &fixture->settings, &limits);
    int fds[2];
    const struct timeval patience = {10, 0};
    g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==,
                     0);
    setsockopt (fds[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connections_add (fixture->connections, fds[1], protocol);
    g_assert_cmpint (pthread_create (&fixture->thread, NULL, run, fixture), ==, 0);
    return fds[0];
}

static void stop (Fixture *fixture)
{
    atomic_store (&fixture->is_stopping, TRUE);
    loop_wake (fixture->loop);
    pthread_join (fixture->thread, NULL);
    workers_free (fixture->workers);
    connections_free (fixture->connections);
    loop_free (fixture->loop);
    fake_flow_free (fixture->flow);
}

static void set_blocking (int fd, gboolean is_blocking)
{
    int flags = fcntl (fd, F_GETFL);
    fcntl (fd, F_SETFL, is_blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

static void test_progress (void)
{
    Fixture fixture = {0};
    int fd = start (&fixture, &milter_protocol);
    set_blocking (fd, TRUE);
    fake_flow_orders (fixture.flow)->finish_ms = 300;
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_script (bytes, "OMRTLBE");
    g_assert_cmpint (send (fd, bytes->data, bytes->len, MSG_NOSIGNAL), ==, (gssize)bytes->len);
    guint8 in[4096];
    gsize size = 0;
    g_autofree char *answers = NULL;
    while (answers == NULL || !g_str_has_suffix (answers, "d")) {
        ssize_t got = recv (fd, in + size, sizeof in - size, 0);
        g_assert_cmpint (got, >, 0);
        size += (gsize)got;
        g_free (answers);
        answers = mta_answers (in, size);
    }
    g_assert_true (g_str_has_prefix (answers, "O c p p p"));
    close (fd);
    stop (&fixture);
}

/* A peer that asks and never reads is not read from any more; when it reads, all answers come. */
static void test_peer_that_does_not_read (void)
{
    Fixture fixture = {0};
    int fd = start (&fixture, &lmtp_protocol);
    g_autoptr (GString) many = g_string_new (NULL);
    for (guint i = 0; i < 1000; i++)
        g_string_append (many, "NOOP\r\n");
    gsize sent = 0, stuck = 0;
    while (stuck < 20) {
        gsize at = sent % many->len;
        ssize_t now = send (fd, many->str + at, many->len - at, MSG_NOSIGNAL);
        stuck = now > 0 ? 0 : stuck + 1;
        sent += now > 0 ? (gsize)now : 0;
        if (now <= 0)
            g_usleep (10000);
        g_assert_cmpuint (sent, <, 100000000);
    }
    set_blocking (fd, TRUE);
    gsize expected = sent / 6, lines = 0;
    while (lines < expected + 1) { /* and the greeting */
        char in[65536];
        ssize_t got = recv (fd, in, sizeof in, 0);
        g_assert_cmpint (got, >, 0);
        for (ssize_t i = 0; i < got; i++)
            lines += in[i] == '\n';
    }
    g_assert_cmpuint (lines, ==, expected + 1);
    close (fd);
    stop (&fixture);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    log_init (LOG_ERROR);
    g_test_add_func ("/intake/connection/progress", test_progress);
    g_test_add_func ("/intake/connection/does-not-read", test_peer_that_does_not_read);
    return g_test_run();
}
