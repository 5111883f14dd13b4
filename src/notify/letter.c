/* letter.c - see letter.h.
 *
 * (I1) The From of every mail we write is an own address, so that SPF, DKIM and DMARC of the
 * author's domain are never claimed. (I2) Bcc'd readers are named to nobody, not even to each
 * other. */
#include "letter.h"

#include "error.h"
#include "letter_body.h"
#include "letter_comments.h"
#include "letter_reader.h"
#include "mailout.h"
#include "people.h"
#include "policy.h"
#include "sanitize.h"
#include "site.h"
#include "text.h"
#include "transit.h"

#define DAY_MS ((gint64)24 * 3600 * 1000)

void letter_free (Letter *letter)
{
    if (letter == NULL)
        return;
    g_free (letter->sender);
    g_clear_pointer (&letter->mail, g_bytes_unref);
    g_free (letter);
}

static Letter *letter_take (char *take_sender, GBytes *take_mail)
{
    Letter *letter = g_new0 (Letter, 1);
    letter->sender = take_sender;
    letter->mail = take_mail;
    return letter;
}

/* The same for each try, and not to be guessed from the number of the notice. */
static char *message_id_of (const Config *conf, TokenKey *key, NoticeId id)
{
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id.value);
    g_autofree char *signature = token_sign (key, "message-id", number);
    return g_strdup_printf ("notice.%s.%.16s@%s", number, signature, conf->post_domain);
}

/* "reply+TOKEN@" with a key of this kind. Owned. */
static char *key_address (TokenKind kind, const Config *conf, TokenKey *key, const Notice *notice,
                          PostId thread)
{
    Token token = {.kind = kind,
                   .person = notice->person.value,
                   .id = thread.value,
                   .expires_ms = notice->created_ms + (gint64)conf->reply_key_days * DAY_MS};
    g_autofree char *text = token_seal (key, &token);
    return g_strdup_printf ("reply+%s@%s", text, conf->post_domain);
}

static char *reply_address (const Config *conf, TokenKey *key, const Notice *notice, PostId thread)
{
    return key_address (TOKEN_REPLY, conf, key, notice, thread);
}

/* Not the address that answers go to: those show it to whoever else gets the answer, and who knows
 * it could have its person suppressed by a forged report. */
static char *bounce_address (const Config *conf, TokenKey *key, const Notice *notice, PostId thread)
{
    return key_address (TOKEN_BOUNCE, conf, key, notice, thread);
}

