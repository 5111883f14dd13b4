/* test_listen.c - listen.h: what is an address, and what happens to sockets of the dead. */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "error.h"

typedef struct {
    char *folder;
    ListenAddress *address;
} Place;

static void place_set_up (Place *place, gconstpointer data)
{
    (void)data;
    place->folder = g_dir_make_tmp ("listen-XXXXXX", NULL);
    place->address = g_new0 (ListenAddress, 1);
    place->address->kind = LISTEN_UNIX;
    place->address->path = g_build_filename (place->folder, "s.sock", NULL);
}

static void place_tear_down (Place *place, gconstpointer data)
{
    (void)data;
    g_unlink (place->address->path);
    g_assert_cmpint (g_rmdir (place->folder), ==, 0);
    listen_address_free (place->address);
    g_free (place->folder);
}

static void test_parse (void)
{
    static const struct {
        const char *in, *want; /* NULL: refused */
    } cases[] = {
        {"unix:/run/x.sock", "unix:/run/x.sock"},
        {"inet:8891@127.0.0.1", "inet:8891@127.0.0.1"},
        {"inet:8891@localhost", "inet:8891@127.0.0.1"},
        {"inet:8891", "inet:8891@127.0.0.1"},
        {"inet6:8891@::1", "inet6:8891@::1"},
        {"inet6:8891", "inet6:8891@::1"},
        {"127.0.0.1:8025", "inet:8025@127.0.0.1"},
        {"127.0.0.53:80", "inet:80@127.0.0.53"},
        {"[::1]:8025", "inet6:8025@::1"},
        {"any:8025", "inet:8025@any"},
        {"inet:0@127.0.0.1", "inet:0@127.0.0.1"},
        {"", NULL},
        {"unix:relative", NULL},
        {"unix:", NULL},
        {"8025", NULL},
        {":8025", NULL},
        {"inet:x@127.0.0.1", NULL},
        {"inet:65536@127.0.0.1", NULL},
        {"inet:-1@127.0.0.1", NULL},
        {"inet:@127.0.0.1", NULL},
        {"0.0.0.0:80", NULL},
        {"inet:80@192.0.2.7", NULL},
        {"inet:80@mail.example.org", NULL},
        {"[]:80", NULL},
        {"[:80", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (ListenAddress) address = listen_address_parse (cases[i].in, &error);
        if (cases[i].want == NULL) {
            g_assert_null (address);
            g_assert_cmpint (error_class (error), ==, ERR_REFUSED);
            continue;
        }
        g_assert_no_error (error);
        g_autofree char *text = listen_address_text (address);
        g_assert_cmpstr (text, ==, cases[i].want);
    }
}

static void test_path_too_long (void)
{
    g_autofree char *path = g_strnfill (200, 'x');
    g_autofree char *text = g_strconcat ("unix:/", path, NULL);
    g_assert_null (listen_address_parse (text, NULL));
}

static void test_tcp_accepts (void)
{
    g_autoptr (ListenAddress) address = listen_address_parse ("127.0.0.1:0", NULL);
    g_autoptr (GError) error = NULL;
    int fd = listen_open (address, NULL, &error);
    g_assert_no_error (error);
    guint port = listen_port (fd);
    g_assert_cmpuint (port, >, 0);
    g_assert_true (fcntl (fd, F_GETFL) & O_NONBLOCK);
    g_assert_true (fcntl (fd, F_GETFD) & FD_CLOEXEC);

    g_autofree char *same = g_strdup_printf ("127.0.0.1:%u", port);
    g_autoptr (ListenAddress) taken = listen_address_parse (same, NULL);
    g_assert_cmpint (listen_open (taken, NULL, &error), ==, -1);
    g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
    listen_close (address, fd);
}

static void test_unix_mode (Place *place, gconstpointer data)
{
    (void)data;
    struct stat info;
    g_autoptr (GError) error = NULL;
    int fd = listen_open (place->address, "", &error);
    g_assert_no_error (error);
    g_assert_cmpint (g_lstat (place->address->path, &info), ==, 0);
    g_assert_true (S_ISSOCK (info.st_mode));
    g_assert_cmpint (info.st_mode & 0777, ==, 0660);
    g_assert_cmpuint (listen_port (fd), ==, 0);
    listen_close (place->address, fd);
    g_assert_false (g_file_test (place->address->path, G_FILE_TEST_EXISTS));
}

static void test_unix_no_group (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (listen_open (place->address, "no-such-group-here", &error), ==, -1);
    g_assert_nonnull (strstr (error->message, "no-such-group-here"));
    g_assert_false (g_file_test (place->address->path, G_FILE_TEST_EXISTS));
}

static void test_unix_stale (Place *place, gconstpointer data)
{
    (void)data;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    g_strlcpy (name.sun_path, place->address->path, sizeof name.sun_path);
    int dead = socket (AF_UNIX, SOCK_STREAM, 0);
    g_assert_cmpint (bind (dead, (struct sockaddr *)&name, sizeof name), ==, 0);
    close (dead);

    g_autoptr (GError) error = NULL;
    int fd = listen_open (place->address, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (listen_open (place->address, NULL, &error), ==, -1); /* fd is alive */
    g_assert_nonnull (strstr (error->message, "another process"));
    listen_close (place->address, fd);
}

static void test_unix_other_file (Place *place, gconstpointer data)
{
    (void)data;
    g_assert_true (g_file_set_contents (place->address->path, "precious", -1, NULL));
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (listen_open (place->address, NULL, &error), ==, -1);
    g_autofree char *still = NULL;
    g_assert_true (g_file_get_contents (place->address->path, &still, NULL, NULL));
    g_assert_cmpstr (still, ==, "precious");
}

/* A new daemon has taken the path before the old one ends: the old one must not remove it. */
static void test_unix_successor (Place *place, gconstpointer data)
{
    (void)data;
    int old = listen_open (place->address, NULL, NULL);
    g_assert_cmpint (old, >=, 0);
    g_unlink (place->address->path);
    int new = listen_open (place->address, NULL, NULL);
    g_assert_cmpint (new, >=, 0);
    listen_close (place->address, old);
    g_assert_true (g_file_test (place->address->path, G_FILE_TEST_EXISTS));
    listen_close (place->address, new);
    g_assert_false (g_file_test (place->address->path, G_FILE_TEST_EXISTS));
}

#define PLACE_TEST(path, test)                                                                     \
    g_test_add ("/base/listen/" path, Place, NULL, place_set_up, test, place_tear_down)

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/listen/parse", test_parse);
    g_test_add_func ("/base/listen/path-too-long-is-refused", test_path_too_long);
    g_test_add_func ("/base/listen/tcp-port-is-opened-once", test_tcp_accepts);
    PLACE_TEST ("unix-has-mode-0660", test_unix_mode);
    PLACE_TEST ("unknown-group-leaves-nothing", test_unix_no_group);
    PLACE_TEST ("dead-socket-is-replaced-live-one-not", test_unix_stale);
    PLACE_TEST ("other-file-is-kept", test_unix_other_file);
    PLACE_TEST ("socket-of-successor-is-kept", test_unix_successor);
    return g_test_run();
}
