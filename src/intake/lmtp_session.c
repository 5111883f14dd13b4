/* lmtp_session.c - one LMTP connection, from greeting to QUIT (RFC 2033; PIPELINING, SIZE,
 * 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES, and Postfix's XFORWARD for its queue id).
 *
 *            LHLO           MAIL            RCPT              DATA           CRLF.CRLF
 *   GREETED ------> READY -------> SENDER -------> ENVELOPE -------> TEXT --------------> WORKING
 *                     ^ RSET, LHLO   |                |                                      |
 *                     |<-------------'----------------'        a reply for each recipient    |
 *                     '----------------------------------------------------------------------'
 *
 * (I1) Each command gets one reply, the end of the text one for every recipient that was accepted.
 * (I2) While WORKING nothing is read: what the client pipelined waits in the connection.
 * (I3) A line ends with CRLF and with nothing else, in commands as in text (lmtp_data.h).
 * (I4) The message goes to flow_finish even where the flow did not ask for its body, because here
 * is nobody who could deliver it as it is. */
#include "lmtp_session.h"

#include <string.h>

#include "error.h"
#include "lmtp_command.h"
#include "lmtp_data.h"
#include "lmtp_map.h"

typedef enum { GREETED, READY, SENDER, ENVELOPE, TEXT, WORKING, ENDED, STATES } State;

/* A set of states, for the table. */
#define IN(state) (1u << (state))
#define IN_ANY (IN (GREETED) | IN (READY) | IN (SENDER) | IN (ENVELOPE))
#define IN_HELD (IN (READY) | IN (SENDER) | IN (ENVELOPE))

typedef struct {
    const SessionSettings *settings;
    State state;
    guint errors;
    gboolean is_skipping; /* the rest of a line that was too long */
    gboolean has_utf8;    /* MAIL said SMTPUTF8 */
    ErrorClass failure;   /* why flow_append did not take all; 0 = it did */
    LmtpData data;
    FlowSession *message;    /* from SENDER to WORKING, else NULL */
    char *queue_id, *client; /* from XFORWARD, for the next message; or NULL */
    GString *line;           /* the command under work, without its CRLF */
} Session;

typedef struct {
    const char *verb;
    guint states;
    State (*handler) (Session *session, const char *rest, GByteArray *out);
    const char *misplaced; /* reply in other states */
} Command;

static void say (GByteArray *out, const char *reply)
{
    g_byte_array_append (out, (const guint8 *)reply, (guint)strlen (reply));
    g_byte_array_append (out, (const guint8 *)"\r\n", 2);
}

/* A reply to a command that was wrong; the state stays. */
static State refuse (Session *session, GByteArray *out, const char *reply)
{
    session->errors++;
    say (out, reply);
    if (session->errors < LMTP_ERRORS_MAX)
        return session->state;
    say (out, "421 4.7.0 Too many errors");
    log_event (EV_LMTP_PROTOCOL, LOG_TEXT ("qid", session->queue_id),
               LOG_TEXT ("text", "too many errors"));
    return ENDED;
}

static void drop_message (Session *session)
{
    g_clear_pointer (&session->message, flow_session_free);
    g_clear_pointer (&session->queue_id, g_free);
    g_clear_pointer (&session->client, g_free);
    session->has_utf8 = FALSE;
    session->failure = 0;
    session->data = (LmtpData){0};
}

/* --- parameters of MAIL and RCPT: a table of keywords; NULL is all right, else the reply --- */

static const char *check_size (Session *session, const char *value)
{
    guint64 size;
    if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &size, NULL))
        return "501 5.5.4 SIZE needs a number";
    return size > session->settings->message_size_max ? "552 5.3.4 Message too big" : NULL;
}

static const char *check_body (Session *session, const char *value)
{
    (void)session;
    if (value != NULL &&
        (g_ascii_strcasecmp (value, "7BIT") == 0 || g_ascii_strcasecmp (value, "8BITMIME") == 0))
        return NULL;
    return "501 5.5.4 BODY is 7BIT or 8BITMIME";
}

static const char *check_utf8 (Session *session, const char *value)
{
    session->has_utf8 = TRUE;
    return value == NULL ? NULL : "501 5.5.4 SMTPUTF8 has no value";
}

/* What only somebody who delivers onwards would need. */
static const char *check_nothing (Session *session, const char *value)
{
    (void)session;
    (void)value;
    return NULL;
}

typedef struct {
    const char *keyword;
    const char *(*check) (Session *session, const char *value);
} Parameter;

