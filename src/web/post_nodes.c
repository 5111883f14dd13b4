/* post_nodes.c - see post_nodes.h.
 *
 * (I1) Bcc'd readers are never shown: what pages show of recipients comes from store_post_shown. */
#include "post_nodes.h"

#include <string.h>

#include "clock.h"
#include "follow.h"
#include "message.h"
#include "quote.h"
#include "sanitize.h"
#include "site.h"
#include "text.h"
#include "token.h"

#define BUDGET_TEXT_BYTES (1024 * 1024)
#define BUDGET_MS 2000
/* More recipients than these are folded. */
#define CROWD 20

typedef struct {
    const GPtrArray *parts; /* of PostPart */
    gint64 post;
} Images;

static const char *name_or_address (const char *name, const char *address)
{
    return name != NULL && *name != '\0' ? name : address;
}

void post_node_summary (TplMap *map, const Post *post)
{
    gboolean is_comment = post->thread.value != post->id.value;
    g_autofree char *path =
        is_comment ? site_comment_path (post->id.value) : site_post_path (post->id.value);
    tpl_int (map, "number", post->id.value);
    tpl_path (map, "path", path);
    tpl_text (map, "author", name_or_address (post->author_name, post->author_address));
    tpl_text (map, "author_address", post->author_address);
    tpl_text (map, "subject", post->subject);
    tpl_text (map, "preview", post->preview);
    tpl_time (map, "sent", post->sent_ms);
    tpl_int (map, "comments", post->comments);
    tpl_bool (map, "has_comments", post->comments > 0);
    tpl_bool (map, "has_one_comment", post->comments == 1);
    tpl_bool (map, "has_attachments", post->attachments > 0);
    tpl_bool (map, "is_restricted", post->visibility == POST_RECIPIENTS);
    tpl_bool (map, "is_withdrawn", post->visibility == POST_WITHDRAWN);
    for (guint i = 0; post->topics != NULL && i < post->topics->len; i++)
        tpl_text (tpl_add (map, "topic"), "name", post->topics->pdata[i]);
}

void post_nodes_list (TplMap *map, const GPtrArray *posts, guint limit, const char *path)
{
    tpl_bool (map, "is_empty", posts->len == 0);
    for (guint i = 0; i < posts->len; i++)
        post_node_summary (tpl_add (map, "post"), posts->pdata[i]);
    if (posts->len < limit)
        return;
    const Post *last = posts->pdata[posts->len - 1];
    g_autofree char *older = g_strdup_printf ("%sbefore=%" G_GINT64_FORMAT, path, last->id.value);
    tpl_path (map, "older_path", older);
    tpl_bool (map, "has_older", TRUE);
}

static char *image_path (const char *content_id, gpointer data)
{
    const Images *images = data;
    for (guint i = 0; i < images->parts->len; i++) {
        const PostPart *part = images->parts->pdata[i];
        if (part->content_id != NULL && strcmp (part->content_id, content_id) == 0)
            return site_image_path (images->post, part->number);
    }
    return NULL;
}

/* An answer shows what its writer wrote; what they quoted is folded below it. */
static void add_answer (TplMap *map, const Message *message)
{
    g_autofree char *html = token_hide (message->html);
    g_autofree char *text = token_hide (message->text);
    g_autoptr (Quote) quote = html != NULL ? quote_split_html (html, -1) : quote_split_text (text);
    tpl_html (map, "body", sanitize_text (quote->kept));
    tpl_bool (map, "has_quote", *quote->elided != '\0');
    if (*quote->elided != '\0')
        tpl_html (map, "quote", sanitize_text (quote->elided));
}

static void add_body (TplMap *map, const Post *post, const Message *message, const GPtrArray *parts)
{
    g_autofree char *html = token_hide (message->html);
    g_autofree char *text = token_hide (message->text);
    Images images = {parts, post->id.value};
    const SanitizeRules rules = {.cid = image_path, .data = &images};
    if (post->id.value != post->thread.value)
        add_answer (map, message);
    else if (html != NULL)
        tpl_html (map, "body", sanitize_html (html, -1, &rules));
    else
        tpl_html (map, "body", sanitize_text (text));
}

static void add_files (TplMap *map, const Post *post, const GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        const PostPart *part = parts->pdata[i];
        g_autofree char *path = site_file_path (post->id.value, part->number);
        g_autofree char *size = text_size (part->size);
        TplMap *file = tpl_add (map, "file");
        tpl_path (file, "path", path);
        tpl_text (file, "name", name_or_address (part->name, part->type));
        tpl_text (file, "size", size);
    }
    tpl_bool (map, "has_files", parts->len > 0);
}

static void add_shown (TplMap *map, const GPtrArray *shown)
{
    guint count[2] = {0, 0};
    for (guint i = 0; i < shown->len; i++) {
        const PostShown *row = shown->pdata[i];
        gboolean is_to = row->role == POST_ROLE_TO;
        TplMap *address = tpl_add (map, is_to ? "to" : "cc");
        tpl_text (address, "name", name_or_address (row->name, row->address));
        tpl_text (address, "address", row->address);
        tpl_bool (address, "is_first", count[is_to]++ == 0);
    }
    tpl_int (map, "shown", shown->len);
    tpl_bool (map, "has_shown", shown->len > 0);
    tpl_bool (map, "is_crowd", shown->len > CROWD);
    tpl_bool (map, "has_to", count[TRUE] > 0);
    tpl_bool (map, "has_cc", count[FALSE] > 0);
}

PostBudget post_budget (void)
{
    return (PostBudget){BUDGET_TEXT_BYTES, clock_monotonic_ms() + BUDGET_MS};
}

static void spend (PostBudget *budget, const Message *message)
{
    gsize used = strlen (message->text) + (message->html != NULL ? strlen (message->html) : 0);
    budget->text_bytes -= MIN (used, budget->text_bytes);
}

static void add_short (TplMap *map, const Post *post)
{
    post_node_summary (map, post);
    tpl_html (map, "body", sanitize_text (post->preview));
    tpl_bool (map, "is_short", TRUE);
}

gboolean post_node_whole (const WebRequest *request, TplMap *map, const Post *post,
                          PostBudget *budget, GError **error)
{
    if (budget->text_bytes == 0 || clock_monotonic_ms() > budget->until_ms) {
        add_short (map, post);
        return TRUE;
    }
    g_autoptr (GBytes) raw = store_post_raw (request->reader, post->id, error);
    if (raw == NULL)
        return FALSE;
    g_autoptr (GPtrArray) parts = store_post_parts (request->reader, post->id, error);
    if (parts == NULL)
        return FALSE;
    g_autoptr (GPtrArray) shown = store_post_shown (request->reader, post->id, error);
    if (shown == NULL)
        return FALSE;
    const MessageLimits limits = {.text_bytes = budget->text_bytes};
    g_autoptr (Message) message = message_parse (raw, &limits);
    spend (budget, message);
    tpl_bool (map, "is_cut", message->is_cut);
    guint plus = store_plus_count (request->reader, post->id);
    post_node_summary (map, post);
    tpl_int (map, "plus", plus);
    tpl_bool (map, "has_plus", plus > 0);
    add_body (map, post, message, parts);
    add_files (map, post, parts);
    add_shown (map, shown);
    return TRUE;
}
