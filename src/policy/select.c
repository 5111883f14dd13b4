/* select.c - PRODUCT.md 3, rules 1 to 5.
 *
 * (I1) Only persons of the envelope are readers; the author never is.
 * (I2) Whoever gets the original all the same gets no notice: nobody is mailed twice.
 * (I3) A reader has one reason, the best; the order of Why is the order of reasons.
 * (I4) Nobody must read because of a group that is too large, or named in To beside many.
 *
 * Every chooser offers reasons to candidates; which choosers a setting of must_read uses stands in
 * a table. */
#include "select.h"

#include <string.h>

#include "names.h"
#include "spoken.h"

typedef enum {
    WHY_TO,
    WHY_MENTIONED,
    WHY_GREETED,
    WHY_ANSWERED,
    WHY_FIRST,
    WHY_WROTE,
    WHY_HABIT,
    WHY_BCC,
    WHY_NONE,
} Why;

static const char *const why_codes[] = {
    [WHY_TO] = "to",           [WHY_MENTIONED] = "mentioned",
    [WHY_GREETED] = "greeted", [WHY_ANSWERED] = "answered",
    [WHY_FIRST] = "first",     [WHY_WROTE] = "wrote",
    [WHY_HABIT] = "habit",     [WHY_BCC] = "bcc",
    [WHY_NONE] = NULL,
};

/* One person of the envelope. */
typedef struct {
    const char *address;
    const char *name; /* of a header, or NULL */
    const char *via;  /* group of a header, else of the envelope */
    ReaderRole role;
    gboolean is_crowded; /* only there through a group that is too large */
    gboolean gets_copy;
    Why why;
    guint order; /* among those with the same reason */
} Candidate;

typedef struct {
    const Selection *selection;
    GStringChunk *scratch;
    GPtrArray *candidates;  /* of Candidate, in order of the envelope */
    GHashTable *by_address; /* canonical -> Candidate */
    GHashTable *to_persons; /* set: colleagues in To, up to must_read_to_max + 1 of them */
    const char *to_first;   /* canonical: first colleague named in To by themselves */
    guint next_order;
} Selecting;

typedef void (*Chooser) (Selecting *selecting);

/* ------------------------------------------------------------------ candidates */

static Candidate *candidate_find (const Selecting *selecting, const char *address)
{
    return g_hash_table_lookup (selecting->by_address, address);
}

static void add_candidates (Selecting *selecting)
{
    const Selection *selection = selecting->selection;
    const GArray *found = selection->count->found;
    for (guint i = 0; i < found->len; i++) {
        const Found *person = &g_array_index (found, Found, i);
        if (strcmp (person->address, selection->author) == 0) /* (I1) */
            continue;
        Candidate *candidate = g_new0 (Candidate, 1);
        candidate->address = person->address;
        candidate->via = person->via;
        candidate->role = ROLE_BCC;
        candidate->why = WHY_NONE;
        candidate->gets_copy = g_hash_table_contains (selection->copied, person->address);
        candidate->is_crowded =
            person->via != NULL &&
            directory_members (selection->count->directory, person->via).is_too_large;
        g_ptr_array_add (selecting->candidates, candidate);
        g_hash_table_insert (selecting->by_address, (gpointer)candidate->address, candidate);
    }
}

/* A colleague of a header, by themselves. */
static void note_person (Selecting *selecting, const char *address, const char *name,
                         ReaderRole role)
{
    Candidate *candidate = candidate_find (selecting, address);
    if (candidate == NULL)
        return;
    /* To through a crowd says nothing (I4): the header that names them does */
    candidate->role = candidate->is_crowded ? role : MIN (candidate->role, role);
    candidate->is_crowded = FALSE;
    candidate->via = NULL;
    if (candidate->name == NULL && *name != '\0')
        candidate->name = name;
}

static void note_member (Selecting *selecting, const char *address, const char *group,
                         ReaderRole role, gboolean is_too_large)
{
    Candidate *candidate = candidate_find (selecting, address);
    if (candidate == NULL)
        return;
    /* the best role, and in that role the group that is not too large */
    if (role > candidate->role || (role == candidate->role && !candidate->is_crowded))
        return;
    candidate->role = role;
    candidate->via = group;
    candidate->is_crowded = is_too_large;
}

static gboolean is_writer (const Selection *selection, const char *address)
{
    return strcmp (address, selection->author) == 0 ||
           g_strcmp0 (address, selection->count->sender) == 0;
}

