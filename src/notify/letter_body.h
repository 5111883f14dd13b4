/* letter_body.h - the text and HTML of a notice: the post filled into templates. */
#ifndef LETTER_BODY_H
#define LETTER_BODY_H

#include "conf.h"
#include "mailout.h"
#include "notices.h"
#include "token.h"
#include "tpl.h"

/* Our own words are written in paragraphs and folded to this width in the text part. */
#define LETTER_COLUMNS 72

typedef struct LetterBody LetterBody;

/* Reads the post as this reader may see it and fills the values for the templates of the notice's
 * kind. Errors: see letter_new. */
LetterBody *letter_body_new (Config *conf, const TplSet *templates, TokenKey *key,
                             StoreReader *reader, const Notice *notice,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void letter_body_free (LetterBody *body);

const Post *letter_body_post (const LetterBody *body);
/* A subject of our own, in the reader's language; one line. Owned. */
char *letter_body_subject (const LetterBody *body, const char *template,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Renders and adds both parts, and small images that the HTML shows. */
gboolean letter_body_add (LetterBody *body, MailOut *mail,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LetterBody, letter_body_free)

#endif
