/* spoken.h - who is spoken to in a text: @mentioned, or greeted by name. Private to the layer. */
#ifndef SPOKEN_H
#define SPOKEN_H

#include "names.h"

/* Called for each person, in the order of the text; the same one may come again. */
typedef void (*SpokenFound) (const char *address, gpointer data);

/* `@anna`, `@anna.smit`, `@Anna de Vries`, anywhere. Text is UTF-8; cost is linear. */
void spoken_mentioned (const char *text, const Names *names, SpokenFound on_found, gpointer data);

/* "Hi Anna and Bob,", "Beste Anna", "Anna, could you ..." in the first lines. */
void spoken_greeted (const char *text, const Names *names, SpokenFound on_found, gpointer data);

#endif
