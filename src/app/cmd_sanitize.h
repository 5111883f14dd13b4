/* cmd_sanitize.h - `carbonless sanitize FILE`: the fragment that a page would show for an HTML
 * body. */
#ifndef CMD_SANITIZE_H
#define CMD_SANITIZE_H

/* Exit status: 0, or 2 with one line on standard error. */
int cmd_sanitize (int argc, char **argv);

#endif
