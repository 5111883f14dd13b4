/* fuzz_token.c - no text opens as a token or a signature, unless it was made with the key. */
#include <glib/gstdio.h>
#include <stdint.h>

#include "token.h"

static TokenKey *key_new (void)
{
    g_autofree char *folder = g_dir_make_tmp ("fuzz-token-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "key", NULL);
    TokenKey *key = token_key_load (path, TRUE, NULL);
    g_assert_nonnull (key);
    g_unlink (path);
    g_rmdir (folder);
    return key;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static TokenKey *key = NULL;
    Token token = {0};
    gboolean expired = FALSE;
    if (key == NULL)
        key = key_new();
    g_autofree char *text = g_strndup ((const char *)data, size);
    for (TokenKind kind = TOKEN_REPLY; kind <= TOKEN_BOUNCE; kind++)
        g_assert_false (token_open (key, kind, text, 0, &token, &expired));
    g_assert_false (expired);
    g_assert_false (token_verify (key, "hop", "text", text));

    /* What is sealed opens, whatever the numbers are. */
    for (size_t i = 0; i < size && i < 8; i++) {
        token.person = token.person << 7 | data[i];
        token.id = token.id << 7 | data[size - 1 - i];
    }
    token.person &= (G_GINT64_CONSTANT (1) << 56) - 1;
    token.kind = TOKEN_AUTHOR;
    g_autofree char *sealed = token_seal (key, &token);
    Token opened = {0};
    g_assert_true (token_open (key, TOKEN_AUTHOR, sealed, 0, &opened, NULL));
    g_assert_true (opened.person == token.person && opened.id == token.id);
    return 0;
}