static const Parameter mail_parameters[] = {
    {"SIZE", check_size},   {"BODY", check_body},     {"SMTPUTF8", check_utf8},
    {"RET", check_nothing}, {"ENVID", check_nothing}, {"AUTH", check_nothing},
    {NULL, NULL},
};
static const Parameter rcpt_parameters[] = {
    {"ORCPT", check_nothing},
    {"NOTIFY", check_nothing},
    {NULL, NULL},
};

static const char *check_parameters (Session *session, const Parameter *known, const char *text)
{
    LmtpParameter given;
    while (lmtp_command_parameter (&text, &given)) {
        const Parameter *row = known;
        while (row->keyword != NULL && !lmtp_parameter_is (&given, row->keyword))
            row++;
        if (row->keyword == NULL)
            return "555 5.5.4 Parameter not known";
        g_autofree char *value =
            given.value != NULL ? g_strndup (given.value, given.value_size) : NULL;
        const char *reply = row->check (session, value);
        if (reply != NULL)
            return reply;
    }
    return NULL;
}

static gboolean needs_utf8 (const Session *session, const char *path)
{
    return !session->has_utf8 && !g_str_is_ascii (path);
}

/* --- commands --- */

static State on_lhlo (Session *session, const char *rest, GByteArray *out)
{
    if (*rest == '\0')
        return refuse (session, out, "501 5.5.4 LHLO needs your name");
    drop_message (session);
    g_autofree char *reply =
        g_strdup_printf ("250-%s\r\n250-PIPELINING\r\n250-SIZE %" G_GUINT64_FORMAT
                         "\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n"
                         "250 XFORWARD ADDR IDENT",
                         session->settings->host, session->settings->message_size_max);
    say (out, reply);
    return READY;
}

static State on_other_hello (Session *session, const char *rest, GByteArray *out)
{
    (void)rest;
    return refuse (session, out, "500 5.5.1 This is LMTP: say LHLO");
}

/* Decodes "+2B" (RFC 3461 xtext). FALSE for controls, or what is no xtext. */
static gboolean decode_xtext (const LmtpParameter *given, char **ret_text)
{
    g_autoptr (GString) text = g_string_new (NULL);
    for (gsize i = 0; i < given->value_size; i++) {
        int letter = (guchar)given->value[i];
        if (letter == '+') {
            if (i + 2 >= given->value_size || !g_ascii_isxdigit (given->value[i + 1]) ||
                !g_ascii_isxdigit (given->value[i + 2]))
                return FALSE;
            letter = g_ascii_xdigit_value (given->value[i + 1]) * 16 +
                     g_ascii_xdigit_value (given->value[i + 2]);
            i += 2;
        }
        if (letter <= ' ' || letter >= 0x7f)
            return FALSE;
        g_string_append_c (text, (char)letter);
    }
    g_free (*ret_text);
    *ret_text = g_string_free (g_steal_pointer (&text), FALSE);
    return TRUE;
}

/* What Postfix knew of the message, for the log and the archive: its queue id above all. */
static State on_xforward (Session *session, const char *rest, GByteArray *out)
{
    LmtpParameter given;
    while (lmtp_command_parameter (&rest, &given)) {
        char **place = lmtp_parameter_is (&given, "IDENT")  ? &session->queue_id
                       : lmtp_parameter_is (&given, "ADDR") ? &session->client
                                                            : NULL;
        if (place == NULL || given.value == NULL)
            return refuse (session, out, "501 5.5.4 XFORWARD takes ADDR=value and IDENT=value");
        if (given.value_size > 0 && given.value[0] == '[') /* [UNAVAILABLE], [TEMPUNAVAIL] */
            g_clear_pointer (place, g_free);
        else if (!decode_xtext (&given, place))
            return refuse (session, out, "501 5.5.4 XFORWARD value is no xtext");
    }
    say (out, "250 2.0.0 Ok");
    return session->state;
}

static State on_mail (Session *session, const char *rest, GByteArray *out)
{
    g_autofree char *path = NULL;
    const char *parameters;
    if (!lmtp_command_path (rest, "FROM:", &path, &parameters))
        return refuse (session, out, "501 5.1.7 Say MAIL FROM:<address>");
    session->has_utf8 = FALSE;
    const char *reply = check_parameters (session, mail_parameters, parameters);
    if (reply == NULL && needs_utf8 (session, path))
        reply = "553 5.6.7 Such an address needs SMTPUTF8";
    if (reply != NULL)
        return refuse (session, out, reply);
    session->message = flow_session_new (session->settings->flow, FRONT_LMTP);
    Envelope *envelope = flow_session_envelope (session->message);
    g_free (envelope->sender);
    g_free (envelope->queue_id);
    g_free (envelope->client);
    envelope->sender = g_steal_pointer (&path);
    envelope->queue_id = g_steal_pointer (&session->queue_id);
    envelope->client = g_steal_pointer (&session->client);
    say (out, "250 2.1.0 Ok");
    return SENDER;
}

