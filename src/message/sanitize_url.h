/* sanitize_url.h - which addresses a page may link to. Private to the message layer; pure. */
#ifndef SANITIZE_URL_H
#define SANITIZE_URL_H

#include <glib.h>

/* What every link that is not our own carries. */
#define SANITIZE_LINK_REL "noopener noreferrer nofollow"

/* A http, https or mailto address as a browser would read it, with what could end an attribute
 * percent-encoded; NULL for every other scheme, relative addresses and what has control characters.
 * Cleaning a clean address changes nothing. Owned. */
char *sanitize_url (const char *url);

/* The Content-ID of a cid: address, percent-decoded, or NULL. Owned. */
char *sanitize_url_cid (const char *url);

#endif
