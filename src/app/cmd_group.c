/* cmd_group.c - carbonless group: groups as the daemon sees them, and members kept in the database.
 */
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "cli.h"
#include "json.h"
#include "people.h"
#include "workspace.h"

typedef struct {
    const char *group, *member;
    gboolean add;
} Change;

static gboolean apply_change (StoreTxn *txn, gpointer data, GError **error)
{
    const Change *change = data;
    g_autofree char *actor = workspace_actor();
    g_autofree char *subject = g_strdup_printf ("group %s: %s", change->group, change->member);
    return store_group_member (txn, change->group, change->member, change->add, error) &&
           store_audit_add (txn, actor, change->add ? "add-member" : "remove-member", subject,
                            error);
}

static void print_group (const char *name, const GroupMembers *members, Json *json)
{
    if (json == NULL) {
        cli_print ("%-32s %u %s%s%s\n", name, members->person_count,
                   members->person_count == 1 ? "person" : "persons",
                   members->has_outsiders ? ", with outsiders" : "",
                   members->has_always ? ", with a mailbox that always gets its copy" : "");
        return;
    }
    json_open_object (json, NULL);
    json_text (json, "group", name);
    json_open_array (json, "persons");
    for (guint i = 0; i < members->person_count; i++)
        json_text (json, NULL, members->persons[i]);
    json_close (json);
    json_bool (json, "has_outsiders", members->has_outsiders);
    json_close (json);
}

static int run_list (Workspace *workspace, gboolean as_json)
{
    g_autoptr (Directory) directory = flow_directory (workspace->flow);
    g_autoptr (GPtrArray) names = directory_groups (directory);
    g_autoptr (Json) json = as_json ? json_new (2) : NULL;
    if (json != NULL)
        json_open_array (json, NULL);
    for (guint i = 0; i < names->len; i++) {
        GroupMembers members = directory_members (directory, names->pdata[i]);
        print_group (names->pdata[i], &members, json);
    }
    if (json != NULL) {
        json_close (json);
        puts (json_get (json));
    }
    return EXIT_OK;
}

static int run_show (Workspace *workspace, const char *address)
{
    g_autoptr (Directory) directory = flow_directory (workspace->flow);
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (256);
    Who who = directory_find (directory, address, scratch);
    if (who.kind != WHO_GROUP) {
        fprintf (stderr, "carbonless group: %s is not a group\n", address);
        return EXIT_NO;
    }
    GroupMembers members = directory_members (directory, who.canonical);
    for (guint i = 0; i < members.person_count; i++)
        puts (members.persons[i]);
    return EXIT_OK;
}

/* Whether `carbonless group add` put the member there. -1: the error is set. */
static int is_kept (StoreReader *reader, const Change *change, GError **error)
{
    g_autoptr (GPtrArray) rows = store_group_list (reader, error);
    if (rows == NULL)
        return -1;
    for (guint i = 0; i < rows->len; i++) {
        const GroupMember *row = rows->pdata[i];
        if (strcmp (row->group, change->group) == 0 && strcmp (row->member, change->member) == 0)
            return TRUE;
    }
    return FALSE;
}

static int run_change (Workspace *workspace, const char *group, const char *member, gboolean add)
{
    g_autoptr (GError) error = NULL;
    if (!address_is_valid (group) || !address_is_valid (member))
        return cli_usage ("group", "group and member are addresses");
    g_autofree char *normal_group = address_normalise (group, FALSE);
    g_autofree char *normal_member = address_normalise (member, FALSE);
    Change change = {normal_group, normal_member, add};
    int kept = add ? TRUE : is_kept (workspace->reader, &change, &error);
    if (kept < 0)
        return cli_fail ("group", error);
    if (!kept) {
        fprintf (stderr,
                 "carbonless group: %s is no member of %s in the database (one of alias_files or "
                 "virtual_files is removed there)\n",
                 change.member, change.group);
        return EXIT_NO;
    }
    if (!store_write (workspace->store, apply_change, &change, &error))
        return cli_fail ("group", error);
    return EXIT_OK;
}

static int run (Workspace *workspace, int argc, char **argv, gboolean as_json)
{
    if (argc == 2 && strcmp (argv[1], "list") == 0)
        return run_list (workspace, as_json);
    if (argc == 3 && strcmp (argv[1], "show") == 0)
        return run_show (workspace, argv[2]);
    if (argc == 4 && strcmp (argv[1], "add") == 0)
        return run_change (workspace, argv[2], argv[3], TRUE);
    if (argc == 4 && strcmp (argv[1], "remove") == 0)
        return run_change (workspace, argv[2], argv[3], FALSE);
    return cli_usage ("group", "list, show GROUP, add GROUP MEMBER, or remove GROUP MEMBER");
}

int cmd_group (int argc, char **argv)
{
    g_autofree char *conf = NULL;
    g_autoptr (GError) error = NULL;
    gboolean as_json = FALSE;
    int status = EXIT_OK;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &conf, "configuration file", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print the list as JSON", NULL},
        {NULL}};
    if (!cli_options (
            &argc, &argv, "list | show GROUP | add GROUP MEMBER | remove GROUP MEMBER",
            "list and show give what the daemon sees: alias_files, virtual_files and the\n"
            "database, nested groups taken apart. add and remove change the database; the\n"
            "daemon follows within seconds.",
            entries, &status))
        return status;
    g_auto (Workspace) workspace = {0};
    if (!workspace_open (&workspace, conf, NEEDS_FLOW, &error))
        return cli_fail ("group", error);
    return run (&workspace, argc, argv, as_json);
}
