/* classify_parts.c - what the parts say: calendar objects, encrypted content, winmail.dat.
 *
 * (I1) Parts inside message/rfc822 never count: a person may forward anything as an attachment.
 * (I2) No part is decoded beyond PEEK_MAX bytes, winmail.dat excepted. */
#include "classify_parts.h"

#include <string.h>

#include "classify_steps.h"
#include "classify_tnef.h"
#include "text.h"

#define PEEK_MAX 512
/* ContentInfo of CMS begins with SEQUENCE and, within a few bytes, an object identifier of PKCS #7.
 */
#define CMS_HEAD 32

typedef struct {
    const char *type;   /* "application/pkcs7-mime", or NULL: any */
    const char *ending; /* of the name, or NULL: any */
    MailClass class;
    const char *reason;
} PartRule;

/* What a part is by its type or by its name. First match wins. */
static const PartRule part_rules[] = {
    {"text/calendar", NULL, CLASS_CALENDAR, "calendar"},
    {"text/x-vcalendar", NULL, CLASS_CALENDAR, "calendar"},
    {"application/ics", NULL, CLASS_CALENDAR, "calendar"},
    {"application/calendar", NULL, CLASS_CALENDAR, "calendar"},
    {NULL, ".ics", CLASS_CALENDAR, "calendar"},
    {NULL, ".vcs", CLASS_CALENDAR, "calendar"},
    {"application/pkcs7-mime", NULL, CLASS_ENCRYPTED, "smime"},
    {"application/x-pkcs7-mime", NULL, CLASS_ENCRYPTED, "smime"},
    {"application/cms", NULL, CLASS_ENCRYPTED, "smime"},
    {NULL, ".p7m", CLASS_ENCRYPTED, "smime"},
    {NULL, ".p7z", CLASS_ENCRYPTED, "smime"},
    {"multipart/encrypted", NULL, CLASS_ENCRYPTED, "pgp-mime"},
    {"application/pgp-encrypted", NULL, CLASS_ENCRYPTED, "pgp-mime"},
    {NULL, "encap2.ond", CLASS_OPAQUE, "notes-document"},
};

gboolean parts_walk (const Message *message, OnPart on_part, gpointer data)
{
    guint inside = G_MAXUINT; /* depth of the message/rfc822 we are in */
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = g_ptr_array_index (message->parts, i);
        if (part->depth > inside)
            continue;
        inside = G_MAXUINT;
        if (g_str_has_prefix (part->type, "message/rfc822") ||
            g_str_has_prefix (part->type, "message/global"))
            inside = part->depth;
        if (!on_part (message, part, data))
            return FALSE;
    }
    return TRUE;
}

typedef struct {
    const char *type;
    const Part *found;
} Wanted;

static gboolean on_wanted (const Message *message, const Part *part, gpointer data)
{
    (void)message;
    Wanted *wanted = data;
    if (strcmp (part->type, wanted->type) == 0)
        wanted->found = part;
    return wanted->found == NULL;
}

const Part *parts_find (const Message *message, const char *type)
{
    Wanted wanted = {.type = type};
    (void)parts_walk (message, on_wanted, &wanted);
    return wanted.found;
}

char *parts_top_type (const Message *message)
{
    const char *value = message_header (message, "Content-Type");
    if (value == NULL)
        return g_strdup ("");
    value += strspn (value, " \t\r\n");
    return g_ascii_strdown (value, (gssize)strcspn (value, "; \t\r\n("));
}

char *parts_top_param (const Message *message, const char *name)
{
    const char *value = message_header (message, "Content-Type");
    gsize length = strlen (name);
    for (const char *p = value; p != NULL; p = strchr (p, ';')) {
        p += strspn (p, "; \t\r\n");
        if (g_ascii_strncasecmp (p, name, length) != 0)
            continue;
        const char *rest = p + length + strspn (p + length, " \t\r\n");
        if (*rest != '=')
            continue;
        rest += 1 + strspn (rest + 1, " \t\r\n");
        gboolean quoted = *rest == '"';
        rest += quoted ? 1 : 0;
        return g_ascii_strdown (rest, (gssize)strcspn (rest, quoted ? "\"" : "; \t\r\n"));
    }
    return NULL;
}

char *part_peek (const Message *message, const Part *part, gsize max, gsize *ret_size)
{
    gsize size = 0;
    const char *raw = g_bytes_get_data (message->raw, &size);
    *ret_size = 0;
    if (part->raw_offset >= size)
        return g_strdup ("");
    raw += part->raw_offset;
    size = MIN (part->raw_size, size - part->raw_offset);
    gboolean base64 = part->encoding != NULL && strcmp (part->encoding, "base64") == 0;
    size = MIN (size, base64 ? max * 4 / 3 : max);
    char *out = g_malloc0 (size + 4);
    if (base64) {
        gint state = 0;
        guint save = 0;
        *ret_size = g_base64_decode_step (raw, size, (guchar *)out, &state, &save);
    } else {
        memcpy (out, raw, size);
        *ret_size = size;
    }
    out[*ret_size] = '\0';
    return out;
}

gboolean part_is_tnef (const Part *part)
{
    return strcmp (part->type, "application/ms-tnef") == 0 ||
           strcmp (part->type, "application/vnd.ms-tnef") == 0 ||
           (part->name != NULL && g_ascii_strcasecmp (part->name, "winmail.dat") == 0);
}

static gboolean ends_with (const char *name, const char *ending)
{
    gsize a = strlen (name), b = strlen (ending);
    return a >= b && g_ascii_strcasecmp (name + a - b, ending) == 0;
}

typedef struct {
    MailClass class;
    const char *reason;
} Found;

