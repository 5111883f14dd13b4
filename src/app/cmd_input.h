/* cmd_input.h - reads the one file that an inspecting command is given. */
#ifndef CMD_INPUT_H
#define CMD_INPUT_H

#include <glib.h>

/* All of a file, or of standard input for "-". NULL after one line on standard error that begins
 * with "carbonless COMMAND: ". Owned. */
GBytes *cmd_input_read (const char *command, const char *path);

#endif
