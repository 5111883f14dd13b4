/* listen.c - see listen.h.
 *
 * (I1) A Unix socket is never reachable with wider rights than its final ones: it is made with mode
 *      0600 and opened to its group afterwards.
 * (I2) No file that is not a dead socket is ever removed. */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "error.h"

#define ALLOWED "allowed are unix:/path, inet:PORT@127.0.0.1 and 127.0.0.1:PORT"
#define GROUP_BUFFER_BYTES 65536

typedef struct {
    union {
        struct sockaddr any;
        struct sockaddr_un unix_path;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    socklen_t length;
} SocketAddress;

void listen_address_free (ListenAddress *address)
{
    if (address == NULL)
        return;
    g_free (address->path);
    g_free (address->host);
    g_free (address);
}

char *listen_address_text (const ListenAddress *address)
{
    if (address->kind == LISTEN_UNIX)
        return g_strconcat ("unix:", address->path, NULL);
    return g_strdup_printf ("%s:%u@%s", strchr (address->host, ':') != NULL ? "inet6" : "inet",
                            address->port, address->host);
}

/* "localhost" and loopback literals in one spelling each; NULL for a host we do not listen on. */
static const char *host_normal (const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (strcmp (host, "any") == 0)
        return "any";
    if (strcmp (host, "localhost") == 0)
        return "127.0.0.1";
    if (inet_pton (AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK (&v6) ? "::1" : NULL;
    if (inet_pton (AF_INET, host, &v4) == 1)
        return ntohl (v4.s_addr) >> 24 == 127 ? host : NULL;
    return NULL;
}

static ListenAddress *address_tcp (const char *text, const char *host, const char *port,
                                   GError **error)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned (port, 10, 0, 65535, &number, NULL)) {
        error_set (error, ERR_REFUSED, "\"%s\": the port must be a number up to 65535; " ALLOWED,
                   text);
        return NULL;
    }
    const char *normal = host_normal (host);
    if (normal == NULL) {
        error_set (error, ERR_REFUSED,
                   "\"%s\": the host must be 127.0.0.1, ::1, localhost or, for every address of "
                   "this machine, any",
                   text);
        return NULL;
    }
    ListenAddress *address = g_new0 (ListenAddress, 1);
    address->kind = LISTEN_TCP;
    address->host = g_strdup (normal);
    address->port = (guint)number;
    return address;
}

static ListenAddress *address_unix (const char *text, const char *path, GError **error)
{
    if (path[0] != '/' || strlen (path) >= sizeof ((struct sockaddr_un *)NULL)->sun_path) {
        error_set (error, ERR_REFUSED,
                   "\"%s\": the path of a Unix socket begins with / and has at most %d bytes", text,
                   (int)sizeof ((struct sockaddr_un *)NULL)->sun_path - 1);
        return NULL;
    }
    ListenAddress *address = g_new0 (ListenAddress, 1);
    address->kind = LISTEN_UNIX;
    address->path = g_strdup (path);
    return address;
}

/* "PORT@HOST" or "PORT", behind inet: or inet6:. */
static ListenAddress *address_inet (const char *text, const char *rest, const char *host_default,
                                    GError **error)
{
    const char *at = strchr (rest, '@');
    g_autofree char *port = at != NULL ? g_strndup (rest, (gsize)(at - rest)) : g_strdup (rest);
    return address_tcp (text, at != NULL ? at + 1 : host_default, port, error);
}

ListenAddress *listen_address_parse (const char *text, GError **error)
{
    if (g_str_has_prefix (text, "unix:"))
        return address_unix (text, text + strlen ("unix:"), error);
    if (g_str_has_prefix (text, "inet:"))
        return address_inet (text, text + strlen ("inet:"), "127.0.0.1", error);
    if (g_str_has_prefix (text, "inet6:"))
        return address_inet (text, text + strlen ("inet6:"), "::1", error);

    const char *colon = strrchr (text, ':');
    if (colon == NULL || colon == text) {
        error_set (error, ERR_REFUSED, "\"%s\" is no address to listen on; " ALLOWED, text);
        return NULL;
    }
    g_autofree char *host = g_strndup (text, (gsize)(colon - text));
    gsize length = strlen (host);
    if (host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        return address_tcp (text, host + 1, colon + 1, error);
    }
    return address_tcp (text, host, colon + 1, error);
}

static SocketAddress socket_address (const ListenAddress *address)
{
    SocketAddress out = {0};
    if (address->kind == LISTEN_UNIX) {
        out.unix_path.sun_family = AF_UNIX;
        g_strlcpy (out.unix_path.sun_path, address->path, sizeof out.unix_path.sun_path);
        out.length = sizeof out.unix_path;
    } else if (strchr (address->host, ':') != NULL) {
        out.v6.sin6_family = AF_INET6;
        out.v6.sin6_addr = in6addr_loopback;
        out.v6.sin6_port = htons ((guint16)address->port);
        out.length = sizeof out.v6;
    } else {
        out.v4.sin_family = AF_INET;
        out.v4.sin_port = htons ((guint16)address->port);
        if (inet_pton (AF_INET, address->host, &out.v4.sin_addr) != 1)
            out.v4.sin_addr.s_addr = htonl (INADDR_ANY); /* the word any */
        out.length = sizeof out.v4;
    }
    return out;
}

static int fail_errno (int fd, const ListenAddress *address, const char *what, GError **error)
{
    int number = errno;
    g_autofree char *text = listen_address_text (address);
    error_set (error, ERR_INTERNAL, "%s: cannot %s: %s", text, what, g_strerror (number));
    if (fd >= 0)
        close (fd);
    return -1;
}

/* Makes room for a Unix socket (I2). */
static gboolean remove_stale (const ListenAddress *address, GError **error)
{
    struct stat info;
    if (lstat (address->path, &info) < 0)
        return TRUE; /* absent; or bind will say what is wrong */
    if (!S_ISSOCK (info.st_mode))
        return error_fail (error, ERR_INTERNAL, "%s is there already and is no socket",
                           address->path);
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    SocketAddress where = socket_address (address);
    gboolean refused =
        fd >= 0 && connect (fd, &where.any, where.length) < 0 && errno == ECONNREFUSED;
    if (fd >= 0)
        close (fd);
    if (!refused)
        return error_fail (error, ERR_INTERNAL, "%s: another process listens there", address->path);
    unlink (address->path);
    return TRUE;
}

static gboolean give_to_group (const char *path, const char *group, GError **error)
{
    if (group != NULL && *group != '\0') {
        struct group entry, *found = NULL;
        g_autofree char *buffer = g_malloc (GROUP_BUFFER_BYTES);
        if (getgrnam_r (group, &entry, buffer, GROUP_BUFFER_BYTES, &found) != 0 || found == NULL)
            return error_fail (error, ERR_INTERNAL, "%s: there is no group \"%s\"", path, group);
        if (chown (path, (uid_t)-1, found->gr_gid) < 0)
            return error_fail (error, ERR_INTERNAL, "%s: cannot give it to group %s: %s", path,
                               group, g_strerror (errno));
    }
    if (chmod (path, 0660) < 0)
        return error_fail (error, ERR_INTERNAL, "%s: cannot set its mode: %s", path,
                           g_strerror (errno));
    return TRUE;
}

int listen_open (const ListenAddress *address, const char *group, GError **error)
{
    gboolean is_unix = address->kind == LISTEN_UNIX;
    if (is_unix && !remove_stale (address, error))
        return -1;
    SocketAddress where = socket_address (address);
    int fd = socket (where.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail_errno (fd, address, "make a socket", error);
    const int on = 1;
    if (is_unix)
        fchmod (fd, 0600); /* becomes the mode of the file that bind makes (I1) */
    else
        setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind (fd, &where.any, where.length) < 0)
        return fail_errno (fd, address, "listen", error);
    if (is_unix && !give_to_group (address->path, group, error)) {
        listen_close (address, fd);
        return -1;
    }
    if (listen (fd, SOMAXCONN) < 0)
        return fail_errno (fd, address, "listen", error);
    return fd;
}

guint listen_port (int fd)
{
    SocketAddress name = {.length = sizeof (struct sockaddr_in6)};
    if (getsockname (fd, &name.any, &name.length) < 0)
        return 0;
    if (name.any.sa_family == AF_INET)
        return ntohs (name.v4.sin_port);
    return name.any.sa_family == AF_INET6 ? ntohs (name.v6.sin6_port) : 0;
}

/* Whether a process answers at the path. Our own descriptor is closed by then. */
static gboolean somebody_listens (const ListenAddress *address)
{
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    SocketAddress where = socket_address (address);
    gboolean yes = fd >= 0 && (connect (fd, &where.any, where.length) == 0 || errno == EAGAIN);
    if (fd >= 0)
        close (fd);
    return yes;
}

void listen_close (const ListenAddress *address, int fd)
{
    struct stat info;
    close (fd);
    if (address->kind == LISTEN_UNIX && lstat (address->path, &info) == 0 &&
        S_ISSOCK (info.st_mode) && !somebody_listens (address))
        unlink (address->path);
}
