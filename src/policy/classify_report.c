/* classify_report.c - what is a report by its structure: multipart/report (RFC 6522), its parts,
 * and the message classes of Outlook; and receipts that are so by their words alone. */
#include "classify_steps.h"

#include <string.h>

#include "classify_parts.h"
#include "classify_tnef.h"

#define STATUS_MAX 8192

typedef struct {
    const char *type; /* of multipart/report, or of a part */
    MailClass class;
    const char *reason;
} ReportRule;

/* report-type of multipart/report */
static const ReportRule report_types[] = {
    {"delivery-status", CLASS_BOUNCE, "delivery-report"},
    {"disposition-notification", CLASS_REPORT, "read-receipt"},
    {"feedback-report", CLASS_REPORT, "feedback-report"},
    {"tlsrpt", CLASS_REPORT, "machine-report"},
    {"dmarc", CLASS_REPORT, "machine-report"},
};

/* Parts that make a multipart/report what it is when it does not say so, or that are a mail alone.
 */
static const ReportRule report_parts[] = {
    {"message/delivery-status", CLASS_BOUNCE, "delivery-report"},
    {"message/global-delivery-status", CLASS_BOUNCE, "delivery-report"},
    {"message/disposition-notification", CLASS_REPORT, "read-receipt"},
    {"message/global-disposition-notification", CLASS_REPORT, "read-receipt"},
    {"message/feedback-report", CLASS_REPORT, "feedback-report"},
    {"application/tlsrpt+gzip", CLASS_REPORT, "machine-report"},
    {"application/tlsrpt+json", CLASS_REPORT, "machine-report"},
};

typedef struct {
    const char *part; /* of the message class, in small letters */
    MailClass class;
    gboolean is_auto;
    const char *reason;
} TnefRule;

/* Message classes of Outlook, as they stand in winmail.dat. First match wins. */
static const TnefRule tnef_rules[] = {
    {".ndr", CLASS_BOUNCE, TRUE, "delivery-report"},
    {"non-delivery", CLASS_BOUNCE, TRUE, "delivery-report"},
    {".ipnrn", CLASS_REPORT, TRUE, "read-receipt"},
    {".ipnnrn", CLASS_REPORT, TRUE, "read-receipt"},
    {"read receipt", CLASS_REPORT, TRUE, "read-receipt"},
    {"report.", CLASS_BOUNCE, TRUE, "delivered"},
    {"rules.ooftemplate", CLASS_AUTOREPLY, TRUE, "absence-note"},
    {"rules.replytemplate", CLASS_AUTOREPLY, TRUE, "absence-note"},
    {"schedule.mtg", CLASS_CALENDAR, FALSE, "meeting"},
    {"ipm.schedule.meeting", CLASS_CALENDAR, FALSE, "meeting"},
    {"ipm.appointment", CLASS_CALENDAR, FALSE, "meeting"},
    {"ipm.note.smime.multipartsigned", CLASS_PERSON, FALSE, NULL},
    {"ipm.note.smime", CLASS_ENCRYPTED, FALSE, "smime"},
    {"ipm.note.secure.sign", CLASS_PERSON, FALSE, NULL},
    {"ipm.note.secure", CLASS_ENCRYPTED, FALSE, "smime"},
};

