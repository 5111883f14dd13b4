/* directory_fuzz.h - a directory for the fuzzers of alias files: the settings they are read under,
 * and what must hold for whatever they define. */
#ifndef DIRECTORY_FUZZ_H
#define DIRECTORY_FUZZ_H

#include <string.h>

#include "aliases.h"

#define FUZZ_BYTES_MAX 4096

/* Text that files can hold: not too long, no NUL. */
static inline gboolean fuzz_is_text (const guint8 *data, gsize size)
{
    return size <= FUZZ_BYTES_MAX && (size == 0 || memchr (data, '\0', size) == NULL);
}

static inline DirectoryBuilder *fuzz_builder_new (void)
{
    static const char settings[] = "internal_domains = { \"example.test\", \"b.test\" }\n"
                                   "always_deliver = { \"all@example.test\", \"@m.test\" }\n";
    static Config *conf; /* kept: reading it costs more than the rest */
    if (conf == NULL)
        conf = conf_parse (settings, "fuzz.conf", NULL);
    return directory_builder_new (conf);
}

/* Adds a person, builds the directory, and asks it for everything: members are sorted and known. */
static inline void fuzz_ask_all (DirectoryBuilder *take_builder)
{
    directory_add_person (take_builder, "zoe@example.test", "Zoe");
    g_autoptr (Directory) directory = directory_build (take_builder);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (128);
    g_autoptr (GPtrArray) groups = directory_groups (directory);
    for (guint i = 0; i < groups->len; i++) {
        GroupMembers members = directory_members (directory, groups->pdata[i]);
        for (guint k = 1; k < members.person_count; k++)
            g_assert_cmpstr (members.persons[k - 1], <, members.persons[k]);
        directory_find (directory, groups->pdata[i], scratch);
        directory_find_author (directory, groups->pdata[i], scratch);
        if (members.person_count > 0)
            g_assert_true (directory_is_member (directory, groups->pdata[i], members.persons[0]));
    }
}

#endif
