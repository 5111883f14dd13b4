/* count.c - counts as PRODUCT.md 2 says: distinct persons among the envelope recipients; aliases
 * and subaddresses are their person, groups their members; the sender, outsiders, own addresses and
 * whoever is in always_deliver do not count.
 *
 * (I1) Nobody counts twice, by whatever way they were named. */
#include "count.h"

#include <string.h>

#include "address.h"

/* The address of a SMTP argument, or NULL for what none of us can deliver to. A name without domain
 * is one of ours, as sendmail submits it. Owned. */
static char *parse_argument (const char *text)
{
    g_autofree char *address = address_from_envelope (text);
    if (address == NULL || (strchr (address, '@') != NULL && !address_is_valid (address)))
        return NULL;
    return g_steal_pointer (&address);
}

void count_init (Count *count, const Directory *directory, const Envelope *envelope)
{
    *count = (Count){.directory = directory};
    count->scratch = g_string_chunk_new (1024);
    count->recipients = g_array_new (FALSE, TRUE, sizeof (Recipient));
    count->found = g_array_new (FALSE, TRUE, sizeof (Found));
    count->persons = g_hash_table_new (g_str_hash, g_str_equal);
    if (envelope->sender != NULL)
        count->sender_address = parse_argument (envelope->sender);
    if (count->sender_address != NULL)
        count->sender = directory_find_author (directory, count->sender_address, count->scratch);
}

void count_clear (Count *count)
{
    g_clear_pointer (&count->scratch, g_string_chunk_free);
    g_clear_pointer (&count->recipients, g_array_unref);
    g_clear_pointer (&count->found, g_array_unref);
    g_clear_pointer (&count->persons, g_hash_table_unref);
    g_clear_pointer (&count->sender_address, g_free);
}

/* TRUE when the person is new. */
static gboolean add_person (Count *count, Recipient *recipient, const char *address,
                            const char *via)
{
    if (g_strcmp0 (address, count->sender) == 0) {
        recipient->has_sender = TRUE;
        return FALSE;
    }
    if (g_hash_table_contains (count->persons, address)) /* (I1) */
        return FALSE;
    Found found = {address, via, count->recipients->len};
    g_array_append_val (count->found, found);
    g_hash_table_insert (count->persons, (gpointer)address, GUINT_TO_POINTER (count->found->len));
    return TRUE;
}

static void add_group (Count *count, Recipient *recipient, guint enough)
{
    GroupMembers members = directory_members (count->directory, recipient->who.canonical);
    gboolean is_new = FALSE;
    for (guint i = 0; i < members.person_count && count->found->len <= enough; i++)
        is_new |= add_person (count, recipient, members.persons[i], recipient->who.canonical);
    recipient->is_repeated = !is_new;
}

static void add_recipient (Count *count, const char *text, guint enough)
{
    g_autofree char *address = parse_argument (text);
    Recipient recipient = {.text = text, .is_address = address != NULL};
    recipient.who = (Who){WHO_OUTSIDER, "", NULL};
    if (address != NULL)
        recipient.who = directory_find (count->directory, address, count->scratch);
    if (recipient.who.kind == WHO_PERSON)
        recipient.is_repeated = !add_person (count, &recipient, recipient.who.canonical, NULL);
    else if (recipient.who.kind == WHO_GROUP)
        add_group (count, &recipient, enough);
    g_array_append_val (count->recipients, recipient);
}

void count_run (Count *count, const Envelope *envelope, guint enough)
{
    for (guint i = 0; i < envelope->recipients->len && count->found->len <= enough; i++)
        add_recipient (count, envelope->recipients->pdata[i], enough);
}

const char *count_sender_reason (const Count *count, const Config *conf, const Envelope *envelope)
{
    const char *text = envelope->sender;
    if (text == NULL) /* unknown: the From header will be looked at */
        return NULL;
    if (*text == '\0' || strcmp (text, "<>") == 0)
        return "null-sender";
    if (count->sender_address == NULL)
        return conf->take_external ? NULL : "external";
    if (count->sender != NULL)
        return NULL;
    Who who = directory_find (count->directory, count->sender_address, count->scratch);
    if (who.kind == WHO_OWN)
        return "own-mail";
    if (conf->take_external)
        return NULL;
    return directory_is_internal (count->directory, count->sender_address) ? NULL : "external";
}

gboolean count_has_reply (const Count *count)
{
    gboolean has_reply = FALSE, has_others = FALSE;
    for (guint i = 0; i < count->recipients->len; i++) {
        const Recipient *recipient = &g_array_index (count->recipients, Recipient, i);
        gboolean is_own = recipient->who.kind == WHO_OWN;
        has_reply |= is_own && g_str_has_prefix (recipient->who.canonical, REPLY_PREFIX);
        has_others |= !is_own;
    }
    return has_reply && has_others;
}

const char *count_recipients_reason (const Count *count, const Config *conf)
{
    if (count->found->len > conf->max_recipients)
        return NULL;
    for (guint i = 0; i < count->recipients->len; i++) {
        const Recipient *recipient = &g_array_index (count->recipients, Recipient, i);
        if (recipient->who.kind != WHO_OWN)
            return "few";
    }
    return count->recipients->len > 0 ? "own-address" : "few";
}
