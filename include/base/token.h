/* token.h - keys that stand for one person and one thing, in mail addresses and links.
 *
 * A token is HMAC-SHA-256 over kind, person, subject and expiry, written in base32 without padding,
 * in lower case: mail systems may change the case of a local part. It says nothing to who reads it
 * and cannot be made without the key. */
#ifndef TOKEN_H
#define TOKEN_H

#include <glib.h>

typedef enum {
    TOKEN_REPLY = 1, /* id = post that starts the thread: reply+TOKEN@ */
    TOKEN_LOGIN,     /* id = 0: the link that logs a person in */
    TOKEN_SESSION,   /* id = its number: cookie of a logged-in browser */
    TOKEN_FORM,      /* id = 0: proves that a form came from our page */
    TOKEN_UNSUBSCRIBE,
    TOKEN_AUTHOR, /* id = post: release or withdraw */
    TOKEN_FEED,   /* id = 0: private feeds */
    TOKEN_BOUNCE, /* id = that of TOKEN_REPLY: the envelope sender of a notice */
} TokenKind;

typedef struct {
    TokenKind kind;
    gint64 person;
    gint64 id;
    gint64 expires_ms; /* 0 = never; kept in whole minutes */
} Token;

typedef struct TokenKey TokenKey;

/* Reads the key file: one key per line, 64 hex digits; the first seals, all of them open, so a key
 * is rotated by putting a new line on top. Makes the file (mode 0600, getrandom) when it is absent
 * and `create` is TRUE. Errors: INTERNAL unreadable, malformed, readable by others. */
TokenKey *token_key_load (const char *path, gboolean create,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
TokenKey *token_key_ref (TokenKey *key);
void token_key_unref (TokenKey *key);

/* At most 58 characters [a-z2-7]. Owned by the caller. Thread: any. */
char *token_seal (const TokenKey *key, const Token *token);

/* Opens a token in any letter case. FALSE: malformed, forged, of another kind or expired;
 * *ret_token is untouched, except that *ret_expired (may be NULL) tells a genuine one that is too
 * old. Compares in constant time. Thread: any. */
gboolean token_open (const TokenKey *key, TokenKind kind, const char *text, gint64 now_ms,
                     Token *ret_token, gboolean *ret_expired) G_GNUC_WARN_UNUSED_RESULT;

/* A text without keys: each becomes "…" ("reply+…@", "?key=…"). Answers quote the address they go
 * to and the links of what they answer, and a key is for its reader alone. Works on plain text and
 * on HTML. Owned. NULL gives NULL. */
char *token_hide (const char *text);

/* HMAC-SHA-256 of some bytes with the first key, for signed headers; 64 hex digits, owned. */
char *token_sign (const TokenKey *key, const char *purpose, const char *text);

/* Whether any key made this signature. Constant time. */
gboolean token_verify (const TokenKey *key, const char *purpose, const char *text,
                       const char *signature) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TokenKey, token_key_unref)

#endif
