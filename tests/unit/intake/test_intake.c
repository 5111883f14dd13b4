/* test_intake.c - the whole front with real sockets and threads, and a fake flow behind it. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake_flow.h"
#include "fake_mta.h"
#include "intake.h"
#include "log.h"

typedef struct {
    char *folder, *path;
    Config conf;
    Flow *flow;
    Intake *intake;
} Fixture;

static void start (Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr (GError) error = NULL;
    fixture->folder = g_dir_make_tmp ("intake-XXXXXX", &error);
    g_assert_no_error (error);
    fixture->path = g_build_filename (fixture->folder, "milter", NULL);
    fixture->conf.milter_listen = g_strconcat ("unix:", fixture->path, NULL);
    fixture->conf.intake_connections_max = 50;
    fixture->conf.intake_timeout_seconds = 60;
    fixture->conf.message_size_max = 1000000;
    fixture->conf.workers = 2;
    fixture->flow = fake_flow_new();
}

static void go (Fixture *fixture)
{
    g_autoptr (GError) error = NULL;
    fixture->intake = intake_start (fixture->flow, &fixture->conf, &error);
    g_assert_no_error (error);
}

static void stop (Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_clear_pointer (&fixture->intake, intake_stop);
    fake_flow_free (fixture->flow); /* checks that no session is left */
    g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
    g_free (fixture->conf.milter_listen);
    g_free (fixture->path);
    g_free (fixture->folder);
}

static void bound_waiting (int fd)
{
    const struct timeval patience = {10, 0};
    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

static int dial (const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy (address.sun_path, path, sizeof address.sun_path);
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    bound_waiting (fd);
    return fd;
}

static void say (int fd, const char *letters)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_script (bytes, letters);
    g_assert_cmpint (send (fd, bytes->data, bytes->len, MSG_NOSIGNAL), ==, (gssize)bytes->len);
}

/* Reads until the answers are these; fails when the peer closes before. */
static void expect (int fd, const char *answers)
{
    guint8 bytes[65536];
    gsize size = 0;
    for (;;) {
        ssize_t got = recv (fd, bytes + size, sizeof bytes - size, 0);
        g_assert_cmpint (got, >, 0);
        size += (gsize)got;
        g_autofree char *text = mta_answers (bytes, size);
        if (text != NULL && strlen (text) >= strlen (answers)) {
            g_assert_cmpstr (text, ==, answers);
            return;
        }
    }
}

static void expect_closed (int fd)
{
    char byte;
    ssize_t got = recv (fd, &byte, 1, 0);
    g_assert_true (got == 0 || (got < 0 && errno == ECONNRESET));
    close (fd);
}

static void test_message (Fixture *fixture, gconstpointer data)
{
    (void)data;
    go (fixture);
    int fd = dial (fixture->path);
    say (fd, "O");
    expect (fd, "O");
    say (fd, "CHDMRRT"); /* it was agreed that only DATA is answered */
    expect (fd, "c");
    say (fd, "LBE");
    expect (fd, "d");
    g_assert_cmpstr (fake_flow_seen (fixture->flow)->queue_id, ==, "QUEUE1");
    close (fd);
}

static void test_many_on_one (Fixture *fixture, gconstpointer data)
{
    (void)data;
    go (fixture);
    int fd = dial (fixture->path);
    say (fd, "O");
    expect (fd, "O");
    for (guint i = 0; i < 200; i++) {
        say (fd, "DMRRT");
        expect (fd, "c");
        say (fd, "LLBE");
        expect (fd, "d");
        say (fd, "A");
    }
    say (fd, "Q");
    expect_closed (fd);
    g_assert_cmpuint (fake_flow_seen (fixture->flow)->finished, ==, 200);
}

static void test_pipelined_and_dripping (Fixture *fixture, gconstpointer data)
{
    (void)data;
    go (fixture);
    int fast = dial (fixture->path), slow = dial (fixture->path);
    say (fast, "OMRTLBE");
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_script (bytes, "OMRTLBE");
    for (guint i = 0; i < bytes->len; i++)
        g_assert_cmpint (send (slow, bytes->data + i, 1, MSG_NOSIGNAL), ==, 1);
    expect (slow, "O c d");
    expect (fast, "O c d");
    close (fast);
    close (slow);
}

