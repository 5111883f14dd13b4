/* answers.h - mail to own addresses in a test world: keys as notices carry them, answers as people
 * write them, and what is then in the archive. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <sqlite3.h>

#include "world.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

/* The first number of a query. */
static inline gint64 count_rows (const World *world, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    g_assert_cmpint (sqlite3_open (world->conf->database, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_busy_timeout (db, 5000), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
    gint64 count = sqlite3_step (stmt) == SQLITE_ROW ? sqlite3_column_int64 (stmt, 0) : -1;
    sqlite3_finalize (stmt);
    sqlite3_close (db);
    return count;
}

static inline PersonId person_of (World *world, const char *local)
{
    g_autofree char *address = g_strdup_printf ("%s@example.test", local);
    g_autoptr (GError) error = NULL;
    g_autoptr (Person) person = store_person_find (world->reader, address, &error);
    g_assert_no_error (error);
    g_assert_nonnull (person);
    return person->id;
}

static inline char *key_of_kind (World *world, TokenKind kind, const char *local, PostId post,
                                 gint64 expires_ms)
{
    Token token = {.kind = kind,
                   .person = person_of (world, local).value,
                   .id = post.value,
                   .expires_ms = expires_ms};
    return token_seal (world->key, &token);
}

/* The key that this person's notices carry for the thread. Owned. */
static inline char *key_until (World *world, const char *local, PostId post, gint64 expires_ms)
{
    return key_of_kind (world, TOKEN_REPLY, local, post, expires_ms);
}

static inline char *reply_address (World *world, const char *local, PostId post)
{
    g_autofree char *key = key_until (world, local, post, WORLD_NOW + 365 * DAY_MS);
    return g_strdup_printf ("reply+%s@posts.example.test", key);
}

/* The envelope sender of this person's notices. Owned. */
static inline char *bounce_address (World *world, const char *local, PostId post)
{
    g_autofree char *key = key_of_kind (world, TOKEN_BOUNCE, local, post, WORLD_NOW + 365 * DAY_MS);
    return g_strdup_printf ("reply+%s@posts.example.test", key);
}

/* Over LMTP; recipients are whole addresses with blanks. sender "" is the null sender. */
static inline Outcome lmtp_send (World *world, const char *sender, const char *recipients,
                                 const char *mail)
{
    g_autoptr (FlowSession) session = flow_session_new (world->flow, FRONT_LMTP);
    Envelope *envelope = flow_session_envelope (session);
    envelope->queue_id = g_strdup ("5LMTP");
    envelope->sender = g_strdup_printf ("<%s>", sender);
    g_auto (GStrv) words = g_strsplit (recipients, " ", -1);
    for (char **word = words; *word != NULL; word++)
        g_ptr_array_add (envelope->recipients, g_strdup_printf ("<%s>", *word));
    gboolean ok = flow_append (session, mail, strlen (mail), NULL);
    g_assert_true (ok);
    return outcome_of (session);
}

/* A mail as a person's program writes it. from: a whole address. Owned. */
static inline char *letter_text (const char *from, const char *id, const char *to,
                                 const char *headers, const char *body)
{
    return g_strdup_printf ("From: <%s>\r\nTo: %s\r\nSubject: Re: Lunch at noon\r\n"
                            "Date: Fri, 21 Nov 2025 10:30:00 +0000\r\nMessage-ID: <%s>\r\n%s"
                            "\r\n%s\r\n",
                            from, to, id, headers != NULL ? headers : "", body);
}

/* This person answers what they got about the thread, in these words. */
static inline Outcome answer_as (World *world, const char *local, PostId post, const char *id,
                                 const char *body)
{
    g_autofree char *to = reply_address (world, local, post);
    g_autofree char *from = g_strdup_printf ("%s@example.test", local);
    g_autofree char *mail = letter_text (from, id, to, NULL, body);
    return lmtp_send (world, from, to, mail);
}

static inline PostId comment_as (World *world, const char *local, PostId post, const char *id,
                                 const char *body)
{
    g_auto (Outcome) outcome = answer_as (world, local, post, id, body);
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (GPtrArray) found = store_post_find (world->reader, id, ADMIN, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (found->len, ==, 1);
    return ((const Post *)found->pdata[0])->id;
}

/* Posts that are answers in a thread. */
static inline guint comments_of (World *world, PostId post)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) thread = store_thread (world->reader, post, ADMIN, 1000, &error);
    g_assert_no_error (error);
    return thread->len - 1;
}

/* Mails about comments that were queued, to this local part or (NULL) to anybody. */
static inline guint told (World *world, const char *local)
{
    g_autofree char *address = local != NULL ? g_strdup_printf ("%s@example.test", local) : NULL;
    return world_count (world, NOTICE_COMMENT, address);
}

/* What was kept for the administrator with this reason. */
static inline gint64 refused (const World *world, const char *reason)
{
    g_autofree char *sql =
        g_strdup_printf ("SELECT count(*) FROM refused WHERE reason = '%s'", reason);
    return count_rows (world, sql);
}

/* Answers of ours of this kind. */
static inline gint64 answers (const World *world, const char *kind)
{
    g_autofree char *sql =
        g_strdup_printf ("SELECT count(*) FROM notice WHERE kind = 5 AND reason = '%s'", kind);
    return count_rows (world, sql);
}

typedef struct {
    const char *address, *alias;
} AliasJob;

static inline gboolean apply_alias (StoreTxn *txn, gpointer data, GError **error)
{
    const AliasJob *job = data;
    PersonId person;
    return store_person_ensure (txn, job->address, NULL, &person, error) &&
           store_person_alias (txn, person, job->alias, TRUE, error);
}

#endif
