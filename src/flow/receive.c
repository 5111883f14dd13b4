/* receive.c - see receive.h.
 *
 * (I1) What no person wrote is never answered: null senders, automata, our own mails coming back.
 * (I2) What is not accepted is kept for the administrator, and its sender told once a day and kind
 * what to do. Outsiders are refused in the dialogue instead: From proves nothing, so the envelope
 * sender must be a colleague too, but for who has a key. (I3) A comment, its notices and its traces
 * are one transaction. */
#include "receive.h"

#include <string.h>

#include "archive.h"
#include "answer_limit.h"
#include "bounce.h"
#include "draft.h"
#include "error.h"
#include "follow.h"
#include "letters.h"
#include "log.h"
#include "notices.h"
#include "own_address.h"
#include "people.h"
#include "searchable.h"
#include "wish.h"

#define WISH_LINES_MAX 50

/* One mail to one own address. */
typedef struct {
    FlowSession *session;
    StoreReader *reader;
    GBytes *raw;
    const Message *message;
    const char *identity, *recipient;
    char *author; /* canonical person, or NULL: an outsider */
    char *text;   /* without quotes */
    Token token;  /* OWN_REPLY, once opened */
    Wish wish;
    const char *answer_kind; /* of an answer or refusal */
    char *answer_text;
    const char *refusal; /* stable code, or NULL */
    Verdict *verdict;
    Draft *draft; /* borrows from the verdict */
    OwnAddress own;
    gint64 now_ms;
    PostId post; /* what it became */
    GPtrArray *watch, *unwatch;
    const char *digest;
} Mail;

static void mail_clear (Mail *mail)
{
    own_address_clear (&mail->own);
    g_free (mail->author);
    g_free (mail->text);
    g_free (mail->answer_text);
    g_clear_pointer (&mail->draft, draft_free);
    g_clear_pointer (&mail->verdict, verdict_free);
    g_clear_pointer (&mail->watch, g_ptr_array_unref);
    g_clear_pointer (&mail->unwatch, g_ptr_array_unref);
}

static FlowReply reply_of (FlowKind kind, const char *reason, const char *text)
{
    return (FlowReply){.kind = kind, .reason = reason, .text = text};
}

/* ------------------------------------------------------------------ writing it down */

static gboolean apply_refusal (StoreTxn *txn, Mail *mail, GError **error)
{
    PersonId person = {0};
    g_autofree char *sender = address_from_envelope (mail->session->envelope->sender);
    if (!store_refused_add (txn, sender != NULL ? sender : "", mail->recipient, mail->refusal,
                            mail->raw, error))
        return FALSE;
    if (mail->author == NULL || mail->answer_kind == NULL)
        return TRUE;
    return store_person_ensure (txn, mail->author, NULL, &person, error) &&
           store_answer_add (txn, person, mail->author, mail->answer_kind, mail->answer_text, TRUE,
                             NULL, error);
}

static gboolean apply_comment (StoreTxn *txn, Mail *mail, GError **error)
{
    gboolean is_new = FALSE;
    const Config *conf = mail->session->snapshot->conf;
    gint64 due_ms = mail->now_ms + (gint64)conf->bundle_seconds * 1000;
    return store_post_add (txn, &mail->draft->post, &mail->post, &is_new, error) &&
           (!is_new ||
            store_comment_notices (txn, mail->post, conf->must_read_to_max, due_ms, error));
}

static gboolean apply_post (StoreTxn *txn, Mail *mail, GError **error)
{
    const Config *conf = mail->session->snapshot->conf;
    gboolean is_new = FALSE;
    if (!store_post_add (txn, &mail->draft->post, &mail->post, &is_new, error))
        return FALSE;
    if (!is_new || conf->author_receipt == RECEIPT_NEVER)
        return TRUE;
    guint most = conf->author_receipt == RECEIPT_ALWAYS ? 0 : conf->author_receipt_count;
    return store_receipt_add (txn, mail->post, mail->author, most, error);
}

