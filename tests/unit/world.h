/* world.h - a whole gateway in a folder of its own, without sockets: archive, pipeline, key and
 * templates, and a clock that stands still. For tests/flow and the unit tests of notify and web. */
#ifndef WORLD_H
#define WORLD_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "flow.h"
#include "notices.h"
#include "people.h"
#include "posts.h"
#include "store.h"
#include "token.h"
#include "tpl.h"

#define WORLD_NOW G_GINT64_CONSTANT (1763719200000) /* 2025-11-21 10:00 UTC, a Friday */
#define ADMIN ((Viewer){{0}, TRUE})

typedef struct {
    char *folder;
    Clock *clock;
    Config *conf;
    TokenKey *key;
    Store *store;
    StoreReader *reader;
    Flow *flow;
    TplSet *templates;
} World;

/* What came of one message. */
typedef struct {
    gboolean is_early; /* passed before the body */
    FlowKind kind;
    char *reason, *text;
    char *drop; /* RCPT texts with blanks between */
    PostId post;
} Outcome;

static inline void outcome_clear (Outcome *outcome)
{
    g_clear_pointer (&outcome->reason, g_free);
    g_clear_pointer (&outcome->text, g_free);
    g_clear_pointer (&outcome->drop, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static inline void world_remove (const char *path)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *child = g_build_filename (path, name, NULL);
        world_remove (child);
    }
    g_remove (path);
}

static inline void world_write (const World *world, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename (world->folder, name, NULL);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* settings: further lines of the configuration. */
static inline Config *world_configure (const World *world, const char *settings)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strdup_printf (
        "internal_domains = { \"example.test\" }\npost_domain = \"posts.example.test\"\n"
        "alias_files = { \"%s/aliases\" }\ndatabase = \"%s/archive.db\"\n"
        "spool_directory = \"%s\"\nkey_file = \"%s/key\"\nweb_url = \"https://blog.example.test\"\n"
        "%s\n%s\n",
        world->folder, world->folder, world->folder, world->folder,
        settings != NULL ? settings : "",
        settings != NULL && strstr (settings, "mode =") != NULL ? "" : "mode = \"enforce\"");
    Config *conf = conf_parse (text, "world.conf", &error);
    g_assert_no_error (error);
    return conf;
}

static inline void world_open_flow (World *world)
{
    g_autoptr (GError) error = NULL;
    world->flow = flow_new (world->conf, world->key, world->store, world->clock, &error);
    g_assert_no_error (error);
}

/* In a folder that may hold an archive already. */
static inline World *world_new_in (char *take_folder, const char *settings)
{
    g_autoptr (GError) error = NULL;
    World *world = g_new0 (World, 1);
    world->folder = take_folder;
    world->clock = clock_fake_new (WORLD_NOW);
    world_write (world, "aliases", "team: anna, bob, carl, dora, emil\nboard: anna, bob\n");
    world->conf = world_configure (world, settings);
    world->key = token_key_load (world->conf->key_file, TRUE, &error);
    g_assert_no_error (error);
    world->store = store_open (world->conf->database, world->clock, &error);
    g_assert_no_error (error);
    world->reader = store_reader_new (world->store, &error);
    g_assert_no_error (error);
    world->templates = tpl_set_load (NULL, &error);
    g_assert_no_error (error);
    world_open_flow (world);
    return world;
}

static inline World *world_new (const char *settings)
{
    return world_new_in (g_dir_make_tmp ("world-XXXXXX", NULL), settings);
}

