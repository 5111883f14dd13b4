/* quote_mark.h - the marks by which mail programs part an answer from what it answers. Private to
 * the layer. All functions look at a bounded number of lines. */
#ifndef QUOTE_MARK_H
#define QUOTE_MARK_H

#include "quote_line.h"

typedef enum {
    SURE_NOT = 0,
    SURE_BEFORE_QUOTE, /* only when quoted lines follow */
    SURE_ALONE,        /* whatever follows */
} QuoteSure;

/* Whether an attribution ("On Monday, Anna <anna@example.org> wrote:") begins at line i, perhaps
 * over several lines. On success *ret_n_lines is how many it takes. */
QuoteSure quote_attribution_at (const QuoteLines *lines, guint i, guint *ret_n_lines);

/* Whether a separator ("-----Original Message-----") or a block of headers of a quoted message
 * begins at line i. */
gboolean quote_original_at (const QuoteWords *words, const QuoteLines *lines, guint i);

/* Where what quote_original_at found at line i really begins: Notes writes the author above. */
guint quote_original_start (const QuoteWords *words, const QuoteLines *lines, guint i);

/* Whether a forwarded message begins at line i. */
gboolean quote_forward_at (const QuoteWords *words, const QuoteLines *lines, guint i);

/* Where the signature or footer begins among the lines from..to; `to` when there is none. */
guint quote_signature_at (const QuoteWords *words, const QuoteLines *lines, guint from, guint to);

/* How many lines at the beginning are PGP's ("-----BEGIN PGP SIGNED MESSAGE-----", "Hash: ..."). */
guint quote_pgp_header (const QuoteLines *lines);

#endif