/* Counts colleagues in To, as far as it matters. */
static void note_to (Selecting *selecting, const char *address)
{
    const Selection *selection = selecting->selection;
    if (!is_writer (selection, address) &&
        g_hash_table_size (selecting->to_persons) <= selection->conf->must_read_to_max)
        g_hash_table_add (selecting->to_persons, (gpointer)address);
}

static void note_first (Selecting *selecting, const char *address)
{
    if (selecting->to_first == NULL && !is_writer (selecting->selection, address))
        selecting->to_first = address;
}

static void note_group (Selecting *selecting, const char *group, ReaderRole role, GHashTable *seen)
{
    if (!g_hash_table_add (seen, (gpointer)group))
        return;
    GroupMembers members = directory_members (selecting->selection->count->directory, group);
    for (guint i = 0; i < members.person_count; i++) {
        note_member (selecting, members.persons[i], group, role, members.is_too_large);
        if (role == ROLE_TO)
            note_to (selecting, members.persons[i]);
    }
}

static void note_header (Selecting *selecting, const GPtrArray *addresses, ReaderRole role)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    for (guint i = 0; i < addresses->len; i++) {
        const Address *address = addresses->pdata[i];
        Who who = directory_find (selecting->selection->count->directory, address->addr,
                                  selecting->scratch);
        if (who.kind == WHO_GROUP)
            note_group (selecting, who.canonical, role, seen);
        if (who.kind != WHO_PERSON)
            continue;
        note_person (selecting, who.canonical, address->name, role);
        if (role != ROLE_TO)
            continue;
        note_to (selecting, who.canonical);
        note_first (selecting, who.canonical);
    }
}

/* ------------------------------------------------------------------ choosers */

static void offer (Selecting *selecting, Candidate *candidate, Why why)
{
    if (candidate == NULL || candidate->gets_copy || why >= candidate->why) /* (I2) (I3) */
        return;
    candidate->why = why;
    candidate->order = selecting->next_order++;
}

static void offer_to (Selecting *selecting)
{
    for (guint i = 0; i < selecting->candidates->len; i++) {
        Candidate *candidate = selecting->candidates->pdata[i];
        if (candidate->role == ROLE_TO && !candidate->is_crowded) /* (I4) */
            offer (selecting, candidate, WHY_TO);
    }
}

static void choose_first (Selecting *selecting)
{
    if (selecting->to_first != NULL)
        offer (selecting, candidate_find (selecting, selecting->to_first), WHY_FIRST);
}

/* Rules 1 and 2. */
static void choose_few_or_first (Selecting *selecting)
{
    guint named = g_hash_table_size (selecting->to_persons);
    if (named <= selecting->selection->conf->must_read_to_max)
        offer_to (selecting);
    else
        choose_first (selecting);
}

static void choose_thread (Selecting *selecting)
{
    const PolicyFacts *facts = selecting->selection->facts;
    if (facts->parent_author != NULL)
        offer (selecting, candidate_find (selecting, facts->parent_author), WHY_ANSWERED);
    for (guint i = 0; facts->thread_authors != NULL && facts->thread_authors[i] != NULL; i++)
        offer (selecting, candidate_find (selecting, facts->thread_authors[i]), WHY_WROTE);
}

static void on_mentioned (const char *address, gpointer data)
{
    Selecting *selecting = data;
    offer (selecting, candidate_find (selecting, address), WHY_MENTIONED);
}

static void on_greeted (const char *address, gpointer data)
{
    Selecting *selecting = data;
    offer (selecting, candidate_find (selecting, address), WHY_GREETED);
}

/* Who may be meant by a name. Members of too large groups are left out: there, names are not
 * unique. */
static Names *names_of (const Selecting *selecting)
{
    const Directory *directory = selecting->selection->count->directory;
    Names *names = names_new();
    for (guint i = 0; i < selecting->candidates->len; i++) {
        const Candidate *candidate = selecting->candidates->pdata[i];
        if (candidate->is_crowded)
            continue;
        Who who = directory_find (directory, candidate->address, selecting->scratch);
        const char *known = who.kind == WHO_PERSON ? who.name : NULL;
        names_add (names, candidate->address, candidate->name);
        if (known != NULL)
            names_add (names, candidate->address, known);
    }
    return names;
}

static void choose_spoken (Selecting *selecting)
{
    const char *text = selecting->selection->written;
    g_autoptr (Names) names = names_of (selecting);
    spoken_mentioned (text, names, on_mentioned, selecting);
    spoken_greeted (text, names, on_greeted, selecting);
}

