/* quote_needles.c - see quote_needles.h.
 *
 * The first three bytes of each phrase set one bit of a table; only where a line has such three
 * bytes are the phrases compared. A search for each phrase took a tenth of the import's time. */
#include "quote_needles.h"

#include <string.h>

#define BIT_COUNT 65536

struct QuoteNeedles {
    guint8 bits[BIT_COUNT / 8];
    GPtrArray *phrases;
};

/* The bit of the three bytes at p. */
static guint bit_of (const char *p)
{
    guint32 three =
        (guint32)(guchar)p[0] | (guint32)(guchar)p[1] << 8 | (guint32)(guchar)p[2] << 16;
    return (three * 0x9E3779B1u) >> 16;
}

QuoteNeedles *quote_needles_new (void)
{
    QuoteNeedles *needles = g_new0 (QuoteNeedles, 1);
    needles->phrases = g_ptr_array_new_with_free_func (g_free);
    return needles;
}

void quote_needles_add (QuoteNeedles *needles, char *take_phrase)
{
    g_assert (strlen (take_phrase) >= 3);
    guint bit = bit_of (take_phrase);
    needles->bits[bit / 8] |= (guint8)(1 << bit % 8);
    g_ptr_array_add (needles->phrases, take_phrase);
}

static gboolean begins_here (const GPtrArray *phrases, const char *p)
{
    for (guint i = 0; i < phrases->len; i++)
        if (g_str_has_prefix (p, phrases->pdata[i]))
            return TRUE;
    return FALSE;
}

gboolean quote_needles_occur (const QuoteNeedles *needles, const char *line)
{
    if (line[0] == '\0' || line[1] == '\0')
        return FALSE;
    for (const char *p = line; p[2] != '\0'; p++) {
        guint bit = bit_of (p);
        if (needles->bits[bit / 8] & 1 << bit % 8 && begins_here (needles->phrases, p))
            return TRUE;
    }
    return FALSE;
}
