/* names.c - see names.h. Three tables from folded spelling to address; a spelling that two persons
 * share is kept, with nobody behind it, so that it finds none of them. */
#include "names.h"

#include <string.h>

#include "address.h"
#include "text.h"

/* The order is the order of precedence. */
typedef enum { BY_LOCAL_PART, BY_WHOLE_NAME, BY_FIRST_NAME, TABLES } NameTable;

struct Names {
    GHashTable *tables[TABLES]; /* folded -> address, or NULL when several */
};

Names *names_new (void)
{
    Names *names = g_new0 (Names, 1);
    for (guint i = 0; i < TABLES; i++)
        names->tables[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    return names;
}

void names_free (Names *names)
{
    if (names == NULL)
        return;
    for (guint i = 0; i < TABLES; i++)
        g_hash_table_unref (names->tables[i]);
    g_free (names);
}

static void put (Names *names, NameTable table, const char *spelling, const char *address)
{
    g_autofree char *valid = g_utf8_make_valid (spelling, -1);
    char *folded = text_fold (valid);
    gpointer known = NULL;
    gboolean is_taken = g_hash_table_lookup_extended (names->tables[table], folded, NULL, &known);
    gboolean is_same = is_taken && known != NULL && strcmp (known, address) == 0;
    g_hash_table_insert (names->tables[table], folded,
                         is_taken && !is_same ? NULL : (gpointer)address);
}

/* "Vries, Anna de (IT)" becomes "Anna de Vries". Owned. */
static char *natural_order (const char *name)
{
    g_autofree char *plain = g_strdup (name);
    char *remark = strchr (plain, '(');
    if (remark != NULL)
        *remark = '\0';
    char *comma = strchr (plain, ',');
    if (comma == NULL)
        return text_one_line (plain);
    *comma = '\0';
    g_autofree char *turned = g_strconcat (comma + 1, " ", plain, NULL);
    return text_one_line (turned);
}

static void put_first_name (Names *names, const char *text, const char *ends, const char *address)
{
    g_autofree char *first = g_strndup (text, strcspn (text, ends));
    put (names, BY_FIRST_NAME, first, address);
}

void names_add (Names *names, const char *address, const char *name)
{
    g_autofree char *local = address_local_part (address);
    put (names, BY_LOCAL_PART, local, address);
    if (name == NULL || *name == '\0') {
        put_first_name (names, local, "._-", address);
        return;
    }
    g_autofree char *natural = natural_order (name);
    put (names, BY_WHOLE_NAME, natural, address);
    put_first_name (names, natural, " ", address);
}

const char *names_find (const Names *names, const char *word)
{
    g_autofree char *folded = text_fold (word);
    if (*folded == '\0') /* what spells nothing means nobody */
        return NULL;
    for (guint i = 0; i < TABLES; i++) {
        gpointer address = NULL;
        if (g_hash_table_lookup_extended (names->tables[i], folded, NULL, &address))
            return address;
    }
    return NULL;
}
