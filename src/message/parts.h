/* parts.h - parts that stand within other parts, and the sizes of all. Private to the layer. */
#ifndef PARTS_H
#define PARTS_H

#include "structure.h"

/* A uuencoded file within a text: from its "begin" line to behind its "end" line. */
typedef struct {
    gsize start, end;
    const char *name; /* borrows from the text */
    gsize name_len;
} UuFile;

/* The next uuencoded file at or behind `at`. FALSE when there is none. A "begin" line counts only
 * with a line of data behind it. Linear over all calls for one text. */
gboolean parts_find_uuencoded (const char *text, gsize at, gsize len, UuFile *ret_file);

/* Adds it to the parts as an attachment within part `outer`. */
void parts_add_uuencoded (Structure *structure, guint outer, const char *text, const UuFile *file,
                          const char *fallback);

/* What the first winmail.dat of a message says. */
typedef struct {
    const char *class; /* "" when it is unreadable; NULL without a winmail.dat */
    char *text, *html; /* owned, or NULL */
} WinmailBody;

/* Takes every winmail.dat apart: it becomes a container, its files attachments within it. One that
 * cannot be read stays an attachment. */
void parts_open_winmail (Structure *structure, WinmailBody *body);

/* Sets the decoded size of every part that the body did not decode. */
void parts_set_sizes (Structure *structure);

/* The media type that a file name suggests; "application/octet-stream" when it does not. Static. */
const char *parts_type_of_name (const char *name);

#endif
