/* token.c - see token.h. The form is a synthetic-IV cipher: deterministic, so that the same notice
 * always has the same address, and unreadable, so that it says nothing of who and what.
 *
 *   plain (20 bytes)  kind 1, person 7, id 8, expiry in minutes 4; all big-endian
 *   tag   (16 bytes)  HMAC-SHA-256 (tag key, plain), cut
 *   token             base32 of tag and (plain XOR HMAC-SHA-256 (stream key, tag), cut)
 *
 * (I1) Every bit of a token is checked: there is one spelling of it, but for the case of letters.
 * (I2) The three keys (tag, stream, signature) are derived from the secret, never used for two
 *      things.
 * (I3) Comparisons of secrets take the same time wherever they differ. */
#include "token.h"

#include <string.h>

#include "ref.h"
#include "text.h"
#include "token_key.h"

#define PERSON_BYTES 7
#define ID_BYTES 8
#define EXPIRY_BYTES 4
#define PLAIN_BYTES (1 + PERSON_BYTES + ID_BYTES + EXPIRY_BYTES)
#define TAG_BYTES 16
#define TOKEN_BYTES (TAG_BYTES + PLAIN_BYTES)
#define TOKEN_CHARS ((TOKEN_BYTES * 8 + 4) / 5)
#define MINUTE_MS 60000

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static char *base32_encode (const guchar *bytes, gsize len)
{
    GString *out = g_string_sized_new (len * 8 / 5 + 2);
    guint64 buffer = 0;
    guint bits = 0;
    for (gsize i = 0; i < len; i++) {
        buffer = buffer << 8 | bytes[i];
        for (bits += 8; bits >= 5; bits -= 5)
            g_string_append_c (out, alphabet[buffer >> (bits - 5) & 31]);
    }
    if (bits > 0)
        g_string_append_c (out, alphabet[buffer << (5 - bits) & 31]);
    return g_string_free (out, FALSE);
}

/* The bytes of exactly TOKEN_CHARS letters. FALSE for any other length or letter, and when the bits
 * that are left over are not zero (I1). */
static gboolean base32_decode (const char *text, guchar *bytes)
{
    guint64 buffer = 0;
    guint bits = 0;
    gsize n = 0;
    if (strnlen (text, TOKEN_CHARS + 1) != TOKEN_CHARS)
        return FALSE;
    for (const char *p = text; *p != '\0'; p++) {
        const char *place = strchr (alphabet, g_ascii_tolower (*p));
        if (place == NULL)
            return FALSE;
        buffer = (buffer << 5 | (guint64)(place - alphabet)) & 0xffff;
        bits += 5;
        if (bits >= 8 && n < TOKEN_BYTES) {
            bits -= 8;
            bytes[n++] = (guchar)(buffer >> bits);
        }
    }
    return (buffer & ((1u << bits) - 1)) == 0;
}

static void put_number (guchar *bytes, gsize len, guint64 number)
{
    for (gsize i = len; i-- > 0; number >>= 8)
        bytes[i] = (guchar)number;
}

static guint64 get_number (const guchar *bytes, gsize len)
{
    guint64 number = 0;
    for (gsize i = 0; i < len; i++)
        number = number << 8 | bytes[i];
    return number;
}

static void write_plain (const Token *token, guchar *plain)
{
    gint64 minutes = (token->expires_ms + MINUTE_MS - 1) / MINUTE_MS;
    plain[0] = (guchar)token->kind;
    put_number (plain + 1, PERSON_BYTES, (guint64)token->person);
    put_number (plain + 1 + PERSON_BYTES, ID_BYTES, (guint64)token->id);
    put_number (plain + 1 + PERSON_BYTES + ID_BYTES, EXPIRY_BYTES,
                (guint64)CLAMP (minutes, 0, G_MAXUINT32));
}

static void read_plain (const guchar *plain, Token *token)
{
    token->kind = (TokenKind)plain[0];
    token->person = (gint64)get_number (plain + 1, PERSON_BYTES);
    token->id = (gint64)get_number (plain + 1 + PERSON_BYTES, ID_BYTES);
    token->expires_ms =
        (gint64)get_number (plain + 1 + PERSON_BYTES + ID_BYTES, EXPIRY_BYTES) * MINUTE_MS;
}

/* Turns plain into what goes over the wire, and back. */
static void apply_stream (const TokenSecret *secret, const guchar *tag, guchar *plain)
{
    guchar stream[TOKEN_DIGEST_BYTES];
    token_hmac (secret->stream, tag, TAG_BYTES, stream);
    for (gsize i = 0; i < PLAIN_BYTES; i++)
        plain[i] = plain[i] ^ stream[i];
}

