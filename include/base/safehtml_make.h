/* safehtml_make.h - makes SafeHtml. For src/message/sanitize.c alone. */
#ifndef SAFEHTML_MAKE_H
#define SAFEHTML_MAKE_H

#include "safehtml.h"

/* Takes a NUL-terminated string that is allowed markup already. */
SafeHtml *safehtml_make (char *take_markup);

#endif
