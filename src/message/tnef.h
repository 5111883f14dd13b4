/* tnef.h - Outlook's winmail.dat ([MS-OXTNEF]): body, message class and files. Pure; thread: any.
 */
#ifndef TNEF_H
#define TNEF_H

#include <glib.h>

typedef struct {
    char *name;         /* UTF-8, or NULL */
    char *type;         /* as the file says, or NULL */
    char *content_id;   /* without <>, or NULL */
    gsize offset, size; /* its bytes within the data that was parsed */
} TnefFile;

typedef struct {
    char *class;      /* "IPM.Note", "IPM.Microsoft Schedule.MtgReq"; "" when not told */
    char *text;       /* UTF-8, or NULL; made from RTF when there is nothing else */
    char *html;       /* UTF-8, or NULL */
    GPtrArray *files; /* of TnefFile */
} Tnef;

/* NULL when the data is no TNEF or damaged before anything could be read; a damaged end loses only
 * what stands there. Bounded: linear, at most 500 files, 4 MB of text. Owned. */
Tnef *tnef_parse (const char *data, gsize len);
void tnef_free (Tnef *tnef);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tnef, tnef_free)

#endif
