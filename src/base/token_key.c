/* token_key.c - reads, makes and keeps the key file of token.h.
 *
 * (I1) The file appears whole or not at all: written under another name, flushed, then linked.
 * (I2) Keys leave memory with the object. */
#include "token_key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "owner.h"
#include "ref.h"

#define SECRET_BYTES 32
#define SECRET_HEX (2 * SECRET_BYTES)
#define SECRETS_MAX 16
#define FILE_BYTES_MAX 65536

struct TokenKey {
    Ref ref;
    guint n;
    TokenSecret secrets[SECRETS_MAX];
};

guint token_key_count (const TokenKey *key)
{
    return key->n;
}

const TokenSecret *token_key_secret (const TokenKey *key, guint i)
{
    return &key->secrets[i];
}

void token_hmac (const guchar *derived, const void *data, gsize len, guchar *ret_digest)
{
    gsize digest_len = TOKEN_DIGEST_BYTES;
    GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, derived, SECRET_BYTES);
    g_hmac_update (hmac, data, (gssize)len);
    g_hmac_get_digest (hmac, ret_digest, &digest_len);
    g_hmac_unref (hmac);
}

static void derive (const guchar *secret, const char *label, guchar *ret_key)
{
    token_hmac (secret, label, strlen (label), ret_key);
}

static gboolean add_secret (TokenKey *key, const char *hex)
{
    guchar secret[SECRET_BYTES];
    if (strlen (hex) != SECRET_HEX || strspn (hex, "0123456789abcdefABCDEF") != SECRET_HEX ||
        key->n == SECRETS_MAX)
        return FALSE;
    for (gsize i = 0; i < SECRET_BYTES; i++)
        secret[i] = (guchar)(g_ascii_xdigit_value (hex[2 * i]) << 4 |
                             g_ascii_xdigit_value (hex[2 * i + 1]));
    TokenSecret *to = &key->secrets[key->n++];
    derive (secret, "carbonless token tag", to->tag);
    derive (secret, "carbonless token stream", to->stream);
    derive (secret, "carbonless signature", to->sign);
    explicit_bzero (secret, sizeof secret);
    return TRUE;
}

static TokenKey *key_parse (char *text, const char *path, GError **error)
{
    g_autoptr (TokenKey) key = g_new0 (TokenKey, 1);
    guint number = 0;
    ref_init (&key->ref);
    for (char *line = text, *next; line != NULL; line = next) {
        number++;
        next = strchr (line, '\n');
        if (next != NULL)
            *next++ = '\0';
        g_strstrip (line);
        if (*line == '\0' || *line == '#' || add_secret (key, line))
            continue;
        error_set (error, ERR_INTERNAL, "%s:%u: a key is %d hexadecimal digits, at most %d keys",
                   path, number, SECRET_HEX, SECRETS_MAX);
        return NULL;
    }
    if (key->n == 0) {
        error_set (error, ERR_INTERNAL, "%s: there is no key in this file", path);
        return NULL;
    }
    return g_steal_pointer (&key);
}

static gboolean fail_errno (GError **error, const char *what, const char *path)
{
    return error_fail (error, ERR_INTERNAL, "cannot %s key file %s: %s", what, path,
                       g_strerror (errno));
}

/* Fills the file under its preliminary name. */
static gboolean write_new (int fd, const char *path, GError **error)
{
    guchar secret[SECRET_BYTES];
    char line[SECRET_HEX + 2];
    if (getrandom (secret, sizeof secret, 0) != (gssize)sizeof secret)
        return fail_errno (error, "get randomness for", path);
    for (gsize i = 0; i < SECRET_BYTES; i++)
        g_snprintf (line + 2 * i, 3, "%02x", secret[i]);
    line[SECRET_HEX] = '\n';
    gboolean ok = write (fd, line, SECRET_HEX + 1) == SECRET_HEX + 1 && fsync (fd) == 0;
    explicit_bzero (secret, sizeof secret);
    explicit_bzero (line, sizeof line);
    return ok || fail_errno (error, "write", path);
}

/* Makes the file, unless somebody else did so meanwhile (I1). */
static gboolean key_create (const char *path, GError **error)
{
    g_autofree char *name = g_strdup_printf ("%s.%d", path, (int)getpid());
    int fd = open (name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail_errno (error, "make", path);
    owner_as_folder (fd, path);
    gboolean ok = write_new (fd, path, error);
    close (fd);
    if (ok && link (name, path) < 0 && errno != EEXIST)
        ok = fail_errno (error, "make", path);
    unlink (name);
    return ok;
}

/* The file's text; NULL and *ret_absent when there is none. Owned by the caller. */
static char *key_read (const char *path, gboolean *ret_absent, GError **error)
{
    struct stat info;
    int fd = open (path, O_RDONLY | O_CLOEXEC);
    *ret_absent = fd < 0 && errno == ENOENT;
    if (fd < 0) {
        fail_errno (error, "open", path);
        return NULL;
    }
    g_autofree char *text = g_malloc0 (FILE_BYTES_MAX + 1);
    gssize n = fstat (fd, &info) == 0 ? read (fd, text, FILE_BYTES_MAX) : -1;
    if (n < 0)
        fail_errno (error, "read", path);
    close (fd);
    if (n < 0)
        return NULL;
    if ((info.st_mode & 0027) != 0) {
        error_set (error, ERR_INTERNAL, "key file %s is open to others: its mode must be 0600",
                   path);
        return NULL;
    }
    return g_steal_pointer (&text);
}

TokenKey *token_key_load (const char *path, gboolean create, GError **error)
{
    gboolean absent = FALSE;
    g_autoptr (GError) read_error = NULL;
    g_autofree char *text = key_read (path, &absent, &read_error);
    if (text == NULL && absent && create) {
        g_clear_error (&read_error);
        if (!key_create (path, error))
            return NULL;
        text = key_read (path, &absent, &read_error);
    }
    if (text == NULL) {
        g_propagate_error (error, g_steal_pointer (&read_error));
        return NULL;
    }
    TokenKey *key = key_parse (text, path, error);
    explicit_bzero (text, FILE_BYTES_MAX);
    return key;
}

TokenKey *token_key_ref (TokenKey *key)
{
    ref_take (&key->ref);
    return key;
}

void token_key_unref (TokenKey *key)
{
    if (key == NULL || !ref_drop (&key->ref))
        return;
    explicit_bzero (key->secrets, sizeof key->secrets);
    g_free (key);
}
