/* policy_data.h - what a Policy is made of. Private to the layer. */
#ifndef POLICY_DATA_H
#define POLICY_DATA_H

#include "policy.h"
#include "ref.h"
#include "rules.h"

struct Policy {
    Ref ref;
    Config *conf;
    TokenKey *key; /* or NULL */
    Rules *rules;
};

/* Whether a message carries the hop header of a gateway that has one of our keys (hop.c). */
gboolean hop_is_ours (const TokenKey *key, const Message *message);

#endif
