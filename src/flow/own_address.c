/* own_address.c - see own_address.h. */
#include "own_address.h"

#include <string.h>

#include "address.h"
#include "policy.h"

static const struct {
    const char *local;
    OwnKind kind;
} names[] = {
    {"new", OWN_NEW},           {"alerts", OWN_ALERTS},        {"digest", OWN_DIGEST},
    {"help", OWN_HELP},         {"postmaster", OWN_SYSTEM},    {"abuse", OWN_SYSTEM},
    {"root", OWN_SYSTEM},       {"mailer-daemon", OWN_SYSTEM}, {"reply", OWN_HELP},
    {"hostmaster", OWN_SYSTEM}, {"webmaster", OWN_SYSTEM},
};

void own_address_clear (OwnAddress *address)
{
    g_clear_pointer (&address->word, g_free);
}

OwnAddress own_address_parse (const Config *conf, const char *rcpt)
{
    g_autofree char *bare = address_from_envelope (rcpt);
    if (bare == NULL || g_ascii_strcasecmp (address_domain (bare), conf->post_domain) != 0)
        return (OwnAddress){OWN_NONE, NULL};
    g_autofree char *local = address_local_part (bare);
    if (g_ascii_strncasecmp (local, REPLY_PREFIX, strlen (REPLY_PREFIX)) == 0)
        return (OwnAddress){OWN_REPLY, g_strdup (local + strlen (REPLY_PREFIX))};
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (g_ascii_strcasecmp (local, names[i].local) == 0)
            return (OwnAddress){names[i].kind, NULL};
    return (OwnAddress){OWN_TOPIC, g_utf8_strdown (local, -1)};
}
