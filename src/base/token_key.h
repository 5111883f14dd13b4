/* token_key.h - the secrets behind tokens. Private to base. */
#ifndef TOKEN_KEY_H
#define TOKEN_KEY_H

#include "token.h"

#define TOKEN_DIGEST_BYTES 32

/* What is derived from one line of the key file. */
typedef struct {
    guchar tag[TOKEN_DIGEST_BYTES];
    guchar stream[TOKEN_DIGEST_BYTES];
    guchar sign[TOKEN_DIGEST_BYTES];
} TokenSecret;

/* How many secrets there are, at least one; number 0 seals. */
guint token_key_count (const TokenKey *key);
const TokenSecret *token_key_secret (const TokenKey *key, guint i);

/* HMAC-SHA-256 with a derived key. */
void token_hmac (const guchar *derived, const void *data, gsize len, guchar *ret_digest);

#endif
