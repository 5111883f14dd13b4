/* people.h - persons, their addresses and settings, and groups kept in the database. */
#ifndef PEOPLE_H
#define PEOPLE_H

#include "store.h"

typedef struct {
    PersonId id;
    char *address;   /* canonical, normal form */
    char *name;      /* "" when unknown */
    char **aliases;  /* further addresses, NULL-terminated */
    char *language;  /* "en", "nl", or "" for the default */
    char *time_zone; /* or "" */
    gboolean is_suppressed; /* mail to them bounced */
    guint receipts;  /* how many author receipts they had */
} Person;

void person_free (Person *person);

/* Finds or makes the person with this canonical address. A name given (it was set, by them or an
 * administrator) replaces what mail told of it: their own From, and before that somebody's To. */
gboolean store_person_ensure (StoreTxn *txn, const char *address, const char *name, PersonId *ret_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL leaves a setting as it is. */
gboolean store_person_set (StoreTxn *txn, PersonId id, const char *name, const char *language,
                           const char *time_zone, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds or removes (`add` FALSE) a further address. REFUSED when it belongs to somebody else. */
gboolean store_person_alias (StoreTxn *txn, PersonId id, const char *address, gboolean add,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
Person *store_person_get (StoreReader *reader, PersonId id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* By canonical or further address. */
Person *store_person_find (StoreReader *reader, const char *address, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* All persons after this id, in order of id. Array of Person. */
GPtrArray *store_person_list (StoreReader *reader, PersonId after, guint limit, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef struct { char *group, *member; } GroupMember;
/* Adds or removes a member (an address; may be a group). */
gboolean store_group_member (StoreTxn *txn, const char *group, const char *member, gboolean add,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All rows, ordered by group, member. Array of GroupMember. */
GPtrArray *store_group_list (StoreReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends a browser's session, whose key would be good until then. */
gboolean store_session_end (StoreTxn *txn, gint64 session, gint64 expires_ms, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Whether that was done; also when the archive cannot tell. */
gboolean store_session_is_over (StoreReader *reader, gint64 session);

/* A number that grows whenever persons, addresses or groups change: directory snapshots older than it
 * are made anew. */
gint64 store_people_generation (StoreReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Person, person_free)

#endif
