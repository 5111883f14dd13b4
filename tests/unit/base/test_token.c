/* test_token.c - token.h: what was sealed opens, and nothing else does. */
#include "token.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"

#define NOW G_GINT64_CONSTANT (1790000000000)
#define KEY_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KEY_B "00000000000000000000000000000000000000000000000000000000000000aa"

typedef struct {
    char *folder, *path;
} Place;

static void set_up (Place *place, gconstpointer data)
{
    (void)data;
    place->folder = g_dir_make_tmp ("token-XXXXXX", NULL);
    place->path = g_build_filename (place->folder, "key", NULL);
}

static void tear_down (Place *place, gconstpointer data)
{
    (void)data;
    g_unlink (place->path);
    g_assert_cmpint (g_rmdir (place->folder), ==, 0); /* no other file was left */
    g_free (place->path);
    g_free (place->folder);
}

static TokenKey *key_of (Place *place, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_assert_true (g_file_set_contents_full (place->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                             0600, NULL));
    g_chmod (place->path, 0600);
    TokenKey *key = token_key_load (place->path, FALSE, &error);
    g_assert_no_error (error);
    return key;
}

static void test_round_trip (Place *place, gconstpointer data)
{
    (void)data;
    static const Token cases[] = {
        {TOKEN_REPLY, 1, 812, NOW + 60000},
        {TOKEN_LOGIN, 7, 0, NOW + 3600000},
        {TOKEN_FEED, 0, 0, 0},
        {TOKEN_AUTHOR, (G_GINT64_CONSTANT (1) << 56) - 1, G_MAXINT64, 0},
    };
    g_autoptr (TokenKey) key = key_of (place, KEY_A "\n");
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        Token got = {0};
        g_autofree char *text = token_seal (key, &cases[i]);
        g_autofree char *again = token_seal (key, &cases[i]);
        g_autofree char *upper = g_ascii_strup (text, -1);
        g_assert_cmpuint (strlen (text), ==, 58);
        g_assert_cmpuint (strspn (text, "abcdefghijklmnopqrstuvwxyz234567"), ==, 58);
        g_assert_cmpstr (text, ==, again);
        g_assert_true (token_open (key, cases[i].kind, upper, NOW, &got, NULL));
        g_assert_cmpint (got.kind, ==, cases[i].kind);
        g_assert_cmpint (got.person, ==, cases[i].person);
        g_assert_cmpint (got.id, ==, cases[i].id);
        g_assert_cmpint (got.expires_ms, >=, cases[i].expires_ms);
        g_assert_cmpint (got.expires_ms, <, cases[i].expires_ms + 60000);
    }
}

/* Keeps the wire format: keys and answers of an upgraded installation must stay good. */
static void test_known_token (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (TokenKey) key = key_of (place, KEY_A "\n");
    Token token = {TOKEN_REPLY, 42, 812, 0};
    g_autofree char *text = token_seal (key, &token);
    g_assert_cmpstr (text, ==, "c5obtwxtrdj4fqkun5o2ctjf5alxwufwmxdcja2qy5bzblwl6rzhwckbp4");
}

/* Every single letter changed to every other one: none opens (I1). */
static void test_forged (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (TokenKey) key = key_of (place, KEY_A "\n");
    Token token = {TOKEN_REPLY, 42, 812, 0}, got = {0};
    g_autofree char *text = token_seal (key, &token);
    for (guint i = 0; i < strlen (text); i++) {
        for (const char *p = "abcdefghijklmnopqrstuvwxyz234567018-"; *p != '\0'; p++) {
            g_autofree char *changed = g_strdup (text);
            if (changed[i] == *p)
                continue;
            changed[i] = *p;
            g_assert_false (token_open (key, TOKEN_REPLY, changed, NOW, &got, NULL));
        }
    }
    g_assert_cmpint (got.kind, ==, 0);
}

static void test_malformed (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (TokenKey) key = key_of (place, KEY_A "\n");
    Token token = {TOKEN_REPLY, 42, 812, 0}, got;
    g_autofree char *text = token_seal (key, &token);
    g_autofree char *longer = g_strconcat (text, "a", NULL);
    g_autofree char *shorter = g_strndup (text, 57);
    g_autofree char *blank = g_strconcat (" ", shorter, NULL);
    const char *const cases[] = {"", "a", longer, shorter, blank, "\xff\xff"};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        g_assert_false (token_open (key, TOKEN_REPLY, cases[i], NOW, &got, NULL));
}

static void test_kind_and_expiry (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (TokenKey) key = key_of (place, KEY_A "\n");
    Token token = {TOKEN_REPLY, 42, 812, NOW}, got;
    gboolean expired = TRUE;
    g_autofree char *text = token_seal (key, &token);
    g_assert_false (token_open (key, TOKEN_LOGIN, text, NOW - 1, &got, &expired));
    g_assert_false (expired);
    g_assert_true (token_open (key, TOKEN_REPLY, text, NOW - 1, &got, &expired));
    g_assert_false (expired);
    g_assert_false (token_open (key, TOKEN_REPLY, text, NOW + 60000, &got, &expired));
    g_assert_true (expired);
    g_assert_false (token_open (key, TOKEN_LOGIN, text, NOW + 60000, &got, &expired));
    g_assert_false (expired);
}

