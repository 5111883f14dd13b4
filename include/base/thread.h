/* thread.h - a thread of the daemon. */
#ifndef THREAD_H
#define THREAD_H

#include <glib.h>
#include <pthread.h>

/* Starts a thread that runs `main` with `data`, and that takes no signals: those belong to the
 * thread the program began with. `name`, of at most 15 bytes, is what top and gdb show. The caller
 * joins *ret_thread. Errors: ERR_TEMPORARY when the system gives none. Thread: any. */
gboolean thread_start (pthread_t *ret_thread, const char *name, void *(*main) (void *),
                       gpointer data, GError **error);

#endif
