/* thread.c - see thread.h. */
#include "thread.h"

#include <signal.h>

#include "error.h"

gboolean thread_start (pthread_t *ret_thread, const char *name, void *(*main) (void *),
                       gpointer data, GError **error)
{
    sigset_t all, old;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &old);
    int failure = pthread_create (ret_thread, NULL, main, data);
    pthread_sigmask (SIG_SETMASK, &old, NULL);
    if (failure != 0)
        return error_fail (error, ERR_TEMPORARY, "cannot start a thread (%s): %s", name,
                           g_strerror (failure));
    pthread_setname_np (*ret_thread, name);
    return TRUE;
}