static void add_unsubscribe (MailOut *mail, const Config *conf, TokenKey *key, const Notice *notice,
                             PostId thread, const char *reply)
{
    Token token = {.kind = TOKEN_UNSUBSCRIBE, .person = notice->person.value, .id = thread.value};
    g_autofree char *text = token_seal (key, &token);
    g_autofree char *path = site_unsubscribe_path (text);
    g_autofree char *url = site_url (conf->web_url, path);
    g_autofree char *value = g_strdup_printf ("<%s>, <mailto:%s?subject=mute>", url, reply);
    mailout_header (mail, "List-Unsubscribe", value);
    mailout_header (mail, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

/* What every mail of ours carries: that it is ours, and that no program shall answer it. */
static void add_common (MailOut *mail, const Config *conf, TokenKey *key, const Notice *notice)
{
    g_autofree char *id = message_id_of (conf, key, notice->id);
    g_autofree char *hop = policy_hop_value (key, id);
    mailout_message_id (mail, id);
    mailout_date (mail, notice->created_ms);
    mailout_to (mail, notice->name, notice->address);
    mailout_header (mail, "Auto-Submitted", "auto-generated");
    mailout_header (mail, "X-Auto-Response-Suppress", "All");
    mailout_header (mail, HOP_HEADER, hop);
}

static void add_thread (MailOut *mail, const Config *conf, StoreReader *reader, const Post *post)
{
    if (post->thread.value != post->id.value) {
        Viewer admin = {.is_admin = TRUE};
        g_autoptr (Post) first = store_post_get (reader, post->thread, admin, NULL);
        if (first != NULL && first->message_id != NULL)
            mailout_reference (mail, first->message_id);
    }
    if (post->message_id != NULL)
        mailout_in_reply_to (mail, post->message_id);
    g_autofree char *path = site_post_path (post->id.value);
    g_autofree char *url = site_url (conf->web_url, path);
    g_autofree char *archived = g_strdup_printf ("<%s>", url);
    mailout_list_id (mail, "Carbonless", conf->post_domain);
    mailout_header (mail, "Archived-At", archived);
}

static const char *without_re (const char *subject)
{
    while (g_ascii_strncasecmp (subject, "Re:", 3) == 0)
        for (subject += 3; *subject == ' '; subject++)
            continue;
    return subject;
}

static char *from_name (const Post *post)
{
    const char *name = *post->author_name != '\0' ? post->author_name : post->author_address;
    return g_strdup_printf ("%s via Carbonless", name);
}

static Letter *compose_post (LetterBody *body, Config *conf, TokenKey *key, StoreReader *reader,
                             const Notice *notice, GError **error)
{
    const Post *post = letter_body_post (body);
    g_autofree char *reply = reply_address (conf, key, notice, post->thread);
    g_autofree char *name = from_name (post);
    g_autoptr (MailOut) mail = mailout_new();
    add_common (mail, conf, key, notice);
    add_thread (mail, conf, reader, post);
    add_unsubscribe (mail, conf, key, notice, post->thread, reply);
    mailout_from (mail, name, reply);
    mailout_reply_to (mail, name, reply);
    mailout_subject (mail, post->subject);
    if (!letter_body_add (body, mail, error))
        return NULL;
    return letter_take (bounce_address (conf, key, notice, post->thread), mailout_finish (mail));
}

static char *help_address (const Config *conf)
{
    return g_strdup_printf ("help@%s", conf->post_domain);
}

static Letter *compose_receipt (LetterBody *body, Config *conf, TokenKey *key, StoreReader *reader,
                                const Notice *notice, GError **error)
{
    const Post *post = letter_body_post (body);
    g_autofree char *help = help_address (conf);
    g_autofree char *reply = reply_address (conf, key, notice, post->thread);
    g_autofree char *subject = letter_body_subject (body, "receipt.subject.txt", error);
    if (subject == NULL)
        return NULL;
    g_autoptr (MailOut) mail = mailout_new();
    add_common (mail, conf, key, notice);
    add_thread (mail, conf, reader, post);
    mailout_from (mail, "Carbonless", help);
    /* Answered with one word, mail or withdraw, it does what it offers. */
    mailout_reply_to (mail, "Carbonless", reply);
    mailout_subject (mail, subject);
    if (!letter_body_add (body, mail, error))
        return NULL;
    /* A receipt that cannot be delivered concerns nobody: null sender. */
    return letter_take (g_strdup (""), mailout_finish (mail));
}

static Letter *compose_release (StoreReader *reader, const Notice *notice, GError **error)
{
    g_autoptr (GBytes) raw = store_post_raw (reader, notice->post, error);
    if (raw == NULL)
        return NULL;
    char *sender = store_post_sender (reader, notice->post, error);
    return sender != NULL ? letter_take (sender, g_steal_pointer (&raw)) : NULL;
}

static Letter *compose_comments (Config *conf, const TplSet *templates, TokenKey *key,
                                 StoreReader *reader, const Notice *notice, GError **error)
{
    g_autoptr (MailOut) mail = mailout_new();
    g_autoptr (LetterComments) comments =
        letter_comments_add (mail, conf, templates, reader, notice, error);
    if (comments == NULL)
        return NULL;
    const Post *first = comments->first;
    g_autofree char *reply = reply_address (conf, key, notice, first->id);
    g_autofree char *name = g_strdup_printf ("%s via Carbonless", comments->author);
    g_autofree char *subject = g_strdup_printf ("Re: %s", without_re (first->subject));
    add_common (mail, conf, key, notice);
    add_thread (mail, conf, reader, first);
    add_unsubscribe (mail, conf, key, notice, first->id, reply);
    mailout_from (mail, name, reply);
    mailout_reply_to (mail, name, reply);
    mailout_subject (mail, subject);
    return letter_take (bounce_address (conf, key, notice, first->id), mailout_finish (mail));
}

/* An answer to what somebody wrote to one of our addresses. It has the null sender: what comes back
 * for it concerns nobody. */
static Letter *compose_answer (Config *conf, const TplSet *templates, TokenKey *key,
                               StoreReader *reader, const Notice *notice, GError **error)
{
    g_autoptr (TplMap) map = tpl_map_new();
    g_autofree char *language = letter_reader_set (map, conf, reader, notice->person);
    g_autofree char *help = help_address (conf);
    g_autofree char *kind = g_strdup_printf ("is_%s", notice->reason);
    g_strdelimit (kind, "-", '_');
    tpl_bool (map, kind, TRUE);
    tpl_text (map, "text", notice->text);
    tpl_text (map, "post_domain", conf->post_domain);
    tpl_text (map, "keep_tag", conf->keep_tag);
    g_autofree char *subject = tpl_render (templates, language, "answer.subject.txt", map, error);
    g_autofree char *text =
        subject != NULL ? tpl_render (templates, language, "answer.txt", map, error) : NULL;
    if (text == NULL)
        return NULL;
    tpl_html (map, "body", sanitize_text (text));
    g_autofree char *html = tpl_render (templates, language, "answer.html", map, error);
    if (html == NULL)
        return NULL;
    g_autofree char *folded = text_wrap (text, LETTER_COLUMNS);
    g_autofree char *line = text_one_line (subject);
    g_autoptr (MailOut) mail = mailout_new();
    add_common (mail, conf, key, notice);
    mailout_from (mail, "Carbonless", help);
    mailout_subject (mail, line);
    mailout_text (mail, folded);
    mailout_html (mail, html);
    return letter_take (g_strdup (""), mailout_finish (mail));
}

static Letter *compose_about_post (Config *conf, const TplSet *templates, TokenKey *key,
                                   StoreReader *reader, const Notice *notice, GError **error)
{
    g_autoptr (LetterBody) body = letter_body_new (conf, templates, key, reader, notice, error);
    if (body == NULL)
        return NULL;
    return notice->kind == NOTICE_POST ? compose_post (body, conf, key, reader, notice, error)
                                       : compose_receipt (body, conf, key, reader, notice, error);
}

static Letter *compose_transit (StoreReader *reader, const Notice *notice, GError **error)
{
    g_autoptr (GBytes) raw = NULL;
    char *sender = NULL;
    if (!store_transit_get (reader, notice->id, &sender, &raw, error))
        return NULL;
    return letter_take (sender, g_steal_pointer (&raw));
}

Letter *letter_new (Config *conf, const TplSet *templates, TokenKey *key, StoreReader *reader,
                    const Notice *notice, GError **error)
{
    switch (notice->kind) {
    case NOTICE_POST:
    case NOTICE_RECEIPT:
        return compose_about_post (conf, templates, key, reader, notice, error);
    case NOTICE_RELEASE:
        return compose_release (reader, notice, error);
    case NOTICE_COMMENT:
        return compose_comments (conf, templates, key, reader, notice, error);
    case NOTICE_ANSWER:
        return compose_answer (conf, templates, key, reader, notice, error);
    case NOTICE_TRANSIT:
        return compose_transit (reader, notice, error);
    }
    error_set (error, ERR_INTERNAL, "no mail of kind %d can be composed", (int)notice->kind);
    return NULL;
}