/* `mail` from the author of the thread releases it to everybody, from anybody else to them alone.
 */
static gboolean apply_mail (StoreTxn *txn, Mail *mail, PersonId person, PostId post,
                            gboolean is_author, GError **error)
{
    guint count = 0;
    if (is_author)
        return flow_release (txn, mail->session->snapshot->directory, post, mail->author, &count,
                             error);
    return store_notice_add (txn, NOTICE_RELEASE, post, person, mail->author, NULL, NULL,
                             mail->now_ms, NULL, error) &&
           store_audit_post (txn, mail->author, "release", post, mail->author, error);
}

static gboolean apply_wish (StoreTxn *txn, Mail *mail, GError **error)
{
    PersonId person = {mail->token.person};
    PostId post = {mail->token.id};
    g_autoptr (Post) first = store_post_get (mail->reader, post, (Viewer){.person = person}, error);
    if (first == NULL)
        return FALSE;
    gboolean is_author = first->author.value == person.value;
    switch (mail->wish) {
    case WISH_MUTE:
        return store_follow_set (txn, person, post, FOLLOW_MUTE, error);
    case WISH_FOLLOW:
        return store_follow_set (txn, person, post, FOLLOW_EVERY, error);
    case WISH_MAIL:
        return apply_mail (txn, mail, person, post, is_author, error);
    case WISH_PLUS:
        return store_plus_add (txn, person, post, error);
    case WISH_WITHDRAW:
        return store_post_withdraw (txn, post, mail->author, error);
    case WISH_NONE:
        break;
    }
    return TRUE;
}

static gboolean apply_alerts (StoreTxn *txn, Mail *mail, GError **error)
{
    PersonId person;
    if (!store_person_ensure (txn, mail->author, NULL, &person, error))
        return FALSE;
    for (guint i = 0; mail->watch != NULL && i < mail->watch->len; i++)
        if (!store_alert_set (txn, person, mail->watch->pdata[i], TRUE, NULL, error))
            return FALSE;
    for (guint i = 0; mail->unwatch != NULL && i < mail->unwatch->len; i++)
        if (!store_alert_set (txn, person, mail->unwatch->pdata[i], FALSE, NULL, error))
            return FALSE;
    if (mail->digest != NULL && !store_setting_set (txn, person, "digest", mail->digest, error))
        return FALSE;
    gboolean once = strcmp (mail->answer_kind, "help") == 0;
    return store_answer_add (txn, person, mail->author, mail->answer_kind, mail->answer_text, once,
                             NULL, error);
}

static gboolean apply (StoreTxn *txn, gpointer data, GError **error)
{
    Mail *mail = data;
    if (mail->refusal != NULL)
        return apply_refusal (txn, mail, error);
    switch (mail->own.kind) {
    case OWN_REPLY:
        return mail->wish != WISH_NONE ? apply_wish (txn, mail, error)
                                       : apply_comment (txn, mail, error);
    case OWN_NEW:
    case OWN_TOPIC:
        return apply_post (txn, mail, error);
    default:
        return apply_alerts (txn, mail, error);
    }
}

/* ------------------------------------------------------------------ what it is */

static void refuse (Mail *mail, const char *code)
{
    mail->refusal = code;
    mail->answer_kind = code;
    g_free (mail->answer_text);
    mail->answer_text = g_strdup (mail->message->subject);
}

static gboolean has_files (const Message *message)
{
    for (guint i = 0; i < message->parts->len; i++)
        if (message_is_file (message->parts->pdata[i]))
            return TRUE;
    return FALSE;
}

/* Whether nobody but its author would see an answer to this post. */
static gboolean is_withdrawn (const Mail *mail, const Post *post)
{
    g_autoptr (Post) first =
        store_post_get (mail->reader, post->thread, (Viewer){.is_admin = TRUE}, NULL);
    return post->visibility == POST_WITHDRAWN || first == NULL ||
           first->visibility == POST_WITHDRAWN;
}

