/* people.c - persons with their addresses and settings, groups of the database, and addresses as
 * written.
 *
 * (P1) An address belongs to one person: canonical of one, or further address of one.
 * (P2) Whatever a directory snapshot is made of counts the generation up when it changes. People
 * who are only mentioned in posts do not: the directory knows colleagues without being told. */
#include "people.h"
#include "store_private.h"

#include <string.h>

#include "error.h"

#define GENERATION "people.generation"

void person_free (Person *person)
{
    if (person == NULL)
        return;
    g_free (person->address);
    g_free (person->name);
    g_strfreev (person->aliases);
    g_free (person->language);
    g_free (person->time_zone);
    g_free (person);
}

static void group_member_free (GroupMember *member)
{
    g_free (member->group);
    g_free (member->member);
    g_free (member);
}

static gint64 generation_of (Conn *conn)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_META_GET);

    stmt_put_text (stmt, GENERATION);
    const char *text = stmt_next (stmt, NULL) == DB_ROW ? stmt_peek_text (stmt) : NULL;

    return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean people_changed (StoreTxn *txn, GError **error)
{
    char next[32];

    g_snprintf (next, sizeof next, "%" G_GINT64_FORMAT, generation_of (txn->conn) + 1);
    return store_meta_set (txn, GENERATION, next, error);
}

gint64 store_people_generation (StoreReader *reader)
{
    return generation_of (reader->conn);
}

static gboolean set_name (StoreTxn *txn, gint64 id, const char *name, NameRank rank, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PERSON_NAME_SET);

    stmt_put_text (stmt, name);
    stmt_put_int (stmt, rank);
    stmt_put_int (stmt, id);
    return stmt_run (stmt, error);
}

static gboolean add_person (StoreTxn *txn, const char *address, const char *name, NameRank rank,
                            gint64 *ret_id, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PERSON_ADD);

    stmt_put_text (stmt, address);
    stmt_put_text (stmt, name != NULL ? name : "");
    stmt_put_int (stmt, name != NULL && *name != '\0' ? rank : NAME_TOLD);
    if (stmt_next (stmt, error) != DB_ROW)
        return FALSE;
    *ret_id = stmt_take_int (stmt);
    return stmt_run (stmt, error);
}

gboolean person_ensure (StoreTxn *txn, const char *address, const char *name, NameRank rank,
                        gint64 *ret_id, gboolean *ret_changed, GError **error)
{
    gboolean has_name = name != NULL && *name != '\0';
    gboolean is_better = FALSE;
    gint64 id = 0;

    {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PERSON_BY_ADDRESS);

        stmt_put_text (stmt, address);
        DbStep step = stmt_next (stmt, error);

        if (step == DB_FAILED)
            return FALSE;
        id = step == DB_ROW ? stmt_take_int (stmt) : 0;
        if (id != 0 && has_name) {
            g_autofree char *known = stmt_take_text (stmt);
            gint64 known_rank = stmt_take_int (stmt);
            is_better = *known == '\0' || rank > known_rank;
        }
    }
    *ret_changed = id == 0 || is_better;
    if (id == 0 && !add_person (txn, address, name, rank, &id, error))
        return FALSE;
    if (is_better && !set_name (txn, id, name, rank, error))
        return FALSE;
    *ret_id = id;
    return TRUE;
}

gboolean store_person_ensure (StoreTxn *txn, const char *address, const char *name,
                              PersonId *ret_id, GError **error)
{
    gboolean has_changed = FALSE;

    return person_ensure (txn, address, name, NAME_SET, &ret_id->value, &has_changed, error) &&
           (!has_changed || people_changed (txn, error));
}

gboolean store_person_set (StoreTxn *txn, PersonId id, const char *name, const char *language,
                           const char *time_zone, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, ST_PERSON_SET);

    stmt_put_text (stmt, name);
    stmt_put_text (stmt, language);
    stmt_put_text (stmt, time_zone);
    stmt_put_int (stmt, id.value);
    if (!stmt_run (stmt, error))
        return FALSE;
    if (stmt_changes (stmt) == 0)
        return error_fail (error, ERR_NOT_FOUND, "there is no such person");
    return name == NULL || people_changed (txn, error);
}

/* The person whose address this is, 0 for none. */
static gboolean owner_of (Conn *conn, StmtId id, const char *address, gint64 *ret_person,
                          GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, id);

    stmt_put_text (stmt, address);
    DbStep step = stmt_next (stmt, error);

    if (step == DB_FAILED)
        return FALSE;
    *ret_person = step == DB_ROW ? stmt_take_int (stmt) : 0;
    return TRUE;
}

static gboolean alias_row (StoreTxn *txn, StmtId id, const char *address, PersonId person,
                           gboolean *ret_changed, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (txn->conn, id);

    stmt_put_text (stmt, address);
    stmt_put_int (stmt, person.value);
    if (!stmt_run (stmt, error))
        return FALSE;
    *ret_changed = stmt_changes (stmt) > 0;
    return TRUE;
}

