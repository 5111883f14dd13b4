/* lmtp_session.h - the server side of LMTP (RFC 2033) as a table of commands. See protocol.h. */
#ifndef LMTP_SESSION_H
#define LMTP_SESSION_H

#include "protocol.h"

#define LMTP_LINE_BYTES_MAX                                                                        \
    2048 /* a command with its CRLF; RFC 5321 512, ORCPT and UTF-8 on top                          \
          */
#define LMTP_RECIPIENTS_MAX 10000
#define LMTP_ERRORS_MAX 50 /* bad commands on one connection, then it is closed */

extern const Protocol lmtp_protocol;

#endif
