/* test_classify_parts.c - every type and every name under which calendars, encrypted content,
 * reports and closed containers travel: alone, beside a text, and inside a forwarded mail, where
 * they are nobody's but the forwarded mail's. */
#include "classify.h"

#include <string.h>

typedef struct {
    const char *type, *body;
    MailClass class;
    const char *reason;
} Case;

#define CALENDAR_BODY "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR"
#define PGP_BODY "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"

static const Case attached[] = {
    {"text/calendar; method=REQUEST", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"text/calendar; method=CANCEL", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"text/calendar; method=REPLY", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"text/calendar; method=COUNTER", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"text/calendar", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"TEXT/Calendar", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"text/x-vcalendar", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"application/ics", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"application/calendar", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"application/octet-stream; name=\"Invite.ICS\"", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"text/plain; name=meeting.ics", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"application/octet-stream; name=old.vcs", CALENDAR_BODY, CLASS_CALENDAR, "calendar"},
    {"application/pkcs7-mime; smime-type=enveloped-data", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/pkcs7-mime; smime-type=signed-data", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/pkcs7-mime; smime-type=authEnveloped-data", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/x-pkcs7-mime", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/cms", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/octet-stream; name=smime.p7m", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/x-unknown; name=\"SMIME.P7M\"", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/octet-stream; name=smime.p7z", "MIAG", CLASS_ENCRYPTED, "smime"},
    {"application/pgp-encrypted", "Version: 1", CLASS_ENCRYPTED, "pgp-mime"},
    {"application/octet-stream; name=msg.asc", PGP_BODY, CLASS_ENCRYPTED, "pgp-attachment"},
    {"application/octet-stream; name=plan.pdf.pgp", "\xc1\x8c\x03x", CLASS_ENCRYPTED,
     "pgp-attachment"},
    {"application/octet-stream; name=plan.gpg", "\x85\x01\x0cx", CLASS_ENCRYPTED, "pgp-attachment"},
    {"application/octet-stream; name=encap2.ond", "x", CLASS_OPAQUE, "notes-document"},
    {"application/ms-tnef", "damaged", CLASS_OPAQUE, "winmail"},
    {"application/vnd.ms-tnef", "damaged", CLASS_OPAQUE, "winmail"},
    {"application/octet-stream; name=winmail.dat", "damaged", CLASS_OPAQUE, "winmail"},
    /* What resembles them */
    {"application/pkcs7-signature; name=smime.p7s", "MIAG", CLASS_PERSON, "person"},
    {"application/pgp-signature; name=signature.asc", "-----BEGIN PGP SIGNATURE-----", CLASS_PERSON,
     "person"},
    {"application/pgp-keys; name=key.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----", CLASS_PERSON,
     "person"},
    {"application/octet-stream; name=ics.zip", "PK", CLASS_PERSON, "person"},
    {"text/plain; name=calendar.txt", CALENDAR_BODY, CLASS_PERSON, "person"},
    {"message/delivery-status", "Final-Recipient: rfc822; x@x.test\nAction: failed", CLASS_PERSON,
     "person"},
    {"text/vcard; name=bob.vcf", "BEGIN:VCARD", CLASS_PERSON, "person"},
};

/* The second part of a multipart/report of this type; and, alone, the whole mail. */
static const Case reports[] = {
    {"message/delivery-status", "Action: failed", CLASS_BOUNCE, "delivery-report"},
    {"message/delivery-status", "Action: delayed", CLASS_BOUNCE, "delayed"},
    {"message/delivery-status", "Action: delivered", CLASS_BOUNCE, "delivered"},
    {"message/delivery-status", "Action: relayed", CLASS_BOUNCE, "delivered"},
    {"message/delivery-status", "Action: expanded", CLASS_BOUNCE, "delivered"},
    {"message/global-delivery-status", "Action: failed", CLASS_BOUNCE, "delivery-report"},
    {"message/disposition-notification", "Disposition: manual-action; displayed", CLASS_REPORT,
     "read-receipt"},
    {"message/global-disposition-notification", "Disposition: manual-action; deleted", CLASS_REPORT,
     "read-receipt"},
    {"message/feedback-report", "Feedback-Type: abuse", CLASS_REPORT, "feedback-report"},
    {"application/tlsrpt+gzip", "x", CLASS_REPORT, "machine-report"},
    {"application/tlsrpt+json", "{}", CLASS_REPORT, "machine-report"},
};

static const char head[] = "From: Bob Jansen <bob@example.net>\nTo: Anna <anna@example.org>\n"
                           "Subject: Plan\nMIME-Version: 1.0\n";

static void check (const char *text, MailClass class, const char *reason)
{
    g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
    g_autoptr (Message) message = message_parse (raw, NULL);
    Classification found = classify_message (message, NULL);
    if (found.class != class || strcmp (found.reason, reason) != 0)
        g_error ("%s\ngives %s, %s", text, classify_name (found.class), found.reason);
    g_assert_cmpint (found.is_auto, ==, class == CLASS_BOUNCE || class == CLASS_REPORT);
}

static char *mixed (const Case *one, const char *outer)
{
    return g_strdup_printf ("%sContent-Type: %s; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
                            "See what I send.\n--b\nContent-Type: %s\n\n%s\n--b--\n",
                            head, outer, one->type, one->body);
}

static void test_attached (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (attached); i++) {
        const Case *one = &attached[i];
        g_autofree char *text = mixed (one, "multipart/mixed");
        check (text, one->class, one->reason);
        /* In a mail that a person forwards it is that mail's own. */
        g_autofree char *forward = g_strdup_printf (
            "%sContent-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: text/plain\n\nFor "
            "you.\n--f\nContent-Type: message/rfc822\n\n%s\n--f--\n",
            head, text);
        check (forward, CLASS_PERSON, "person");
    }
}

