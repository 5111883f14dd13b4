/* structure.h - cuts a message into its parts, and decides what each is for. Private to the layer.
 */
#ifndef STRUCTURE_H
#define STRUCTURE_H

#include "fields.h"
#include "message.h"
#include "transfer.h"

/* What is known of a part beyond what `Part` tells; same index. */
typedef struct {
    Part *part;
    gint parent;       /* index, -1 for the root */
    guint position;    /* among its siblings */
    char *boundary;    /* of a multipart, owned */
    const char *start; /* of a multipart/related: the Content-ID of its root, or NULL */
    guint bodies;      /* of a multipart: the kinds of bodies found among its parts, see roles.c */
    Transfer transfer;
    gboolean has_type, has_encoding; /* such a field was given; the first counts */
    gboolean is_flowed, is_delsp;    /* RFC 3676 */
    gboolean in_alternative;
    gsize content_at; /* where its body begins */
} Node;

typedef struct {
    const char *data;
    gsize len;
    GStringChunk *strings; /* borrowed: holds the strings of the parts */
    GPtrArray *parts;      /* borrowed: of Part */
    GArray *nodes;         /* of Node */
    guint nesting_max, parts_max;
    const char *opaque_reason; /* set when a bound was passed */
} Structure;

Structure *structure_new (const char *data, gsize len, GPtrArray *parts, GStringChunk *strings,
                          const MessageLimits *limits);
void structure_free (Structure *structure);

/* Tells the part at the end of the list one of its Content- fields. */
void structure_field (Structure *structure, const Field *field);

/* Whether a line is the boundary that the root names: it ends the fields of the top, blank line or
 * not. The type of FieldReader.stop; data is the Structure. */
gboolean structure_is_boundary (gconstpointer data, const char *line, gsize len);

/* Adds the root, whose fields follow by structure_field; then cuts the body that begins at `at`. */
void structure_add_root (Structure *structure);
void structure_cut (Structure *structure, gsize at);

/* Sets the role of every part (roles.c), by what RFC 8621 (section 4.1.4) does for mail of all
 * programs. */
void structure_assign_roles (Structure *structure);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Structure, structure_free)

#endif
