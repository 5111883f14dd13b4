/* count.h - who is behind the recipients of an envelope, and how many persons they are. Private. */
#ifndef COUNT_H
#define COUNT_H

#include "policy.h"

/* One RCPT. */
typedef struct {
    const char *text; /* as it came; borrowed */
    Who who;          /* strings of the directory or of the count */
    gboolean is_address;
    gboolean is_repeated; /* names nobody who was not named before */
    gboolean has_sender;  /* names the sender, alone or among others */
} Recipient;

/* One person who counts. */
typedef struct {
    const char *address; /* canonical */
    const char *via;     /* group, or NULL */
    guint recipient;     /* index of the first RCPT that named them */
} Found;

typedef struct {
    const Directory *directory;
    GStringChunk *scratch;
    char *sender_address; /* bare; NULL for the null sender, an unknown one and nonsense */
    const char *sender;   /* canonical person, or NULL */
    GArray *recipients;   /* of Recipient */
    GArray *found;        /* of Found: each person once */
    GHashTable *persons;  /* canonical -> index in found + 1 */
} Count;

/* Folds the sender. Clear it with count_clear. */
void count_init (Count *count, const Directory *directory, const Envelope *envelope);
void count_clear (Count *count);

/* Goes through the recipients; stops as soon as more than `enough` persons were found. */
void count_run (Count *count, const Envelope *envelope, guint enough);

/* Why the sender alone makes a message none of our business: "null-sender", "own-mail", "external";
 * NULL when it does not. */
const char *count_sender_reason (const Count *count, const Config *conf, const Envelope *envelope);

/* Whether a reply address is among the recipients, and somebody else too. */
gboolean count_has_reply (const Count *count);

/* Why the recipients do: "few", "own-address"; NULL when there are more than max_recipients. */
const char *count_recipients_reason (const Count *count, const Config *conf);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Count, count_clear)

#endif