static void test_alone (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (attached); i++) {
        const Case *one = &attached[i];
        if (one->class == CLASS_PERSON)
            continue;
        g_autofree char *text =
            g_strdup_printf ("%sContent-Type: %s\n\n%s\n", head, one->type, one->body);
        check (text, one->class, one->reason);
    }
}

static void test_reports (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (reports); i++) {
        g_autofree char *report = mixed (&reports[i], "multipart/report");
        check (report, reports[i].class, reports[i].reason);
        g_autofree char *alone =
            g_strdup_printf ("%sContent-Type: %s\n\n%s\n", head, reports[i].type, reports[i].body);
        check (alone, reports[i].class, reports[i].reason);
    }
}

/* What stands in the header alone: message classes of Exchange and of Notes. */
static void test_headers (void)
{
    static const struct {
        const char *header;
        MailClass class;
        const char *reason;
    } cases[] = {
        {"Content-Class: urn:content-classes:calendarmessage", CLASS_CALENDAR, "calendar"},
        {"Content-Class: urn:content-classes:appointment", CLASS_CALENDAR, "calendar"},
        {"Content-Class: urn:content-classes:dsn", CLASS_BOUNCE, "delivery-report"},
        {"Content-Class: urn:content-classes:mdn", CLASS_REPORT, "read-receipt"},
        {"X-Notes-Item: Appointment; type=501; name=Form", CLASS_CALENDAR, "meeting"},
        {"X-Notes-Item: Notice; type=501; name=Form", CLASS_CALENDAR, "meeting"},
        {"X-Notes-Item: I; name=NoticeType", CLASS_CALENDAR, "meeting"},
        {"X-Notes-Item: 3; name=AppointmentType", CLASS_CALENDAR, "meeting"},
        {"X-Notes-Item: Memo; type=501; name=Form", CLASS_PERSON, "person"},
        {"Content-Class: urn:content-classes:message", CLASS_PERSON, "person"},
        {"X-Ricevuta: errore-consegna", CLASS_BOUNCE, "failed-recipients"},
        {"X-Ricevuta: preavviso-errore-consegna", CLASS_BOUNCE, "delayed"},
        {"X-Ricevuta: avvenuta-consegna", CLASS_REPORT, "machine-report"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strdup_printf ("%s%s\n\nSee you.\n", head, cases[i].header);
        check (text, cases[i].class, cases[i].reason);
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/policy/classify-parts/attached", test_attached);
    g_test_add_func ("/policy/classify-parts/alone", test_alone);
    g_test_add_func ("/policy/classify-parts/reports", test_reports);
    g_test_add_func ("/policy/classify-parts/headers", test_headers);
    return g_test_run();
}
