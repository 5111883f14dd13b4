/* address.h - mail addresses: parsing, normal form, comparison. Pure; thread: any. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <glib.h>

typedef struct {
    char *name; /* UTF-8, decoded, one line; "" when there is none */
    char *addr; /* local@domain as written, without <>; "" when only a name stands there */
} Address;

Address *address_new (const char *name, const char *addr);
void address_free (Address *address);

/* Parses the value of an address header (already unfolded, RFC 2047 not yet decoded), forgiving
 * what real mail does: groups, comments as names `addr (Name)`, missing quotes, semicolons between
 * addresses, 8-bit names. Linear time; at most `max` addresses. Array of Address, owned, never
 * NULL; empty when there is none. */
GPtrArray *address_parse_list (const char *value, gsize max);

/* The bare address of an envelope argument: with or without <>, source route and ESMTP parameters
 * cut. NULL for the null sender and for what is no address. Owned. */
char *address_from_envelope (const char *text);

/* Normal form for comparing: domain in lower case (IDN as it came), local part in lower case unless
 * `keep_case`, quotes removed where needless. Owned. */
char *address_normalise (const char *addr, gboolean keep_case);

/* The part before or after the last @; domain is "" when there is none. Owned / borrowed. */
char *address_local_part (const char *addr);
const char *address_domain (const char *addr);

/* "anna+x@d" to "anna@d" for delimiters "+"; a copy when there is nothing to cut (a delimiter in
 * first place cuts nothing; owner-foo and foo-request are left alone, as Postfix does). Owned. */
char *address_strip_extension (const char *addr, const char *delimiters);

/* TRUE for one local@domain within RFC 5321's lengths, without controls, blanks or angle brackets.
 */
gboolean address_is_valid (const char *addr);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Address, address_free)

#endif
