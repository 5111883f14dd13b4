/* undelivered.c - see undelivered.h. In English, as what mail systems say to each other's users is.
 *
 * (I1) It has the null sender, so that no report is ever about a report. */
#include "undelivered.h"

#include <string.h>

#include "mailout.h"
#include "text.h"

/* Of a larger mail only the header goes back, as from Postfix (bounce_size_limit). */
#define WHOLE_BYTES_MAX 50000
#define ANSWER_CHARS_MAX 400

/* The header without the empty line. Owned. */
static GBytes *header_of (GBytes *mail)
{
    gsize size;
    const char *data = g_bytes_get_data (mail, &size);
    gsize limit = MIN (size, WHOLE_BYTES_MAX);
    for (gsize at = 0; at < limit;) {
        const char *newline = memchr (data + at, '\n', limit - at);
        gsize length = newline != NULL ? (gsize)(newline - data) - at : limit - at;
        if (length == 0 || (length == 1 && data[at] == '\r'))
            return g_bytes_new_from_bytes (mail, 0, at);
        at += length + 1;
    }
    return g_bytes_new_from_bytes (mail, 0, limit);
}

/* The enhanced code (RFC 3463) of an answer like "550 5.1.1 Nobody". Owned. */
static char *status_of (const char *answer)
{
    g_autoptr (GMatchInfo) match = NULL;
    g_autoptr (GRegex) pattern =
        g_regex_new ("^[45][0-9][0-9][ -]([45]\\.[0-9]{1,3}\\.[0-9]{1,3})\\b", 0, 0, NULL);
    if (g_regex_match (pattern, answer, 0, &match))
        return g_match_info_fetch (match, 1);
    return g_strdup (answer[0] == '4' ? "4.4.7" : "5.0.0");
}

/* "rfc822; address", or as RFC 6533 writes one that is not ASCII. Owned. */
static char *typed_address (const char *address)
{
    if (g_str_is_ascii (address))
        return g_strdup_printf ("rfc822; %s", address);
    GString *typed = g_string_new ("utf-8; ");
    for (const char *at = address; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar letter = g_utf8_get_char (at);
        if (letter < 0x80 && letter != '\\' && letter != '+' && letter != '=')
            g_string_append_c (typed, (char)letter);
        else
            g_string_append_printf (typed, "\\x{%X}", letter);
    }
    return g_string_free (typed, FALSE);
}

static char *machine_part (const Config *conf, const Notice *notice, const char *answer)
{
    g_autofree char *recipient = typed_address (notice->address);
    g_autofree char *status = status_of (answer);
    return g_strdup_printf ("Reporting-MTA: dns; %s\n\nFinal-Recipient: %s\nAction: failed\n"
                            "Status: %s\nDiagnostic-Code: smtp; %s\n",
                            conf->post_domain, recipient, status, answer);
}

static char *text_part (const Config *conf, const Notice *notice, const char *answer,
                        gboolean is_whole)
{
    return g_strdup_printf ("This is the mail filter at %s.\n\n"
                            "Your message could not be delivered to the recipient below.\n"
                            "%s\n\n"
                            "<%s>: the mail system said:\n    %s\n",
                            conf->post_domain,
                            is_whole ? "It is attached as it came."
                                     : "Its header is attached; it was too large to return.",
                            notice->address, answer);
}

static char *message_id_of (const Config *conf, const TokenKey *key, const Notice *notice)
{
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, notice->id.value);
    g_autofree char *signature = token_sign (key, "returned", number);
    return g_strdup_printf ("returned.%s.%.16s@%s", number, signature, conf->post_domain);
}

Letter *undelivered_report (const Config *conf, const TokenKey *key, const Notice *notice,
                            const Letter *original, const char *answer, gint64 now_ms)
{
    if (*original->sender == '\0') /* (I1) */
        return NULL;
    gboolean is_whole = g_bytes_get_size (original->mail) <= WHOLE_BYTES_MAX;
    g_autoptr (GBytes) returned =
        is_whole ? g_bytes_ref (original->mail) : header_of (original->mail);
    g_autofree char *line = text_ellipsis (answer, ANSWER_CHARS_MAX);
    g_autofree char *said = g_str_to_ascii (line, "C");
    g_autofree char *from = g_strdup_printf ("MAILER-DAEMON@%s", conf->post_domain);
    g_autofree char *id = message_id_of (conf, key, notice);
    g_autofree char *text = text_part (conf, notice, said, is_whole);
    g_autofree char *status = machine_part (conf, notice, said);
    g_autoptr (MailOut) mail = mailout_new();
    mailout_from (mail, "Mail Delivery System", from);
    mailout_to (mail, NULL, original->sender);
    mailout_subject (mail, "Undelivered Mail Returned to Sender");
    mailout_date (mail, now_ms);
    mailout_message_id (mail, id);
    mailout_header (mail, "Auto-Submitted", "auto-replied");
    mailout_text (mail, text);
    mailout_report (mail, status);
    mailout_attach_message (mail, "message.eml", returned);
    Letter *report = g_new0 (Letter, 1);
    report->sender = g_strdup (original->sender);
    report->mail = mailout_finish (mail);
    return report;
}
