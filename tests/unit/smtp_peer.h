/* smtp_peer.h - an SMTP server on a free port that answers as it is told: a reply for a verb, for a
 * number of times, then the good one again. Keeps what it accepted. */
#ifndef SMTP_PEER_H
#define SMTP_PEER_H

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEER_CLOSE "close"   /* hangs up without a word */
#define PEER_SILENT "silent" /* says nothing until the client goes away */
#define PEER_HANGUP "hangup" /* DATA: hangs up in the middle of the text */

typedef struct {
    char *verb; /* "banner", "EHLO", "MAIL", "RCPT", "DATA" or "." */
    const char *reply;
    guint times;
} PeerRule;

typedef struct {
    char *sender, *recipient; /* as they came, with <> */
    GString *text;            /* with the dots as they came */
} PeerMail;

typedef struct {
    int listener;
    guint port;
    char *url;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    GPtrArray *rules;     /* of PeerRule */
    GPtrArray *mails;     /* of PeerMail: those accepted */
    guint connections, commands;
    gboolean is_stopped;
} SmtpPeer;

static inline void peer_mail_free (gpointer data)
{
    PeerMail *mail = data;
    g_free (mail->sender);
    g_free (mail->recipient);
    g_string_free (mail->text, TRUE);
    g_free (mail);
}

static inline void peer_rule_free (gpointer data)
{
    PeerRule *rule = data;
    g_free (rule->verb);
    g_free (rule);
}

static inline const char *peer_reply (SmtpPeer *peer, const char *verb)
{
    static const char *const good[][2] = {
        {"banner", "220 peer.test ESMTP\r\n"},
        {"EHLO", "250-peer.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n"},
        {"MAIL", "250 2.1.0 Ok\r\n"},
        {"RCPT", "250 2.1.5 Ok\r\n"},
        {"DATA", "354 Go on\r\n"},
        {".", "250 2.0.0 Ok: queued\r\n"},
        {"QUIT", "221 Bye\r\n"},
    };
    const char *reply = "502 What?\r\n";
    for (guint i = 0; i < G_N_ELEMENTS (good); i++)
        if (strcmp (good[i][0], verb) == 0)
            reply = good[i][1];
    pthread_mutex_lock (&peer->lock);
    peer->commands++;
    for (guint i = 0; i < peer->rules->len; i++) {
        PeerRule *rule = peer->rules->pdata[i];
        if (rule->times > 0 && strcmp (rule->verb, verb) == 0) {
            rule->times--;
            reply = rule->reply;
            break;
        }
    }
    pthread_mutex_unlock (&peer->lock);
    return reply;
}

static inline gboolean peer_is_stopped (SmtpPeer *peer)
{
    pthread_mutex_lock (&peer->lock);
    gboolean is_stopped = peer->is_stopped;
    pthread_mutex_unlock (&peer->lock);
    return is_stopped;
}

/* Waits for bytes; FALSE when the client is gone or the test is over. */
static inline gboolean peer_fill (SmtpPeer *peer, int fd, GString *input)
{
    char chunk[4096];
    for (;;) {
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        int ready = poll (&waiting, 1, 100);
        if (peer_is_stopped (peer))
            return FALSE;
        if (ready <= 0)
            continue;
        ssize_t n = recv (fd, chunk, sizeof chunk, 0);
        if (n <= 0)
            return FALSE;
        g_string_append_len (input, chunk, n);
        return TRUE;
    }
}

/* One line with its end, or NULL. Owned. */
static inline char *peer_line (SmtpPeer *peer, int fd, GString *input)
{
    char *end;
    while ((end = memchr (input->str, '\n', input->len)) == NULL)
        if (!peer_fill (peer, fd, input))
            return NULL;
    gsize len = (gsize)(end - input->str) + 1;
    char *line = g_strndup (input->str, len);
    g_string_erase (input, 0, (gssize)len);
    return line;
}

/* FALSE when the conversation is over. *ret_is_good: the reply was 2xx or 354. */
static inline gboolean peer_send (SmtpPeer *peer, int fd, GString *input, const char *reply,
                                  gboolean *ret_is_good)
{
    if (strcmp (reply, PEER_CLOSE) == 0)
        return FALSE;
    if (strcmp (reply, PEER_SILENT) == 0) {
        while (peer_fill (peer, fd, input))
            g_string_truncate (input, 0);
        return FALSE;
    }
    if (strcmp (reply, PEER_HANGUP) == 0) {
        if (send (fd, "354 Go on\r\n", 11, MSG_NOSIGNAL) == 11)
            g_free (peer_line (peer, fd, input));
        return FALSE;
    }
    *ret_is_good = *reply == '2' || *reply == '3';
    gboolean ok = send (fd, reply, strlen (reply), MSG_NOSIGNAL) == (ssize_t)strlen (reply);
    return ok && !g_str_has_prefix (reply, "421");
}

static inline gboolean peer_say (SmtpPeer *peer, int fd, GString *input, const char *verb,
                                 gboolean *ret_is_good)
{
    return peer_send (peer, fd, input, peer_reply (peer, verb), ret_is_good);
}

static inline gboolean peer_take_text (SmtpPeer *peer, int fd, GString *input, GString *text)
{
    for (;;) {
        g_autofree char *line = peer_line (peer, fd, input);
        if (line == NULL)
            return FALSE;
        if (strcmp (line, ".\r\n") == 0)
            return TRUE;
        g_string_append (text, line);
    }
}

static inline char *peer_path (const char *line)
{
    const char *start = strchr (line, '<');
    const char *end = start != NULL ? strchr (start, '>') : NULL;
    return end != NULL ? g_strndup (start, (gsize)(end - start) + 1) : g_strdup ("");
}