static void test_large_body (Fixture *fixture, gconstpointer data)
{
    (void)data;
    go (fixture);
    int fd = dial (fixture->path);
    g_autoptr (GByteArray) bytes = g_byte_array_new();
    mta_script (bytes, "OMRTN");
    g_autofree char *chunk = g_strnfill (65535, 'x');
    for (guint i = 0; i < 100; i++)
        mta_packet (bytes, 'B', chunk, 65535);
    mta_script (bytes, "E");
    for (gsize sent = 0; sent < bytes->len;) {
        ssize_t now = send (fd, bytes->data + sent, MIN (bytes->len - sent, 30001), MSG_NOSIGNAL);
        g_assert_cmpint (now, >, 0);
        sent += (gsize)now;
    }
    expect (fd, "O c d");
    g_assert_cmpuint (fake_flow_seen (fixture->flow)->bytes->len, ==, 2 + 100 * 65535);
    close (fd);
}

static void test_many_at_once (Fixture *fixture, gconstpointer data)
{
    (void)data;
    go (fixture);
    int fds[40];
    for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
        fds[i] = dial (fixture->path);
        say (fds[i], "OMRRTLB");
    }
    for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
        say (fds[G_N_ELEMENTS (fds) - 1 - i], "E");
    for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
        expect (fds[i], "O c d");
        close (fds[i]);
    }
    g_assert_cmpuint (fake_flow_seen (fixture->flow)->finished, ==, G_N_ELEMENTS (fds));
}

static void test_too_many (Fixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->conf.intake_connections_max = 2;
    go (fixture);
    int first = dial (fixture->path), second = dial (fixture->path);
    say (first, "O");
    expect (first, "O");
    say (second, "O");
    expect (second, "O");
    expect_closed (dial (fixture->path));
    say (first, "Q");
    expect_closed (first);
    int third = dial (fixture->path);
    say (third, "OMRT");
    expect (third, "O c");
    close (second);
    close (third);
}

static void test_silent (Fixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->conf.intake_timeout_seconds = 1;
    go (fixture);
    int mute = dial (fixture->path), half = dial (fixture->path), idle = dial (fixture->path);
    say (half, "OMR");
    say (idle, "OMRTA");
    expect (half, "O");
    expect (idle, "O c");
    expect_closed (mute);
    expect_closed (half);
    say (idle, "MRT"); /* between messages silence is all right */
    expect (idle, "c");
    close (idle);
}

static void test_protocol_fault (Fixture *fixture, gconstpointer data)
{
    (void)data;
    go (fixture);
    static const char *const scripts[] = {"R", "OR", "OMRTNN", "O!"};
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
        int fd = dial (fixture->path);
        say (fd, scripts[i]);
        char bytes[256];
        while (recv (fd, bytes, sizeof bytes, 0) > 0)
            continue;
        close (fd);
    }
    int fd = dial (fixture->path); /* others go on */
    say (fd, "OMRT");
    expect (fd, "O c");
    close (fd);
}

static void test_gone_while_working (Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_flow_orders (fixture->flow)->finish_ms = 50;
    go (fixture);
    static const char *const scripts[] = {"OMRTLBE", "OMRTLBEA", "OMRTLBEQ", "OMRTLBEAMRTL",
                                          "OMRTLBE!"};
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
        int fd = dial (fixture->path);
        say (fd, scripts[i]);
        if (i % 2 == 0)
            g_usleep (10000);
        close (fd);
    }
    fake_flow_wait (fixture->flow, G_N_ELEMENTS (scripts));
    int fd = dial (fixture->path);
    say (fd, "OMRTE");
    expect (fd, "O c d");
    close (fd);
}

static void test_abort_while_working (Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_flow_orders (fixture->flow)->finish_ms = 100;
    go (fixture);
    int fd = dial (fixture->path);
    say (fd, "OMRTLBE");
    expect (fd, "O c");
    say (fd, "A");
    say (fd, "MRT");
    expect (fd, "c");
    say (fd, "LBE");
    expect (fd, "d");
    close (fd);
}

static void test_stop_waits (Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_flow_orders (fixture->flow)->finish_ms = 300;
    go (fixture);
    int fd = dial (fixture->path), idle = dial (fixture->path);
    say (idle, "O");
    expect (idle, "O");
    say (fd, "OMRTLBE");
    expect (fd, "O c");
    gint64 before = g_get_monotonic_time();
    g_clear_pointer (&fixture->intake, intake_stop);
    g_assert_cmpint (g_get_monotonic_time() - before, <, 3000000);
    expect (fd, "d");
    expect_closed (fd);
    expect_closed (idle);
}

static void test_restart (Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < 3; i++) {
        go (fixture);
        int fd = dial (fixture->path);
        say (fd, "OMRTE");
        expect (fd, "O c d");
        close (fd);
        g_clear_pointer (&fixture->intake, intake_stop);
    }
}

static guint free_port (void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint (bind (fd, (struct sockaddr *)&address, size), ==, 0);
    g_assert_cmpint (getsockname (fd, (struct sockaddr *)&address, &size), ==, 0);
    close (fd);
    return ntohs (address.sin_port);
}

