/* poison.h - remembers which message was being taken apart when the daemon died, so that it passes
 * untouched the next time instead of killing the daemon again.
 *
 * Each message under way holds a slot of a small mapped file; the kernel keeps the page when the
 * process dies, so noting costs no system call. Slots found in use at start are poison. */
#ifndef POISON_H
#define POISON_H

#include <glib.h>

typedef struct Poison Poison;

/* Opens (or makes) directory/parsing and directory/poison. Errors: INTERNAL cannot be written. */
Poison *poison_open (const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void poison_close (Poison *poison);

/* Whether a message with this digest (hex, 64 characters) was under way when a daemon died, and how
 * many times. Not everything that is was the cause: others were under way, or it was killed. NULL
 * knows nothing. Thread: any. */
gboolean poison_is_known (const Poison *poison, const char *digest);
guint poison_deaths (const Poison *poison, const char *digest);

/* Notes the digest until poison_leave. Returns the slot; -1 when all are in use, or poison is NULL
 * (then nothing is noted). Thread: any. */
int poison_enter (Poison *poison, const char *digest);
void poison_leave (Poison *poison, int slot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Poison, poison_close)

#endif