char *token_seal (const TokenKey *key, const Token *token)
{
    guchar bytes[TOKEN_BYTES], digest[TOKEN_DIGEST_BYTES];
    const TokenSecret *secret = token_key_secret (key, 0);
    g_assert (token->person >= 0 && token->person < G_GINT64_CONSTANT (1) << (PERSON_BYTES * 8));
    g_assert (token->id >= 0);
    write_plain (token, bytes + TAG_BYTES);
    token_hmac (secret->tag, bytes + TAG_BYTES, PLAIN_BYTES, digest);
    memcpy (bytes, digest, TAG_BYTES);
    apply_stream (secret, bytes, bytes + TAG_BYTES);
    return base32_encode (bytes, TOKEN_BYTES);
}

static gboolean open_with (const TokenSecret *secret, const guchar *bytes, Token *ret_token)
{
    guchar plain[PLAIN_BYTES], digest[TOKEN_DIGEST_BYTES];
    memcpy (plain, bytes + TAG_BYTES, PLAIN_BYTES);
    apply_stream (secret, bytes, plain);
    token_hmac (secret->tag, plain, PLAIN_BYTES, digest);
    if (!text_equal_secret (digest, bytes, TAG_BYTES))
        return FALSE;
    read_plain (plain, ret_token);
    return TRUE;
}

gboolean token_open (const TokenKey *key, TokenKind kind, const char *text, gint64 now_ms,
                     Token *ret_token, gboolean *ret_expired)
{
    guchar bytes[TOKEN_BYTES];
    Token token;
    gboolean found = FALSE;
    if (ret_expired != NULL)
        *ret_expired = FALSE;
    if (!base32_decode (text, bytes))
        return FALSE;
    for (guint i = 0; !found && i < token_key_count (key); i++)
        found = open_with (token_key_secret (key, i), bytes, &token);
    if (!found || token.kind != kind)
        return FALSE;
    if (token.expires_ms != 0 && token.expires_ms <= now_ms) {
        if (ret_expired != NULL)
            *ret_expired = TRUE;
        return FALSE;
    }
    *ret_token = token;
    return TRUE;
}

/* Purpose and text with a NUL between, so that no two pairs are signed alike. */
static char *sign_with (const TokenSecret *secret, const char *purpose, const char *text)
{
    guchar digest[TOKEN_DIGEST_BYTES];
    g_autoptr (GString) joined = g_string_new (purpose);
    g_string_append_c (joined, '\0');
    g_string_append (joined, text);
    token_hmac (secret->sign, joined->str, joined->len, digest);
    char *hex = g_malloc (2 * TOKEN_DIGEST_BYTES + 1);
    for (gsize i = 0; i < TOKEN_DIGEST_BYTES; i++)
        g_snprintf (hex + 2 * i, 3, "%02x", digest[i]);
    return hex;
}

char *token_sign (const TokenKey *key, const char *purpose, const char *text)
{
    return sign_with (token_key_secret (key, 0), purpose, text);
}

gboolean token_verify (const TokenKey *key, const char *purpose, const char *text,
                       const char *signature)
{
    gboolean good = FALSE;
    if (strnlen (signature, 2 * TOKEN_DIGEST_BYTES + 1) != 2 * TOKEN_DIGEST_BYTES)
        return FALSE;
    g_autofree char *lower = g_ascii_strdown (signature, -1);
    for (guint i = 0; i < token_key_count (key); i++) {
        g_autofree char *own = sign_with (token_key_secret (key, i), purpose, text);
        good |= text_equal_secret (own, lower, 2 * TOKEN_DIGEST_BYTES);
    }
    return good;
}

static gboolean is_key_char (char c)
{
    return g_ascii_isalpha (c) || (c >= '2' && c <= '7');
}

/* Whether so many letters of keys stand side by side. Looks at the end of where they could stand,
 * so most of the text is skipped. */
static gboolean has_key (const char *text, gsize len)
{
    gsize at = 0;
    while (len - at >= TOKEN_CHARS) {
        gsize run = TOKEN_CHARS;
        while (run > 0 && is_key_char (text[at + run - 1]))
            run--;
        if (run == 0)
            return TRUE;
        at += run;
    }
    return FALSE;
}

/* No word of any language is as long as a key and has only its letters. */
char *token_hide (const char *text)
{
    if (text == NULL)
        return NULL;
    if (!has_key (text, strlen (text)))
        return g_strdup (text);
    GString *out = g_string_sized_new (strlen (text) + 1);
    while (*text != '\0') {
        gsize run = 0;
        while (is_key_char (text[run]))
            run++;
        if (run >= TOKEN_CHARS)
            g_string_append (out, "…");
        else
            g_string_append_len (out, text, (gssize)run);
        text += run;
        if (*text != '\0')
            g_string_append_c (out, *text++);
    }
    return g_string_free (out, FALSE);
}
