/* letter.h - one mail of the outbox as it goes out: envelope sender and bytes. */
#ifndef LETTER_H
#define LETTER_H

#include "conf.h"
#include "notices.h"
#include "token.h"
#include "tpl.h"

typedef struct {
    char *sender; /* envelope sender without <>; "" = null */
    GBytes *mail;
} Letter;

/* Composes a mail when it is sent, not when it is queued: a mended template mends the retry. The
 * same notice always has the same Message-ID, and keys that end at the same time. A release is the
 * archived original, byte for byte, with its own envelope sender. Errors: NOT_FOUND the post is
 * gone, or hidden from this reader by now; INTERNAL the archive is damaged, or a template. Thread:
 * any, with its own reader. */
Letter *letter_new (Config *conf, const TplSet *templates, TokenKey *key, StoreReader *reader,
                    const Notice *notice, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void letter_free (Letter *letter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Letter, letter_free)

#endif
