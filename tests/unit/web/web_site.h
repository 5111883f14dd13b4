/* web_site.h - the pages of a whole gateway on a Unix socket, and a client that says exactly what
 * it is told. */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "web.h"
#include "world.h"

typedef struct {
    World *world;
    Web *web;
    char *path;
} Site;

static inline Site site_new (const char *settings)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp ("web-XXXXXX", NULL);
    World named = {.folder = folder};
    Site site = {.path = g_build_filename (folder, "web.sock", NULL)};
    world_write (&named, "aliases", "team: anna, bob, carl, dora, emil\n");
    g_autofree char *all = g_strdup_printf ("web_listen = \"unix:%s\"\nsocket_group = \"\"\n%s",
                                            site.path, settings != NULL ? settings : "");
    site.world = world_new_in (g_steal_pointer (&folder), all);
    World *world = site.world;
    site.web = web_start (world->conf, world->flow, world->store, world->key, world->templates,
                          world->clock, &error);
    g_assert_no_error (error);
    return site;
}

static inline void site_clear (Site *site)
{
    web_stop (site->web);
    world_free (site->world);
    g_free (site->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Site, site_clear)

static inline int site_connect (const Site *site)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_assert_cmpuint (strlen (site->path), <, sizeof address.sun_path);
    strcpy (address.sun_path, site->path);
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    return fd;
}

/* Whatever comes back until the server closes, or is silent for a second. Owned. */
static inline char *site_read (int fd, int patience_ms)
{
    GString *answer = g_string_new (NULL);
    char chunk[8192];
    for (;;) {
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        if (poll (&waiting, 1, patience_ms) <= 0)
            break;
        ssize_t n = recv (fd, chunk, sizeof chunk, 0);
        if (n <= 0)
            break;
        g_string_append_len (answer, chunk, n);
    }
    return g_string_free (answer, FALSE);
}

static inline char *site_say_and_wait (const Site *site, const char *data, gsize len,
                                       int patience_ms)
{
    int fd = site_connect (site);
    for (gsize at = 0; at < len;) {
        ssize_t n = send (fd, data + at, len - at, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        at += (gsize)n;
    }
    char *answer = site_read (fd, patience_ms);
    close (fd);
    return answer;
}

/* For what may rightly get no answer at all. */
static inline char *site_say (const Site *site, const char *data, gsize len)
{
    return site_say_and_wait (site, data, len, 1000);
}

/* One request; headers are whole lines, or NULL. Owned. */
static inline char *site_ask (const Site *site, const char *method, const char *path,
                              const char *headers, const char *body)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_string_printf (text, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s", method, path,
                     headers != NULL ? headers : "");
    if (body != NULL)
        g_string_append_printf (text,
                                "Content-Type: application/x-www-form-urlencoded\r\n"
                                "Content-Length: %" G_GSIZE_FORMAT "\r\n",
                                strlen (body));
    g_string_append_printf (text, "\r\n%s", body != NULL ? body : "");
    /* A giant page may take its time under a sanitizer. */
    return site_say_and_wait (site, text->str, text->len, 60 * 1000);
}

/* 0 when there was no answer. */
static inline guint status_of (const char *answer)
{
    if (!g_str_has_prefix (answer, "HTTP/1.1 ") && !g_str_has_prefix (answer, "HTTP/1.0 "))
        return 0;
    return (guint)g_ascii_strtoull (answer + 9, NULL, 10);
}

/* The value of a header of the answer. Owned, or NULL. */
static inline char *header_of (const char *answer, const char *name)
{
    g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
    const char *end = strstr (answer, "\r\n\r\n");
    const char *at = strstr (answer, start);
    if (at == NULL || end == NULL || at > end)
        return NULL;
    at += strlen (start);
    return g_strndup (at, strcspn (at, "\r"));
}

static inline const char *body_of (const char *answer)
{
    const char *end = strstr (answer, "\r\n\r\n");
    return end != NULL ? end + 4 : "";
}

typedef struct {
    const char *address;
    PersonId id;
} SitePerson;

static inline gboolean site_apply_person (StoreTxn *txn, gpointer data, GError **error)
{
    SitePerson *person = data;
    return store_person_ensure (txn, person->address, NULL, &person->id, error);
}

static inline PersonId site_person (const Site *site, const char *address)
{
    SitePerson person = {address, {0}};
    WORLD_WRITE (site->world, site_apply_person, &person);
    return person.id;
}

static inline char *token_for (const Site *site, TokenKind kind, PersonId person, gint64 id,
                               gint64 expires_ms)
{
    Token token = {.kind = kind, .person = person.value, .id = id, .expires_ms = expires_ms};
    return token_seal (site->world->key, &token);
}

/* A Cookie header line of somebody who is logged in. Owned. */
static inline char *cookie_for (const Site *site, const char *address)
{
    PersonId person = site_person (site, address);
    g_autofree char *token = token_for (site, TOKEN_SESSION, person, 0, WORLD_NOW + 3600 * 1000);
    return g_strdup_printf ("Cookie: theme=x; carbonless=%s\r\n", token);
}

/* GET as somebody, who may be NULL. Owned. */
static inline char *site_get (const Site *site, const char *address, const char *path)
{
    g_autofree char *cookie = address != NULL ? cookie_for (site, address) : NULL;
    return site_ask (site, "GET", path, cookie, NULL);
}

#endif