static inline void peer_talk (SmtpPeer *peer, int fd)
{
    g_autoptr (GString) input = g_string_new (NULL);
    g_autofree char *sender = NULL, *recipient = NULL;
    gboolean is_good = FALSE;
    if (!peer_say (peer, fd, input, "banner", &is_good))
        return;
    for (;;) {
        g_autofree char *line = peer_line (peer, fd, input);
        if (line == NULL)
            return;
        g_autofree char *verb = g_ascii_strup (line, MIN ((gssize)strcspn (line, " \r\n"), 4));
        if (!peer_say (peer, fd, input, strcmp (verb, "HELO") == 0 ? "EHLO" : verb, &is_good))
            return;
        if (strcmp (verb, "QUIT") == 0)
            return;
        if (strcmp (verb, "MAIL") == 0 || strcmp (verb, "RCPT") == 0) {
            char **path = *verb == 'M' ? &sender : &recipient;
            g_free (*path);
            *path = peer_path (line);
        }
        if (strcmp (verb, "DATA") != 0 || !is_good)
            continue;
        PeerMail *mail = g_new0 (PeerMail, 1);
        mail->text = g_string_new (NULL);
        mail->sender = g_strdup (sender);
        mail->recipient = g_strdup (recipient);
        gboolean goes_on = peer_take_text (peer, fd, input, mail->text);
        const char *reply = goes_on ? peer_reply (peer, ".") : PEER_CLOSE;
        if (*reply == '2') { /* kept before the client hears of it */
            pthread_mutex_lock (&peer->lock);
            g_ptr_array_add (peer->mails, mail);
            pthread_mutex_unlock (&peer->lock);
        } else {
            peer_mail_free (mail);
        }
        if (!peer_send (peer, fd, input, reply, &is_good))
            return;
    }
}

static inline void *peer_main (void *data)
{
    SmtpPeer *peer = data;
    while (!peer_is_stopped (peer)) {
        struct pollfd waiting = {.fd = peer->listener, .events = POLLIN};
        if (poll (&waiting, 1, 50) <= 0)
            continue;
        int fd = accept (peer->listener, NULL, NULL);
        if (fd < 0)
            continue;
        pthread_mutex_lock (&peer->lock);
        peer->connections++;
        pthread_mutex_unlock (&peer->lock);
        peer_talk (peer, fd);
        close (fd);
    }
    return NULL;
}

static inline SmtpPeer *peer_new (void)
{
    SmtpPeer *peer = g_new0 (SmtpPeer, 1);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    peer->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint (bind (peer->listener, (struct sockaddr *)&address, len), ==, 0);
    g_assert_cmpint (listen (peer->listener, 16), ==, 0);
    g_assert_cmpint (getsockname (peer->listener, (struct sockaddr *)&address, &len), ==, 0);
    peer->port = ntohs (address.sin_port);
    peer->url = g_strdup_printf ("smtp://127.0.0.1:%u", peer->port);
    pthread_mutex_init (&peer->lock, NULL);
    peer->rules = g_ptr_array_new_with_free_func (peer_rule_free);
    peer->mails = g_ptr_array_new_with_free_func (peer_mail_free);
    g_assert_cmpint (pthread_create (&peer->thread, NULL, peer_main, peer), ==, 0);
    return peer;
}

static inline void peer_free (SmtpPeer *peer)
{
    pthread_mutex_lock (&peer->lock);
    peer->is_stopped = TRUE;
    pthread_mutex_unlock (&peer->lock);
    pthread_join (peer->thread, NULL);
    close (peer->listener);
    pthread_mutex_destroy (&peer->lock);
    g_ptr_array_unref (peer->rules);
    g_ptr_array_unref (peer->mails);
    g_free (peer->url);
    g_free (peer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmtpPeer, peer_free)

/* From now on a verb is answered so, as often as said. */
static inline void peer_answer (SmtpPeer *peer, const char *verb, const char *reply, guint times)
{
    PeerRule *rule = g_new0 (PeerRule, 1);
    rule->verb = g_strdup (verb);
    rule->reply = reply;
    rule->times = times;
    pthread_mutex_lock (&peer->lock);
    g_ptr_array_add (peer->rules, rule);
    pthread_mutex_unlock (&peer->lock);
}

/* Answers well from now on. */
static inline void peer_forgive (SmtpPeer *peer)
{
    pthread_mutex_lock (&peer->lock);
    g_ptr_array_set_size (peer->rules, 0);
    pthread_mutex_unlock (&peer->lock);
}

static inline guint peer_count (SmtpPeer *peer)
{
    pthread_mutex_lock (&peer->lock);
    guint count = peer->mails->len;
    pthread_mutex_unlock (&peer->lock);
    return count;
}

static inline guint peer_connections (SmtpPeer *peer)
{
    pthread_mutex_lock (&peer->lock);
    guint count = peer->connections;
    pthread_mutex_unlock (&peer->lock);
    return count;
}

/* Borrowed; the peer must not be talked to meanwhile. */
static inline const PeerMail *peer_mail (SmtpPeer *peer, guint number)
{
    g_assert_cmpuint (number, <, peer_count (peer));
    return peer->mails->pdata[number];
}

/* The mail to this recipient, or NULL. */
static inline const PeerMail *peer_mail_to (SmtpPeer *peer, const char *address)
{
    g_autofree char *path = g_strdup_printf ("<%s>", address);
    for (guint i = 0; i < peer_count (peer); i++)
        if (strcmp (peer_mail (peer, i)->recipient, path) == 0)
            return peer_mail (peer, i);
    return NULL;
}

#endif
