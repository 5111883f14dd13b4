/* policy_mail.h - messages written in a line, filled by hand so that these tests need no parser. */
#ifndef POLICY_MAIL_H
#define POLICY_MAIL_H

#include "policy_test.h"

/* What a test says about a message; all may be NULL. Addresses: "anna, Bob <bob@example.test>",
 * names without domain are of example.test. Headers: "Name: value" lines. References: ids with
 * blanks. */
typedef struct {
    const char *from, *to, *cc, *subject, *text, *headers, *references, *message_id;
} MailSpec;

typedef struct {
    Message message;
    GStringChunk *strings;
} Mail;

static inline GPtrArray *mail_addresses (const char *list)
{
    GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify)address_free);
    g_auto (GStrv) words = g_strsplit (list != NULL ? list : "", ", ", -1);
    for (char **word = words; *word != NULL && **word != '\0'; word++) {
        char *angle = strchr (*word, '<');
        if (angle != NULL) {
            angle[-1] = '\0';
            angle[strlen (angle) - 1] = '\0';
            g_ptr_array_add (out, address_new (*word, angle + 1));
            continue;
        }
        g_autofree char *whole =
            g_strconcat (*word, strchr (*word, '@') != NULL ? "" : "@example.test", NULL);
        g_ptr_array_add (out, address_new ("", whole));
    }
    return out;
}

static inline void mail_add_header (Mail *mail, const char *line)
{
    const char *colon = strchr (line, ':');
    g_autofree char *name = g_strndup (line, (gsize)(colon - line));
    Header *header = g_new0 (Header, 1);
    header->name = g_string_chunk_insert (mail->strings, name);
    header->value = g_string_chunk_insert (mail->strings, colon + 2);
    g_ptr_array_add (mail->message.headers, header);
}

static inline void mail_free (Mail *mail)
{
    Message *message = &mail->message;
    GPtrArray *arrays[] = {message->headers,     message->from,       message->sender,
                           message->reply_to,    message->to,         message->cc,
                           message->in_reply_to, message->references, message->parts};
    for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
        g_ptr_array_unref (arrays[i]);
    g_bytes_unref (message->raw);
    g_string_chunk_free (mail->strings);
    g_free (mail);
}

static inline Mail *mail_of (const MailSpec *spec)
{
    Mail *mail = g_new0 (Mail, 1);
    Message *message = &mail->message;
    mail->strings = g_string_chunk_new (256);
    message->raw = g_bytes_new_static ("", 0);
    message->headers = g_ptr_array_new_with_free_func (g_free);
    message->subject = spec->subject != NULL ? spec->subject : "";
    message->message_id = spec->message_id;
    message->from = mail_addresses (spec->from != NULL ? spec->from : "gina");
    message->sender = mail_addresses (NULL);
    message->reply_to = mail_addresses (NULL);
    message->to = mail_addresses (spec->to);
    message->cc = mail_addresses (spec->cc);
    message->in_reply_to = g_ptr_array_new();
    message->references = g_ptr_array_new_with_free_func (g_free);
    message->text = spec->text != NULL ? spec->text : "";
    message->parts = g_ptr_array_new();
    g_auto (GStrv) lines = g_strsplit (spec->headers != NULL ? spec->headers : "", "\n", -1);
    for (char **line = lines; *line != NULL && **line != '\0'; line++)
        mail_add_header (mail, *line);
    g_auto (GStrv) refs = g_strsplit (spec->references != NULL ? spec->references : "", " ", -1);
    for (char **id = refs; *id != NULL && **id != '\0'; id++)
        g_ptr_array_add (message->references, g_strdup (*id));
    return mail;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mail, mail_free)

#endif
