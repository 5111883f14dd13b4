/* roles.c - what each part is for, see structure.h.
 *
 * (I1) Linear: a part is looked at once, with the multipart around it. */
#include "structure.h"

#include <string.h>

/* What a multipart has for bodies already. */
enum { BODY_NONE = 0, BODY_TEXT = 1, BODY_HTML = 2 };

static Node *node_at (const Structure *structure, guint index)
{
    return &g_array_index (structure->nodes, Node, index);
}

/* The multipart around this node; NULL for the root. */
static Node *around_of (const Structure *structure, const Node *node)
{
    return node->parent >= 0 ? node_at (structure, (guint)node->parent) : NULL;
}

static gboolean is_html (const char *type)
{
    return strcmp (type, "text/html") == 0 || strcmp (type, "application/xhtml+xml") == 0 ||
           strcmp (type, "text/xhtml") == 0;
}

/* Texts that are somebody's data rather than somebody's words. */
static gboolean is_data_text (const char *type)
{
    static const char *const types[] = {"text/calendar",  "text/x-vcard",    "text/vcard",
                                        "text/directory", "text/csv",        "text/xml",
                                        "text/css",       "text/javascript", "text/rfc822-headers",
                                        "text/rtf",       "text/x-vcalendar"};
    for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
        if (strcmp (type, types[i]) == 0)
            return TRUE;
    return FALSE;
}

static guint body_of_type (const char *type)
{
    if (is_html (type))
        return BODY_HTML;
    return strcmp (type, "text/plain") == 0 ? BODY_TEXT : BODY_NONE;
}

/* The root of a multipart/related is what `start` names, else its first part. Mail has roots
 * elsewhere, and related where alternative is meant: the first of its kind that no name and no
 * Content-ID makes a file counts too. */
static gboolean is_root (const Node *node, const Node *related)
{
    const Part *part = node->part;
    if (part->content_id != NULL)
        return related->start != NULL && strcmp (part->content_id, related->start) == 0;
    return part->name == NULL && (related->bodies & body_of_type (part->type)) == 0;
}

/* Whether a text part stands where a body stands. */
static gboolean is_in_place (const Node *node, const Node *around)
{
    if (node->part->is_attachment_declared)
        return FALSE;
    if (node->position == 0 || around == NULL)
        return TRUE;
    if (strcmp (around->part->type, "multipart/alternative") == 0)
        return TRUE;
    if (strcmp (around->part->type, "multipart/related") == 0)
        return is_root (node, around);
    return node->part->name == NULL;
}

static PartRole role_of (const Node *node, const Node *around)
{
    const Part *part = node->part;
    const char *type = part->type;
    gboolean is_related = around != NULL && strcmp (around->part->type, "multipart/related") == 0;
    gboolean in_place = is_in_place (node, around);
    if (part->role == PART_MULTIPART)
        return PART_MULTIPART;
    if (in_place && is_html (type))
        return PART_HTML;
    if (in_place && strcmp (type, "text/plain") == 0)
        return PART_TEXT;
    if (in_place && g_str_has_prefix (type, "multipart/"))
        return PART_TEXT; /* could not be cut: shown as it stands */
    /* In an alternative it says the same once more, for other programs. */
    if (in_place && g_str_has_prefix (type, "text/") && part->name == NULL &&
        !is_data_text (type) && !node->in_alternative)
        return PART_TEXT;
    if (g_str_has_prefix (type, "image/") && !part->is_attachment_declared &&
        (part->content_id != NULL || is_related))
        return PART_INLINE_IMAGE;
    return PART_ATTACHMENT;
}

void structure_assign_roles (Structure *structure)
{
    for (guint i = 0; i < structure->nodes->len; i++) {
        Node *node = node_at (structure, i);
        Node *around = around_of (structure, node);
        node->part->role = role_of (node, around);
        if (around != NULL && (node->part->role == PART_HTML || node->part->role == PART_TEXT))
            around->bodies |= body_of_type (node->part->type);
    }
}
