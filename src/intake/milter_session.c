/* milter_session.c - one milter connection, from its option negotiation to QUIT.
 *
 *            O            M              T: policy wants it      N, B          E
 *   START ------> READY -----> ENVELOPE --------------> HEADERS ------> BODY -----> WORKING
 *                   ^             | T: none of our business                            | finished
 *                   |             v                                        A           |
 *                   |<--------- PASSING                    ABANDONED <-----------------|
 *                   |               E: accept                  | finished              |
 *                   |<-----------------------------------------+------------------------+
 * A (abort) leads from anywhere back to READY; Q ends; D (macros) and U, C, H change no state.
 *
 * (I1) A packet that the table has no handler for breaks the protocol and closes the connection.
 * (I2) An answer goes out for exactly the packets for which the MTA waits: those whose SILENT flag
 *      was not agreed on, DATA, and the end of the message. ABORT, QUIT and macros have none.
 * (I3) In WORKING and ABANDONED the message belongs to a worker; here nothing touches it.
 * (I4) A peer that does not allow us to delete recipients has its mail passed, all of it. */
#include "milter_session.h"

#include <string.h>

#include "milter_header.h"
#include "milter_map.h"
#include "milter_wire.h"

typedef enum {
    START,
    READY,
    ENVELOPE,
    PASSING,
    HEADERS,
    BODY,
    WORKING,
    ABANDONED,
    ENDED,
    STATES
} State;

typedef struct {
    const SessionSettings *settings;
    State state;
    guint32 protocol;    /* flags agreed on */
    gboolean can_delete; /* I4 */
    gboolean is_refused; /* flow_append failed: the rest of the message is not looked at */
    gsize envelope_bytes;
    FlowSession *message;               /* from ENVELOPE to WORKING, else NULL */
    const char *fault;                  /* what the peer did wrong, once ENDED */
    GString *client, *login, *queue_id; /* macros, "" when unknown */
    GString *line;                      /* a header line being rebuilt; kept for its memory */
} Session;

typedef State (*Handler) (Session *session, const MilterPacket *packet, GByteArray *out);

#define WANTED_STEPS                                                                               \
    (MILTER_NO_CONNECT | MILTER_NO_HELO | MILTER_NO_END_OF_HEADERS | MILTER_NO_UNKNOWN |           \
     MILTER_SILENT_CONNECT | MILTER_SILENT_HELO | MILTER_SILENT_MAIL | MILTER_SILENT_RCPT |        \
     MILTER_SILENT_HEADER | MILTER_SILENT_UNKNOWN | MILTER_SILENT_END_OF_HEADERS |                 \
     MILTER_SILENT_BODY | MILTER_LEADING_SPACE)

/* The only macros that we read: fewer bytes and less work for the MTA. Where we read none "i"
 * stands, because Postfix takes an empty list for no choice at all, and sends its own. */
static const MilterMacros wanted_macros[] = {
    {MILTER_AT_CONNECT, "{client_addr}"},
    {MILTER_AT_HELO, ""},
    {MILTER_AT_MAIL, "i {auth_authen}"},
    {MILTER_AT_RCPT, ""},
    {MILTER_AT_DATA, "i"},
    {MILTER_AT_END_OF_HEADERS, ""},
    {MILTER_AT_END, "i"},
};

#define COMMANDS ('Z' - 'A' + 1)
#define ON(command, what) [(command) - 'A'] = (what)

/* The flag by which the MTA agrees not to wait for an answer to a command; without one it waits. */
static const guint32 silent_flags[COMMANDS] = {
    ON (MILTER_CONNECT, MILTER_SILENT_CONNECT),
    ON (MILTER_HELO, MILTER_SILENT_HELO),
    ON (MILTER_UNKNOWN, MILTER_SILENT_UNKNOWN),
    ON (MILTER_MAIL, MILTER_SILENT_MAIL),
    ON (MILTER_RCPT, MILTER_SILENT_RCPT),
    ON (MILTER_HEADER, MILTER_SILENT_HEADER),
    ON (MILTER_END_OF_HEADERS, MILTER_SILENT_END_OF_HEADERS),
    ON (MILTER_BODY, MILTER_SILENT_BODY),
};

