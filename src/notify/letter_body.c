/* letter_body.c - see letter_body.h. */
#include "letter_body.h"

#include <string.h>

#include "error.h"
#include "letter_reader.h"
#include "message.h"
#include "sanitize.h"
#include "site.h"
#include "text.h"
#include "token.h"

/* Images shown within the notice: small ones; larger ones are links like all attachments. */
#define INLINE_BYTES_MAX (64 * 1024)
#define INLINE_BYTES_TOTAL (256 * 1024)
/* A notice holds the whole text, but Postfix takes no mail over 10 MB: of a pasted log this much.
 */
#define TEXT_BYTES_MAX (256 * 1024)
/* Recipients that a notice names; of a mail to a whole company the rest are a number. */
#define SHOWN_MAX 30

struct LetterBody {
    Config *conf;
    const TplSet *templates;
    const char *template; /* "notice" or "receipt" */
    char *language;
    Post *post;
    Message *message;
    GPtrArray *parts;  /* of PostPart */
    GPtrArray *images; /* of Part: those that the HTML shows, in order */
    gsize image_bytes;
    TplMap *map;
};

void letter_body_free (LetterBody *body)
{
    if (body == NULL)
        return;
    tpl_map_free (body->map);
    g_clear_pointer (&body->images, g_ptr_array_unref);
    g_clear_pointer (&body->parts, g_ptr_array_unref);
    message_free (body->message);
    post_free (body->post);
    g_free (body->language);
    conf_unref (body->conf);
    g_free (body);
}

const Post *letter_body_post (const LetterBody *body)
{
    return body->post;
}

static const char *name_or_address (const char *name, const char *address)
{
    return name != NULL && *name != '\0' ? name : address;
}

static void set_link (LetterBody *body, TplMap *map, const char *name, char *take_path)
{
    g_autofree char *path = take_path;
    g_autofree char *url = site_url (body->conf->web_url, path);
    tpl_url (map, name, url);
}

/* has_NAME, and how many of them are not named. */
static void set_count (TplMap *map, const char *name, guint count)
{
    guint more = count > SHOWN_MAX ? count - SHOWN_MAX : 0;
    g_autofree char *has = g_strconcat ("has_", name, NULL);
    g_autofree char *has_more = g_strconcat ("has_more_", name, NULL);
    g_autofree char *number = g_strconcat ("more_", name, NULL);
    tpl_bool (map, has, count > 0);
    tpl_bool (map, has_more, more > 0);
    tpl_int (map, number, more);
}

static void add_shown (LetterBody *body, const GPtrArray *shown)
{
    guint count[2] = {0, 0};
    for (guint i = 0; i < shown->len; i++) {
        const PostShown *row = shown->pdata[i];
        gboolean is_to = row->role == POST_ROLE_TO;
        if (count[is_to]++ >= SHOWN_MAX)
            continue;
        TplMap *map = tpl_add (body->map, is_to ? "to" : "cc");
        tpl_text (map, "name", name_or_address (row->name, row->address));
        tpl_text (map, "address", row->address);
        tpl_bool (map, "is_first", count[is_to] == 1);
    }
    set_count (body->map, "to", count[TRUE]);
    set_count (body->map, "cc", count[FALSE]);
}

static void add_files (LetterBody *body)
{
    for (guint i = 0; i < body->parts->len; i++) {
        const PostPart *part = body->parts->pdata[i];
        g_autofree char *size = text_size (part->size);
        TplMap *map = tpl_add (body->map, "file");
        tpl_text (map, "name", name_or_address (part->name, part->type));
        tpl_text (map, "size", size);
        set_link (body, map, "url", site_file_path (body->post->id.value, part->number));
    }
    tpl_bool (body->map, "has_files", body->parts->len > 0);
}

/* For a receipt: who got a notice, and whether readers beyond those exist. Bcc'd ones are named to
 * the author only, who wrote to them. */
static void add_noticed (LetterBody *body, const GPtrArray *readers)
{
    guint others = 0, noticed = 0;
    for (guint i = 0; i < readers->len; i++) {
        const PostReader *reader = readers->pdata[i];
        if (reader->reason == NULL) {
            others++;
            continue;
        }
        TplMap *map = tpl_add (body->map, "noticed");
        tpl_text (map, "name", name_or_address (reader->name, reader->address));
        tpl_bool (map, "is_first", noticed++ == 0);
    }
    tpl_bool (body->map, "has_noticed", noticed > 0);
    tpl_int (body->map, "others", others);
    tpl_bool (body->map, "has_others", others > 0);
    tpl_bool (body->map, "has_readers", noticed + others > 0);
    tpl_bool (body->map, "has_one_other", others == 1);
}

static void set_why (LetterBody *body, const char *reason)
{
    g_autofree char *name = g_strdup_printf ("why_%s", reason != NULL ? reason : "other");
    tpl_bool (body->map, name, TRUE);
}

/* Small images travel with the mail; the HTML keeps pointing at them. */
static char *on_cid (const char *content_id, gpointer data)
{
    LetterBody *body = data;
    const Part *part = message_part_by_id (body->message, content_id);
    if (part == NULL || !g_str_has_prefix (part->type, "image/"))
        return NULL;
    gboolean is_known = g_ptr_array_find (body->images, part, NULL);
    if (!is_known &&
        (part->size > INLINE_BYTES_MAX || body->image_bytes + part->size > INLINE_BYTES_TOTAL))
        return NULL;
    if (!is_known) {
        body->image_bytes += part->size;
        g_ptr_array_add (body->images, (gpointer)part);
    }
    g_autofree char *escaped = g_uri_escape_string (part->content_id, "@!$&'()*+,;=:", FALSE);
    return g_strconcat ("cid:", escaped, NULL);
}

