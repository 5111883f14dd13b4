/* quote_bits.h - a small set of numbers that may say yes by mistake, never no: lets most of a text
 * pass without a search. Private to the layer. */
#ifndef QUOTE_BITS_H
#define QUOTE_BITS_H

#include <glib.h>

typedef struct {
    guint8 bits[65536 / 8];
} QuoteBits;

static inline guint quote_bit_of (guint32 value)
{
    return (value * 0x9E3779B1u) >> 16;
}

static inline void quote_bits_add (QuoteBits *set, guint32 value)
{
    guint bit = quote_bit_of (value);
    set->bits[bit / 8] |= (guint8)(1 << bit % 8);
}

static inline gboolean quote_bits_may_have (const QuoteBits *set, guint32 value)
{
    guint bit = quote_bit_of (value);
    return (set->bits[bit / 8] & 1 << bit % 8) != 0;
}

/* The two or three bytes at p as a number. */
static inline guint32 quote_pair_at (const char *p)
{
    return (guint32)(guchar)p[0] | (guint32)(guchar)p[1] << 8;
}

static inline guint32 quote_triple_at (const char *p)
{
    return quote_pair_at (p) | (guint32)(guchar)p[2] << 16;
}

#endif
