/* ledger.c - see ledger.h. */
#include "ledger.h"

#include "chan.h"

#define WAITING_MAX 10000
#define BATCH 500

struct Ledger {
    Chan *waiting; /* of VerdictEntry */
};

static void free_entry (gpointer entry)
{
    verdict_entry_free (entry);
}

Ledger *ledger_new (void)
{
    Ledger *ledger = g_new0 (Ledger, 1);
    ledger->waiting = chan_new (WAITING_MAX, free_entry);
    return ledger;
}

void ledger_free (Ledger *ledger)
{
    if (ledger == NULL)
        return;
    chan_free (ledger->waiting);
    g_free (ledger);
}

void ledger_add (Ledger *ledger, VerdictEntry *take_entry)
{
    if (!chan_try_push (ledger->waiting, take_entry))
        verdict_entry_free (take_entry);
}

static gboolean apply_entries (StoreTxn *txn, gpointer data, GError **error)
{
    const GPtrArray *entries = data;
    for (guint i = 0; i < entries->len; i++)
        if (!store_verdict_add (txn, entries->pdata[i], error))
            return FALSE;
    return TRUE;
}

gboolean ledger_write (Ledger *ledger, Store *store, GError **error)
{
    for (;;) {
        g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func (free_entry);
        gpointer entry;
        while (batch->len < BATCH && (entry = chan_pop (ledger->waiting, 0)) != NULL)
            g_ptr_array_add (batch, entry);
        if (batch->len == 0)
            return TRUE;
        if (!store_write (store, apply_entries, batch, error))
            return FALSE;
    }
}
