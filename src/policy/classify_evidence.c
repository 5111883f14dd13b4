/* classify_evidence.c - see classify_evidence.h.
 *
 * (I1) Only the top header and the first EVIDENCE_TEXT_MAX bytes of the text are looked at.
 * (I2) Headers of returned or forwarded messages inside never count. */
#include "classify_evidence.h"

#include <string.h>

#include "text.h"

#define GREETING_MAX 50
#define NAME_LEAST 3

static const HeaderRule header_rules[] = {
#define HEADER(name, how, value, mark, reason)                                                     \
    {name, sizeof name - 1, HEADER_##how, value, MARK_##mark, reason},
#include "classify_headers.def"
#undef HEADER
};

static const SenderRule sender_rules[] = {
#define SENDER(kind, how, text) {SENDER_##kind, SENDER_##how, text},
#include "classify_senders.def"
#undef SENDER
};

/* What mail programs put before the subject of an answer or a forward. */
static const char *const answer_marks[] = {
    /* Latin letters */
    "re:",
    "re :",
    "re[",
    "aw:",
    "antw:",
    "antwort:",
    "sv:",
    "vs:",
    "odp:",
    "ynt:",
    "res:",
    "rif:",
    "r:",
    "tr:",
    "tr :",
    "fw:",
    "fwd:",
    "wg:",
    "vb:",
    "vl:",
    "doorst:",
    "enc:",
    "rv:",
    "i:",
    "pd:",
    "va:",
    "tovabbitas:",
    "bls:",
    "trs:",
    "ilt:",
    /* other letters */
    "ответ:",
    "отв:",
    "απ:",
    "πρθ:",
    /* Chinese and Japanese */
    "回复:",
    "答复:",
    "回覆:",
    "转发:",
    "轉寄:",
    "返信:",
    "転送:",
    NULL,
};

/* Lines with which a mail program begins the mail that is quoted whole. */
static const char *const quote_heads[] = {
    "-----original message",
    "----- original message",
    "--- original message",
    "-----original appointment",
    "-----ursprungliche nachricht",
    "----- ursprungliche nachricht",
    "-----message d'origine",
    "-----mensaje original",
    "-----messaggio originale",
    "-----oorspronkelijk bericht",
    "-----mensagem original",
    "-----ursprungligt meddelande",
    "-----oprindelig meddelelse",
    "-----opprinnelig melding",
    "---------- forwarded message",
    "----- forwarded by",
    "-----forwarded by",
    "________________________________",
    NULL,
};

/* How the line above a quote ends: "On Monday Anna wrote:". */
static const char *const quote_ends[] = {
    "wrote:",      "writes:",   "schrieb:",  "a ecrit :", "a ecrit:",   "schreef:",
    "ha scritto:", "escribio:", "escreveu:", "skrev:",    "kirjoitti:", "napisał:",
    "napsal:",     "написал:",  "пишет:",    NULL,
};

/* The first field above a quote, as Outlook writes it. */
static const char *const quote_fields[] = {
    "from: ", "von: ", "de: ", "van: ", "da: ", "od: ", "fra: ", "fran: ", "от: ", NULL,
};

const HeaderRule *evidence_header_rules (gsize *ret_count)
{
    *ret_count = G_N_ELEMENTS (header_rules);
    return header_rules;
}

const SenderRule *evidence_sender_rules (gsize *ret_count)
{
    *ret_count = G_N_ELEMENTS (sender_rules);
    return sender_rules;
}

/* Whether the value, in small letters, says that what the header is about is not so. */
static gboolean is_denial (const char *value)
{
    static const char *const denials[] = {"no", "none", "false", "off", "0", NULL};
    return text_is_one_of (value, denials);
}

static gboolean value_fits (const HeaderRule *rule, const char *value)
{
    gsize length = strlen (rule->value);
    switch (rule->how) {
    case HEADER_ANY:
        return !is_denial (value);
    case HEADER_WORD:
        return strcspn (value, " \t;,(") == length && strncmp (value, rule->value, length) == 0;
    case HEADER_START:
        return strncmp (value, rule->value, length) == 0;
    case HEADER_HAS:
        return strstr (value, rule->value) != NULL;
    }
    return FALSE;
}

static void read_header (Evidence *evidence, const Header *header)
{
    gsize length = strlen (header->name);
    g_autofree char *value = NULL;
    for (guint i = 0; i < G_N_ELEMENTS (header_rules); i++) {
        const HeaderRule *rule = &header_rules[i];
        if (rule->name_length != length || g_ascii_strcasecmp (rule->name, header->name) != 0)
            continue;
        if (value == NULL) {
            value = g_ascii_strdown (header->value, (gssize)strnlen (header->value, 1000));
            g_strstrip (value);
        }
        if (!value_fits (rule, value))
            continue;
        if (rule->mark != MARK_NOTHING && !evidence_has (evidence, rule->mark)) {
            evidence->marks |= 1u << rule->mark;
            evidence->reasons[rule->mark] = rule->reason;
        }
        if (rule->mark == MARK_JUNK)
            evidence->marks |= 1u << MARK_BULK_HINT;
        return;
    }
}

/* Return-Path as the last MTA wrote it: empty, or what stands for empty. */
static gboolean is_null_path (const char *value)
{
    g_autofree char *path = g_ascii_strdown (value, (gssize)strnlen (value, 200));
    g_strstrip (path);
    return *path == '\0' || g_str_has_prefix (path, "<>") || g_str_has_prefix (path, "<#@[]>") ||
           g_str_has_prefix (path, "<mailer-daemon") || g_str_has_prefix (path, "mailer-daemon");
}

static gboolean sender_fits (const SenderRule *rule, const char *local, const char *name)
{
    switch (rule->how) {
    case SENDER_LOCAL:
        return strcmp (local, rule->text) == 0;
    case SENDER_LOCAL_HAS:
        return strstr (local, rule->text) != NULL;
    case SENDER_NAME_HAS:
        return strstr (name, rule->text) != NULL;
    }
    return FALSE;
}

static void read_author (Evidence *evidence, const Address *author)
{
    g_autofree char *bare = address_local_part (author->addr);
    g_autofree char *local = phrase_fold (bare);
    g_autofree char *name = phrase_fold (author->name);
    for (guint i = 0; i < G_N_ELEMENTS (sender_rules); i++)
        if (sender_fits (&sender_rules[i], local, name))
            evidence->senders |= 1u << sender_rules[i].kind;
}

/* "From: MAILER-DAEMON", without a domain; or nothing at all, which no person's program writes. */
static void read_odd_author (Evidence *evidence)
{
    const char *from = message_header (evidence->message, "From");
    g_autofree char *name = header_decode (from != NULL ? from : "");
    g_autoptr (Address) author = address_new (name, name);
    read_author (evidence, author);
    if (name[strspn (name, " <>")] == '\0') /* "<>" is the null sender, written into From */
        evidence->senders |= 1u << (strchr (name, '<') != NULL ? SENDER_DAEMON : SENDER_ADMIN);
}

/* Skips "[list] ", "***SPAM*** " and their like. */
static const char *skip_tags (const char *subject)
{
    for (int i = 0; i < 3; i++) {
        const char *end = NULL;
        if (*subject == '[' && !g_str_has_prefix (subject, "[bounce]") &&
            !g_str_has_prefix (subject, "[postmaster]"))
            end = strchr (subject, ']');
        else if (g_str_has_prefix (subject, "***") || g_str_has_prefix (subject, "{spam"))
            end = strpbrk (subject + 3, *subject == '{' ? "}" : "*");
        if (end == NULL)
            return subject;
        subject = end + strspn (end, "]*} :");
    }
    return subject;
}

static void read_subject (Evidence *evidence)
{
    g_autofree char *folded = phrase_fold (evidence->message->subject);
    const char *subject = skip_tags (folded);
    for (guint i = 0; answer_marks[i] != NULL; i++) {
        if (!g_str_has_prefix (subject, answer_marks[i]))
            continue;
        evidence->is_re = TRUE;
        const char *colon = strchr (subject, ':');
        if (colon != NULL)
            subject = colon + 1 + strspn (colon + 1, " ");
        break;
    }
    evidence->subject = g_strdup (subject);
}

static gboolean begins_with_one (const char *text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (g_str_has_prefix (text, *list))
            return TRUE;
    return FALSE;
}

static gboolean ends_with_one (const char *text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (g_str_has_suffix (text, *list))
            return TRUE;
    return FALSE;
}

/* Whether this line stands before a quoted mail; `next` is the line after it. */
static gboolean is_quote_head (const char *line, gsize length, const char *next)
{
    if (length == 0 || (strchr ("-_", line[0]) == NULL && line[length - 1] != ':' &&
                        memchr (line, ':', MIN (length, 8)) == NULL))
        return FALSE;
    g_autofree char *start = g_strndup (line, MIN (length, 300));
    g_autofree char *folded = phrase_fold (start);
    if (begins_with_one (folded, quote_heads) || ends_with_one (folded, quote_ends))
        return TRUE;
    const char *colon = strchr (folded, ':'); /* "From: Bob", and behind it "Sent: Monday" */
    return begins_with_one (folded, quote_fields) && !g_ascii_isdigit (colon[2]) &&
           memchr (next, ':', strnlen (next, 14)) != NULL;
}

/* The unquoted lines at the start of the text; what stands behind the head of a quoted mail stays,
 * since mail systems return mail in that way too. */
static void read_text (const char *text, EvidenceText *ret)
{
    gsize length = strnlen (text, EVIDENCE_TEXT_MAX);
    g_autoptr (GString) own = g_string_sized_new (length + 1);
    const char *end = text + length;
    for (const char *line = text; line < end;) {
        const char *stop = memchr (line, '\n', (gsize)(end - line));
        stop = stop != NULL ? stop : end;
        line += MIN (strspn (line, " \t"), (gsize)(stop - line));
        gsize kept = (gsize)(stop - line);
        while (kept > 0 && g_ascii_isspace (line[kept - 1]))
            kept--;
        if (kept > 0 && *line == '>') {
            ret->is_quoting = TRUE;
        } else {
            ret->is_quoting |= is_quote_head (line, kept, stop < end ? stop + 1 : "");
            g_string_append_len (own, line, (gssize)kept);
            g_string_append_c (own, '\n');
        }
        line = stop < end ? stop + 1 : end;
    }
    ret->body = phrase_fold (own->str);
}

/* As a word of its own, and not as the local part of an address. */
static gboolean has_word (const char *text, const char *word)
{
    for (const char *p = strstr (text, word); p != NULL; p = strstr (p + 1, word)) {
        gunichar before = p > text ? g_utf8_get_char (g_utf8_prev_char (p)) : ' ';
        gunichar after = g_utf8_get_char (p + strlen (word));
        if (!g_unichar_isalnum (before) && !g_unichar_isalnum (after) && after != '@')
            return TRUE;
    }
    return FALSE;
}

/* Whether a part of the name or of the local part of an address stands in the folded text. */
static gboolean is_named (const Address *address, const char *text)
{
    g_autofree char *local = address_local_part (address->addr);
    g_autofree char *both = g_strconcat (address->name, " ", local, NULL);
    g_autofree char *names = phrase_fold (both);
    g_auto (GStrv) words = g_strsplit_set (names, " .,_-'\"()+/", 20);
    for (guint i = 0; words[i] != NULL; i++)
        if (strlen (words[i]) >= NAME_LEAST && has_word (text, words[i]))
            return TRUE;
    return FALSE;
}

/* Whether the first words hold a part of the recipient's name: programs do not know it. */
static gboolean is_greeting (const Message *message, const char *body)
{
    if (message->to->len != 1)
        return FALSE;
    g_autofree char *start =
        g_utf8_substring (body, 0, MIN (GREETING_MAX, g_utf8_strlen (body, -1)));
    return is_named (g_ptr_array_index (message->to, 0), start);
}

const EvidenceText *evidence_text (Evidence *evidence)
{
    EvidenceText *text = &evidence->text;
    if (text->body == NULL) {
        read_text (evidence->message->text, text);
        text->is_greeting = is_greeting (evidence->message, text->body);
    }
    return text;
}

gboolean evidence_names_author (const Evidence *evidence, const char *folded)
{
    const GPtrArray *from = evidence->message->from;
    return from->len == 1 && is_named (g_ptr_array_index (from, 0), folded);
}

gboolean evidence_is_full_name (const Evidence *evidence)
{
    const GPtrArray *from = evidence->message->from;
    if (from->len != 1 || evidence->senders != 0)
        return FALSE;
    const Address *author = g_ptr_array_index (from, 0);
    g_auto (GStrv) words = g_strsplit (author->name, " ", 10);
    guint names = 0;
    for (guint i = 0; words[i] != NULL; i++)
        names += g_unichar_isalpha (g_utf8_get_char (words[i])) && strlen (words[i]) > 1 ? 1 : 0;
    return names >= 2;
}

void evidence_init (Evidence *evidence, const Message *message, const char *sender)
{
    *evidence = (Evidence){.message = message};
    for (guint i = 0; i < message->headers->len; i++)
        read_header (evidence, g_ptr_array_index (message->headers, i));
    const char *path = message_header (message, "Return-Path");
    if (sender != NULL && *sender == '\0')
        evidence->null_sender = NULL_SENDER_ENVELOPE;
    else if (sender == NULL && path != NULL && is_null_path (path))
        evidence->null_sender = NULL_SENDER_HEADER;
    for (guint i = 0; i < message->from->len; i++)
        read_author (evidence, g_ptr_array_index (message->from, i));
    if (message->from->len == 0)
        read_odd_author (evidence);
    read_subject (evidence);
    evidence->is_answer = message->in_reply_to->len > 0 || message->references->len > 0;
    gboolean is_undisclosed = message->to->len == 0 && message_header (message, "To") != NULL;
    evidence->is_alone = message->to->len + message->cc->len <= 1 && !is_undisclosed;
}

void evidence_clear (Evidence *evidence)
{
    g_clear_pointer (&evidence->subject, g_free);
    g_clear_pointer (&evidence->text.body, g_free);
}
