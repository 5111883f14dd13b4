/* own_address.h - what an address at post_domain is for. Pure. */
#ifndef OWN_ADDRESS_H
#define OWN_ADDRESS_H

#include "conf.h"

typedef enum {
    OWN_NONE,   /* not at post_domain */
    OWN_REPLY,  /* reply+KEY@: an answer */
    OWN_NEW,    /* new@: a post */
    OWN_TOPIC,  /* TOPIC@: a post with this topic */
    OWN_ALERTS, /* alerts@, digest@, help@: wishes */
    OWN_DIGEST,
    OWN_HELP,
    OWN_SYSTEM, /* postmaster@ and the like: a person has to read it */
} OwnKind;

typedef struct {
    OwnKind kind;
    char *word; /* key or topic, or NULL; owned */
} OwnAddress;

/* rcpt: text of a RCPT, with or without <>. Clear it with own_address_clear. Thread: any. */
OwnAddress own_address_parse (const Config *conf, const char *rcpt);
void own_address_clear (OwnAddress *address);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OwnAddress, own_address_clear)

#endif