/* A few programs answer to the envelope sender. */
static gboolean open_key (Mail *mail, gboolean *ret_expired)
{
    const TokenKey *key = mail->session->flow->key;
    return key != NULL && (token_open (key, TOKEN_REPLY, mail->own.word, mail->now_ms, &mail->token,
                                       ret_expired) ||
                           (!*ret_expired && token_open (key, TOKEN_BOUNCE, mail->own.word,
                                                         mail->now_ms, &mail->token, ret_expired)));
}

static void examine_reply (Mail *mail)
{
    gboolean is_expired = FALSE;
    if (!open_key (mail, &is_expired)) {
        refuse (mail, is_expired ? "key-expired" : "key-unknown");
        return;
    }
    g_autoptr (Person) person = store_person_find (mail->reader, mail->author, NULL);
    if (person == NULL || person->id.value != mail->token.person) {
        refuse (mail, "not-you");
        return;
    }
    g_autoptr (Post) post = store_post_get (mail->reader, (PostId){mail->token.id},
                                            (Viewer){.person = person->id}, NULL);
    if (post == NULL) {
        refuse (mail, "post-gone");
        return;
    }
    mail->wish = wish_of_answer (mail->text);
    gboolean is_author = post->author.value == person->id.value;
    if (mail->wish == WISH_WITHDRAW && !is_author)
        mail->wish = WISH_NONE;
    if (mail->wish == WISH_NONE && is_withdrawn (mail, post))
        refuse (mail, "post-gone");
    else if (mail->wish == WISH_NONE && *g_strchug (mail->text) == '\0' &&
             !has_files (mail->message))
        refuse (mail, "empty");
}

static void note_line (Mail *mail, const char *line, GString *answer, guint *count)
{
    const char *rest = NULL;
    LineKind kind = wish_of_line (line, &rest);
    if (kind == LINE_OTHER)
        return;
    *count += 1;
    if ((kind == LINE_WATCH || kind == LINE_UNWATCH) && *rest != '\0') {
        g_autofree char *query = g_strndup (rest, 500);
        g_string_append_printf (answer, "%s %s\n", kind == LINE_WATCH ? "watch" : "unwatch", query);
        g_ptr_array_add (kind == LINE_WATCH ? mail->watch : mail->unwatch,
                         g_strdup (g_strchomp (query)));
    } else if (kind == LINE_DIGEST && mail->own.kind == OWN_DIGEST) {
        mail->digest = rest;
        g_string_append_printf (answer, "%s\n", rest);
    }
}

/* What the person watches after this mail, for its answer. */
static void append_alerts (Mail *mail, GString *answer)
{
    g_autoptr (Person) person = store_person_find (mail->reader, mail->author, NULL);
    if (person == NULL)
        return;
    g_auto (GStrv) alerts = store_alert_list (mail->reader, person->id);
    for (char **alert = alerts; *alert != NULL; alert++)
        g_string_append_printf (answer, "= %s\n", *alert);
}

static void examine_wishes (Mail *mail)
{
    static const char *const kinds[] = {
        [OWN_ALERTS] = "alerts", [OWN_DIGEST] = "digest", [OWN_HELP] = "help"};
    guint count = 0;
    g_autoptr (GString) answer = g_string_new (NULL);
    g_auto (GStrv) lines = g_strsplit (mail->text, "\n", WISH_LINES_MAX);
    mail->watch = g_ptr_array_new_with_free_func (g_free);
    mail->unwatch = g_ptr_array_new_with_free_func (g_free);
    if (mail->own.kind != OWN_HELP) {
        for (char **line = lines; *line != NULL; line++)
            note_line (mail, *line, answer, &count);
        /* Links in mails put the command into the subject. */
        if (count == 0)
            note_line (mail, mail->message->subject, answer, &count);
    }
    if (mail->own.kind == OWN_ALERTS)
        append_alerts (mail, answer);
    mail->answer_kind = count > 0 ? kinds[mail->own.kind] : "help";
    mail->answer_text = g_strdup (answer->str);
}

