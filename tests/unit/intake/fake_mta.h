/* fake_mta.h - the other side of the milter protocol, for tests: makes packets, reads answers. */
#ifndef FAKE_MTA_H
#define FAKE_MTA_H

#include <glib.h>

#define MTA_ALL_ACTIONS 0x1ffu
#define MTA_ALL_STEPS 0x1fffffu
#define MTA_NO_STEPS 0u

/* Append packets. Lists of strings end with NULL. */
void mta_packet (GByteArray *out, char command, const void *data, gsize size);
void mta_options (GByteArray *out, guint32 version, guint32 actions, guint32 protocol);
void mta_strings (GByteArray *out, int command, ...) G_GNUC_NULL_TERMINATED;
void mta_macros (GByteArray *out, int stage, ...) G_GNUC_NULL_TERMINATED;

/* A dialogue in letters, one packet each, with stock contents; O offers everything, o nothing.
 * "OMRRTLNBE" is a whole message to two recipients. */
void mta_script (GByteArray *out, const char *letters);

/* The answers in bytes as text: command letters, each with its strings in brackets where it has
 * any: "O c -[<a@x>] a". Options are only a letter. Owned. NULL when the bytes end in mid-packet.
 */
char *mta_answers (const guint8 *bytes, gsize size);

#endif