static void test_several_sockets (Fixture *fixture, gconstpointer data)
{
    (void)data;
    guint port = free_port();
    g_autofree char *unix_only = fixture->conf.milter_listen;
    fixture->conf.milter_listen = g_strdup_printf ("%s, inet:%u@127.0.0.1", unix_only, port);
    go (fixture);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons ((guint16)port),
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    bound_waiting (fd);
    int other = dial (fixture->path);
    say (fd, "OMRTE");
    say (other, "OMRTE");
    expect (fd, "O c d");
    expect (other, "O c d");
    close (fd);
    close (other);
}

/* Without a free descriptor the peer waits in the system's queue, and the loop does not spin. */
static void test_no_descriptors (Fixture *fixture, gconstpointer data)
{
    (void)data;
    go (fixture);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy (address.sun_path, fixture->path, sizeof address.sun_path);
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bound_waiting (fd);
    struct rlimit before, none;
    g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
    none = (struct rlimit){(rlim_t)fd + 1, before.rlim_max};
    g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
    g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    say (fd, "OMRT");
    g_usleep (100000);
    char byte;
    g_assert_cmpint (recv (fd, &byte, 1, MSG_DONTWAIT), ==, -1);
    g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
    expect (fd, "O c");
    close (fd);
}

static void expect_line (int fd, const char *start)
{
    char line[512];
    gsize size = 0;
    do
        g_assert_cmpint (recv (fd, line + size, 1, 0), ==, 1);
    while (line[size++] != '\n' && size < sizeof line - 1);
    line[size] = '\0';
    if (!g_str_has_prefix (line, start))
        g_error ("\"%s\" does not begin with \"%s\"", line, start);
}

static void test_lmtp (Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autofree char *path = g_build_filename (fixture->folder, "lmtp", NULL);
    g_autofree char *listen = g_strconcat ("unix:", path, NULL);
    fixture->conf.lmtp_listen = listen;
    fake_flow_orders (fixture->flow)->finish_ms = 20;
    go (fixture);
    fixture->conf.lmtp_listen = NULL;
    int fd = dial (path);
    static const char text[] = "LHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRCPT TO:<e@"
                               "d.test>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\nNOOP\r\nQUIT\r\n";
    g_assert_cmpint (send (fd, text, sizeof text - 1, MSG_NOSIGNAL), ==, sizeof text - 1);
    static const char *const lines[] = {"220 ",      "250-",      "250-",      "250-",
                                        "250-",      "250-",      "250-",      "250 ",
                                        "250 2.1.0", "250 2.1.5", "250 2.1.5", "354 ",
                                        "250 2.0.0", "250 2.0.0", "250 2.0.0", "221 "};
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
        expect_line (fd, lines[i]);
    expect_closed (fd);

    int idle = dial (path);
    expect_line (idle, "220 ");
    g_clear_pointer (&fixture->intake, intake_stop);
    expect_line (idle, "421 4.3.2 ");
    expect_closed (idle);
}

static void test_bad_address (Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_free (fixture->conf.milter_listen);
    fixture->conf.milter_listen = g_strdup ("unix:/nowhere/at/all/milter");
    g_autoptr (GError) error = NULL;
    g_assert_null (intake_start (fixture->flow, &fixture->conf, &error));
    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error->message, "/nowhere/at/all/milter"));
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, start, function, stop)

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    log_init (LOG_ERROR);
    ADD ("/intake/sockets/message", test_message);
    ADD ("/intake/sockets/many-on-one", test_many_on_one);
    ADD ("/intake/sockets/pipelined-and-dripping", test_pipelined_and_dripping);
    ADD ("/intake/sockets/large-body", test_large_body);
    ADD ("/intake/sockets/many-at-once", test_many_at_once);
    ADD ("/intake/sockets/too-many", test_too_many);
    ADD ("/intake/sockets/silent", test_silent);
    ADD ("/intake/sockets/protocol-fault", test_protocol_fault);
    ADD ("/intake/sockets/gone-while-working", test_gone_while_working);
    ADD ("/intake/sockets/abort-while-working", test_abort_while_working);
    ADD ("/intake/sockets/stop-waits", test_stop_waits);
    ADD ("/intake/sockets/restart", test_restart);
    ADD ("/intake/sockets/several", test_several_sockets);
    ADD ("/intake/sockets/no-descriptors", test_no_descriptors);
    ADD ("/intake/sockets/lmtp", test_lmtp);
    ADD ("/intake/sockets/bad-address", test_bad_address);
    return g_test_run();
}
