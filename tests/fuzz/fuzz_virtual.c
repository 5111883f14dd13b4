/* fuzz_virtual.c - any text is a virtual(5) file or an error with file and line, and whatever it
 * defines can be expanded and asked. */
#include <stdint.h>
#include <string.h>

#include "aliases.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void ask_all (const Directory *directory)
{
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

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char settings[] = "internal_domains = { \"example.test\", \"b.test\" }\n"
                                   "always_deliver = { \"all@example.test\", \"@m.test\" }\n";
    g_autoptr (GError) error = NULL;
    if (size > 4096 || memchr (data, '\0', size) != NULL)
        return 0;
    static Config *conf; /* kept: reading it costs more than the rest */
    if (conf == NULL)
        conf = conf_parse (settings, "fuzz.conf", NULL);
    g_autoptr (DirectoryBuilder) builder = directory_builder_new (conf);
    g_autofree char *text = g_strndup ((const char *)data, size);
    gboolean is_read = virtual_parse (builder, "fuzz", text, size, &error);
    g_assert_true (is_read == (error == NULL));
    directory_add_address (builder, "y@b.test", "zoe@example.test");
    directory_add_person (builder, "zoe@example.test", "Zoe");
    g_autoptr (Directory) directory = directory_build (g_steal_pointer (&builder));
    ask_all (directory);
    return 0;
}
