/* classify_tnef.h - reads of Outlook's winmail.dat what kind of message it is. Pure. Private. */
#ifndef CLASSIFY_TNEF_H
#define CLASSIFY_TNEF_H

#include <glib.h>

#define TNEF_CLASS_MAX 128

/* The message class ("IPM.Note", "IPM.Microsoft Schedule.MtgReq"), in small letters. FALSE when
 * the bytes are no TNEF, or are damaged before any class was found. `class` then holds "". */
gboolean tnef_class (const guint8 *bytes, gsize size, char class[TNEF_CLASS_MAX]);

#endif