static gint habit_of (const Selecting *selecting, const Candidate *candidate)
{
    GHashTable *habit = selecting->selection->facts->habit;
    return GPOINTER_TO_INT (g_hash_table_lookup (habit, candidate->address));
}

static gint compare_habits (gconstpointer a, gconstpointer b, gpointer data)
{
    const Candidate *const *left = a;
    const Candidate *const *right = b;
    gint difference = habit_of (data, *right) - habit_of (data, *left);
    return difference != 0 ? difference : strcmp ((*left)->address, (*right)->address);
}

/* The few with the highest rate, whether or not they have a better reason already. */
static void choose_habit (Selecting *selecting)
{
    const Selection *selection = selecting->selection;
    if (selection->facts->habit == NULL)
        return;
    g_autoptr (GPtrArray) habitual = g_ptr_array_new();
    for (guint i = 0; i < selecting->candidates->len; i++) {
        Candidate *candidate = selecting->candidates->pdata[i];
        if (habit_of (selecting, candidate) > 0)
            g_ptr_array_add (habitual, candidate);
    }
    g_ptr_array_sort_with_data (habitual, compare_habits, selecting);
    for (guint i = 0; i < MIN (habitual->len, selection->conf->must_read_habit); i++)
        offer (selecting, habitual->pdata[i], WHY_HABIT);
}

/* Those in Bcc by themselves come before members of a group in Bcc. */
static void choose_bcc (Selecting *selecting)
{
    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < selecting->candidates->len; i++) {
            Candidate *candidate = selecting->candidates->pdata[i];
            gboolean is_turn = (candidate->via != NULL) == (pass == 1);
            if (is_turn && candidate->role == ROLE_BCC && !candidate->is_crowded) /* (I4) */
                offer (selecting, candidate, WHY_BCC);
        }
    }
}

#define CHOOSERS_MAX 6
static const Chooser choosers[][CHOOSERS_MAX] = {
    [MUST_READ_RANKED] = {choose_few_or_first, choose_thread, choose_spoken, choose_habit,
                          choose_bcc, NULL},
    [MUST_READ_TO] = {offer_to, NULL},
    [MUST_READ_FIRST] = {choose_first, choose_spoken, NULL},
};

/* ------------------------------------------------------------------ result */

static gint compare_candidates (gconstpointer a, gconstpointer b)
{
    const Candidate *left = *(const Candidate *const *)a;
    const Candidate *right = *(const Candidate *const *)b;
    if (left->why != right->why)
        return (gint)left->why - (gint)right->why;
    if (left->why != WHY_NONE)
        return left->order < right->order ? -1 : 1;
    if (left->role != right->role)
        return (gint)left->role - (gint)right->role;
    return strcmp (left->address, right->address);
}

static Reader *reader_of (const Selecting *selecting, const Candidate *candidate, guint chosen)
{
    const Selection *selection = selecting->selection;
    Who who = directory_find (selection->count->directory, candidate->address, selecting->scratch);
    const char *known = who.kind == WHO_PERSON ? who.name : NULL;
    Reader *reader =
        reader_new (candidate->address, candidate->name != NULL ? candidate->name : known,
                    candidate->role, candidate->via);
    reader->gets_copy = candidate->gets_copy;
    reader->must_read = candidate->why != WHY_NONE && chosen < selection->conf->must_read_max;
    reader->reason = reader->must_read ? why_codes[candidate->why] : NULL;
    return reader;
}

GPtrArray *select_readers (const Selection *selection)
{
    g_autoptr (GStringChunk) scratch = g_string_chunk_new (1024);
    g_autoptr (GPtrArray) candidates = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GHashTable) by_address = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GHashTable) to_persons = g_hash_table_new (g_str_hash, g_str_equal);
    Selecting selecting = {selection, scratch, candidates, by_address, to_persons, NULL, 0};
    add_candidates (&selecting);
    note_header (&selecting, selection->message->to, ROLE_TO);
    note_header (&selecting, selection->message->cc, ROLE_CC);
    for (const Chooser *choose = choosers[selection->conf->must_read]; *choose != NULL; choose++)
        (*choose) (&selecting);
    g_ptr_array_sort (candidates, compare_candidates);
    GPtrArray *readers = g_ptr_array_new_with_free_func ((GDestroyNotify)reader_free);
    for (guint i = 0; i < candidates->len; i++)
        g_ptr_array_add (readers, reader_of (&selecting, candidates->pdata[i], i));
    return readers;
}
