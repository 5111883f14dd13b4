/* letter_comments.h - the text and HTML of a mail about new comments in a thread. */
#ifndef LETTER_COMMENTS_H
#define LETTER_COMMENTS_H

#include "conf.h"
#include "mailout.h"
#include "notices.h"
#include "tpl.h"

typedef struct {
    Post *first;  /* of the thread */
    char *author; /* whose name stands in From: the last comment's */
} LetterComments;

/* Adds both parts. Errors: NOT_FOUND nothing is left to tell this reader; else see letter_new. */
LetterComments *letter_comments_add (MailOut *mail, Config *conf, const TplSet *templates,
                                     StoreReader *reader, const Notice *notice,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void letter_comments_free (LetterComments *comments);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LetterComments, letter_comments_free)

#endif