static void examine (Mail *mail)
{
    switch (mail->own.kind) {
    case OWN_REPLY:
        examine_reply (mail);
        return;
    case OWN_NEW:
    case OWN_TOPIC:
        return;
    case OWN_ALERTS:
    case OWN_DIGEST:
    case OWN_HELP:
        examine_wishes (mail);
        return;
    case OWN_SYSTEM:
    case OWN_NONE:
        refuse (mail, "nobody-there");
        return;
    }
}

static gboolean is_comment (const Mail *mail)
{
    return mail->own.kind == OWN_REPLY && mail->refusal == NULL && mail->wish == WISH_NONE;
}

/* The draft of a comment or a direct post. */
static void make_draft (Mail *mail)
{
    const Snapshot *snapshot = mail->session->snapshot;
    mail->verdict = archive_verdict (snapshot->conf, snapshot->directory, mail->message);
    if (mail->own.kind == OWN_TOPIC)
        g_ptr_array_add (mail->verdict->topics, g_strdup (mail->own.word));
    mail->draft = draft_new (mail->message, mail->session->envelope, mail->verdict, mail->identity,
                             mail->now_ms);
    if (mail->own.kind == OWN_REPLY)
        mail->draft->post.comment_on = (PostId){mail->token.id};
}

static gboolean write_mail (Mail *mail, GError **error)
{
    const char *limit = is_comment (mail) ? answer_limit (mail->reader, &mail->draft->post,
                                                          (PersonId){mail->token.person})
                                          : NULL;
    if (limit != NULL)
        refuse (mail, limit);
    return store_write (mail->session->flow->store, apply, mail, error);
}

/* ------------------------------------------------------------------ one recipient */

static void log_mail (const Mail *mail, const char *what)
{
    log_event (EV_OWN_MAIL, LOG_TEXT ("qid", mail->session->envelope->queue_id),
               LOG_TEXT ("what", what), LOG_INT ("post", mail->post.value));
}

static gboolean receive_auto (Mail *mail, Classification what, GError **error)
{
    Failure failure = failure_of (mail->message, what);
    log_mail (mail, failure != FAILURE_NONE ? "bounce" : "automatic");
    return bounce_take (mail->session, mail->reader, &mail->own, failure, error);
}

/* From proves nothing: the gateway looks at the envelope, and so do we. A valid key is proof
 * enough, from wherever its holder writes. */
static gboolean is_from_inside (Mail *mail, const char *sender)
{
    const Directory *directory = mail->session->snapshot->directory;
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (128);
    gboolean is_expired = FALSE;
    return directory_find_author (directory, sender, scratch) != NULL ||
           directory_is_internal (directory, sender) ||
           (mail->own.kind == OWN_REPLY && open_key (mail, &is_expired));
}

typedef enum { WRITER_AUTOMATON, WRITER_OUTSIDER, WRITER_COLLEAGUE } Writer;

/* All that is read out of the message, and before anything is written. */
static Writer take_apart (Mail *mail, Classification *ret_what)
{
    const Snapshot *snapshot = mail->session->snapshot;
    g_autofree char *sender = address_from_envelope (mail->session->envelope->sender);
    *ret_what = classify_message (mail->message, sender != NULL ? sender : "");
    if (sender == NULL || ret_what->is_auto ||
        policy_is_own_mail (snapshot->policy, mail->message)) /* (I1) */
        return WRITER_AUTOMATON;
    g_autofree char *author =
        policy_author (snapshot->directory, mail->session->envelope, mail->message);
    if (!directory_is_internal (snapshot->directory, author) || !is_from_inside (mail, sender))
        return WRITER_OUTSIDER;
    mail->author = g_steal_pointer (&author);
    mail->text = searchable_text (mail->message);
    examine (mail);
    make_draft (mail);
    return WRITER_COLLEAGUE;
}

