/* mailout.c - see mailout.h. Headers are encoded as they are set, bodies at the end.
 *
 * (I1) Every value goes through mailout_encode: no caller can put a line break into a header.
 * (I2) Nothing here looks at a clock or makes random numbers: boundaries are hashes of what they
 *      enclose, so they cannot stand in it, and the same calls give the same bytes. */
#include "mailout.h"

#include <string.h>

#include "mailout_body.h"
#include "mailout_encode.h"

enum { ID_MAX = 900 /* bytes of a Message-ID that fit on a line */ };

typedef enum {
    FIELD_FROM,
    FIELD_REPLY_TO,
    FIELD_TO,
    FIELD_SUBJECT,
    FIELD_DATE,
    FIELD_MESSAGE_ID,
    FIELD_IN_REPLY_TO,
    FIELD_REFERENCES,
    FIELD_LIST_ID,
    FIELDS
} Field;

/* In the order in which they are written. */
static const char *const field_names[FIELDS] = {
    [FIELD_FROM] = "From",
    [FIELD_REPLY_TO] = "Reply-To",
    [FIELD_TO] = "To",
    [FIELD_SUBJECT] = "Subject",
    [FIELD_DATE] = "Date",
    [FIELD_MESSAGE_ID] = "Message-ID",
    [FIELD_IN_REPLY_TO] = "In-Reply-To",
    [FIELD_REFERENCES] = "References",
    [FIELD_LIST_ID] = "List-Id",
};

struct MailOut {
    char *fields[FIELDS]; /* encoded, not folded; NULL: not set */
    GString *others;      /* further header lines, folded */
    gboolean needs_smtputf8;
    MailOutBody *body;
};

MailOut *mailout_new (void)
{
    MailOut *mail = g_new0 (MailOut, 1);
    mail->others = g_string_new (NULL);
    mail->body = mailout_body_new();
    return mail;
}

void mailout_free (MailOut *mail)
{
    if (mail == NULL)
        return;
    for (gsize i = 0; i < FIELDS; i++)
        g_free (mail->fields[i]);
    g_string_free (mail->others, TRUE);
    mailout_body_free (mail->body);
    g_free (mail);
}

static void take_field (MailOut *mail, Field field, char *take_value)
{
    g_free (mail->fields[field]);
    mail->fields[field] = take_value;
}

/* Appends to a field; with `separator` when something is there already. */
static void join_field (MailOut *mail, Field field, const char *separator, const char *value)
{
    const char *before = mail->fields[field];
    take_field (mail, field,
                before == NULL ? g_strdup (value) : g_strconcat (before, separator, value, NULL));
}

static gboolean is_atom_char (guchar c)
{
    return g_ascii_isalnum (c) || c >= 0x80 ||
           (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* The local part: as it is when it is made of atoms, else as a quoted string. */
static void append_local (GString *out, const char *local, gsize len)
{
    gboolean is_dot_atom = len > 0 && local[0] != '.' && local[len - 1] != '.' &&
                           g_strstr_len (local, (gssize)len, "..") == NULL;
    for (gsize i = 0; i < len; i++)
        is_dot_atom = is_dot_atom && is_atom_char ((guchar)local[i]);
    if (is_dot_atom) {
        g_string_append_len (out, local, (gssize)len);
        return;
    }
    gboolean is_quoted = len >= 2 && local[0] == '"' && local[len - 1] == '"';
    g_string_append_c (out, '"');
    for (gsize i = is_quoted ? 1 : 0; i < len - (is_quoted ? 1 : 0); i++) {
        gboolean is_escape = is_quoted && local[i] == '\\' && i + 2 < len;
        i += is_escape ? 1 : 0;
        if (local[i] == '"' || local[i] == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, local[i]);
    }
    g_string_append_c (out, '"');
}

/* The domain in ASCII, an IDN by its A-labels; NULL when it has a character that no domain has. */
static char *ascii_domain (const char *domain)
{
    g_autofree char *ascii =
        g_hostname_is_non_ascii (domain) ? g_hostname_to_ascii (domain) : g_strdup (domain);
    if (ascii == NULL || ascii[0] == '\0')
        return NULL;
    for (const char *at = ascii; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at) && strchr (".-_[]:", *at) == NULL)
            return NULL;
    return g_steal_pointer (&ascii);
}

/* "Name <local@domain>", or NULL for what is no address. */
static char *mailbox (MailOut *mail, const char *name, const char *addr)
{
    g_autofree char *clean = encode_clean (addr);
    const char *at = strrchr (clean, '@');
    if (at == NULL || at == clean || strlen (clean) > ID_MAX)
        return NULL;
    g_autofree char *domain = ascii_domain (at + 1);
    if (domain == NULL)
        return NULL;
    g_autoptr (GString) spec = g_string_new (NULL);
    append_local (spec, clean, (gsize)(at - clean));
    g_string_append_printf (spec, "@%s", domain);
    mail->needs_smtputf8 = mail->needs_smtputf8 || !g_str_is_ascii (spec->str);
    g_autofree char *phrase = encode_phrase (name);
    return phrase[0] == '\0' ? g_strdup (spec->str)
                             : g_strdup_printf ("%s <%s>", phrase, spec->str);
}

static void add_mailbox (MailOut *mail, Field field, const char *name, const char *addr)
{
    g_autofree char *value = mailbox (mail, name, addr);
    if (value != NULL)
        join_field (mail, field, ", ", value);
}

void mailout_from (MailOut *mail, const char *name, const char *addr)
{
    take_field (mail, FIELD_FROM, NULL);
    add_mailbox (mail, FIELD_FROM, name, addr);
}

void mailout_reply_to (MailOut *mail, const char *name, const char *addr)
{
    take_field (mail, FIELD_REPLY_TO, NULL);
    add_mailbox (mail, FIELD_REPLY_TO, name, addr);
}

void mailout_to (MailOut *mail, const char *name, const char *addr)
{
    add_mailbox (mail, FIELD_TO, name, addr);
}

void mailout_subject (MailOut *mail, const char *subject)
{
    take_field (mail, FIELD_SUBJECT, encode_unstructured (subject));
}

void mailout_date (MailOut *mail, gint64 time_ms)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_ms / 1000);
    if (time == NULL)
        return;
    take_field (mail, FIELD_DATE,
                g_strdup_printf ("%s, %d %s %04d %02d:%02d:%02d +0000",
                                 days[g_date_time_get_day_of_week (time) - 1],
                                 g_date_time_get_day_of_month (time),
                                 months[g_date_time_get_month (time) - 1],
                                 g_date_time_get_year (time), g_date_time_get_hour (time),
                                 g_date_time_get_minute (time), g_date_time_get_second (time)));
}