static State on_rcpt (Session *session, const char *rest, GByteArray *out)
{
    GPtrArray *recipients = flow_session_envelope (session->message)->recipients;
    g_autofree char *path = NULL;
    const char *parameters;
    if (!lmtp_command_path (rest, "TO:", &path, &parameters) || strlen (path) < 3)
        return refuse (session, out, "501 5.1.3 Say RCPT TO:<address>");
    const char *reply = check_parameters (session, rcpt_parameters, parameters);
    if (reply == NULL && needs_utf8 (session, path))
        reply = "553 5.6.7 Such an address needs SMTPUTF8";
    if (reply != NULL)
        return refuse (session, out, reply);
    if (recipients->len >= LMTP_RECIPIENTS_MAX) {
        say (out, "452 4.5.3 Too many recipients");
        return session->state;
    }
    g_ptr_array_add (recipients, g_steal_pointer (&path));
    say (out, "250 2.1.5 Ok");
    return ENVELOPE;
}

static State on_data (Session *session, const char *rest, GByteArray *out)
{
    if (*rest != '\0')
        return refuse (session, out, "501 5.5.4 DATA has no arguments");
    (void)flow_recipients_done (session->message); /* I4 */
    say (out, "354 End with <CR><LF>.<CR><LF>");
    return TEXT;
}

static State on_rset (Session *session, const char *rest, GByteArray *out)
{
    (void)rest;
    drop_message (session);
    say (out, "250 2.0.0 Ok");
    return session->state == GREETED ? GREETED : READY;
}

static State on_noop (Session *session, const char *rest, GByteArray *out)
{
    (void)rest;
    say (out, "250 2.0.0 Ok");
    return session->state;
}

static State on_vrfy (Session *session, const char *rest, GByteArray *out)
{
    (void)rest;
    say (out, "252 2.5.2 Send some mail, and see");
    return session->state;
}

static State on_quit (Session *session, const char *rest, GByteArray *out)
{
    (void)session;
    (void)rest;
    say (out, "221 2.0.0 Bye");
    return ENDED;
}

/* --- the table: verb, where it is allowed -> handler --- */

#define SAY_LHLO "503 5.5.1 Say LHLO first"

static const Command commands[] = {
    {"LHLO", IN_ANY, on_lhlo, NULL},
    {"MAIL", IN (READY), on_mail, "503 5.5.1 MAIL has no place here"},
    {"RCPT", IN (SENDER) | IN (ENVELOPE), on_rcpt, "503 5.5.1 Say MAIL first"},
    {"DATA", IN (ENVELOPE), on_data, "503 5.5.1 No valid recipients"},
    {"RSET", IN_ANY, on_rset, NULL},
    {"NOOP", IN_ANY, on_noop, NULL},
    {"VRFY", IN_HELD, on_vrfy, SAY_LHLO},
    {"XFORWARD", IN (READY), on_xforward, "503 5.5.1 XFORWARD has no place here"},
    {"QUIT", IN_ANY, on_quit, NULL},
    {"HELO", IN_ANY, on_other_hello, NULL},
    {"EHLO", IN_ANY, on_other_hello, NULL},
};

static State run_command (Session *session, GByteArray *out)
{
    const char *rest;
    if (strlen (session->line->str) != session->line->len)
        return refuse (session, out, "500 5.5.2 Command with a NUL");
    for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
        if (!lmtp_command_is (session->line->str, commands[i].verb, &rest))
            continue;
        if ((commands[i].states & IN (session->state)) == 0)
            return refuse (session, out, commands[i].misplaced);
        return commands[i].handler (session, rest, out);
    }
    return refuse (session, out, "500 5.5.1 Command not known");
}

/* --- lines and text --- */

/* Takes a line, or what there is of one that is too long; how many bytes. */
static gsize feed_line (Session *session, const guint8 *bytes, gsize size, GByteArray *out)
{
    const guint8 *lf = memchr (bytes, '\n', size);
    gsize length = lf != NULL ? (gsize)(lf - bytes) + 1 : size;
    if (lf == NULL && !session->is_skipping && size <= LMTP_LINE_BYTES_MAX)
        return 0;
    if (session->is_skipping || length > LMTP_LINE_BYTES_MAX) {
        if (lf != NULL)
            session->state = refuse (session, out, "500 5.5.2 Line too long");
        session->is_skipping = lf == NULL;
        return length;
    }
    if (length < 2 || bytes[length - 2] != '\r') { /* I3 */
        session->state = refuse (session, out, "500 5.5.2 A line ends with <CR><LF>");
        return length;
    }
    g_string_truncate (session->line, 0);
    g_string_append_len (session->line, (const char *)bytes, (gssize)length - 2);
    session->state = run_command (session, out);
    return length;
}