static void test_rotation (Place *place, gconstpointer data)
{
    (void)data;
    Token token = {TOKEN_REPLY, 42, 812, 0}, got;
    g_autoptr (TokenKey) old = key_of (place, KEY_A "\n");
    g_autofree char *text = token_seal (old, &token);
    g_autofree char *signature = token_sign (old, "hop", "post 812");
    g_autoptr (TokenKey) both = key_of (place, "# new\n" KEY_B "\r\n\n" KEY_A "\n");
    g_autoptr (TokenKey) new = key_of (place, KEY_B);
    g_assert_true (token_open (both, TOKEN_REPLY, text, NOW, &got, NULL));
    g_assert_false (token_open (new, TOKEN_REPLY, text, NOW, &got, NULL));
    g_assert_true (token_verify (both, "hop", "post 812", signature));
    g_assert_false (token_verify (new, "hop", "post 812", signature));
    g_autofree char *sealed = token_seal (both, &token);
    g_assert_true (token_open (new, TOKEN_REPLY, sealed, NOW, &got, NULL));
}

static void test_signature (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (TokenKey) key = key_of (place, KEY_A);
    g_autofree char *signature = token_sign (key, "hop", "a");
    g_autofree char *upper = g_ascii_strup (signature, -1);
    g_assert_cmpuint (strlen (signature), ==, 64);
    g_assert_true (token_verify (key, "hop", "a", upper));
    g_assert_false (token_verify (key, "hop", "b", signature));
    g_assert_false (token_verify (key, "hopa", "", signature));
    g_assert_false (token_verify (key, "hop", "a", ""));
    g_assert_false (token_verify (key, "hop", "a", "00"));
}

static void test_key_is_made (Place *place, gconstpointer data)
{
    (void)data;
    struct stat info;
    g_autoptr (GError) error = NULL;
    g_assert_null (token_key_load (place->path, FALSE, &error));
    g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
    g_clear_error (&error);
    g_autoptr (TokenKey) made = token_key_load (place->path, TRUE, &error);
    g_assert_no_error (error);
    g_assert_cmpint (g_stat (place->path, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    g_autoptr (TokenKey) again = token_key_load (place->path, TRUE, &error);
    Token token = {TOKEN_FORM, 3, 0, 0}, got;
    g_autofree char *text = token_seal (made, &token);
    g_assert_true (token_open (again, TOKEN_FORM, text, NOW, &got, NULL));
}

static void test_bad_files (Place *place, gconstpointer data)
{
    (void)data;
    static const char *const cases[] = {"", "# only a comment\n", "short\n", KEY_A "0\n",
                                        KEY_A "\nzz"};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        g_assert_true (g_file_set_contents (place->path, cases[i], -1, NULL));
        g_chmod (place->path, 0600);
        g_assert_null (token_key_load (place->path, TRUE, &error));
        g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
        g_assert_null (strstr (error->message, KEY_A));
    }
    g_autoptr (GError) error = NULL;
    g_assert_true (g_file_set_contents (place->path, KEY_A, -1, NULL));
    g_chmod (place->path, 0644);
    g_assert_null (token_key_load (place->path, TRUE, &error));
    g_assert_nonnull (strstr (error->message, "0600"));
}

static void test_no_folder (void)
{
    g_autoptr (GError) error = NULL;
    g_assert_null (token_key_load ("/nonexistent/folder/key", TRUE, &error));
    g_assert_cmpint (error_class (error), ==, ERR_INTERNAL);
}

/* What answers quote must not give their writer's keys away. */
static void test_hidden (Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr (TokenKey) key = token_key_load (place->path, TRUE, NULL);
    Token token = {.kind = TOKEN_REPLY, .person = 7, .id = 812};
    g_autofree char *sealed = token_seal (key, &token);
    g_autofree char *upper = g_ascii_strup (sealed, -1);
    g_autofree char *text = g_strdup_printf (
        "On Monday Anna <reply+%s@posts.test> wrote <a href=\"mailto:reply%%2B%s@posts.test\">, see "
        "/author?key=%s&x, and donaudampfschifffahrtselektrizitaeten+1 stays\n",
        sealed, upper, sealed);
    g_autofree char *hidden = token_hide (text);
    g_assert_cmpstr (hidden, ==,
                     "On Monday Anna <reply+…@posts.test> wrote <a "
                     "href=\"mailto:reply%…@posts.test\">, see /author?key=…&x, and "
                     "donaudampfschifffahrtselektrizitaeten+1 stays\n");
    g_assert_null (token_hide (NULL));
}

#define PLACE_TEST(path, test)                                                                     \
    g_test_add ("/base/token/" path, Place, NULL, set_up, test, tear_down)

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    PLACE_TEST ("sealed-opens-in-any-case", test_round_trip);
    PLACE_TEST ("format-is-kept", test_known_token);
    PLACE_TEST ("changed-letter-does-not-open", test_forged);
    PLACE_TEST ("malformed-does-not-open", test_malformed);
    PLACE_TEST ("kind-and-expiry", test_kind_and_expiry);
    PLACE_TEST ("keys-rotate", test_rotation);
    PLACE_TEST ("signature", test_signature);
    PLACE_TEST ("keys-in-texts-are-hidden", test_hidden);
    PLACE_TEST ("key-file-is-made-once", test_key_is_made);
    PLACE_TEST ("bad-key-files-are-refused", test_bad_files);
    g_test_add_func ("/base/token/no-folder", test_no_folder);
    return g_test_run();
}
