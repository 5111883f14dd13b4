/* postfix_check.h - whether Postfix's settings fit the configuration. Reads with postconf(1),
 * changes nothing. */
#ifndef POSTFIX_CHECK_H
#define POSTFIX_CHECK_H

#include "conf.h"

/* Adds findings about the Postfix in `directory` (its configuration; NULL: the system's). */
void postfix_check (const Config *conf, const char *directory, GPtrArray *findings);

#endif
