/* letter_comments.c - see letter_comments.h. */
#include "letter_comments.h"

#include "error.h"
#include "letter_reader.h"
#include "message.h"
#include "quote.h"
#include "sanitize.h"
#include "site.h"
#include "text.h"
#include "token.h"

/* Read of a comment with what it quotes, and told of what its writer wrote: a hundred comments are
 * still a mail that Postfix takes. */
#define COMMENT_BYTES_MAX (256 * 1024)
#define WRITTEN_BYTES_MAX (16 * 1024)

static const char *name_of (const Post *post)
{
    return *post->author_name != '\0' ? post->author_name : post->author_address;
}

static void set_link (TplMap *map, const Config *conf, const char *name, char *take_path)
{
    g_autofree char *path = take_path;
    g_autofree char *url = site_url (conf->web_url, path);
    tpl_url (map, name, url);
}

static gboolean add_files (TplMap *map, const Config *conf, StoreReader *reader, PostId post,
                           GError **error)
{
    g_autoptr (GPtrArray) parts = store_post_parts (reader, post, error);
    if (parts == NULL)
        return FALSE;
    for (guint i = 0; i < parts->len; i++) {
        const PostPart *part = parts->pdata[i];
        g_autofree char *size = text_size (part->size);
        TplMap *file = tpl_add (map, "file");
        tpl_text (file, "name", part->name != NULL ? part->name : part->type);
        tpl_text (file, "size", size);
        set_link (file, conf, "url", site_file_path (post.value, part->number));
    }
    tpl_bool (map, "has_files", parts->len > 0);
    return TRUE;
}

/* What its writer wrote, without what they quoted: the reader has the rest of the thread. */
static gboolean add_comment (TplMap *map, const Config *conf, StoreReader *reader, const Post *post,
                             GError **error)
{
    g_autoptr (GBytes) raw = store_post_raw (reader, post->id, error);
    if (raw == NULL)
        return FALSE;
    const MessageLimits limits = {.text_bytes = COMMENT_BYTES_MAX};
    g_autoptr (Message) message = message_parse (raw, &limits);
    g_autofree char *html = token_hide (message->html);
    g_autofree char *plain = token_hide (message->text);
    g_autoptr (Quote) quote = html != NULL ? quote_split_html (html, -1) : quote_split_text (plain);
    gboolean is_cut =
        text_cut (quote->kept, WRITTEN_BYTES_MAX) || (message->is_cut && *quote->elided == '\0');
    tpl_text (map, "author", name_of (post));
    tpl_text (map, "author_address", post->author_address);
    tpl_time (map, "sent", post->sent_ms);
    tpl_text (map, "text", quote->kept);
    tpl_html (map, "body", sanitize_text (quote->kept));
    tpl_bool (map, "is_cut", is_cut);
    return add_files (map, conf, reader, post->id, error);
}

static gboolean add_parts (MailOut *mail, const TplSet *templates, const char *language,
                           const TplMap *map, GError **error)
{
    g_autofree char *text = tpl_render (templates, language, "comments.txt", map, error);
    if (text == NULL)
        return FALSE;
    g_autofree char *html = tpl_render (templates, language, "comments.html", map, error);
    if (html == NULL)
        return FALSE;
    mailout_text (mail, text);
    mailout_html (mail, html);
    return TRUE;
}

void letter_comments_free (LetterComments *comments)
{
    if (comments == NULL)
        return;
    post_free (comments->first);
    g_free (comments->author);
    g_free (comments);
}

static void fill (TplMap *map, const Config *conf, const Post *first, guint count)
{
    tpl_text (map, "subject", first->subject);
    tpl_text (map, "first_author", name_of (first));
    tpl_int (map, "count", count);
    tpl_bool (map, "has_one", count == 1);
    set_link (map, conf, "url", site_post_path (first->id.value));
}

LetterComments *letter_comments_add (MailOut *mail, Config *conf, const TplSet *templates,
                                     StoreReader *reader, const Notice *notice, GError **error)
{
    Viewer viewer = {.person = notice->person};
    g_autoptr (GPtrArray) posts = store_comment_news (reader, notice->post, notice->person, error);
    if (posts == NULL)
        return NULL;
    if (posts->len == 0) {
        error_set (error, ERR_NOT_FOUND, "no comment is left to tell");
        return NULL;
    }
    const Post *last = posts->pdata[posts->len - 1];
    g_autoptr (LetterComments) comments = g_new0 (LetterComments, 1);
    comments->author = g_strdup (name_of (last));
    comments->first = store_post_get (reader, last->thread, viewer, error);
    if (comments->first == NULL)
        return NULL;
    g_autoptr (TplMap) map = tpl_map_new();
    g_autofree char *language = letter_reader_set (map, conf, reader, notice->person);
    fill (map, conf, comments->first, posts->len);
    for (guint i = 0; i < posts->len; i++) {
        TplMap *comment = tpl_add (map, "comment");
        tpl_bool (comment, "is_first", i == 0);
        if (!add_comment (comment, conf, reader, posts->pdata[i], error))
            return NULL;
    }
    if (!add_parts (mail, templates, language, map, error))
        return NULL;
    return g_steal_pointer (&comments);
}
