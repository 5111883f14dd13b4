/* verdict.c - what was decided, and for whom. */
#include "policy.h"

static const char *const verdict_names[] = {
    [VERDICT_PASS] = "pass",
    [VERDICT_POST] = "post",
    [VERDICT_SPLIT] = "post+split",
    [VERDICT_OBSERVE] = "observe",
};

Reader *reader_new (const char *address, const char *name, ReaderRole role, const char *via)
{
    Reader *reader = g_new0 (Reader, 1);
    reader->address = g_strdup (address);
    reader->name = g_strdup (name != NULL ? name : "");
    reader->role = role;
    reader->via = g_strdup (via);
    return reader;
}

void reader_free (Reader *reader)
{
    if (reader == NULL)
        return;
    g_free (reader->address);
    g_free (reader->name);
    g_free (reader->via);
    g_free (reader);
}

static void counted_free (gpointer data)
{
    Counted *counted = data;
    g_free (counted->address);
    g_free (counted->via);
    g_free (counted->recipient);
    g_free (counted);
}

static void uncounted_free (gpointer data)
{
    Uncounted *uncounted = data;
    g_free (uncounted->recipient);
    g_free (uncounted->canonical);
    g_free (uncounted);
}

Verdict *verdict_new (VerdictKind kind, const char *reason)
{
    Verdict *verdict = g_new0 (Verdict, 1);
    verdict->kind = kind;
    verdict->reason = reason;
    verdict->class = CLASS_PERSON;
    verdict->readers = g_ptr_array_new_with_free_func ((GDestroyNotify)reader_free);
    verdict->drop = g_ptr_array_new_with_free_func (g_free);
    verdict->topics = g_ptr_array_new_with_free_func (g_free);
    verdict->counted = g_ptr_array_new_with_free_func (counted_free);
    verdict->uncounted = g_ptr_array_new_with_free_func (uncounted_free);
    return verdict;
}

void verdict_free (Verdict *verdict)
{
    if (verdict == NULL)
        return;
    g_free (verdict->rule);
    g_free (verdict->author);
    g_free (verdict->author_name);
    g_free (verdict->written);
    g_ptr_array_unref (verdict->readers);
    g_ptr_array_unref (verdict->drop);
    g_ptr_array_unref (verdict->topics);
    g_ptr_array_unref (verdict->counted);
    g_ptr_array_unref (verdict->uncounted);
    g_free (verdict);
}

const char *verdict_name (VerdictKind kind)
{
    return verdict_names[kind];
}
