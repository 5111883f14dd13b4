/* page_key.c - what the links in mails do: mute a thread, release or withdraw a post. The key in
 * the link is the right to do it, whoever is logged in; a GET asks, a POST does. */
#include "routes.h"

#include <string.h>

#include "error.h"
#include "follow.h"
#include "notices.h"
#include "site.h"

static gboolean open_key (WebRequest *request, TokenKind kind, const char *key, Token *ret_token,
                          GError **error)
{
    gboolean is_expired = FALSE;
    if (key != NULL &&
        token_open (request->context->key, kind, key, request->now_ms, ret_token, &is_expired))
        return TRUE;
    return error_fail (error, ERR_REFUSED, is_expired ? "link_old" : "link_unknown");
}

/* The post that a key is about, as its person may see it, in a page with a button. */
static WebReply *ask (WebRequest *request, TokenKind kind, const char *template, GError **error)
{
    Token token;
    const char *key = request_query (request, "key");
    if (!open_key (request, kind, key, &token, error))
        return NULL;
    Viewer viewer = {.person = {token.person}};
    g_autoptr (Post) post = store_post_get (request->reader, (PostId){token.id}, viewer, error);
    if (post == NULL)
        return NULL;
    g_autoptr (TplMap) map = tpl_map_new();
    tpl_text (map, "subject", post->subject);
    tpl_bool (map, "is_thread", post->thread.value == post->id.value);
    tpl_text (map, "key", key);
    return reply_page (request, 200, template, map, error);
}

/* RFC 8058: the key comes in the URL, the body says List-Unsubscribe=One-Click; our own form sends
 * it in the body. */
static const char *posted_key (WebRequest *request)
{
    const char *key = request_form (request, "key");
    return key != NULL ? key : request_query (request, "key");
}

WebReply *page_unsubscribe (WebRequest *request, GError **error)
{
    return ask (request, TOKEN_UNSUBSCRIBE, "unsubscribe.html", error);
}

static gboolean apply_mute (StoreTxn *txn, gpointer data, GError **error)
{
    const Token *token = data;
    return store_follow_set (txn, (PersonId){token->person}, (PostId){token->id}, FOLLOW_MUTE,
                             error);
}

WebReply *page_unsubscribe_done (WebRequest *request, GError **error)
{
    Token token;
    if (!open_key (request, TOKEN_UNSUBSCRIBE, posted_key (request), &token, error) ||
        !store_write (request->context->store, apply_mute, &token, error))
        return NULL;
    g_autoptr (TplMap) map = tpl_map_new();
    tpl_bool (map, "is_done", TRUE);
    return reply_page (request, 200, "unsubscribe.html", map, error);
}

WebReply *page_author (WebRequest *request, GError **error)
{
    return ask (request, TOKEN_AUTHOR, "author.html", error);
}

typedef struct {
    const Directory *directory;
    PostId post;
    const char *actor;
    guint count;
} AuthorJob;

static gboolean apply_release (StoreTxn *txn, gpointer data, GError **error)
{
    AuthorJob *job = data;
    return flow_release (txn, job->directory, job->post, job->actor, &job->count, error);
}

static gboolean apply_withdraw (StoreTxn *txn, gpointer data, GError **error)
{
    AuthorJob *job = data;
    return store_post_withdraw (txn, job->post, job->actor, error);
}

/* The buttons of author.html. */
static const struct {
    const char *name;
    StoreApply apply;
} author_acts[] = {
    {"release", apply_release},
    {"withdraw", apply_withdraw},
};

static StoreApply author_act (WebRequest *request)
{
    const char *name = request_form (request, "act");
    for (guint i = 0; name != NULL && i < G_N_ELEMENTS (author_acts); i++)
        if (strcmp (author_acts[i].name, name) == 0)
            return author_acts[i].apply;
    return NULL;
}

WebReply *page_author_done (WebRequest *request, GError **error)
{
    Token token;
    StoreApply apply = author_act (request);
    if (!open_key (request, TOKEN_AUTHOR, posted_key (request), &token, error))
        return NULL;
    if (apply == NULL) {
        error_set (error, ERR_REFUSED, "nothing_chosen");
        return NULL;
    }
    g_autoptr (Person) person = store_person_get (request->reader, (PersonId){token.person}, error);
    if (person == NULL)
        return NULL;
    g_autoptr (Directory) directory = flow_directory (request->context->flow);
    g_autoptr (Post) post =
        store_post_get (request->reader, (PostId){token.id}, (Viewer){.person = person->id}, error);
    AuthorJob job = {.directory = directory, .post = {token.id}, .actor = person->address};
    if (post == NULL || !store_write (request->context->store, apply, &job, error))
        return NULL;
    g_autoptr (TplMap) map = tpl_map_new();
    tpl_bool (map, "is_done", TRUE);
    tpl_bool (map, "is_withdrawn", apply == apply_withdraw);
    tpl_bool (map, "is_thread", post->thread.value == post->id.value);
    tpl_bool (map, "is_released", job.count > 0);
    return reply_page (request, 200, "author.html", map, error);
}
