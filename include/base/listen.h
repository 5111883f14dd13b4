/* listen.h - addresses to listen on, and the sockets behind them. Used by intake and web alike. */
#ifndef LISTEN_H
#define LISTEN_H

#include <glib.h>

typedef enum { LISTEN_UNIX, LISTEN_TCP } ListenKind;

typedef struct {
    ListenKind kind;
    char *path; /* LISTEN_UNIX: absolute */
    char *host; /* LISTEN_TCP: "127.0.0.1", "::1" or "any" */
    guint port; /* LISTEN_TCP: 0 = a free one, for tests */
} ListenAddress;

/* Reads "unix:/path", "inet:PORT@HOST", "inet6:PORT@HOST" (as Postfix writes milters) or "HOST:PORT",
 * "[::1]:PORT" (as web servers do). HOST is a loopback address, localhost, or the word any: a socket
 * that the network can reach has to be asked for. Errors: REFUSED with what is allowed.
 * Owned by the caller. Thread: any. */
ListenAddress *listen_address_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void listen_address_free (ListenAddress *address);

/* The address in the form that listen_address_parse reads. Owned by the caller. */
char *listen_address_text (const ListenAddress *address);

/* Opens a listening socket: non-blocking, close-on-exec, with the system's longest queue. A Unix
 * socket left behind by a process that is gone is replaced; one that somebody answers on, or a file
 * that is no socket, is not. Mode 0660; its group is changed when `group` is neither NULL nor empty.
 * Returns the descriptor, owned by the caller; -1 with an error: INTERNAL, text names address and
 * cause. Thread: any. */
int listen_open (const ListenAddress *address, const char *group, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The TCP port a socket of listen_open really has; 0 for a Unix socket. */
guint listen_port (int fd);

/* Closes the socket and removes the file of a Unix socket, unless another one has taken its place. */
void listen_close (const ListenAddress *address, int fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListenAddress, listen_address_free)

#endif
