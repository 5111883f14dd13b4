/* store_fixture.h - a store in a folder of its own, and short ways to fill it. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "clock.h"
#include "notices.h"
#include "people.h"
#include "posts.h"
#include "store.h"

#define ADMIN ((Viewer){{0}, TRUE})
#define PERSON(id) ((Viewer){(id), FALSE})
#define NOW G_GINT64_CONSTANT (1700000000000)

typedef struct {
    char *folder, *path;
    Clock *clock;
    Store *store;
    StoreReader *reader;
    GString *last_raw;
} Fixture;

/* A mail in short: what is left out gets a default. `to` is one reader. */
typedef struct {
    const char *id, *author, *to, *reason, *body, *identity, *subject;
    const char *refs[8];
    PostVisibility visibility;
    PostRole role;
    gint64 sent_ms;
    const char *const *kept_for;
    guint notices_max;
    const char *const *topics;
} Mail;

typedef struct {
    Fixture *fixture;
    const Mail *mail;
    PostId id;
    gboolean is_new;
} FixtureAdd;

static inline Fixture *fixture_new (void)
{
    Fixture *fixture = g_new0 (Fixture, 1);
    g_autoptr (GError) error = NULL;

    fixture->folder = g_dir_make_tmp ("store-XXXXXX", NULL);
    fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
    fixture->clock = clock_fake_new (NOW);
    fixture->store = store_open (fixture->path, fixture->clock, &error);
    g_assert_no_error (error);
    fixture->reader = store_reader_new (fixture->store, &error);
    g_assert_no_error (error);
    fixture->last_raw = g_string_new (NULL);
    return fixture;
}

static inline void folder_remove (const char *folder)
{
    GDir *dir = g_dir_open (folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_unlink (path);
    }
    if (dir != NULL)
        g_dir_close (dir);
    g_rmdir (folder);
}

static inline void fixture_free (Fixture *fixture)
{
    store_reader_free (fixture->reader);
    store_close (fixture->store);
    folder_remove (fixture->folder);
    clock_fake_free (fixture->clock);
    g_string_free (fixture->last_raw, TRUE);
    g_free (fixture->folder);
    g_free (fixture->path);
    g_free (fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static inline gboolean fixture_apply (StoreTxn *txn, gpointer data, GError **error)
{
    FixtureAdd *add = data;
    const Mail *mail = add->mail;
    GString *raw = add->fixture->last_raw;
    DraftReader reader = {mail->to, "", mail->role, NULL, mail->reason};
    DraftShown shown = {"", mail->to, POST_ROLE_TO};
    g_autoptr (GBytes) bytes = NULL;

    g_string_printf (raw, "From: %s\r\nSubject: %s\r\n\r\n%s\r\n", mail->author,
                     mail->subject ? mail->subject : "A subject",
                     mail->body ? mail->body : "Hello");
    bytes = g_bytes_new (raw->str, raw->len);
    PostDraft draft = {
        .raw = bytes,
        .message_id = mail->id,
        .author = mail->author,
        .author_name = "",
        .envelope_sender = mail->author,
        .subject = mail->subject ? mail->subject : "A subject",
        .preview = "Hello",
        .identity = mail->identity ? mail->identity : "00ff",
        .visibility = mail->visibility,
        .sent_ms = mail->sent_ms ? mail->sent_ms : NOW,
        .received_ms = NOW,
        .refs = mail->refs[0] ? mail->refs : NULL,
        .readers = &reader,
        .notices_max = mail->notices_max,
        .reader_count = mail->to ? 1 : 0,
        .shown = &shown,
        .shown_count = mail->to && mail->role != POST_ROLE_BCC ? 1 : 0,
        .kept_for = mail->kept_for,
        .topics = mail->topics,
    };
    return store_post_add (txn, &draft, &add->id, &add->is_new, error);
}

static inline PostId fixture_add_full (Fixture *fixture, const Mail *mail, gboolean *ret_is_new)
{
    FixtureAdd add = {fixture, mail, {0}, FALSE};
    g_autoptr (GError) error = NULL;

    gboolean is_good = store_write (fixture->store, fixture_apply, &add, &error);
    g_assert_no_error (error);
    g_assert_true (is_good);
    if (ret_is_new != NULL)
        *ret_is_new = add.is_new;
    return add.id;
}

typedef struct {
    const char *text;
    PostId post;
    PersonId person;
} FixtureText;

static inline gboolean fixture_apply_index (StoreTxn *txn, gpointer data, GError **error)
{
    FixtureText *job = data;

    return store_index_add (txn, job->post, "", job->text, "", error);
}

static inline void fixture_index (Fixture *fixture, PostId post, const char *text)
{
    FixtureText job = {text, post, {0}};
    g_autoptr (GError) error = NULL;

    gboolean is_good = store_write (fixture->store, fixture_apply_index, &job, &error);
    g_assert_no_error (error);
    g_assert_true (is_good);
}

static inline gboolean fixture_apply_person (StoreTxn *txn, gpointer data, GError **error)
{
    FixtureText *job = data;

    return store_person_ensure (txn, job->text, NULL, &job->person, error);
}

static inline PersonId fixture_person (Fixture *fixture, const char *address)
{
    FixtureText job = {address, {0}, {0}};
    g_autoptr (GError) error = NULL;

    gboolean is_good = store_write (fixture->store, fixture_apply_person, &job, &error);
    g_assert_no_error (error);
    g_assert_true (is_good);
    return job.person;
}

static inline PostId fixture_add (Fixture *fixture, const Mail *mail)
{
    return fixture_add_full (fixture, mail, NULL);
}

#endif
