/* protocol.h - what a protocol (milter, LMTP) is to the connection that carries it.
 *
 * A protocol is a pure machine: bytes in, bytes out, no sockets, no clock. It makes a FlowSession
 * for each message and translates its FlowReply; it decides nothing. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include "flow.h"
#include "log.h"

/* What a session wants next. */
typedef enum {
    SESSION_READS, /* more bytes */
    SESSION_WORKS, /* its message (Protocol.message) finished by a worker, then `finished` called */
    SESSION_WAITS, /* nothing before its message is finished */
    SESSION_ENDS,  /* the connection closed, after what is in `out` was sent */
} SessionWant;

/* What every session of a listener needs to know. Outlives the sessions. */
typedef struct {
    Flow *flow;
    const char *host;         /* our name, for greetings */
    guint64 message_size_max; /* bytes */
} SessionSettings;

typedef struct {
    const char *name; /* "milter", "lmtp", for the log */
    LogEvent opened, silent, busy;
    gboolean is_patient; /* between messages a peer may be silent for as long as it likes */

    /* A session at its start; a greeting, if the protocol has one, is appended to out. */
    gpointer (*open) (const SessionSettings *settings, GByteArray *out);
    void (*close) (gpointer session);
    /* Takes at most one packet or line from the bytes, and appends what it answers to out.
     * *ret_used: how many bytes were taken; 0 with SESSION_READS: more are needed. */
    SessionWant (*feed) (gpointer session, const guint8 *bytes, gsize size, gsize *ret_used,
                         GByteArray *out);
    /* After SESSION_WORKS: the message for the worker. Borrowed. */
    FlowSession *(*message) (gpointer session);
    /* The worker is done with it. */
    SessionWant (*finished) (gpointer session, const FlowReply *reply, GByteArray *out);
    /* The worker takes long: tell the peer that we live. */
    void (*progress) (gpointer session, GByteArray *out);
    /* TRUE between two messages. */
    gboolean (*is_idle) (gpointer session);
    /* Our side ends the connection: say goodbye, if the protocol has a word for why. `text` is that
     * word: "4.4.2 timeout exceeded". */
    void (*goodbye) (gpointer session, const char *text, GByteArray *out);
} Protocol;

#endif
