/* failure.c - see failure.h.
 *
 * (I1) A code decides over words, an enhanced one (RFC 3463) over that of SMTP: words are
 * boilerplate. (I2) One recipient that failed for good is enough: a notice has but one. (I3) What
 * the returned mail itself says never counts. */
#include "failure.h"

#include <string.h>

#define STATUS_MAX 16384
#define TEXT_MAX 6000
#define ANY -1

/* Enhanced status codes that say nothing of the address. */
static const struct {
    int class, subject, detail;
} passing_codes[] = {
    {4, ANY, ANY}, /* given up after trying for days */
    {5, 2, 2},     /* mailbox full */
    {5, 2, 3},     /* message too long for the mailbox */
    {5, 3, 1},     /* system full */
    {5, 3, 4},     /* message too big for the system */
    {5, 4, 7},     /* expired */
    {5, 6, ANY},   /* its content cannot be converted */
};

static const char *const passing_words[] = {
#define PASSING(text) text,
#include "failure_words.def"
#undef PASSING
};

/* How the copy of the returned mail begins. */
static const char *const copy_heads[] = {
    "received:", "return-path:", "message-id:", "from:", "to:", "subject:", "mime-version:",
};
static const char *const copy_words[] = {
    "copy of the message", "copy of your message", "original message follows",
    "-original message",   "- original message",   "message headers follow",
    "mail follows",        "message text follows", "message follows",
    "returned message",    "your message follows", "non-delivered information",
};

static Failure failure_of_code (int class, int subject, int detail)
{
    for (guint i = 0; i < G_N_ELEMENTS (passing_codes); i++)
        if (passing_codes[i].class == class &&
            (passing_codes[i].subject == ANY || passing_codes[i].subject == subject) &&
            (passing_codes[i].detail == ANY || passing_codes[i].detail == detail))
            return FAILURE_PASSING;
    return class == 5 ? FAILURE_LASTING : FAILURE_NONE;
}

/* "5.1.1" at `text`, and nothing longer such as an IP address or a version. */
static Failure read_enhanced (const char *text)
{
    int numbers[3] = {0};
    const char *p = text;
    for (guint i = 0; i < 3; i++) {
        const char *start = p;
        for (; g_ascii_isdigit (*p) && p - start < 3; p++)
            numbers[i] = numbers[i] * 10 + (*p - '0');
        if (p == start || (i < 2 && *p++ != '.'))
            return FAILURE_NONE;
    }
    if (g_ascii_isalnum (*p) || (*p == '.' && g_ascii_isdigit (p[1])) || numbers[1] > 7)
        return FAILURE_NONE;
    return failure_of_code (numbers[0], numbers[1], numbers[2]);
}

/* "550 " or "550-": a reply of SMTP (RFC 5321 4.2). */
static Failure read_reply_code (const char *text)
{
    if (strchr ("45", text[0]) == NULL || text[1] == '\0' || strchr ("0235", text[1]) == NULL ||
        !g_ascii_isdigit (text[2]) || (text[3] != ' ' && text[3] != '-'))
        return FAILURE_NONE;
    return text[0] == '5' ? FAILURE_LASTING : FAILURE_PASSING;
}

/* The gravest code in the text that `read` knows. */
static Failure find_code (const char *text, Failure (*read) (const char *))
{
    Failure worst = FAILURE_NONE;
    for (const char *p = strpbrk (text, "45"); p != NULL; p = strpbrk (p + 1, "45")) {
        if (p > text && (g_ascii_isalnum (p[-1]) || strchr ("._-/", p[-1]) != NULL))
            continue;
        worst = MAX (worst, read (p));
    }
    return worst;
}

static gboolean begins_copy (const char *line)
{
    for (guint i = 0; i < G_N_ELEMENTS (copy_heads); i++)
        if (g_str_has_prefix (line, copy_heads[i]))
            return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS (copy_words); i++)
        if (strstr (line, copy_words[i]) != NULL)
            return TRUE;
    return FALSE;
}

/* The first words in small letters, as far as the mail system speaks itself. Owned. */
static char *own_words (const char *text)
{
    g_autofree char *small = g_ascii_strdown (text, (gssize)strnlen (text, TEXT_MAX));
    g_auto (GStrv) lines = g_strsplit (small, "\n", -1);
    GString *own = g_string_new (NULL);
    for (guint i = 0; lines[i] != NULL && !begins_copy (lines[i]); i++)
        g_string_append_printf (own, "%s\n", lines[i]);
    return g_string_free (own, FALSE);
}

/* is_sure: it is a failed delivery, whatever its words are. */
static Failure failure_of_text (const char *text, gboolean is_sure)
{
    g_autofree char *own = own_words (text);
    Failure failure = find_code (own, read_enhanced);
    if (failure != FAILURE_NONE)
        return failure;
    for (guint i = 0; i < G_N_ELEMENTS (passing_words); i++)
        if (strstr (own, passing_words[i]) != NULL)
            return FAILURE_PASSING;
    failure = find_code (own, read_reply_code);
    return failure != FAILURE_NONE || !is_sure ? failure : FAILURE_LASTING;
}

static const char *field_of (const char *line, const char *name)
{
    gsize length = strlen (name);
    return g_ascii_strncasecmp (line, name, length) == 0
               ? line + length + strspn (line + length, " \t")
               : NULL;
}

/* The recipients of a report: those that failed, and why. No Status: the Diagnostic-Code says it.
 */
static Failure failure_of_status (const char *status)
{
    g_auto (GStrv) lines = g_strsplit (status, "\n", -1);
    Failure worst = FAILURE_NONE, code = FAILURE_NONE;
    gboolean is_failed = FALSE;
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strchomp (lines[i]), *value;
        if ((value = field_of (line, "action:")) != NULL)
            is_failed = g_ascii_strncasecmp (value, "failed", 6) == 0;
        else if ((value = field_of (line, "status:")) != NULL)
            code = read_enhanced (value);
        else if ((value = field_of (line, "diagnostic-code:")) != NULL && code == FAILURE_NONE)
            code = failure_of_text (value, TRUE);
        if (*line != '\0' && lines[i + 1] != NULL)
            continue;
        if (is_failed)
            worst = MAX (worst, code != FAILURE_NONE ? code : FAILURE_LASTING);
        is_failed = FALSE;
        code = FAILURE_NONE;
    }
    return worst;
}

static const Part *status_part (const Message *message)
{
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (strcmp (part->type, "message/delivery-status") == 0 ||
            strcmp (part->type, "message/global-delivery-status") == 0)
            return part;
    }
    return NULL;
}

Failure failure_of (const Message *message, Classification what)
{
    /* A null sender alone says nothing, absence notes have it too: then only a code counts. */
    static const char *const likely[] = {"null-sender", "mail-system", NULL};
    static const char *const reasons[] = {"delivery-report", "failed-recipients", "bounce-words",
                                          NULL};
    if (what.class != CLASS_BOUNCE)
        return FAILURE_NONE;
    gboolean is_sure = g_strv_contains (reasons, what.reason);
    if (!is_sure && !g_strv_contains (likely, what.reason))
        return FAILURE_NONE;
    const Part *part = status_part (message);
    if (part == NULL)
        return failure_of_text (message->text, is_sure);
    g_autoptr (GBytes) bytes = message_part_decode (message, part);
    gsize size = 0;
    const char *start = g_bytes_get_data (bytes, &size);
    g_autofree char *status = g_strndup (start != NULL ? start : "", MIN (size, STATUS_MAX));
    Failure failure = failure_of_status (status);
    return failure != FAILURE_NONE ? failure : failure_of_text (message->text, TRUE);
}
