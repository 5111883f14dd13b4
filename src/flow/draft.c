/* draft.c - see draft.h. */
#include "draft.h"

#include <string.h>

#include "searchable.h"
#include "text.h"
#include "token.h"

#define PREVIEW_CHARS 200
#define NAME_CHARS_MAX 200
#define NAME_END_CHARS 40

static char *first_chars (const char *text, gsize count)
{
    const char *end = text;
    while (*end != '\0' && count-- > 0)
        end = g_utf8_next_char (end);
    return g_strndup (text, (gsize)(end - text));
}

GPtrArray *draft_refs (const Message *message)
{
    GPtrArray *refs = g_ptr_array_new();
    for (guint i = 0; i < message->references->len; i++)
        g_ptr_array_add (refs, message->references->pdata[i]);
    for (guint i = 0; i < message->in_reply_to->len; i++)
        g_ptr_array_add (refs, message->in_reply_to->pdata[i]);
    g_ptr_array_add (refs, NULL);
    return refs;
}

/* A name among others' text: no marks that turn the direction of what follows, and not so long that
 * a thousand of them are more than a mail may hold. The end stays: it tells what a file is. */
static const char *shown_name (Draft *draft, const char *name)
{
    if (name == NULL || (strlen (name) <= NAME_CHARS_MAX && g_str_is_ascii (name)))
        return name;
    g_autofree char *line = text_one_line (name);
    glong chars = g_utf8_strlen (line, -1);
    if (chars <= NAME_CHARS_MAX)
        return g_string_chunk_insert (draft->strings, line);
    g_autofree char *start = first_chars (line, NAME_CHARS_MAX - NAME_END_CHARS - 1);
    const char *end = g_utf8_offset_to_pointer (line, chars - NAME_END_CHARS);
    g_autofree char *cut = g_strconcat (start, "…", end, NULL);
    return g_string_chunk_insert (draft->strings, cut);
}

static void add_readers (Draft *draft, const Verdict *verdict)
{
    draft->readers = g_array_new (FALSE, FALSE, sizeof (DraftReader));
    for (guint i = 0; i < verdict->readers->len; i++) {
        const Reader *reader = verdict->readers->pdata[i];
        DraftReader row = {reader->address, shown_name (draft, reader->name),
                           (PostRole)reader->role, reader->via,
                           reader->must_read ? reader->reason : NULL};
        g_array_append_val (draft->readers, row);
    }
}

static void add_shown (Draft *draft, const GPtrArray *addresses, PostRole role)
{
    for (guint i = 0; i < addresses->len; i++) {
        const Address *address = addresses->pdata[i];
        g_autofree char *hidden = token_hide (address->addr);
        /* A reply address is a key: its reader's alone, and nobody whom a page could name. */
        if (strcmp (hidden, address->addr) != 0)
            continue;
        DraftShown row = {shown_name (draft, address->name), address->addr, role};
        g_array_append_val (draft->shown, row);
    }
}

static void add_parts (Draft *draft, const Message *message)
{
    draft->parts = g_array_new (FALSE, FALSE, sizeof (DraftPart));
    for (guint i = 0; i < message->parts->len; i++) {
        const Part *part = message->parts->pdata[i];
        if (part->role == PART_MULTIPART)
            continue;
        DraftPart row = {
            shown_name (draft, part->name),  part->type, part->content_id, part->encoding,
            part->role == PART_INLINE_IMAGE, part->size, part->raw_offset, part->raw_size,
            !message_is_file (part)};
        g_array_append_val (draft->parts, row);
    }
}

static void add_text (Draft *draft, const Message *message, const Verdict *verdict)
{
    /* The policy has cut the quotes already, where it looked for names. */
    draft->text =
        verdict->written != NULL ? token_hide (verdict->written) : searchable_text (message);
    draft->names = searchable_names (message);
    g_autofree char *start = first_chars (draft->text, PREVIEW_CHARS * 4);
    g_autofree char *line = text_one_line (start);
    draft->preview = text_ellipsis (line, PREVIEW_CHARS);
}

