/* message.h - one RFC 5322 message, taken apart. Bytes in, struct out: no files, no clock.
 *
 * Untrusted input, read in one linear pass with stated bounds; past a bound a message is `opaque`:
 * its top headers are read, its body is not taken apart. Doubt never loses anything: the raw bytes
 * are always there. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <glib.h>
#include "address.h"

/* Zero = default. */
typedef struct {
    gsize header_bytes; /* 1 MB: size of one header block */
    guint header_count; /* 10000 */
    guint nesting;      /* 30: parts within parts */
    guint parts;        /* 1000 */
    gsize text_bytes;   /* 4 MB: decoded text that is shown or searched */
    guint addresses;    /* 10000 in one header */
} MessageLimits;

typedef struct {
    const char *name;  /* as written */
    const char *value; /* unfolded, valid UTF-8, RFC 2047 not decoded (8-bit already made UTF-8) */
} Header;

/* TEXT and HTML: shown as (part of) the body. MULTIPART: a container that was taken apart, a
 * winmail.dat among them. */
typedef enum { PART_TEXT, PART_HTML, PART_ATTACHMENT, PART_INLINE_IMAGE, PART_MULTIPART } PartRole;

/* A leaf (or container) in the order of the message. Strings belong to the message. */
typedef struct {
    PartRole role;
    const char *type;       /* "text/plain", lower case; never NULL */
    const char *charset;    /* as declared, or NULL */
    const char *name;       /* decoded filename, one line without path separators, or NULL */
    const char *written_name; /* the same with the path that the sender gave: never for a file */
    const char *content_id; /* without <>, or NULL */
    const char *encoding; /* "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode" */
    gboolean is_attachment_declared; /* Content-Disposition: attachment */
    guint depth;
    gsize raw_offset,
        raw_size; /* the encoded body within Message.raw; size 0 when within another */
    gsize size;   /* decoded bytes */
    gint outer;   /* what uuencode in a text or winmail.dat held: index of that part; else -1 */
    gsize inner_offset, inner_size; /* where it stands in the decoded bytes of `outer` */
} Part;

typedef struct Message Message;
struct Message {
    GBytes *raw;
    GPtrArray *headers;                            /* of Header: those of the top, in order */
    const char *subject;                           /* decoded, one line, never NULL */
    const char *message_id;                        /* without <>, or NULL */
    GPtrArray *from, *sender, *reply_to, *to, *cc; /* of Address, never NULL */
    GPtrArray *in_reply_to, *references; /* of char *: ids without <>, oldest first, never NULL */
    gboolean has_date;
    gint64 date_ms;           /* 0 when absent or unreadable */
    gint date_offset_minutes; /* of the zone it was written in */
    const char *text; /* the text to show: text/plain, or made from HTML; UTF-8, LF, not NULL */
    const char *html; /* the HTML body as UTF-8, or NULL */
    GPtrArray *parts; /* of Part; attachments are those with role ATTACHMENT or INLINE_IMAGE */
    const char
        *tnef_class;    /* of a winmail.dat: "IPM.Note"; "" when it is unreadable; NULL without */
    gboolean is_opaque; /* a bound was passed: headers only */
    gboolean is_cut;    /* text or html is longer than what was read of it */
    const char *opaque_reason; /* "nesting", "parts", "header-size", "header-count" or NULL */
};

/* Takes a message apart. Never fails for what the bytes are; limits may be NULL. Owned. Thread:
 * any. Cost: linear in size. */
Message *message_parse (GBytes *raw, const MessageLimits *limits) G_GNUC_WARN_UNUSED_RESULT;
void message_free (Message *message);

/* First top header of this name (any case), or NULL. */
const char *message_header (const Message *message, const char *name);

/* The value of a header with RFC 2047 words decoded, one line. Owned. */
char *header_decode (const char *value);

/* Decoded bytes of a part. Owned, never NULL (damaged encodings give what can be read). */
GBytes *message_part_decode (const Message *message, const Part *part);

/* Whether a part is a file that people attached or pasted: attachments and inline images. */
gboolean message_is_file (const Part *part);
/* The file with this number, counted from 0 in the order of the message, or NULL. */
const Part *message_file (const Message *message, guint number);

/* Finds the part whose Content-ID this is (for cid: images), or NULL. */
const Part *message_part_by_id (const Message *message, const char *content_id);

/* The date of a Date header in ms since 1970, forgiving; 0 when unreadable. */
gint64 header_parse_date (const char *value);

/* The Date of a message in RFC 3339, in the zone it was written in; "" when it has none. Owned. */
char *message_date_text (const Message *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Message, message_free)

#endif
