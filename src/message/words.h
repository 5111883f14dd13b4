/* words.h - RFC 2047 encoded words in header text. Pure; thread: any. */
#ifndef WORDS_H
#define WORDS_H

#include <glib.h>

/* Decodes all encoded words in an unfolded value of raw bytes. What stands outside of them and is
 * neither ASCII nor UTF-8 is read as `fallback` (may be NULL), else Windows-1252. Forgives blanks
 * inside a word, missing padding, raw 8-bit, words glued to text or to each other, and characters
 * split over two words. Controls become blanks, ends are trimmed. Linear. Owned. */
char *words_decode (const char *value, gsize len, const char *fallback);

/* The length of an encoded word that begins at text, or 0. *ret_next_end is a memory of the caller
 * for one text, 0 at the start, which keeps repeated calls linear. */
gsize words_length (const char *text, gsize at, gsize len, gsize *ret_next_end);

/* Makes one line of UTF-8 in place: controls to blanks, ends trimmed. Returns text. */
char *words_tidy (char *text);

#endif