static SafeHtml *body_html (LetterBody *body)
{
    const SanitizeRules rules = {.cid = on_cid, .data = body, .for_mail = TRUE};
    g_autofree char *html = token_hide (body->message->html);
    g_autofree char *text = token_hide (body->message->text);
    return html != NULL ? sanitize_html (html, -1, &rules) : sanitize_text (text);
}

/* Colours that an author chose were chosen for white paper: in a dark mail program they get some.
 */
static void set_body (LetterBody *body)
{
    SafeHtml *html = body_html (body);
    gboolean is_foreign = body->message->html != NULL;
    tpl_bool (body->map, "is_html", is_foreign);
    tpl_bool (body->map, "has_colours",
              is_foreign && strstr (safehtml_get (html), "color") != NULL);
    tpl_html (body->map, "body", html);
}

static void fill (LetterBody *body, const Notice *notice)
{
    const Post *post = body->post;
    TplMap *map = body->map;
    g_autofree char *text = token_hide (body->message->text);
    tpl_text (map, "author", name_or_address (post->author_name, post->author_address));
    tpl_text (map, "author_address", post->author_address);
    tpl_text (map, "reader", name_or_address (notice->name, notice->address));
    tpl_text (map, "subject", post->subject);
    tpl_time (map, "sent", post->sent_ms);
    tpl_text (map, "keep_tag", body->conf->keep_tag);
    tpl_text (map, "text", text);
    tpl_bool (map, "is_restricted", post->visibility == POST_RECIPIENTS);
    tpl_bool (map, "is_cut", body->message->is_cut);
    gboolean is_comment = post->thread.value != post->id.value;
    set_link (body, map, "url",
              is_comment ? site_comment_path (post->id.value) : site_post_path (post->id.value));
    set_why (body, notice->reason);
}

static void add_author_links (LetterBody *body, TokenKey *key, const Notice *notice)
{
    Token token = {.kind = TOKEN_AUTHOR,
                   .person = notice->person.value,
                   .id = body->post->id.value,
                   .expires_ms =
                       notice->created_ms + (gint64)body->conf->reply_key_days * 24 * 3600 * 1000};
    g_autofree char *text = token_seal (key, &token);
    set_link (body, body->map, "author_url", site_author_path (text));
}

static gboolean read_post (LetterBody *body, StoreReader *reader, const Notice *notice,
                           GError **error)
{
    Viewer viewer = {.person = notice->person};
    body->post = store_post_get (reader, notice->post, viewer, error);
    if (body->post == NULL)
        return FALSE;
    g_autoptr (GBytes) raw = store_post_raw (reader, notice->post, error);
    if (raw == NULL)
        return FALSE;
    const MessageLimits limits = {.text_bytes = TEXT_BYTES_MAX};
    body->message = message_parse (raw, &limits);
    body->parts = store_post_parts (reader, notice->post, error);
    if (body->parts == NULL)
        return FALSE;
    g_autoptr (GPtrArray) shown = store_post_shown (reader, notice->post, error);
    if (shown == NULL)
        return FALSE;
    add_shown (body, shown);
    add_files (body);
    if (notice->kind != NOTICE_RECEIPT)
        return TRUE;
    g_autoptr (GPtrArray) readers = store_post_readers (reader, notice->post, error);
    if (readers == NULL)
        return FALSE;
    add_noticed (body, readers);
    return TRUE;
}

LetterBody *letter_body_new (Config *conf, const TplSet *templates, TokenKey *key,
                             StoreReader *reader, const Notice *notice, GError **error)
{
    g_autoptr (LetterBody) body = g_new0 (LetterBody, 1);
    body->conf = conf_ref (conf);
    body->templates = templates;
    body->template = notice->kind == NOTICE_RECEIPT ? "receipt" : "notice";
    body->images = g_ptr_array_new();
    body->map = tpl_map_new();
    if (!read_post (body, reader, notice, error))
        return NULL;
    body->language = letter_reader_set (body->map, conf, reader, notice->person);
    fill (body, notice);
    if (notice->kind == NOTICE_RECEIPT)
        add_author_links (body, key, notice);
    return g_steal_pointer (&body);
}

char *letter_body_subject (const LetterBody *body, const char *template, GError **error)
{
    g_autofree char *text =
        tpl_render (body->templates, body->language, template, body->map, error);
    return text != NULL ? text_one_line (text) : NULL;
}

static void add_images (LetterBody *body, MailOut *mail)
{
    for (guint i = 0; i < body->images->len; i++) {
        const Part *part = body->images->pdata[i];
        g_autoptr (GBytes) bytes = message_part_decode (body->message, part);
        mailout_inline (mail, part->content_id, part->type, part->name, bytes);
    }
}

gboolean letter_body_add (LetterBody *body, MailOut *mail, GError **error)
{
    g_autofree char *text_name = g_strconcat (body->template, ".txt", NULL);
    g_autofree char *html_name = g_strconcat (body->template, ".html", NULL);
    gboolean is_receipt = strcmp (body->template, "receipt") == 0;
    set_body (body);
    g_autofree char *text =
        tpl_render (body->templates, body->language, text_name, body->map, error);
    if (text == NULL)
        return FALSE;
    g_autofree char *html =
        tpl_render (body->templates, body->language, html_name, body->map, error);
    if (html == NULL)
        return FALSE;
    g_autofree char *folded = is_receipt ? text_wrap (text, LETTER_COLUMNS) : NULL;
    mailout_text (mail, folded != NULL ? folded : text);
    mailout_html (mail, html);
    add_images (body, mail);
    return TRUE;
}