static gboolean receive_one (Mail *mail, gboolean *ret_is_outsider, GError **error)
{
    Poison *poison = mail->session->flow->poison;
    Classification what;
    int slot = poison_enter (poison, mail->identity);
    Writer writer = take_apart (mail, &what);
    poison_leave (poison, slot);
    if (writer == WRITER_AUTOMATON)
        return receive_auto (mail, what, error);
    if (writer == WRITER_OUTSIDER) {
        *ret_is_outsider = TRUE;
        return TRUE;
    }
    if (!write_mail (mail, error))
        return FALSE;
    log_mail (mail, mail->refusal != NULL   ? mail->refusal
                    : mail->post.value != 0 ? "post"
                                            : "wish");
    return TRUE;
}

static FlowReply deferred (const FlowSession *session, const GError *error)
{
    log_event (EV_MESSAGE_FAILED, LOG_TEXT ("qid", session->envelope->queue_id),
               LOG_TEXT ("reason", "own-address"), LOG_TEXT ("answer", "defer"),
               LOG_TEXT ("error", error->message));
    return reply_of (FLOW_DEFER, "store",
                     "4.3.0 The message archive is not available; try again later");
}

FlowReply receive_finish (FlowSession *session, GBytes *raw, const Message *message,
                          const char *identity)
{
    const GPtrArray *recipients = session->envelope->recipients;
    gboolean is_outsider = FALSE, ok = TRUE;
    g_autoptr (GError) error = NULL;
    StoreReader *reader = flow_reader_borrow (session->flow, &error);
    ok = reader != NULL;
    for (guint i = 0; ok && i < recipients->len; i++) {
        Mail mail = {.session = session,
                     .reader = reader,
                     .raw = raw,
                     .message = message,
                     .identity = identity,
                     .recipient = recipients->pdata[i],
                     .own = own_address_parse (session->snapshot->conf, recipients->pdata[i]),
                     .now_ms = clock_now_ms (session->flow->clock)};
        ok = receive_one (&mail, &is_outsider, &error);
        mail_clear (&mail);
    }
    flow_reader_return (session->flow, reader);
    if (!ok)
        return deferred (session, error);
    if (is_outsider) {
        log_event (EV_OWN_MAIL, LOG_TEXT ("qid", session->envelope->queue_id),
                   LOG_TEXT ("what", "external"), LOG_INT ("post", 0));
        return reply_of (FLOW_REFUSE, "external",
                         "5.7.1 This address is for colleagues only; please write to a person");
    }
    return reply_of (FLOW_TAKEN, "own-address", NULL);
}

/* ------------------------------------------------------------------ what is not taken apart */

typedef struct {
    const FlowSession *session;
    GBytes *raw;
} Unread;

static gboolean apply_unread (StoreTxn *txn, gpointer data, GError **error)
{
    const Unread *unread = data;
    const Envelope *envelope = unread->session->envelope;
    g_autofree char *sender = address_from_envelope (envelope->sender);
    for (guint i = 0; i < envelope->recipients->len; i++)
        if (!store_refused_add (txn, sender != NULL ? sender : "", envelope->recipients->pdata[i],
                                "poison", unread->raw, error))
            return FALSE;
    return TRUE;
}

FlowReply receive_unread (FlowSession *session, GBytes *raw)
{
    g_autoptr (GError) error = NULL;
    Unread unread = {session, raw};
    if (!store_write (session->flow->store, apply_unread, &unread, &error))
        return deferred (session, error);
    log_event (EV_OWN_MAIL, LOG_TEXT ("qid", session->envelope->queue_id),
               LOG_TEXT ("what", "poison"));
    return reply_of (FLOW_REFUSE, "poison",
                     "5.6.0 This message could not be read; it is kept for the administrator");
}