static void append (gpointer data, const void *bytes, gsize size)
{
    Session *session = data;
    g_autoptr (GError) error = NULL;
    if (session->failure == 0 && !flow_append (session->message, bytes, size, &error))
        session->failure = error != NULL ? error_class (error) : ERR_INTERNAL;
}

/* The message is whole. What cannot be kept, or is a smuggler's, is answered at once. */
static State end_text (Session *session, GByteArray *out)
{
    FlowReply reply = {.kind = FLOW_REFUSE};
    if (session->data.has_bare_lf)
        reply.text = "5.6.0 A line of the message ends with a bare <LF>";
    else if (session->failure == ERR_REFUSED)
        reply.text = "5.3.4 Message too big";
    else if (session->failure != 0)
        reply = (FlowReply){.kind = FLOW_DEFER, .text = "4.3.1 No room for the message"};
    else
        return WORKING;
    lmtp_answer (&reply, flow_session_envelope (session->message)->recipients, out);
    drop_message (session);
    return READY;
}

static gsize feed_text (Session *session, const guint8 *bytes, gsize size, GByteArray *out)
{
    gsize used;
    if (lmtp_data_read (&session->data, bytes, size, &used, append, session))
        session->state = end_text (session, out);
    return used;
}

/* --- the protocol --- */

static gpointer lmtp_open (const SessionSettings *settings, GByteArray *out)
{
    Session *session = g_new0 (Session, 1);
    session->settings = settings;
    session->line = g_string_new (NULL);
    g_autofree char *greeting = g_strdup_printf ("220 %s LMTP Carbonless", settings->host);
    say (out, greeting);
    return session;
}

static void lmtp_close (gpointer data)
{
    Session *session = data;
    drop_message (session);
    g_string_free (session->line, TRUE);
    g_free (session);
}

static const SessionWant wants[STATES] = {
    [GREETED] = SESSION_READS,  [READY] = SESSION_READS, [SENDER] = SESSION_READS,
    [ENVELOPE] = SESSION_READS, [TEXT] = SESSION_READS,  [WORKING] = SESSION_WORKS,
    [ENDED] = SESSION_ENDS,
};

static SessionWant lmtp_feed (gpointer data, const guint8 *bytes, gsize size, gsize *ret_used,
                              GByteArray *out)
{
    Session *session = data;
    *ret_used = 0;
    if (session->state == WORKING)
        return SESSION_WAITS; /* I2 */
    if (session->state != ENDED)
        *ret_used = session->state == TEXT ? feed_text (session, bytes, size, out)
                                           : feed_line (session, bytes, size, out);
    return wants[session->state];
}

static FlowSession *lmtp_message (gpointer data)
{
    Session *session = data;
    return session->message;
}

static SessionWant lmtp_finished (gpointer data, const FlowReply *reply, GByteArray *out)
{
    Session *session = data;
    lmtp_answer (reply, flow_session_envelope (session->message)->recipients, out);
    drop_message (session);
    session->state = READY;
    return wants[session->state];
}

static void lmtp_progress (gpointer data, GByteArray *out)
{
    (void)data;
    (void)out; /* LMTP has no word for it: RFC 5321 4.5.3.2.6 lets a client wait for ten minutes */
}

static gboolean lmtp_is_idle (gpointer data)
{
    Session *session = data;
    return session->state == GREETED || session->state == READY;
}

static void lmtp_goodbye (gpointer data, const char *text, GByteArray *out)
{
    (void)data;
    g_autofree char *reply = g_strdup_printf ("421 %s", text);
    say (out, reply);
}

const Protocol lmtp_protocol = {
    .name = "lmtp",
    .opened = EV_LMTP_OPEN,
    .silent = EV_LMTP_TIMEOUT,
    .busy = EV_LMTP_BUSY,
    .is_patient = FALSE,
    .open = lmtp_open,
    .close = lmtp_close,
    .feed = lmtp_feed,
    .message = lmtp_message,
    .finished = lmtp_finished,
    .progress = lmtp_progress,
    .is_idle = lmtp_is_idle,
    .goodbye = lmtp_goodbye,
};
