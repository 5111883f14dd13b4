/* test_audit.c - receipts, releases and withdrawals leave a row each: who, what, about which post.
 */
#include "notices.h"
#include "store_fixture.h"

typedef struct {
    PostId post;
    guint most;
} Job;

static gboolean apply_receipt (StoreTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;

    return store_receipt_add (txn, job->post, "anna@example.test", job->most, error);
}

static gboolean apply_acts (StoreTxn *txn, gpointer data, GError **error)
{
    const Job *job = data;

    return store_audit_post (txn, "ben@example.test", "release", job->post, "ben@example.test",
                             error) &&
           store_post_withdraw (txn, job->post, "admin:root", error);
}

static void run (Fixture *fixture, StoreApply apply, Job *job)
{
    g_autoptr (GError) error = NULL;
    gboolean is_good = store_write (fixture->store, apply, job, &error);

    g_assert_no_error (error);
    g_assert_true (is_good);
}

static void assert_entry (const GPtrArray *list, guint i, const char *actor, const char *act,
                          const char *subject)
{
    const AuditEntry *entry = list->pdata[i];

    g_assert_cmpstr (entry->actor, ==, actor);
    g_assert_cmpstr (entry->act, ==, act);
    g_assert_cmpstr (entry->subject, ==, subject);
    g_assert_cmpint (entry->time_ms, ==, NOW);
}

static void test_rows (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mail = {.id = "a", .author = "anna@example.test"};
    Job job = {fixture_add (fixture, &mail), 1};

    run (fixture, apply_receipt, &job);
    run (fixture, apply_receipt, &job); /* it had one: none is sent, and none noted */
    run (fixture, apply_acts, &job);
    g_autoptr (GPtrArray) list = store_audit_list (fixture->reader, 0, 10, NULL);
    g_assert_cmpuint (list->len, ==, 3);
    assert_entry (list, 0, "admin:root", "withdraw", "post 1");
    assert_entry (list, 1, "ben@example.test", "release", "post 1 to ben@example.test");
    assert_entry (list, 2, "carbonless", "receipt", "post 1 to anna@example.test");
}

static void test_bounds (void)
{
    g_autoptr (Fixture) fixture = fixture_new();
    Mail mail = {.id = "a", .author = "anna@example.test"};
    Job job = {fixture_add (fixture, &mail), 0};

    run (fixture, apply_acts, &job);
    g_autoptr (GPtrArray) newest = store_audit_list (fixture->reader, NOW, 1, NULL);
    g_assert_cmpuint (newest->len, ==, 1);
    assert_entry (newest, 0, "admin:root", "withdraw", "post 1");
    g_autoptr (GPtrArray) none = store_audit_list (fixture->reader, NOW + 1, 10, NULL);
    g_assert_cmpuint (none->len, ==, 0);
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/store/audit/rows", test_rows);
    g_test_add_func ("/store/audit/bounds", test_bounds);
    return g_test_run();
}