static inline void world_free (World *world)
{
    flow_free (world->flow);
    store_reader_free (world->reader);
    store_close (world->store);
    tpl_set_unref (world->templates);
    token_key_unref (world->key);
    conf_unref (world->conf);
    clock_fake_free (world->clock);
    world_remove (world->folder);
    g_free (world->folder);
    g_free (world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static inline FlowSession *world_session (World *world, const char *sender, const char *recipients)
{
    FlowSession *session = flow_session_new (world->flow, FRONT_MILTER);
    Envelope *envelope = flow_session_envelope (session);
    envelope->queue_id = g_strdup ("4QUEUEID");
    envelope->sender = g_strdup_printf ("<%s>", sender);
    g_auto (GStrv) words = g_strsplit (recipients, " ", -1);
    for (char **word = words; *word != NULL; word++)
        g_ptr_array_add (
            envelope->recipients,
            g_strdup_printf (strchr (*word, '@') != NULL ? "<%s>" : "<%s@example.test>", *word));
    return session;
}

static inline Outcome outcome_of (FlowSession *session)
{
    FlowReply reply = flow_finish (session);
    g_autoptr (GString) drop = g_string_new (NULL);
    for (guint i = 0; reply.drop != NULL && i < reply.drop->len; i++)
        g_string_append_printf (drop, "%s%s", i > 0 ? " " : "", (char *)reply.drop->pdata[i]);
    return (Outcome){.kind = reply.kind,
                     .reason = g_strdup (reply.reason),
                     .text = g_strdup (reply.text),
                     .drop = g_strdup (drop->str),
                     .post = reply.post};
}

/* Sends one message through the pipeline: recipients are local parts or addresses with blanks. */
static inline Outcome world_send (World *world, const char *sender, const char *recipients,
                                  const char *mail)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (FlowSession) session = world_session (world, sender, recipients);
    if (flow_recipients_done (session) == FLOW_STEP_PASS)
        return (Outcome){.is_early = TRUE, .kind = FLOW_PASS};
    if (!flow_append (session, mail, strlen (mail), &error))
        g_clear_error (&error);
    return outcome_of (session);
}

/* A plain mail of Gina's to these (header text), with CRLF. Owned. */
static inline char *mail_new (const char *id, const char *to, const char *cc, const char *subject,
                              const char *more_headers, const char *body)
{
    g_autofree char *cc_line = cc != NULL ? g_strdup_printf ("Cc: %s\r\n", cc) : g_strdup ("");
    return g_strdup_printf ("Received: from a by b; Fri, 21 Nov 2025 10:00:00 +0000\r\n"
                            "From: Gina Groot <gina@example.test>\r\nTo: %s\r\n%s"
                            "Subject: %s\r\nDate: Fri, 21 Nov 2025 09:59:00 +0000\r\n"
                            "Message-ID: <%s>\r\n%s\r\n%s\r\n",
                            to, cc_line, subject, id, more_headers != NULL ? more_headers : "",
                            body);
}

#define FIVE "anna bob carl dora emil"
#define FIVE_TO                                                                                    \
    "Anna <anna@example.test>, bob@example.test, carl@example.test, dora@example.test, "           \
    "emil@example.test"

/* A post to five colleagues, Anna alone in To. */
static inline PostId world_post (World *world, const char *id, const char *body)
{
    g_autofree char *mail =
        mail_new (id, "Anna <anna@example.test>",
                  "bob@example.test, carl@example.test, dora@example.test, emil@example.test",
                  "Lunch at noon", NULL, body);
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    return outcome.post;
}

static inline GPtrArray *world_outbox (World *world)
{
    g_autoptr (GError) error = NULL;
    GPtrArray *notices = store_notice_list (world->reader, FALSE, (NoticeId){0}, 1000, &error);
    g_assert_no_error (error);
    return notices;
}

/* How many mails of a kind the outbox holds for an address (NULL: for anybody). */
static inline guint world_count (World *world, NoticeKind kind, const char *address)
{
    g_autoptr (GPtrArray) notices = world_outbox (world);
    guint count = 0;
    for (guint i = 0; i < notices->len; i++) {
        const Notice *notice = notices->pdata[i];
        count +=
            notice->kind == kind && (address == NULL || g_str_equal (notice->address, address));
    }
    return count;
}

static inline void assert_bytes (GBytes *bytes, const char *text, gsize len)
{
    g_assert_nonnull (bytes);
    g_assert_cmpuint (g_bytes_get_size (bytes), ==, len);
    g_assert_true (memcmp (g_bytes_get_data (bytes, NULL), text, len) == 0);
}

#define WORLD_WRITE(world, apply, data)                                                            \
    do {                                                                                           \
        g_autoptr (GError) write_error = NULL;                                                     \
        gboolean is_written = store_write ((world)->store, apply, data, &write_error);             \
        g_assert_no_error (write_error);                                                           \
        g_assert_true (is_written);                                                                \
    } while (0)

#endif
