/* cmd_person.c - carbonless person: list, add and change people. */
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "cli.h"
#include "error.h"
#include "json.h"
#include "letters.h"
#include "people.h"
#include "workspace.h"

#define PAGE 500

typedef struct {
    const char *address, *name, *language, *time_zone;
    char **add_aliases, **remove_aliases;
    gboolean resume; /* mail to them bounced, and shall be sent again */
} Change;

static void print_person (const Person *person, Json *json)
{
    if (json == NULL) {
        g_autofree char *aliases = g_strjoinv (" ", person->aliases);
        cli_print ("%-32s %-24s %s%s\n", person->address, person->name, aliases,
                   person->is_suppressed ? " (mail to this address bounced)" : "");
        return;
    }
    json_open_object (json, NULL);
    json_text (json, "address", person->address);
    json_text (json, "name", person->name);
    json_open_array (json, "aliases");
    for (char **alias = person->aliases; *alias != NULL; alias++)
        json_text (json, NULL, *alias);
    json_close (json);
    json_text (json, "language", person->language);
    json_text (json, "time_zone", person->time_zone);
    json_bool (json, "suppressed", person->is_suppressed);
    json_close (json);
}

static gboolean list_people (StoreReader *reader, Json *json, GError **error)
{
    PersonId after = {0};
    for (;;) {
        g_autoptr (GPtrArray) page = store_person_list (reader, after, PAGE, error);
        if (page == NULL)
            return FALSE;
        for (guint i = 0; i < page->len; i++) {
            const Person *person = page->pdata[i];
            print_person (person, json);
            after = person->id;
        }
        if (page->len < PAGE)
            return TRUE;
    }
}

static int run_list (Workspace *workspace, gboolean as_json)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Json) json = as_json ? json_new (2) : NULL;
    if (json != NULL)
        json_open_array (json, NULL);
    if (!list_people (workspace->reader, json, &error))
        return cli_fail ("person", error);
    if (json != NULL) {
        json_close (json);
        puts (json_get (json));
    }
    return EXIT_OK;
}

static gboolean apply_aliases (StoreTxn *txn, PersonId id, char **aliases, gboolean add,
                               GError **error)
{
    for (char **alias = aliases; alias != NULL && *alias != NULL; alias++) {
        if (!address_is_valid (*alias))
            return error_fail (error, ERR_REFUSED, "%s is not an address", *alias);
        g_autofree char *normal = address_normalise (*alias, FALSE);
        if (!store_person_alias (txn, id, normal, add, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean apply_change (StoreTxn *txn, gpointer data, GError **error)
{
    const Change *change = data;
    PersonId id;
    g_autofree char *actor = workspace_actor();
    g_autofree char *subject = g_strdup_printf ("person %s", change->address);
    return store_person_ensure (txn, change->address, change->name, &id, error) &&
           store_person_set (txn, id, change->name, change->language, change->time_zone, error) &&
           apply_aliases (txn, id, change->add_aliases, TRUE, error) &&
           apply_aliases (txn, id, change->remove_aliases, FALSE, error) &&
           (!change->resume || store_person_suppress (txn, id, FALSE, NULL, error)) &&
           store_audit_add (txn, actor, "change", subject, error);
}

/* What a person chooses has to be what the configuration could say for all: else it would be kept
 * and quietly not heeded. */
static gboolean is_allowed (const char *option, const char *value)
{
    g_autofree char *allowed = value != NULL ? conf_allowed (option, value) : NULL;
    if (allowed == NULL || *value == '\0')
        return TRUE;
    fprintf (stderr, "carbonless person: %s \"%s\": allowed is %s\n", option, value, allowed);
    return FALSE;
}

static int run_set (Workspace *workspace, const char *address, Change *change)
{
    g_autoptr (GError) error = NULL;
    if (!address_is_valid (address))
        return cli_usage ("person", "that is not an address");
    if (!is_allowed ("language", change->language) || !is_allowed ("time_zone", change->time_zone))
        return EXIT_BAD;
    g_autofree char *normal =
        address_normalise (address, workspace->conf->case_sensitive_local_part);
    change->address = normal;
    if (!store_write (workspace->store, apply_change, change, &error))
        return cli_fail ("person", error);
    g_autoptr (Person) person = store_person_find (workspace->reader, normal, &error);
    if (person == NULL)
        return cli_fail ("person", error);
    print_person (person, NULL);
    return EXIT_OK;
}

int cmd_person (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autofree char *name = NULL;
    g_autofree char *language = NULL;
    g_autofree char *zone = NULL;
    g_auto (GStrv) aliases = NULL;
    g_auto (GStrv) removed = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE, resume = FALSE;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &name, "name to show", "TEXT"},
        {"alias", 0, 0, G_OPTION_ARG_STRING_ARRAY, &aliases, "a further address", "ADDRESS"},
        {"remove-alias", 0, 0, G_OPTION_ARG_STRING_ARRAY, &removed, "take one away", "ADDRESS"},
        {"language", 0, 0, G_OPTION_ARG_STRING, &language, "en or nl", "WORD"},
        {"time-zone", 0, 0, G_OPTION_ARG_STRING, &zone, "such as Europe/Amsterdam", "NAME"},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &resume, "send mail again after it bounced", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print the list as JSON", NULL},
        {NULL}};
    if (!cli_options (&argc, &argv, "list | set ADDRESS",
                      "set adds the person when the archive does not know them yet. Everybody in\n"
                      "internal_domains is a colleague without this; it gives names and aliases.",
                      entries, &status))
        return status;
    gboolean is_list = argc == 2 && strcmp (argv[1], "list") == 0;
    gboolean is_set = argc == 3 && strcmp (argv[1], "set") == 0;
    if (!is_list && !is_set)
        return cli_usage ("person", "list, or set ADDRESS");
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_STORE, &error))
        return cli_fail ("person", error);
    Change change = {NULL, name, language, zone, aliases, removed, resume};
    return is_list ? run_list (&workspace, as_json) : run_set (&workspace, argv[2], &change);
}