static State fault (Session *session, const char *text)
{
    session->fault = text;
    return ENDED;
}

/* I2: answers a packet, unless the MTA does not wait for that. */
static void answer (const Session *session, const MilterPacket *packet, char reply, GByteArray *out)
{
    if ((session->protocol & silent_flags[packet->command - 'A']) == 0)
        milter_wire_put (out, reply, NULL, 0);
}

static void drop_message (Session *session)
{
    g_clear_pointer (&session->message, flow_session_free);
    session->is_refused = FALSE;
    session->envelope_bytes = 0;
    g_string_truncate (session->queue_id, 0);
    g_string_truncate (session->login, 0);
}

static void set_text (char **field, const GString *text)
{
    if (text->len == 0 || g_strcmp0 (*field, text->str) == 0)
        return;
    g_free (*field);
    *field = g_strndup (text->str, text->len);
}

/* Macros come before the command they belong to, and Postfix knows the queue id only from the
 * second recipient on, so the envelope is completed when a decision is due. */
static void complete_envelope (Session *session)
{
    Envelope *envelope = flow_session_envelope (session->message);
    set_text (&envelope->queue_id, session->queue_id);
    set_text (&envelope->authenticated, session->login);
    set_text (&envelope->client, session->client);
}

/* Asks the flow whether it wants the message; PASSING or HEADERS. */
static State decide (Session *session)
{
    complete_envelope (session);
    if (session->can_delete && flow_recipients_done (session->message) == FLOW_STEP_WANT_BODY)
        return HEADERS;
    drop_message (session);
    return PASSING;
}

static void append (Session *session, const void *data, gsize size)
{
    if (session->is_refused || size == 0)
        return;
    session->is_refused = !flow_append (session->message, data, size, NULL);
}

/* --- handlers, in the order in which commands come --- */

static State on_options (Session *session, const MilterPacket *packet, GByteArray *out)
{
    MilterOptions offered;
    if (!milter_wire_read_options (packet, &offered))
        return fault (session, "option negotiation is too short");
    if (offered.version < MILTER_VERSION_MIN)
        return fault (session, "protocol version is too old");
    MilterOptions chosen = {
        .version = MIN (offered.version, MILTER_VERSION),
        .actions = offered.actions & (MILTER_CAN_DELETE_RECIPIENT | MILTER_CAN_CHOOSE_MACROS),
        .protocol = offered.protocol & WANTED_STEPS,
    };
    session->protocol = chosen.protocol;
    session->can_delete = (chosen.actions & MILTER_CAN_DELETE_RECIPIENT) != 0;
    gboolean can_choose = (chosen.actions & MILTER_CAN_CHOOSE_MACROS) != 0;
    milter_wire_put_options (out, &chosen, wanted_macros,
                             can_choose ? G_N_ELEMENTS (wanted_macros) : 0);
    if (!session->can_delete)
        log_event (EV_MILTER_LIMITED,
                   LOG_TEXT ("text", "peer does not let us delete recipients: all mail passes"));
    return READY;
}

/* A new message, or client, begins: what was known of the one before is void. */
static void forget_macros (Session *session, char stage)
{
    if (stage == MILTER_CONNECT)
        g_string_truncate (session->client, 0);
    if (stage != MILTER_MAIL)
        return;
    g_string_truncate (session->queue_id, 0);
    g_string_truncate (session->login, 0);
}

static GString *macro_place (Session *session, const char *name)
{
    if (strcmp (name, "i") == 0 || strcmp (name, "{i}") == 0)
        return session->queue_id;
    if (strcmp (name, "{auth_authen}") == 0)
        return session->login;
    if (strcmp (name, "{client_addr}") == 0)
        return session->client;
    return NULL;
}

