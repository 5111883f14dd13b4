/* wish.h - what people ask for in a word or a line: answers that are commands, and mail to alerts@,
 * digest@ and help@. Pure. */
#ifndef WISH_H
#define WISH_H

#include <glib.h>

typedef enum {
    WISH_NONE, /* a text of a person */
    WISH_MUTE,
    WISH_FOLLOW,
    WISH_MAIL,     /* send me the original; from the author: to everybody */
    WISH_PLUS,     /* +1 */
    WISH_WITHDRAW, /* from the author */
} Wish;

/* The command that a whole answer is (one word, in English or Dutch), or WISH_NONE. */
Wish wish_of_answer (const char *text);

typedef enum { LINE_OTHER, LINE_WATCH, LINE_UNWATCH, LINE_LIST, LINE_HELP, LINE_DIGEST } LineKind;

/* One line of mail to alerts@ or digest@. *ret_rest: what follows the first word, trimmed, or for
 * LINE_DIGEST the word itself (daily, weekly, off); borrowed from the line. */
LineKind wish_of_line (const char *line, const char **ret_rest);

#endif
