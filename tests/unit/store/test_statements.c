/* test_statements.c - every statement of stmt.def: it can be prepared, its parameters are numbered
 * in the order of their first appearance, and it reads no whole table and sorts nothing unless it
 * says so. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "db.h"
#include "stmt.h"
#include "store_fixture.h"

static void test_prepared (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    g_autoptr (Conn) conn = conn_open (&db_sqlite, fixture->path, DB_WRITER, &error);

    g_assert_no_error (error);
    for (int i = 0; i < ST_COUNT; i++) {
        DbStmt *stmt = db_sqlite.prepare (conn->db, stmt_text (i), &error);

        if (stmt == NULL)
            g_error ("%s: %s", stmt_name (i), error->message);
        db_sqlite.finalize (stmt);
    }
}

/* $n first appears only after $1 .. $n-1 have. */
static void test_parameters_in_order (void)
{
    for (int i = 0; i < ST_COUNT; i++) {
        guint seen = 0;

        for (const char *at = strchr (stmt_text (i), '$'); at != NULL; at = strchr (at + 1, '$')) {
            guint number = (guint)g_ascii_strtoull (at + 1, NULL, 10);

            if (number == 0 || number > seen + 1)
                g_error ("%s: $%u out of order", stmt_name (i), number);
            seen = MAX (seen, number);
        }
    }
}

/* Where a LIMIT ends a scan in the order of an index, the statement says SCAN_OK. */
static void test_plans (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    g_autoptr (GError) error = NULL;
    g_autoptr (Conn) conn = conn_open (&db_sqlite, fixture->path, DB_WRITER, &error);
    guint bad = 0;

    g_assert_no_error (error);
    for (int i = 0; i < ST_COUNT; i++) {
        if (strchr (stmt_text (i), ' ') == NULL || strstr (stmt_text (i), "SAVEPOINT") != NULL)
            continue;
        g_autofree char *sql = g_strconcat ("EXPLAIN QUERY PLAN ", stmt_text (i), NULL);
        DbStmt *stmt = db_sqlite.prepare (conn->db, sql, &error);

        g_assert_no_error (error);
        while (db_sqlite.step (stmt, &error) == DB_ROW) {
            const char *detail = db_sqlite.get_text (stmt, 3);
            gboolean is_scan =
                g_str_has_prefix (detail, "SCAN") && strstr (detail, "VIRTUAL TABLE") == NULL;

            gboolean is_sort = strstr (detail, "TEMP B-TREE") != NULL;

            if (g_test_verbose())
                g_test_message ("%s: %s", stmt_name (i), detail);
            if ((is_scan && (stmt_flags (i) & STMT_SCAN_OK) == 0) ||
                (is_sort && (stmt_flags (i) & STMT_SORT_OK) == 0)) {
                g_test_message ("%s: %s", stmt_name (i), detail);
                bad++;
            }
        }
        db_sqlite.finalize (stmt);
    }
    g_assert_cmpuint (bad, ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/statements/prepared", test_prepared);
    g_test_add_func ("/store/statements/parameters-in-order", test_parameters_in_order);
    g_test_add_func ("/store/statements/plans", test_plans);
    return g_test_run();
}