/* What the Action fields of a delivery-status part (RFC 3464 2.3.3) say: failed, when any does. */
static const char *delivery_reason (const Message *message)
{
    const Part *part = parts_find (message, "message/delivery-status");
    part = part != NULL ? part : parts_find (message, "message/global-delivery-status");
    if (part == NULL)
        return "delivery-report";
    gsize size = 0;
    g_autofree char *status = part_peek (message, part, STATUS_MAX, &size);
    const char *reason = NULL;
    for (const char *line = status; line != NULL; line = strchr (line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        if (g_ascii_strncasecmp (line, "action:", 7) != 0)
            continue;
        const char *action = line + 7 + strspn (line + 7, " \t");
        if (g_ascii_strncasecmp (action, "delayed", 7) == 0)
            reason = reason != NULL ? reason : "delayed";
        else if (g_ascii_strncasecmp (action, "delivered", 9) == 0 ||
                 g_ascii_strncasecmp (action, "relayed", 7) == 0 ||
                 g_ascii_strncasecmp (action, "expanded", 8) == 0)
            reason = reason != NULL ? reason : "delivered";
        else
            return "delivery-report";
    }
    return reason != NULL ? reason : "delivery-report";
}

static gboolean report_as (Evidence *evidence, const ReportRule *rule, Classification *ret)
{
    const char *reason =
        rule->class == CLASS_BOUNCE ? delivery_reason (evidence->message) : rule->reason;
    return classified (ret, rule->class, TRUE, reason);
}

static gboolean by_multipart_report (Evidence *evidence, Classification *ret)
{
    g_autofree char *report_type = parts_top_param (evidence->message, "report-type");
    for (guint i = 0; report_type != NULL && i < G_N_ELEMENTS (report_types); i++)
        if (strcmp (report_type, report_types[i].type) == 0)
            return report_as (evidence, &report_types[i], ret);
    for (guint i = 0; i < G_N_ELEMENTS (report_parts); i++)
        if (parts_find (evidence->message, report_parts[i].type) != NULL)
            return report_as (evidence, &report_parts[i], ret);
    if (report_type == NULL)
        return classified (ret, CLASS_BOUNCE, TRUE, "delivery-report");
    return classified (ret, CLASS_REPORT, TRUE, "machine-report");
}

static gboolean on_tnef (const Message *message, const Part *part, gpointer data)
{
    Classification *ret = data;
    if (!part_is_tnef (part))
        return TRUE;
    g_autoptr (GBytes) bytes = message_part_decode (message, part);
    gsize size = 0;
    const guint8 *start = g_bytes_get_data (bytes, &size);
    char class[TNEF_CLASS_MAX];
    (void)tnef_class (start, size, class);
    for (guint i = 0; i < G_N_ELEMENTS (tnef_rules); i++) {
        if (strstr (class, tnef_rules[i].part) == NULL)
            continue;
        if (tnef_rules[i].reason != NULL)
            classified (ret, tnef_rules[i].class, tnef_rules[i].is_auto, tnef_rules[i].reason);
        return FALSE;
    }
    return TRUE;
}

gboolean step_report (Evidence *evidence, Classification *ret)
{
    const Message *message = evidence->message;
    g_autofree char *top = parts_top_type (message);
    if (strcmp (top, "multipart/report") == 0)
        return by_multipart_report (evidence, ret);
    for (guint i = 0; i < G_N_ELEMENTS (report_parts); i++)
        if (strcmp (top, report_parts[i].type) == 0)
            return report_as (evidence, &report_parts[i], ret);
    if (evidence_has (evidence, MARK_RECEIPT))
        return classified (ret, CLASS_REPORT, TRUE, evidence->reasons[MARK_RECEIPT]);
    Classification outlook = {0};
    (void)parts_walk (message, on_tnef, &outlook);
    if (outlook.reason == NULL)
        return FALSE;
    *ret = outlook;
    return TRUE;
}

/* DMARC reports (RFC 7489 7.2.1.1): the subject names both sides. */
static gboolean is_dmarc (Evidence *evidence)
{
    return strstr (evidence->subject, "report domain:") != NULL &&
           strstr (evidence->subject, "submitter:") != NULL;
}

gboolean step_receipt (Evidence *evidence, Classification *ret)
{
    if (evidence->is_re || evidence_has (evidence, MARK_LIST))
        return FALSE;
    if (is_dmarc (evidence))
        return classified (ret, CLASS_REPORT, TRUE, "machine-report");
    gboolean from_system = (evidence->senders & ~(1u << SENDER_SYSTEM_WORD)) != 0 ||
                           evidence->null_sender != NULL_SENDER_NO ||
                           evidence_has (evidence, MARK_AUTO);
    const char *rest = phrase_at_start (evidence->subject, PHRASE_REPORT_SUBJECT);
    if (rest != NULL && (from_system || (*rest == ' ' && g_ascii_isdigit (rest[1])))) /* an IP */
        return classified (ret, CLASS_REPORT, TRUE, "machine-report");
    if (phrase_at_start (evidence->subject, PHRASE_RECEIPT_SUBJECT) == NULL ||
        !evidence->is_alone || evidence_text (evidence)->is_greeting)
        return FALSE;
    PhraseHits hits =
        phrase_scan (evidence_text (evidence)->body, PHRASE_BIT (PHRASE_RECEIPT_BODY));
    return phrase_has (&hits, PHRASE_RECEIPT_BODY) &&
           classified (ret, CLASS_REPORT, TRUE, "read-receipt");
}