static State on_macros (Session *session, const MilterPacket *packet, GByteArray *out)
{
    (void)out;
    if (packet->size == 0)
        return fault (session, "macros without a stage");
    forget_macros (session, packet->data[0]);
    gsize offset = 1;
    const char *name, *value;
    while ((name = milter_wire_string (packet, &offset)) != NULL &&
           (value = milter_wire_string (packet, &offset)) != NULL) {
        GString *place = macro_place (session, name);
        if (place != NULL)
            g_string_assign (place, value);
    }
    return session->state;
}

/* Nothing that we look at: it concerns the client, not a message. */
static State on_noted (Session *session, const MilterPacket *packet, GByteArray *out)
{
    answer (session, packet, MILTER_CONTINUE, out);
    return session->state;
}

static State on_mail (Session *session, const MilterPacket *packet, GByteArray *out)
{
    gsize offset = 0;
    const char *sender = milter_wire_string (packet, &offset);
    if (sender == NULL)
        return fault (session, "MAIL without a sender");
    g_clear_pointer (&session->message, flow_session_free);
    session->is_refused = FALSE;
    session->envelope_bytes = offset;
    session->message = flow_session_new (session->settings->flow, FRONT_MILTER);
    Envelope *envelope = flow_session_envelope (session->message);
    g_free (envelope->sender);
    envelope->sender = g_strdup (sender);
    answer (session, packet, MILTER_CONTINUE, out);
    return ENVELOPE;
}

static State on_rcpt (Session *session, const MilterPacket *packet, GByteArray *out)
{
    gsize offset = 0;
    const char *recipient = milter_wire_string (packet, &offset);
    if (recipient == NULL)
        return fault (session, "RCPT without a recipient");
    answer (session, packet, MILTER_CONTINUE, out);
    GPtrArray *recipients = flow_session_envelope (session->message)->recipients;
    session->envelope_bytes += offset;
    if (recipients->len < MILTER_RECIPIENTS_MAX &&
        session->envelope_bytes <= MILTER_ENVELOPE_BYTES_MAX) {
        g_ptr_array_add (recipients, g_strdup (recipient));
        return ENVELOPE;
    }
    log_event (EV_MILTER_LIMITED, LOG_TEXT ("qid", session->queue_id->str),
               LOG_TEXT ("text", "too many recipients: the message passes"));
    drop_message (session);
    return PASSING;
}

static State on_data (Session *session, const MilterPacket *packet, GByteArray *out)
{
    State next = decide (session);
    answer (session, packet, next == PASSING ? MILTER_ACCEPT : MILTER_CONTINUE, out);
    return next;
}

static State on_header (Session *session, const MilterPacket *packet, GByteArray *out)
{
    gsize offset = 0;
    const char *name = milter_wire_string (packet, &offset);
    const char *value = name != NULL ? milter_wire_string (packet, &offset) : NULL;
    if (value == NULL)
        return fault (session, "header without a value");
    answer (session, packet, MILTER_CONTINUE, out);
    milter_header_line (session->line, name, value,
                        (session->protocol & MILTER_LEADING_SPACE) != 0);
    append (session, session->line->str, session->line->len);
    return HEADERS;
}

static void end_headers (Session *session)
{
    if (session->state == HEADERS)
        append (session, "\r\n", 2);
}

static State on_end_of_headers (Session *session, const MilterPacket *packet, GByteArray *out)
{
    (void)packet;
    end_headers (session);
    answer (session, packet, MILTER_CONTINUE, out);
    return BODY;
}

static State on_body (Session *session, const MilterPacket *packet, GByteArray *out)
{
    end_headers (session);
    append (session, packet->data, packet->size);
    answer (session, packet, MILTER_CONTINUE, out);
    return BODY;
}

static State on_end (Session *session, const MilterPacket *packet, GByteArray *out)
{
    (void)out;
    end_headers (session);
    append (session, packet->data, packet->size);
    complete_envelope (session);
    return WORKING;
}

