/* text.h - small questions about UTF-8 text. All functions are pure; thread: any. */
#ifndef TEXT_H
#define TEXT_H

#include <glib.h>

/* Valid UTF-8 from bytes that may not be: invalid sequences become U+FFFD, NUL and other controls
 * except tab and newline a blank; CR LF is one newline. Owned by the caller. len -1: up to NUL. */
char *text_clean (const char *bytes, gssize len);

/* One line of valid UTF-8: runs of white space and controls become one blank, ends are trimmed,
 * marks that override the direction of writing left out. Owned by the caller. */
char *text_one_line (const char *text);

/* At most `max_chars` characters of the text as one line, cut at a word where one is near, with an
 * ellipsis (which counts) when something was cut. Owned by the caller. */
char *text_ellipsis (const char *text, gsize max_chars);

/* Folds lines of more characters than `columns` at blanks. Lines that begin with a blank, and words,
 * stay whole. Owned by the caller. */
char *text_wrap (const char *text, gsize columns);

/* Ends the valid UTF-8 after at most `max` bytes, between two characters. Whether that took something
 * away. */
gboolean text_cut (char *text, gsize max);

/* For comparing: case folded, diacritics removed, as the full-text index does (unicode61,
 * remove_diacritics 2). Owned by the caller. */
char *text_fold (const char *text);

/* Whether the ASCII word stands in the list, without regard to case. */
gboolean text_is_one_of (const char *word, const char *const *list);

/* TRUE when both have the same bytes; the time depends only on len. */
gboolean text_equal_secret (const void *a, const void *b, gsize len);

/* Size for people, in powers of 1000: "812 B", "14 kB", "3.2 MB". Owned by the caller. */
char *text_size (guint64 size_bytes);

#endif
