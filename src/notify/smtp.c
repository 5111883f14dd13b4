/* smtp.c - see smtp.h. libcurl keeps the connection as long as the handle lives; a connection that
 * Postfix closed in the meantime is opened anew by libcurl itself.
 *
 * DSN options (RFC 3461) cannot be said: libcurl 7.88 closes the path behind whatever the address
 * holds ("RCPT TO:<a@b> NOTIFY=NEVER>"). So lmtp_session.c does not announce them either.
 *
 * (I1) One recipient a transfer: what is refused is known without counting. */
#include "smtp.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "text.h"

#define CONNECT_TIMEOUT_S 10L
#define TRANSFER_TIMEOUT_S 120L
#define HURRY_MS 5000

struct Smtp {
    CURL *curl;
    char *url;
    GString *answer; /* the last line the server said */
    GBytes *mail;    /* being sent */
    gsize sent;
    int fd;                  /* of the connection; -1 = none */
    _Atomic gint64 hurry_ms; /* when to give up, on the monotonic clock; 0 = not in a hurry */
    char last;               /* last byte given to libcurl, to make LF into CRLF */
    char failure[CURL_ERROR_SIZE];
};

static size_t on_answer (char *data, size_t size, size_t count, void *user)
{
    Smtp *smtp = user;
    /* libcurl says QUIT itself after a refusal: its answer must not take the place of that one. */
    if (size * count >= 3 && memcmp (data, "221", 3) == 0)
        return size * count;
    g_string_truncate (smtp->answer, 0);
    g_string_append_len (smtp->answer, data, (gssize)MIN (size * count, 1000));
    return size * count;
}

static curl_socket_t on_open (void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    Smtp *smtp = user;
    (void)purpose;
    smtp->fd = socket (address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    return smtp->fd;
}

static int on_close (void *user, curl_socket_t fd)
{
    Smtp *smtp = user;
    if (smtp->fd == fd)
        smtp->fd = -1;
    return close (fd);
}

/* Called about once a second during a transfer; TRUE ends it. */
static int on_progress (void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    Smtp *smtp = user;
    gint64 deadline_ms = atomic_load (&smtp->hurry_ms);
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return deadline_ms != 0 && clock_monotonic_ms() > deadline_ms;
}

/* Gives libcurl the mail, with every line ended by CRLF. */
static size_t on_read (char *buffer, size_t size, size_t count, void *user)
{
    Smtp *smtp = user;
    gsize len;
    const char *data = g_bytes_get_data (smtp->mail, &len);
    size_t room = size * count, n = 0;
    while (smtp->sent < len && n + 2 <= room) {
        const char *at = data + smtp->sent;
        size_t most = MIN (len - smtp->sent, room - n - 1);
        const char *newline = memchr (at, '\n', most);
        size_t before = newline != NULL ? (size_t)(newline - at) : most;
        memcpy (buffer + n, at, before);
        n += before;
        if (before > 0)
            smtp->last = at[before - 1];
        smtp->sent += before;
        if (newline == NULL)
            continue;
        if (smtp->last != '\r')
            buffer[n++] = '\r';
        buffer[n++] = smtp->last = '\n';
        smtp->sent++;
    }
    return n;
}

Smtp *smtp_new (const char *url, const char *helo, GError **error)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        error_set (error, ERR_INTERNAL, "libcurl cannot be started");
        return NULL;
    }
    Smtp *smtp = g_new0 (Smtp, 1);
    smtp->curl = curl;
    smtp->fd = -1;
    /* libcurl takes the name for EHLO from the path of the URL. */
    smtp->url = g_strdup_printf ("%s/%s", url, helo);
    smtp->answer = g_string_new (NULL);
    curl_easy_setopt (curl, CURLOPT_URL, smtp->url);
    curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (curl, CURLOPT_PROXY, "");
    curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt (curl, CURLOPT_TIMEOUT, TRANSFER_TIMEOUT_S);
    curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, smtp->failure);
    curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, on_answer);
    curl_easy_setopt (curl, CURLOPT_HEADERDATA, smtp);
    curl_easy_setopt (curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt (curl, CURLOPT_READDATA, smtp);
    curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt (curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt (curl, CURLOPT_OPENSOCKETDATA, smtp);
    curl_easy_setopt (curl, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt (curl, CURLOPT_CLOSESOCKETDATA, smtp);
    curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt (curl, CURLOPT_XFERINFODATA, smtp);
    return smtp;
}

void smtp_free (Smtp *smtp)
{
    if (smtp == NULL)
        return;
    curl_easy_cleanup (smtp->curl);
    g_string_free (smtp->answer, TRUE);
    g_free (smtp->url);
    g_free (smtp);
}

void smtp_set_patience (Smtp *smtp, guint seconds)
{
    curl_easy_setopt (smtp->curl, CURLOPT_TIMEOUT, (long)seconds);
}

void smtp_hurry (Smtp *smtp)
{
    atomic_store (&smtp->hurry_ms, clock_monotonic_ms() + HURRY_MS);
}

static SmtpResult judge (const Smtp *smtp, CURLcode code)
{
    if (code == CURLE_OK)
        return SMTP_SENT;
    /* A greeting, or an answer to EHLO, is about no mail. */
    if (code == CURLE_REMOTE_ACCESS_DENIED || (code == CURLE_WEIRD_SERVER_REPLY && smtp->sent == 0))
        return SMTP_UNREACHABLE;
    const char *answer = smtp->answer->str;
    gboolean is_answer = smtp->answer->len >= 4 && g_ascii_isdigit (answer[0]) &&
                         g_ascii_isdigit (answer[1]) && g_ascii_isdigit (answer[2]);
    if (is_answer && answer[0] == '5')
        return SMTP_REFUSED;
    /* 421: the server is closing; the mail itself was not judged. */
    if (is_answer && answer[0] == '4' && strncmp (answer, "421", 3) != 0)
        return SMTP_RETRY;
    return SMTP_UNREACHABLE;
}

static gboolean has_control (const char *text)
{
    for (; *text != '\0'; text++)
        if (g_ascii_iscntrl (*text))
            return TRUE;
    return FALSE;
}

SmtpResult smtp_send (Smtp *smtp, const char *sender, const char *recipient, GBytes *mail,
                      char **ret_text)
{
    if (has_control (sender) || has_control (recipient)) {
        *ret_text = g_strdup ("the address holds control characters");
        return SMTP_REFUSED;
    }
    g_autofree char *from = g_strdup_printf ("<%s>", sender);
    g_autofree char *to = g_strdup_printf ("<%s>", recipient);
    struct curl_slist *recipients = curl_slist_append (NULL, to);
    smtp->mail = mail;
    smtp->sent = 0;
    smtp->last = '\0';
    smtp->failure[0] = '\0';
    g_string_truncate (smtp->answer, 0);
    curl_easy_setopt (smtp->curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt (smtp->curl, CURLOPT_MAIL_RCPT, recipients);
    CURLcode code = curl_easy_perform (smtp->curl);
    curl_slist_free_all (recipients);
    smtp->mail = NULL;
    SmtpResult result = judge (smtp, code);
    /* A peer that hangs would hang on QUIT too, and libcurl may use the connection once more. */
    if (result == SMTP_UNREACHABLE && smtp->fd >= 0)
        shutdown (smtp->fd, SHUT_RDWR);
    if (result == SMTP_UNREACHABLE)
        *ret_text = g_strdup (*smtp->failure != '\0' ? smtp->failure : curl_easy_strerror (code));
    else
        *ret_text = text_one_line (smtp->answer->str);
    return result;
}