static State on_abort (Session *session, const MilterPacket *packet, GByteArray *out)
{
    (void)packet;
    (void)out;
    drop_message (session);
    return READY;
}

/* The worker goes on (what it commits is committed), and its answer will be dropped. */
static State on_abort_working (Session *session, const MilterPacket *packet, GByteArray *out)
{
    (void)session;
    (void)packet;
    (void)out;
    return ABANDONED;
}

static State on_quit (Session *session, const MilterPacket *packet, GByteArray *out)
{
    (void)session;
    (void)packet;
    (void)out;
    return ENDED;
}

static State on_quit_new (Session *session, const MilterPacket *packet, GByteArray *out)
{
    g_string_truncate (session->client, 0);
    return on_abort (session, packet, out);
}

/* What comes of a message that is none of our business is answered and not looked at. */
static State on_passing (Session *session, const MilterPacket *packet, GByteArray *out)
{
    answer (session, packet, MILTER_ACCEPT, out);
    return packet->command == MILTER_END ? READY : PASSING;
}

#define ON_CONTENT                                                                                 \
    ON (MILTER_HEADER, on_header), ON (MILTER_END_OF_HEADERS, on_end_of_headers),                  \
        ON (MILTER_BODY, on_body), ON (MILTER_END, on_end)

static const Handler content[COMMANDS] = {ON_CONTENT};

/* An MTA without the DATA step (before version 4): the first header, or whatever comes instead,
 * shows that the recipients are complete. */
static State decide_late (Session *session, const MilterPacket *packet, GByteArray *out)
{
    session->state = decide (session);
    Handler handler = session->state == PASSING ? on_passing : content[packet->command - 'A'];
    return handler (session, packet, out);
}

/* --- the table: [state][command] -> handler. What it does not have breaks the protocol. --- */

#define ON_NOTED                                                                                   \
    ON (MILTER_CONNECT, on_noted), ON (MILTER_HELO, on_noted), ON (MILTER_UNKNOWN, on_noted)
#define ON_ALWAYS                                                                                  \
    ON (MILTER_MACRO, on_macros), ON (MILTER_ABORT, on_abort), ON (MILTER_QUIT, on_quit),          \
        ON (MILTER_QUIT_NEW, on_quit_new), ON (MILTER_MAIL, on_mail)

static const Handler handlers[STATES][COMMANDS] = {
    [START] = {ON (MILTER_OPTIONS, on_options), ON (MILTER_QUIT, on_quit)},
    [READY] = {ON_ALWAYS, ON_NOTED},
    [ENVELOPE] = {ON_ALWAYS, ON_NOTED, ON (MILTER_RCPT, on_rcpt), ON (MILTER_DATA, on_data),
                  ON (MILTER_HEADER, decide_late), ON (MILTER_END_OF_HEADERS, decide_late),
                  ON (MILTER_BODY, decide_late), ON (MILTER_END, decide_late)},
    [PASSING] = {ON_ALWAYS, ON_NOTED, ON (MILTER_RCPT, on_passing), ON (MILTER_DATA, on_passing),
                 ON (MILTER_HEADER, on_passing), ON (MILTER_END_OF_HEADERS, on_passing),
                 ON (MILTER_BODY, on_passing), ON (MILTER_END, on_passing)},
    [HEADERS] = {ON_ALWAYS, ON_CONTENT, ON (MILTER_UNKNOWN, on_noted)},
    [BODY] = {ON_ALWAYS, ON (MILTER_BODY, on_body), ON (MILTER_END, on_end),
              ON (MILTER_UNKNOWN, on_noted)},
    [WORKING] = {ON (MILTER_ABORT, on_abort_working), ON (MILTER_QUIT, on_quit)},
};

static Handler find_handler (State state, char command)
{
    return command >= 'A' && command <= 'Z' ? handlers[state][command - 'A'] : NULL;
}

