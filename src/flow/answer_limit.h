/* answer_limit.h - ends what two programs would say to each other for ever.
 *
 * An automatic answer that does not say so becomes a comment; its notices meet the next such
 * program, and so on. A program repeats itself, and it does not tire. */
#ifndef ANSWER_LIMIT_H
#define ANSWER_LIMIT_H

#include "posts.h"

#define ANSWERS_SAME_MAX 3  /* times that a person may say the same in one thread */
#define ANSWERS_DAY_MAX 100 /* answers of one person within a day */

/* Why this answer of a person is not posted ("repeated", "too-many"; static), or NULL. A delivery
 * that is repeated is none of these. */
const char *answer_limit (StoreReader *reader, const PostDraft *draft, PersonId author);

#endif
