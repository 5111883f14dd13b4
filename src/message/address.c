/* address.c - one mail address: its parts, its normal form, whether it is one. See address.h; lists
 * of addresses are read in address_list.c.
 *
 * The last "@" outside of a quoted local part divides; a quoted local part may hold one. */
#include "address.h"

#include <string.h>

#define LOCAL_MAX 64
#define DOMAIN_MAX 255

Address *address_new (const char *name, const char *addr)
{
    Address *address = g_new (Address, 1);
    address->name = g_strdup (name != NULL ? name : "");
    address->addr = g_strdup (addr != NULL ? addr : "");
    return address;
}

void address_free (Address *address)
{
    if (address == NULL)
        return;
    g_free (address->name);
    g_free (address->addr);
    g_free (address);
}

const char *address_domain (const char *addr)
{
    const char *at = strrchr (addr, '@');
    return at != NULL ? at + 1 : addr + strlen (addr);
}

char *address_local_part (const char *addr)
{
    const char *at = strrchr (addr, '@');
    return at != NULL ? g_strndup (addr, (gsize)(at - addr)) : g_strdup (addr);
}

static gboolean is_atom_char (char c)
{
    return (guchar)c >= 0x80 || g_ascii_isalnum (c) ||
           (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* The local part without quotes, where it can stand without them. Owned. */
static char *unquote_local (const char *local)
{
    gsize len = strlen (local);
    if (len < 3 || local[0] != '"' || local[len - 1] != '"')
        return g_strdup (local);
    for (gsize i = 1; i < len - 1; i++)
        if (!is_atom_char (local[i]) || (local[i] == '.' && (i == 1 || local[i + 1] == '.')))
            return g_strdup (local);
    if (local[len - 2] == '.')
        return g_strdup (local);
    return g_strndup (local + 1, len - 2);
}

/* Lower case of UTF-8; of ASCII alone when the text is none. Owned. */
static char *lower (const char *text)
{
    return g_utf8_validate (text, -1, NULL) ? g_utf8_strdown (text, -1)
                                            : g_ascii_strdown (text, -1);
}

char *address_normalise (const char *addr, gboolean keep_case)
{
    g_autofree char *written = address_local_part (addr);
    g_autofree char *bare = unquote_local (written);
    g_autofree char *local = keep_case ? g_strdup (bare) : lower (bare);
    g_autofree char *domain = lower (address_domain (addr));
    gsize len = strlen (domain);
    if (len > 1 && domain[len - 1] == '.')
        domain[len - 1] = '\0';
    if (domain[0] == '\0')
        return g_steal_pointer (&local);
    return g_strconcat (local, "@", domain, NULL);
}

/* Postfix never cuts these: split_addr(3). */
static gboolean is_never_cut (const char *local, char delimiter)
{
    static const char *const whole[] = {"double-bounce", "postmaster", "mailer-daemon"};
    for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
        if (g_ascii_strcasecmp (local, whole[i]) == 0)
            return TRUE;
    gsize len = strlen (local);
    return delimiter == '-' && (g_ascii_strncasecmp (local, "owner-", 6) == 0 ||
                                (len > 8 && g_ascii_strcasecmp (local + len - 8, "-request") == 0));
}

char *address_strip_extension (const char *addr, const char *delimiters)
{
    g_autofree char *local = address_local_part (addr);
    gsize keep = strcspn (local, delimiters);
    if (keep == 0 || local[keep] == '\0' || local[0] == '"' || is_never_cut (local, local[keep]))
        return g_strdup (addr);
    const char *at = strrchr (addr, '@');
    return g_strdup_printf ("%.*s%s", (int)keep, local, at != NULL ? at : "");
}

static gboolean is_local_valid (const char *local, gsize len)
{
    if (len == 0 || len > LOCAL_MAX)
        return FALSE;
    if (local[0] != '"') {
        for (gsize i = 0; i < len; i++)
            if (!is_atom_char (local[i]))
                return FALSE;
        return TRUE;
    }
    if (len < 3 || local[len - 1] != '"')
        return FALSE;
    for (gsize i = 1; i < len - 1; i++) {
        if (local[i] == '\\' && i + 1 < len - 1)
            i++;
        else if (local[i] == '"' || local[i] == '\\')
            return FALSE;
        if ((guchar)local[i] < 0x20 || local[i] == 0x7f)
            return FALSE;
    }
    return TRUE;
}

static gboolean is_domain_valid (const char *domain)
{
    gsize len = strlen (domain);
    if (len == 0 || len > DOMAIN_MAX)
        return FALSE;
    gboolean is_literal = domain[0] == '[';
    if (is_literal && (len < 3 || domain[len - 1] != ']'))
        return FALSE;
    for (gsize i = 0; i < len; i++) {
        gboolean is_plain = (guchar)domain[i] >= 0x80 || g_ascii_isalnum (domain[i]) ||
                            strchr ("-_.", domain[i]) != NULL;
        gboolean is_of_literal = is_literal && strchr (":[]", domain[i]) != NULL;
        if (!is_plain && !is_of_literal)
            return FALSE;
        if (domain[i] == '.' && (i == 0 || domain[i + 1] == '.'))
            return FALSE;
    }
    return TRUE;
}

gboolean address_is_valid (const char *addr)
{
    const char *at = strrchr (addr, '@');
    return at != NULL && g_utf8_validate (addr, -1, NULL) &&
           is_local_valid (addr, (gsize)(at - addr)) && is_domain_valid (at + 1);
}

/* Where the path that begins at text ends: at ">" (outside of quotes), or for one without brackets
 * at a blank. */
static gsize path_length (const char *text, gboolean has_bracket)
{
    gboolean in_quotes = FALSE;
    gsize i = 0;
    for (; text[i] != '\0'; i++) {
        if (text[i] == '\\' && in_quotes && text[i + 1] != '\0')
            i++;
        else if (text[i] == '"')
            in_quotes = !in_quotes;
        else if (!in_quotes && (has_bracket ? text[i] == '>' : g_ascii_isspace (text[i])))
            break;
    }
    return i;
}

char *address_from_envelope (const char *text)
{
    text += strspn (text, " \t");
    gboolean has_bracket = *text == '<';
    if (has_bracket)
        text++;
    g_autofree char *path = g_strndup (text, path_length (text, has_bracket));
    const char *addr = path;
    const char *colon = addr[0] == '@' ? strchr (addr, ':') : NULL;
    if (colon != NULL)
        addr = colon + 1;
    addr += strspn (addr, " \t");
    g_autofree char *trimmed = g_strstrip (g_strdup (addr));
    if (trimmed[0] == '\0')
        return NULL;
    for (const char *p = trimmed; *p != '\0'; p++)
        if ((guchar)*p < 0x20 || *p == 0x7f)
            return NULL;
    return g_steal_pointer (&trimmed);
}