static gboolean on_rule (const Message *message, const Part *part, gpointer data)
{
    (void)message;
    Found *found = data;
    for (guint i = 0; i < G_N_ELEMENTS (part_rules); i++) {
        const PartRule *rule = &part_rules[i];
        if (rule->class != found->class ||
            (rule->type != NULL && strcmp (rule->type, part->type) != 0) ||
            (rule->ending != NULL && (part->name == NULL || !ends_with (part->name, rule->ending))))
            continue;
        found->reason = rule->reason;
        return FALSE;
    }
    return TRUE;
}

/* The rules once more for the top header alone: it is there even when the body was not taken
 * apart. */
static const char *find_rule (const Message *message, MailClass class)
{
    Found found = {.class = class};
    g_autofree char *type = parts_top_type (message);
    g_autofree char *name = parts_top_param (message, "name");
    Part top = {.type = type, .name = name};
    if (on_rule (message, &top, &found))
        (void)parts_walk (message, on_rule, &found);
    return found.reason;
}

/* Outlook writes this line into the text of an invitation for clients that know no calendar. */
static gboolean is_outlook_invitation (Evidence *evidence)
{
    static const char mark[] = "*~*~*~*~*~*~*~*~*~*";
    if (strstr (evidence->message->text, mark) == NULL)
        return FALSE;
    const char *body = evidence_text (evidence)->body, *line = strstr (body, mark);
    return line != NULL && (g_str_has_prefix (body, "when:") ||
                            g_strstr_len (body, line - body, " when: ") != NULL);
}

gboolean step_calendar (Evidence *evidence, Classification *ret)
{
    gboolean is_auto = evidence_has (evidence, MARK_REPLY);
    const char *reason = find_rule (evidence->message, CLASS_CALENDAR);
    if (reason == NULL && evidence_has (evidence, MARK_CALENDAR))
        reason = evidence->reasons[MARK_CALENDAR];
    if (reason == NULL && is_outlook_invitation (evidence))
        reason = "meeting";
    return reason != NULL && classified (ret, CLASS_CALENDAR, is_auto, reason);
}

/* Whether these bytes begin a CMS structure other than a detached signature's certificates. */
static gboolean is_cms (const guint8 *bytes, gsize size)
{
    static const guint8 pkcs7[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
    return size > sizeof pkcs7 && bytes[0] == 0x30 &&
           memmem (bytes, MIN (size, CMS_HEAD), pkcs7, sizeof pkcs7) != NULL;
}

/* Binary OpenPGP (RFC 4880 4.2) that begins with an encrypted session key or encrypted data; keys
 * and signatures begin with other packets. */
static gboolean is_pgp_binary (const guint8 *bytes, gsize size)
{
    if (size < 2 || (bytes[0] & 0x80) == 0)
        return FALSE;
    guint tag = (bytes[0] & 0x40) != 0 ? bytes[0] & 0x3fu : (bytes[0] & 0x3fu) >> 2;
    return tag == 1 || tag == 3 || tag == 9 || tag == 18;
}

/* "-----BEGIN PGP MESSAGE-----" as a line of its own. */
static gboolean has_pgp_block (const char *text, gboolean is_html)
{
    static const char head[] = "-----BEGIN PGP MESSAGE-----";
    const char *p = strstr (text, head);
    return p != NULL && (p == text || p[-1] == '\n' || (is_html && p[-1] == '>')) &&
           strchr ("\r\n <", p[sizeof head - 1]) != NULL;
}

static gboolean on_content (const Message *message, const Part *part, gpointer data)
{
    const char **reason = data;
    gboolean octets = strcmp (part->type, "application/octet-stream") == 0;
    gboolean pgp =
        part->name != NULL && (ends_with (part->name, ".asc") || ends_with (part->name, ".pgp") ||
                               ends_with (part->name, ".gpg"));
    if (!octets && !pgp)
        return TRUE;
    gsize size = 0;
    g_autofree char *peek = part_peek (message, part, PEEK_MAX, &size);
    if (pgp && (has_pgp_block (peek, FALSE) || is_pgp_binary ((const guint8 *)peek, size)))
        *reason = "pgp-attachment";
    else if (octets && part->name == NULL && is_cms ((const guint8 *)peek, size))
        *reason = "smime";
    return *reason == NULL;
}

gboolean step_encrypted (Evidence *evidence, Classification *ret)
{
    const Message *message = evidence->message;
    const char *reason = find_rule (message, CLASS_ENCRYPTED);
    if (reason == NULL && (has_pgp_block (message->text, FALSE) ||
                           (message->html != NULL && has_pgp_block (message->html, TRUE))))
        reason = "pgp-inline";
    if (reason == NULL)
        (void)parts_walk (message, on_content, &reason);
    return reason != NULL && classified (ret, CLASS_ENCRYPTED, FALSE, reason);
}

static gboolean on_winmail (const Message *message, const Part *part, gpointer data)
{
    gboolean *is_damaged = data;
    if (!part_is_tnef (part))
        return TRUE;
    g_autoptr (GBytes) bytes = message_part_decode (message, part);
    gsize size = 0;
    const guint8 *start = g_bytes_get_data (bytes, &size);
    char class[TNEF_CLASS_MAX];
    *is_damaged = !tnef_class (start, size, class);
    return !*is_damaged;
}

gboolean step_opaque (Evidence *evidence, Classification *ret)
{
    gboolean is_damaged = FALSE;
    (void)parts_walk (evidence->message, on_winmail, &is_damaged);
    if (is_damaged)
        return classified (ret, CLASS_OPAQUE, FALSE, "winmail");
    const char *reason = find_rule (evidence->message, CLASS_OPAQUE);
    if (reason != NULL)
        return classified (ret, CLASS_OPAQUE, FALSE, reason);
    return evidence->message->is_opaque && classified (ret, CLASS_OPAQUE, FALSE, "parser-bound");
}
