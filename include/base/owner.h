/* owner.h - whose a new file is. */
#ifndef OWNER_H
#define OWNER_H

#include <glib.h>

/* Root's commands work beside a daemon that is not root: a file that root has just made (fd) goes to
 * the owner of its folder. For anybody else nothing happens. Thread: any. */
void owner_as_folder (int fd, const char *path);

#endif