/* "<id>" of the printable ASCII in it, or NULL when nothing is left or it would not fit on a line.
 */
static char *angle_id (const char *id)
{
    g_autoptr (GString) out = g_string_new ("<");
    for (const char *at = id == NULL ? "" : id; *at != '\0'; at++)
        if (*at > ' ' && *at < 0x7f && *at != '<' && *at != '>')
            g_string_append_c (out, *at);
    if (out->len == 1 || out->len > ID_MAX)
        return NULL;
    g_string_append_c (out, '>');
    return g_strdup (out->str);
}

void mailout_message_id (MailOut *mail, const char *id)
{
    take_field (mail, FIELD_MESSAGE_ID, angle_id (id));
}

void mailout_in_reply_to (MailOut *mail, const char *id)
{
    take_field (mail, FIELD_IN_REPLY_TO, angle_id (id));
    mailout_reference (mail, id);
}

void mailout_reference (MailOut *mail, const char *id)
{
    g_autofree char *value = angle_id (id);
    const char *known = mail->fields[FIELD_REFERENCES];
    if (value != NULL && (known == NULL || strstr (known, value) == NULL))
        join_field (mail, FIELD_REFERENCES, " ", value);
}

void mailout_list_id (MailOut *mail, const char *name, const char *id)
{
    g_autofree char *value = angle_id (id);
    g_autofree char *phrase = encode_phrase (name);
    if (value == NULL)
        return;
    take_field (mail, FIELD_LIST_ID,
                phrase[0] == '\0' ? g_strdup (value) : g_strconcat (phrase, " ", value, NULL));
}

static gboolean is_own_header (const char *name)
{
    static const char *const others[] = {"MIME-Version", "Content-Type",
                                         "Content-Transfer-Encoding", "Bcc"};
    for (gsize i = 0; i < FIELDS; i++)
        if (g_ascii_strcasecmp (field_names[i], name) == 0)
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
        if (g_ascii_strcasecmp (others[i], name) == 0)
            return TRUE;
    return FALSE;
}

void mailout_header (MailOut *mail, const char *name, const char *value)
{
    g_assert (!is_own_header (name));
    for (const char *at = name; *at != '\0'; at++)
        g_assert (g_ascii_isalnum (*at) || *at == '-');
    g_autofree char *encoded = encode_unstructured (value);
    encode_header (mail->others, name, encoded);
}

void mailout_text (MailOut *mail, const char *text)
{
    mailout_body_text (mail->body, text);
}

void mailout_html (MailOut *mail, const char *html)
{
    mailout_body_html (mail->body, html);
}

void mailout_inline (MailOut *mail, const char *content_id, const char *type, const char *name,
                     GBytes *bytes)
{
    g_autofree char *id = angle_id (content_id);
    if (id != NULL)
        mailout_body_inline (mail->body, id, type, name, bytes);
}

void mailout_attach_message (MailOut *mail, const char *name, GBytes *raw)
{
    mailout_body_attach (mail->body, name, raw);
}

void mailout_report (MailOut *mail, const char *status)
{
    mailout_body_report (mail->body, status);
}

gboolean mailout_needs_smtputf8 (const MailOut *mail)
{
    return mail->needs_smtputf8;
}

GBytes *mailout_finish (MailOut *mail)
{
    GString *out = g_string_new (NULL);
    for (gsize i = 0; i < FIELDS; i++)
        if (mail->fields[i] != NULL)
            encode_header (out, field_names[i], mail->fields[i]);
    g_string_append_len (out, mail->others->str, (gssize)mail->others->len);
    g_string_append (out, "MIME-Version: 1.0\r\n");
    mailout_body_write (mail->body, out);
    gsize len = out->len;
    return g_bytes_new_take (g_string_free (out, FALSE), len);
}
