/* milter_wire.h - packets of the milter protocol, versions 2 to 6, as Postfix and Sendmail speak
 * it.
 *
 * A packet is a 32-bit length in network order, a command letter, and data of length - 1 bytes.
 * Pure functions: no state, no sockets. Thread: any. */
#ifndef MILTER_WIRE_H
#define MILTER_WIRE_H

#include <glib.h>

#define MILTER_VERSION_MIN 2
#define MILTER_VERSION 6
/* Data of a packet: a 64 KB body chunk, or a header of 60 KB, with headroom. */
#define MILTER_DATA_MAX (68 * 1024)

/* What the MTA sends. */
enum {
    MILTER_ABORT = 'A',
    MILTER_BODY = 'B',
    MILTER_CONNECT = 'C',
    MILTER_MACRO = 'D',
    MILTER_END = 'E', /* end of message, perhaps with a last body chunk */
    MILTER_HELO = 'H',
    MILTER_QUIT_NEW = 'K', /* QUIT, but a new SMTP connection follows on this one */
    MILTER_HEADER = 'L',
    MILTER_MAIL = 'M',
    MILTER_END_OF_HEADERS = 'N',
    MILTER_OPTIONS = 'O',
    MILTER_QUIT = 'Q',
    MILTER_RCPT = 'R',
    MILTER_DATA = 'T',
    MILTER_UNKNOWN = 'U',
};

/* What we send. */
enum {
    MILTER_DELETE_RECIPIENT = '-',
    MILTER_ACCEPT = 'a',
    MILTER_CONTINUE = 'c',
    MILTER_DISCARD = 'd',
    MILTER_PROGRESS = 'p',
    MILTER_REPLY_CODE = 'y', /* an SMTP reply of our own words */
};

/* Actions: what the MTA allows us to do. */
enum {
    MILTER_CAN_DELETE_RECIPIENT = 0x08,
    MILTER_CAN_CHOOSE_MACROS = 0x100,
};

/* Steps that the MTA need not send, or for which it need not wait for our answer. */
enum {
    MILTER_NO_CONNECT = 0x01,
    MILTER_NO_HELO = 0x02,
    MILTER_NO_END_OF_HEADERS = 0x40,
    MILTER_SILENT_HEADER = 0x80,
    MILTER_NO_UNKNOWN = 0x100,
    MILTER_SILENT_CONNECT = 0x1000,
    MILTER_SILENT_HELO = 0x2000,
    MILTER_SILENT_MAIL = 0x4000,
    MILTER_SILENT_RCPT = 0x8000,
    MILTER_SILENT_UNKNOWN = 0x20000,
    MILTER_SILENT_END_OF_HEADERS = 0x40000,
    MILTER_SILENT_BODY = 0x80000,
    MILTER_LEADING_SPACE = 0x100000, /* header values keep the blank after the colon */
};

/* Stages for which macros can be chosen. */
enum {
    MILTER_AT_CONNECT = 0,
    MILTER_AT_HELO = 1,
    MILTER_AT_MAIL = 2,
    MILTER_AT_RCPT = 3,
    MILTER_AT_DATA = 4,
    MILTER_AT_END = 5,
    MILTER_AT_END_OF_HEADERS = 6,
};

typedef struct {
    char command;
    const char *data; /* points into the bytes it was read from */
    gsize size;
} MilterPacket;

typedef enum { MILTER_PARTIAL, MILTER_WHOLE, MILTER_BAD } MilterRead;

/* Reads the packet at the start of the bytes. PARTIAL: more bytes are needed. BAD: empty, or longer
 * than MILTER_DATA_MAX. WHOLE: *ret_packet and *ret_used are set. */
MilterRead milter_wire_read (const guint8 *bytes, gsize size, MilterPacket *ret_packet,
                             gsize *ret_used);

/* The next NUL-terminated string of a packet, beginning at *offset, which moves behind it. NULL
 * when no complete string is left. Points into the packet. */
const char *milter_wire_string (const MilterPacket *packet, gsize *offset);

typedef struct {
    guint32 version, actions, protocol;
} MilterOptions;

/* FALSE when the packet is too short. */
gboolean milter_wire_read_options (const MilterPacket *packet, MilterOptions *ret_options);

/* A choice of macros for a stage: names with blanks between. */
typedef struct {
    guint32 stage;
    const char *names;
} MilterMacros;

/* Append packets to out. */
void milter_wire_put (GByteArray *out, char command, const void *data, gsize size);
void milter_wire_put_text (GByteArray *out, char command, const char *text);
void milter_wire_put_options (GByteArray *out, const MilterOptions *options,
                              const MilterMacros *macros, gsize macro_count);

#endif