gboolean store_person_alias (StoreTxn *txn, PersonId id, const char *address, gboolean add,
                             GError **error)
{
    gint64 canonical, further;
    gboolean has_changed = FALSE;

    if (!owner_of (txn->conn, ST_PERSON_BY_ADDRESS, address, &canonical, error) ||
        !owner_of (txn->conn, ST_PERSON_BY_ALIAS, address, &further, error))
        return FALSE;
    if (add) {
        if (canonical == id.value || further == id.value)
            return TRUE;
        if (canonical != 0 || further != 0)
            return error_fail (error, ERR_REFUSED, "%s belongs to somebody else", address);
    }
    if (!alias_row (txn, add ? ST_PERSON_ALIAS_ADD : ST_PERSON_ALIAS_REMOVE, address, id,
                    &has_changed, error))
        return FALSE;
    return !has_changed || people_changed (txn, error);
}

static Person *person_from_row (Stmt *stmt)
{
    Person *person = g_new0 (Person, 1);

    person->id.value = stmt_take_int (stmt);
    person->address = stmt_take_text (stmt);
    person->name = stmt_take_text (stmt);
    person->language = stmt_take_text (stmt);
    person->time_zone = stmt_take_text (stmt);
    person->is_suppressed = stmt_take_int (stmt) != 0;
    person->receipts = (guint)stmt_take_int (stmt);
    return person;
}

static gboolean load_aliases (Conn *conn, Person *person, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (conn, ST_PERSON_ALIASES);
    g_autoptr (GPtrArray) aliases = g_ptr_array_new_with_free_func (g_free);
    DbStep step;

    stmt_put_int (stmt, person->id.value);
    while ((step = stmt_next (stmt, error)) == DB_ROW)
        g_ptr_array_add (aliases, stmt_take_text (stmt));
    if (step == DB_FAILED)
        return FALSE;
    g_ptr_array_add (aliases, NULL);
    person->aliases = (char **)g_ptr_array_free (g_steal_pointer (&aliases), FALSE);
    return TRUE;
}

Person *store_person_get (StoreReader *reader, PersonId id, GError **error)
{
    g_autoptr (Person) person = NULL;

    {
        g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_PERSON_GET);

        stmt_put_int (stmt, id.value);
        DbStep step = stmt_next (stmt, error);

        if (step == DB_ROW)
            person = person_from_row (stmt);
        else if (step == DB_DONE)
            error_set (error, ERR_NOT_FOUND, "there is no such person");
    }
    if (person == NULL || !load_aliases (reader->conn, person, error))
        return NULL;
    return g_steal_pointer (&person);
}

Person *store_person_find (StoreReader *reader, const char *address, GError **error)
{
    PersonId id = {0};

    if (!owner_of (reader->conn, ST_PERSON_BY_ADDRESS, address, &id.value, error))
        return NULL;
    if (id.value == 0 && !owner_of (reader->conn, ST_PERSON_BY_ALIAS, address, &id.value, error))
        return NULL;
    if (id.value == 0) {
        error_set (error, ERR_NOT_FOUND, "nobody here has the address %s", address);
        return NULL;
    }
    return store_person_get (reader, id, error);
}

GPtrArray *store_person_list (StoreReader *reader, PersonId after, guint limit, GError **error)
{
    g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify)person_free);
    DbStep step;

    {
        g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_PERSON_LIST);

        stmt_put_int (stmt, after.value);
        stmt_put_int (stmt, limit);
        while ((step = stmt_next (stmt, error)) == DB_ROW)
            g_ptr_array_add (people, person_from_row (stmt));
    }
    if (step == DB_FAILED)
        return NULL;
    for (guint i = 0; i < people->len; i++)
        if (!load_aliases (reader->conn, people->pdata[i], error))
            return NULL;
    return g_steal_pointer (&people);
}

gboolean store_group_member (StoreTxn *txn, const char *group, const char *member, gboolean add,
                             GError **error)
{
    g_autoptr (Stmt) stmt =
        stmt_use (txn->conn, add ? ST_GROUP_MEMBER_ADD : ST_GROUP_MEMBER_REMOVE);

    stmt_put_text (stmt, group);
    stmt_put_text (stmt, member);
    if (!stmt_run (stmt, error))
        return FALSE;
    return stmt_changes (stmt) == 0 || people_changed (txn, error);
}

GPtrArray *store_group_list (StoreReader *reader, GError **error)
{
    g_autoptr (Stmt) stmt = stmt_use (reader->conn, ST_GROUP_LIST);
    g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)group_member_free);
    DbStep step;

    while ((step = stmt_next (stmt, error)) == DB_ROW) {
        GroupMember *row = g_new0 (GroupMember, 1);

        row->group = stmt_take_text (stmt);
        row->member = stmt_take_text (stmt);
        g_ptr_array_add (rows, row);
    }
    return step == DB_DONE ? g_steal_pointer (&rows) : NULL;
}

gboolean mailbox_ensure (StoreTxn *txn, const char *address, const char *name, gint64 *ret_id,
                         GError **error)
{
    const StmtId ids[] = {ST_MAILBOX_FIND, ST_MAILBOX_ADD};

    for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
        g_autoptr (Stmt) stmt = stmt_use (txn->conn, ids[i]);

        stmt_put_text (stmt, address);
        stmt_put_text (stmt, name != NULL ? name : "");
        DbStep step = stmt_next (stmt, error);

        if (step == DB_FAILED)
            return FALSE;
        if (step == DB_ROW) {
            *ret_id = stmt_take_int (stmt);
            return stmt_run (stmt, error);
        }
    }
    return error_fail (error, ERR_INTERNAL, "an address got no number");
}
