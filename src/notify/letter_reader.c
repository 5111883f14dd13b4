/* letter_reader.c - see letter_reader.h. */
#include "letter_reader.h"

#include "people.h"

static const char *chosen (const char *own, const char *fallback)
{
    return own != NULL && *own != '\0' ? own : fallback;
}

char *letter_reader_set (TplMap *map, const Config *conf, StoreReader *reader, PersonId person)
{
    g_autoptr (Person) row = person.value != 0 ? store_person_get (reader, person, NULL) : NULL;
    const char *language = chosen (row != NULL ? row->language : NULL, conf->language);
    tpl_text (map, "language", language);
    tpl_text (map, "tpl_time_zone", chosen (row != NULL ? row->time_zone : NULL, conf->time_zone));
    return g_strdup (language);
}