/* --- the protocol --- */

static gpointer milter_open (const SessionSettings *settings, GByteArray *out)
{
    (void)out;
    Session *session = g_new0 (Session, 1);
    session->settings = settings;
    session->client = g_string_new (NULL);
    session->login = g_string_new (NULL);
    session->queue_id = g_string_new (NULL);
    session->line = g_string_new (NULL);
    return session;
}

static void milter_close (gpointer data)
{
    Session *session = data;
    g_clear_pointer (&session->message, flow_session_free);
    g_string_free (session->client, TRUE);
    g_string_free (session->login, TRUE);
    g_string_free (session->queue_id, TRUE);
    g_string_free (session->line, TRUE);
    g_free (session);
}

static const SessionWant wants[STATES] = {
    [START] = SESSION_READS,   [READY] = SESSION_READS,     [ENVELOPE] = SESSION_READS,
    [PASSING] = SESSION_READS, [HEADERS] = SESSION_READS,   [BODY] = SESSION_READS,
    [WORKING] = SESSION_WORKS, [ABANDONED] = SESSION_WAITS, [ENDED] = SESSION_ENDS,
};

/* One line for all that a peer can do wrong (I1). */
static SessionWant settle (Session *session, char command)
{
    if (session->fault != NULL)
        log_event (EV_MILTER_PROTOCOL,
                   LOG_TEXT ("qid", session->queue_id->len > 0 ? session->queue_id->str : NULL),
                   LOG_TEXT ("command", ((char[]){command, '\0'})),
                   LOG_TEXT ("text", session->fault));
    session->fault = NULL;
    return wants[session->state];
}

static SessionWant milter_feed (gpointer data, const guint8 *bytes, gsize size, gsize *ret_used,
                                GByteArray *out)
{
    Session *session = data;
    *ret_used = 0;
    if (session->state == ABANDONED || session->state == ENDED)
        return wants[session->state];
    MilterPacket packet = {.command = '-'};
    MilterRead result = milter_wire_read (bytes, size, &packet, ret_used);
    if (result == MILTER_PARTIAL)
        return SESSION_READS;
    if (result == MILTER_BAD) {
        session->state = fault (session, "packet is empty or too long");
        return settle (session, '-');
    }
    Handler handler = find_handler (session->state, packet.command);
    session->state = handler != NULL ? handler (session, &packet, out)
                                     : fault (session, "command is out of order or unknown");
    return settle (session, packet.command);
}

static FlowSession *milter_message (gpointer data)
{
    Session *session = data;
    return session->message;
}

static SessionWant milter_finished (gpointer data, const FlowReply *reply, GByteArray *out)
{
    Session *session = data;
    if (session->state == WORKING)
        milter_answer (reply, out);
    if (session->state != ENDED)
        session->state = READY;
    drop_message (session);
    return wants[session->state];
}

static void milter_progress (gpointer data, GByteArray *out)
{
    Session *session = data;
    if (session->state == WORKING)
        milter_wire_put (out, MILTER_PROGRESS, NULL, 0);
}

static gboolean milter_is_idle (gpointer data)
{
    Session *session = data;
    return session->state == READY || session->state == PASSING;
}

static void milter_goodbye (gpointer data, const char *text, GByteArray *out)
{
    (void)data;
    (void)text;
    (void)out; /* a milter has no word for it: the MTA does what milter_default_action says */
}

const Protocol milter_protocol = {
    .name = "milter",
    .opened = EV_MILTER_OPEN,
    .silent = EV_MILTER_TIMEOUT,
    .busy = EV_MILTER_BUSY,
    .is_patient = TRUE, /* as long as its SMTP client is connected */
    .open = milter_open,
    .close = milter_close,
    .feed = milter_feed,
    .message = milter_message,
    .finished = milter_finished,
    .progress = milter_progress,
    .is_idle = milter_is_idle,
    .goodbye = milter_goodbye,
};