/* RCPT texts as addresses: they come with or without <>, and a release is addressed to them. */
static GPtrArray *kept_addresses (const GPtrArray *texts)
{
    GPtrArray *kept = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; i < texts->len; i++) {
        char *address = address_from_envelope (texts->pdata[i]);
        if (address != NULL)
            g_ptr_array_add (kept, address);
    }
    g_ptr_array_add (kept, NULL);
    return kept;
}

static GPtrArray *copy_terminated (const GPtrArray *strings)
{
    GPtrArray *copy = g_ptr_array_new();
    for (guint i = 0; strings != NULL && i < strings->len; i++)
        g_ptr_array_add (copy, strings->pdata[i]);
    g_ptr_array_add (copy, NULL);
    return copy;
}

static void fill_post (Draft *draft, const Message *message, const Envelope *envelope,
                       const Verdict *verdict, gint64 now_ms)
{
    PostDraft *post = &draft->post;
    post->raw = message->raw;
    post->queue_id = envelope->queue_id;
    post->message_id = message->message_id;
    post->refs = (const char *const *)draft->refs->pdata;
    post->author = verdict->author;
    post->author_name = shown_name (draft, verdict->author_name);
    post->envelope_sender = draft->sender != NULL ? draft->sender : "";
    g_autofree char *subject = text_one_line (message->subject);
    post->subject = g_string_chunk_insert (draft->strings, subject);
    post->sent_ms = message->date_ms != 0 ? message->date_ms : now_ms;
    post->received_ms = now_ms;
    post->visibility = (PostVisibility)verdict->visibility;
    post->preview = draft->preview;
    post->identity = draft->identity;
    post->deliveries_avoided = verdict->deliveries;
    post->bytes_avoided = (guint64)verdict->deliveries * g_bytes_get_size (message->raw);
    post->readers = (const DraftReader *)(gpointer)draft->readers->data;
    post->reader_count = draft->readers->len;
    post->shown = (const DraftShown *)(gpointer)draft->shown->data;
    post->shown_count = draft->shown->len;
    post->parts = (const DraftPart *)(gpointer)draft->parts->data;
    post->part_count = draft->parts->len;
    post->topics = (const char *const *)draft->topics->pdata;
    post->kept_for = (const char *const *)draft->kept_for->pdata;
}

Draft *draft_new (const Message *message, const Envelope *envelope, const Verdict *verdict,
                  const char *identity, gint64 now_ms)
{
    Draft *draft = g_new0 (Draft, 1);
    draft->strings = g_string_chunk_new (256);
    draft->identity = g_strdup (identity);
    draft->sender = address_from_envelope (envelope->sender);
    draft->refs = draft_refs (message);
    draft->topics = copy_terminated (verdict->topics);
    draft->kept_for = kept_addresses (verdict->drop);
    draft->shown = g_array_new (FALSE, FALSE, sizeof (DraftShown));
    add_readers (draft, verdict);
    add_shown (draft, message->to, POST_ROLE_TO);
    add_shown (draft, message->cc, POST_ROLE_CC);
    add_parts (draft, message);
    add_text (draft, message, verdict);
    fill_post (draft, message, envelope, verdict, now_ms);
    return draft;
}

void draft_free (Draft *draft)
{
    if (draft == NULL)
        return;
    g_string_chunk_free (draft->strings);
    g_array_unref (draft->readers);
    g_array_unref (draft->shown);
    g_array_unref (draft->parts);
    g_ptr_array_unref (draft->refs);
    g_ptr_array_unref (draft->topics);
    g_ptr_array_unref (draft->kept_for);
    g_free (draft->identity);
    g_free (draft->preview);
    g_free (draft->text);
    g_free (draft->names);
    g_free (draft->sender);
    g_free (draft);
}
