/* letter_reader.h - in which language and time zone somebody is written to. */
#ifndef LETTER_READER_H
#define LETTER_READER_H

#include "conf.h"
#include "store.h"
#include "tpl.h"

/* Sets the time zone of a root map, and gives the language; both the person's own, or the
 * configuration's. Owned. */
char *letter_reader_set (TplMap *map, const Config *conf, StoreReader *reader, PersonId person);

#endif
